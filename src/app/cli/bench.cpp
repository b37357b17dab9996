#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/bench_frames.hpp"
#include "app/cli/bench_programs.hpp"
#include "app/cli/bench_report.hpp"
#include "app/cli/bench_runner.hpp"
#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/engine_choice.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "host/files.hpp"
#include "host/signals.hpp"
#include "uxn/engines.hpp"

namespace cli {
namespace {

struct Contestant {
    std::string name;
    const uxn::Engine* engine = nullptr;  ///< null: `command` is run instead
    std::vector<std::string> command;
};

struct Program {
    std::string name;
    std::vector<std::uint8_t> rom;
    std::string expected;  ///< empty: whatever the first run prints
};

struct BenchOptions {
    std::vector<std::string> programs;
    std::vector<std::string> engines;
    std::vector<std::string> peers;
    std::string baseline;
    std::string svg;
    std::string rounds = "7";
    std::string frames;
    std::string input;
    bool json = false;
};

/// A file that others can read, gone when the object is.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view contents) {
        const char* folder = std::getenv("TMPDIR");
        path_ = std::string(folder != nullptr ? folder : "/tmp") + "/leveret-bench-XXXXXX";
        const int fd = mkstemp(path_.data());
        if (fd < 0) {
            return;
        }
        close(fd);
        created_ = true;
        ok_ = host::write_file(path_, contents).has_value();
    }
    ~TemporaryFile() {
        if (created_) {
            unlink(path_.c_str());
        }
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    bool ok() const { return ok_; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
    bool created_ = false;
    bool ok_ = false;
};

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) {
            words.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// The contestants that the options name; an exit code if one of them makes no sense.
std::optional<int> find_contestants(const BenchOptions& options, const CommandLine& line,
                                    std::vector<Contestant>& contestants) {
    for (const std::string& peer : options.peers) {
        const std::size_t equals = peer.find('=');
        std::vector<std::string> command = equals == std::string::npos
                                               ? std::vector<std::string>()
                                               : split_words(peer.substr(equals + 1));
        if (equals == 0 || command.empty()) {
            return line.reject(fmt::format("--peer takes NAME=COMMAND, not '{}'", peer));
        }
        contestants.push_back(
            {.name = peer.substr(0, equals), .engine = nullptr, .command = std::move(command)});
    }
    if (options.engines.empty()) {
        for (const uxn::EngineEntry& entry : uxn::engine_list()) {
            if (uxn::why_not_now(entry).empty()) {
                contestants.push_back(
                    {.name = std::string(entry.name), .engine = entry.engine, .command = {}});
            }
        }
    }
    for (const std::string& name : options.engines) {
        const auto [entry, code] = choose_engine(name);
        if (entry == nullptr) {
            return code;
        }
        contestants.push_back(
            {.name = std::string(entry->name), .engine = entry->engine, .command = {}});
    }
    if (!options.peers.empty()) {
        // Beside other programs, ours are whole processes too: start-up and all.
        for (Contestant& contestant : contestants) {
            if (contestant.engine != nullptr) {
                contestant.command = {"/proc/self/exe", "run", "--engine", contestant.name};
                contestant.engine = nullptr;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> assemble_embedded(const BenchProgram& program) {
    tal::MemoryLoader loader;
    const std::string path = std::string(program.name) + ".tal";
    loader.add(path, std::string(program.source));
    tal::Assembly assembly = assemble(path, loader, Warnings::Hide);
    if (!assembly.ok()) {
        return std::nullopt;
    }
    return std::move(assembly.rom);
}

/// What the file should print, if an expected.txt beside it says so.
std::string expected_of(const std::filesystem::path& file) {
    constexpr std::size_t kMost = std::size_t{1} << 20;
    const auto text = host::read_file(file.parent_path() / "expected.txt", kMost);
    const std::string begin = "\n" + file.stem().string() + " ";
    const std::string lines = "\n" + text.value_or("");
    const std::size_t at = lines.find(begin);
    return at == std::string::npos ? "" : lines.substr(at + 1, lines.find('\n', at + 1) - at);
}

std::optional<int> find_programs(const BenchOptions& options, const CommandLine& line,
                                 std::vector<Program>& programs) {
    std::vector<std::string> names = options.programs;
    if (names.empty()) {
        for (const BenchProgram& program : bench_programs()) {
            names.emplace_back(program.name);
        }
    }
    for (const std::string& name : names) {
        const auto embedded = std::ranges::find(bench_programs(), name, &BenchProgram::name);
        if (embedded != bench_programs().end()) {
            auto rom = assemble_embedded(*embedded);
            if (!rom) {
                return kFailure;
            }
            programs.push_back({.name = name,
                                .rom = std::move(*rom),
                                .expected = std::string(embedded->expected) + "\n"});
        } else if (name.find('/') == std::string::npos && name.find('.') == std::string::npos) {
            std::vector<std::string> known;
            for (const BenchProgram& program : bench_programs()) {
                known.emplace_back(program.name);
            }
            return line.reject(
                fmt::format("there is no bench program '{}'{}", name, did_you_mean(name, known)));
        } else {
            auto rom = load_program(name, Warnings::Hide);
            if (!rom) {
                return kFailure;
            }
            programs.push_back(
                {.name = name, .rom = std::move(*rom), .expected = expected_of(name)});
        }
    }
    return std::nullopt;
}

/// The files that other processes get.
struct ProcessFiles {
    std::optional<TemporaryFile> rom;
    std::optional<TemporaryFile> input;

    bool ok() const { return (!rom || rom->ok()) && (!input || input->ok()); }
    std::string rom_path() const { return rom ? rom->path() : ""; }
};

base::Result<Sample> run_once(const Contestant& contestant, const Program& program,
                              const std::string& input, const ProcessFiles& files) {
    if (contestant.engine != nullptr) {
        return run_on_engine(*contestant.engine, program.rom, input);
    }
    return run_as_process(contestant.command, files.rom_path(),
                          files.input ? files.input->path() : "/dev/null");
}

/// A line that says where we are, on a terminal only.
void show_progress(std::string_view text) {
    if (isatty(STDERR_FILENO) != 0) {
        print_to_error(fmt::format("\r\x1b[K{}", text));
    }
}

/// Runs every contestant once a round, one after the other, so that whatever disturbs the machine
/// disturbs all of them. A contestant with a wrong output is out, and `agreed` turns false.
std::vector<Times> measure(Program& program, const std::vector<Contestant>& contestants,
                           const std::string& input, std::uint64_t rounds, bool& agreed) {
    ProcessFiles files;
    if (std::ranges::any_of(contestants, [](const Contestant& c) { return c.engine == nullptr; })) {
        files.rom.emplace(host::as_text(program.rom));
        if (!input.empty()) {
            files.input.emplace(input);
        }
    }
    if (!files.ok()) {
        print_error(
            fmt::format("cannot write files for other programs, such as '{}'", files.rom_path()));
        agreed = false;
        return std::vector<Times>(contestants.size());
    }
    std::vector<Times> times(contestants.size());
    std::vector<bool> is_out(contestants.size(), false);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        for (std::size_t c = 0; c < contestants.size(); ++c) {
            if (is_out[c] || host::interrupt_flag().load()) {
                continue;
            }
            show_progress(fmt::format("{} on {}, round {} of {}", program.name, contestants[c].name,
                                      round + 1, rounds));
            const auto sample = run_once(contestants[c], program, input, files);
            if (sample && program.expected.empty()) {
                program.expected = sample->output;
            }
            if (sample && sample->output == program.expected) {
                times[c].seconds.push_back(sample->seconds);
                times[c].instructions = sample->instructions;
                continue;
            }
            is_out[c] = true;
            agreed = false;
            show_progress("");
            print_error(fmt::format("{} on {}: {}", program.name, contestants[c].name,
                                    sample ? "the output is wrong" : sample.error().detail));
        }
    }
    for (std::size_t c = 0; c < contestants.size(); ++c) {
        std::ranges::sort(times[c].seconds);
        if (is_out[c]) {
            times[c].seconds.clear();
        }
    }
    show_progress("");
    return times;
}

std::optional<int> parse_options(Arguments arguments, CommandLine& line, BenchOptions& options) {
    line.add_option("PROGRAM", options.programs,
                    "Programs of bench/programs by name, or ROM or Uxntal files (default: all)");
    line.add_option("-e,--engine", options.engines, "Only this engine; may be repeated")
        ->type_name("NAME")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    line.add_option("--peer", options.peers,
                    "Also run COMMAND with the ROM's name as its last argument; may be repeated. "
                    "All contestants are then timed as whole processes")
        ->type_name("NAME=COMMAND")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    line.add_option("--frames", options.frames,
                    "Run graphical programs instead, such as bench/screens/*.tal, for N frames "
                    "without a window, and tell where their time goes")
        ->type_name("N");
    line.add_option("--stdin", options.input,
                    "Let the programs read what is in FILE (default: nothing)")
        ->type_name("FILE");
    line.add_option("--rounds", options.rounds, "How often to run each (default: 7)")
        ->type_name("N");
    line.add_option("--baseline", options.baseline,
                    "Whose speed is 1 (default: the first peer, or the last engine)")
        ->type_name("NAME");
    line.add_option("--svg", options.svg, "Also draw a bar chart")->type_name("FILE");
    line.add_flag("--json", options.json, "Print JSON instead of a table");
    return line.parse_arguments(arguments);
}

/// Times graphical programs on all engines in turns.
int race_frames(const std::vector<Program>& programs, const std::vector<Contestant>& contestants,
                std::uint64_t rounds, std::uint64_t frames, bool json) {
    std::vector<FrameRow> rows;
    for (const Program& program : programs) {
        const std::size_t first = rows.size();
        for (const Contestant& contestant : contestants) {
            rows.push_back({.program = std::filesystem::path(program.name).stem().string(),
                            .engine = contestant.name,
                            .rounds = {}});
        }
        for (std::uint64_t round = 0; round < rounds; ++round) {
            for (std::size_t c = 0; c < contestants.size(); ++c) {
                show_progress(fmt::format("{} on {}, round {} of {}", program.name,
                                          contestants[c].name, round + 1, rounds));
                const auto times = time_frames(*contestants[c].engine, program.rom, frames);
                if (host::interrupt_flag().load()) {
                    host::end_as_interrupted();
                }
                show_progress("");
                if (!times) {
                    return print_error(fmt::format("{} on {}: {}", program.name,
                                                   contestants[c].name, times.error().detail));
                }
                rows[first + c].rounds.push_back(*times);
                if (times->picture != rows[first].rounds.front().picture) {
                    return print_error(fmt::format("{}: engines {} and {} draw different pictures",
                                                   program.name, contestants.front().name,
                                                   contestants[c].name));
                }
            }
        }
    }
    print(json ? frames_json(rows, frames) : frames_text(rows, frames));
    return kSuccess;
}

}  // namespace

int bench_command(Arguments arguments) {
    CommandLine line("bench [OPTIONS] [PROGRAM...]",
                     "Race the engines: run programs on all of them in turns, check that they "
                     "print the same, and compare the CPU time.");
    BenchOptions options;
    if (const auto code = parse_options(arguments, line, options)) {
        return *code;
    }
    const auto rounds = parse_number(options.rounds, 10000);
    if (!rounds || *rounds == 0) {
        return line.reject(
            fmt::format("--rounds takes a whole number from 1 to 10000, not '{}'", options.rounds));
    }
    const auto frames = parse_number(options.frames, 1'000'000'000);
    if (line.count("--frames") > 0) {
        if (!frames || *frames == 0) {
            return line.reject(fmt::format(
                "--frames takes a whole number from 1 to 1000000000, not '{}'", options.frames));
        }
        if (options.programs.empty() || !options.peers.empty() || !options.svg.empty() ||
            !options.baseline.empty() || !options.input.empty()) {
            return line.reject(
                "--frames needs programs, such as bench/screens/*.tal, and takes no --peer, "
                "--baseline, --stdin or --svg");
        }
    }
    std::vector<Contestant> contestants;
    if (const auto code = find_contestants(options, line, contestants)) {
        return *code;
    }
    BenchReport report;
    for (const Contestant& contestant : contestants) {
        report.contestants.push_back(contestant.name);
    }
    std::size_t baseline = options.peers.empty() ? contestants.size() - 1 : 0;
    if (!options.baseline.empty()) {
        const auto found = std::ranges::find(report.contestants, options.baseline);
        if (found == report.contestants.end()) {
            return line.reject(fmt::format("--baseline names none of the contestants: '{}'{}",
                                           options.baseline,
                                           did_you_mean(options.baseline, report.contestants)));
        }
        baseline = static_cast<std::size_t>(found - report.contestants.begin());
    }
    std::vector<Program> programs;
    if (const auto code = find_programs(options, line, programs)) {
        return *code;
    }

    std::string input;
    if (!options.input.empty()) {
        constexpr std::size_t kMost = std::size_t{1} << 30;
        auto text = host::read_file(options.input, kMost);
        if (!text) {
            return print_error(text.error().detail);
        }
        input = std::move(*text);
    }

    host::catch_interrupts();
    if (frames) {
        return race_frames(programs, contestants, *rounds, *frames, options.json);
    }
    bool agreed = true;
    for (Program& program : programs) {
        report.programs.push_back(program.name);
        report.times.push_back(measure(program, contestants, input, *rounds, agreed));
        if (host::interrupt_flag().load()) {
            host::end_as_interrupted();
        }
    }
    print(options.json ? report_json(report, baseline) : report_text(report, baseline));
    if (!options.svg.empty()) {
        const auto written = host::write_file(options.svg, report_svg(report, baseline));
        if (!written) {
            return print_error(written.error().detail);
        }
    }
    return agreed ? kSuccess : kFailure;
}

}  // namespace cli
