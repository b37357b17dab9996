#include "app/cli/test_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <span>
#include <utility>

#include "app/cli/command_line.hpp"
#include "app/cli/headless_run.hpp"
#include "app/cli/program.hpp"
#include "host/files.hpp"
#include "host/png.hpp"
#include "host/wav.hpp"
#include "varvara/headless.hpp"
#include "varvara/recorder.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = std::size_t{64} << 20;
constexpr std::size_t kMaxOutput = std::size_t{64} << 20;
constexpr std::uint64_t kMaxFrame = 1'000'000'000;

bool is_program(const fs::path& path) {
    return path.extension() == ".tal" || path.extension() == ".rom";
}

/// The entries of a folder in order of their names.
std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        paths.push_back(at->path());
    }
    std::ranges::sort(paths);
    return paths;
}

/// A file program.txt names a program elsewhere, relative to the case; else there is just one here.
base::Result<fs::path> find_program(const fs::path& folder) {
    const fs::path link = folder / "program.txt";
    std::error_code error;
    if (fs::exists(link, error)) {
        auto text = host::read_file(link.string(), kMaxFile);
        if (!text) {
            return std::unexpected(text.error());
        }
        return folder / text->substr(0, text->find_first_of("\r\n"));
    }
    std::vector<fs::path> programs = entries(folder);
    std::erase_if(programs, [](const fs::path& path) { return !is_program(path); });
    if (programs.size() != 1) {
        return base::fail(base::ErrorCode::Malformed,
                          fmt::format("'{}' has to hold one program, or program.txt that names one",
                                      folder.string()));
    }
    return programs.front();
}

bool is_case(const fs::path& folder) {
    std::error_code error;
    return fs::exists(folder / "program.txt", error) ||
           std::ranges::any_of(entries(folder), is_program);
}

void collect_cases(const fs::path& folder, std::vector<fs::path>& cases) {
    if (is_case(folder)) {
        cases.push_back(folder);
        return;
    }
    for (const fs::path& path : entries(folder)) {
        std::error_code error;
        if (fs::is_directory(path, error) && !fs::is_symlink(path, error)) {
            collect_cases(path, cases);
        }
    }
}

/// All files below a folder by their path in it, with '/'; folders end in '/'.
base::Result<Artefacts> read_tree(const fs::path& folder) {
    Artefacts tree;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().lexically_relative(folder).generic_string();
        if (at->is_directory()) {
            tree[name + '/'];
            continue;
        }
        auto contents = host::read_file(at->path().string(), kMaxFile);
        if (!contents) {
            return std::unexpected(contents.error());
        }
        tree[name] = std::move(*contents);
    }
    return tree;
}

/// The frame in "screen@FRAME.png"; nothing for other names.
std::optional<std::uint64_t> frame_of(std::string_view name) {
    constexpr std::string_view kStart = "screen@";
    constexpr std::string_view kEnd = ".png";
    if (!name.starts_with(kStart) || !name.ends_with(kEnd)) {
        return std::nullopt;
    }
    name.remove_prefix(kStart.size());
    name.remove_suffix(std::min(kEnd.size(), name.size()));
    return parse_number(name, kMaxFrame);
}

bool is_artefact(std::string_view name) {
    constexpr std::string_view kNames[] = {"screen.png", "sound.wav", "output.txt",
                                           "error.txt",  "exit.txt",  "memory.ram"};
    return std::ranges::find(kNames, name) != std::end(kNames) || name.starts_with("files/") ||
           frame_of(name).has_value();
}

/// Keeps what a program prints, up to a limit.
class TextSink final : public varvara::ConsoleSink {
public:
    bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
        (stream == varvara::Stream::Output ? output : error) += bytes;
        return output.size() + error.size() <= kMaxOutput;
    }
    bool flush() noexcept override { return true; }

    std::string output;
    std::string error;
};

/// One run of a case.
class Run {
public:
    Run(const TestCase& test, const uxn::Engine& engine, const uxn::Limits& limits, Wanted wanted)
        : test_(test),
          usual_(wanted == Wanted::Usual && test.expected.empty() && !test.expects_files),
          files_(test.files),
          clock_(varvara::start_of_clock(test.script.clock, test.script.seed)),
          varvara_({.console = sink_, .clock = clock_, .files = files_}),
          session_({.machine = *machine_,
                    .varvara = varvara_,
                    .engine = engine,
                    .output = sink_,
                    .limits = limits}) {}

    TestRun run() {
        varvara::load_rom(*machine_, varvara_, test_.rom);
        const std::vector<const char*> arguments = as_arguments(test_.script.arguments);
        std::uint64_t frames = test_.script.frames_to_show();
        for (const std::string& name : std::views::keys(test_.expected)) {
            frames = std::max(frames, frame_of(name).value_or(0));
        }
        varvara::Headless headless = {.session = session_,
                                      .clock = clock_,
                                      .rom = test_.rom,
                                      .script = test_.script,
                                      .frames = frames,
                                      .arguments = arguments,
                                      .viewer = {}};
        headless.viewer.frame = [this](std::uint64_t frame) {
            const std::string name = fmt::format("screen@{}.png", frame);
            if (wants(name)) {
                left_[name] = screen();
            }
            return true;
        };
        if (usual_ || wants("sound.wav")) {
            headless.viewer.sound = [this](std::span<const std::int16_t> samples) {
                sound_.samples.insert(sound_.samples.end(), samples.begin(), samples.end());
            };
            sound_.rate_hz = headless.audio_rate_hz;
        }
        const varvara::HeadlessEnd end = varvara::run_headless(headless);
        keep_the_end(end.end);
        return {.left = std::move(left_), .problem = problem(end)};
    }

private:
    bool wants(const std::string& name) const { return test_.expected.contains(name); }

    std::string screen() {
        take_picture(*machine_, varvara_.screen, picture_);
        return host::encode_png(picture_);
    }

    void keep_the_end(const varvara::SessionEnd& end) {
        const auto keep = [this](const std::string& name, bool there, auto contents) {
            if (wants(name) || (usual_ && there)) {
                left_[name] = contents();
            }
        };
        keep("exit.txt", true, [&] { return fmt::format("{}\n", end.exit_code); });
        keep("output.txt", !sink_.output.empty(), [&] { return sink_.output; });
        keep("error.txt", !sink_.error.empty(), [&] { return sink_.error; });
        keep("memory.ram", false,
             [&] { return std::string(host::as_text(machine_->ram.bytes())); });
        const bool audible = std::ranges::any_of(sound_.samples, [](auto s) { return s != 0; });
        keep("sound.wav", audible, [&] { return host::encode_wav(sound_); });
        const varvara::Palette palette = varvara::palette_of(*machine_);
        const bool visible = palette != varvara::Palette{};
        keep("screen.png", visible, [&] { return screen(); });
        const auto tree = files_.tree();
        if (test_.expects_files || (usual_ && tree != test_.files.tree())) {
            for (const auto& [name, contents] : tree) {
                left_["files/" + name + (contents ? "" : "/")] = contents.value_or("");
            }
        }
    }

    static std::string problem(const varvara::HeadlessEnd& end) {
        using Reason = varvara::SessionEnd::Reason;
        if (end.divergence) {
            return fmt::format(
                "line {} of the script: the run differs at frame {} from the "
                "recorded one",
                end.divergence->line, end.divergence->frame);
        }
        switch (end.end.reason) {
            case Reason::Exit: return {};
            case Reason::OutputClosed: return "it printed too much";
            case Reason::Budget:
                return fmt::format("stopped at {:04x} in frame {}, after {} instructions",
                                   end.end.pc, end.frames, end.end.instructions);
            case Reason::Interrupted: break;
        }
        return "interrupted";
    }

    const TestCase& test_;
    const bool usual_;
    varvara::MemoryFiles files_;
    varvara::VirtualClock clock_;
    TextSink sink_;
    const std::unique_ptr<uxn::Machine> machine_ = std::make_unique<uxn::Machine>();
    varvara::Varvara varvara_;
    varvara::Session session_;
    host::Picture picture_;
    host::Sound sound_;
    Artefacts left_;
};

}  // namespace

base::Result<std::vector<fs::path>> find_test_cases(const fs::path& root) {
    std::error_code error;
    if (!fs::is_directory(root, error)) {
        return base::fail(
            fs::exists(root, error) ? base::ErrorCode::NotAFile : base::ErrorCode::NotFound,
            fmt::format("'{}' is not a folder", root.string()));
    }
    std::vector<fs::path> cases;
    collect_cases(root, cases);
    if (cases.empty()) {
        return base::fail(base::ErrorCode::Empty,
                          fmt::format("there is no test case in '{}'", root.string()));
    }
    return cases;
}

base::Result<TestCase> load_test_case(const fs::path& folder) {
    TestCase test;
    test.folder = folder;
    test.name = folder.lexically_normal().generic_string();
    const auto program = find_program(folder);
    if (!program) {
        return std::unexpected(program.error());
    }
    auto rom = load_program(program->string(), Warnings::Hide);
    if (!rom) {
        return base::fail(base::ErrorCode::Malformed, "its program cannot be loaded");
    }
    test.rom = std::move(*rom);

    std::error_code error;
    const fs::path script = folder / "script.txt";
    if (fs::exists(script, error)) {
        const auto text = host::read_file(script.string(), kMaxFile);
        if (!text) {
            return std::unexpected(text.error());
        }
        auto parsed = varvara::parse_script(*text, script.string());
        if (!parsed) {
            return std::unexpected(parsed.error());
        }
        test.script = std::move(*parsed);
        test.files = varvara::files_of(test.script);
        for (varvara::ScriptFile& drop : test.script.drops) {
            if (!drop.contents) {
                const auto dropped = load_program((folder / drop.name).string(), Warnings::Hide);
                if (!dropped) {
                    return base::fail(base::ErrorCode::Malformed,
                                      "a dropped program cannot be loaded");
                }
                drop.contents.emplace(dropped->begin(), dropped->end());
            }
        }
    }
    const auto files = read_tree(folder / "files");
    if (!files) {
        return std::unexpected(files.error());
    }
    for (const auto& [name, contents] : *files) {
        name.ends_with('/') ? test.files.put_folder(name) : test.files.put_file(name, contents);
    }
    auto expected = read_tree(test.expected_folder());
    if (!expected) {
        return std::unexpected(expected.error());
    }
    for (auto& [name, contents] : *expected) {
        if (name == "files/") {
            test.expects_files = true;
        } else if (!is_artefact(name)) {
            return base::fail(base::ErrorCode::Malformed,
                              fmt::format("nothing in a run is called '{}'",
                                          (test.expected_folder() / name).string()));
        } else {
            test.expected.emplace(name, std::move(contents));
        }
    }
    return test;
}

TestRun run_test_case(const TestCase& test, const uxn::Engine& engine, const uxn::Limits& limits,
                      Wanted wanted) {
    return Run(test, engine, limits, wanted).run();
}

}  // namespace cli
