#include "app/cli/run_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "app/cli/command_line.hpp"
#include "front/settings.hpp"
#include "host/files.hpp"

namespace cli {
namespace {

constexpr std::uint64_t kLastSecond = 253402300799;  ///< of the year 9999
constexpr std::uint64_t kMostFrames = 1'000'000'000'000;

/// An option that takes a number, as it was given.
struct NumberOption {
    std::string name;
    const std::string& text;
    std::uint64_t max;
    std::string usage;  ///< in case it makes no sense
};

/// The arguments with -2x and the like, in front of the program's name, as --zoom=2.
std::vector<const char*> with_long_zoom(Arguments arguments) {
    std::vector<const char*> spelled_out(arguments.begin(), arguments.end());
    for (const char*& argument : spelled_out) {
        const std::string_view text(argument);
        if (!text.starts_with('-') || text == "--") {
            break;
        }
        if (text == "-1x") {
            argument = "--zoom=1";
        } else if (text == "-2x") {
            argument = "--zoom=2";
        } else if (text == "-3x") {
            argument = "--zoom=3";
        }
    }
    return spelled_out;
}

/// PNG[@FRAME]; a file whose name contains '@' needs a frame, or a suffix that is no number.
ScreenshotRequest screenshot_request(const std::string& text) {
    const std::size_t at = text.rfind('@');
    if (at != std::string::npos && at > 0) {
        if (const auto frame = parse_number(std::string_view(text).substr(at + 1), kMostFrames)) {
            return {.path = text.substr(0, at), .frame = frame};
        }
    }
    return {.path = text, .frame = {}};
}

}  // namespace

bool runs_by_script(const RunOptions& options) {
    return options.frames || !options.input.empty() || !options.replay.empty() ||
           !options.screenshots.empty() || !options.audio.empty();
}

std::vector<std::string> outputs_of(const RunOptions& options) {
    std::vector<std::string> paths = {options.audio, options.record, options.dump_ram,
                                      options.state_out};
    for (const ScreenshotRequest& screenshot : options.screenshots) {
        paths.push_back(screenshot.path);
    }
    std::erase(paths, "");
    return paths;
}

std::vector<std::string> output_folders_of(const RunOptions& options) {
    std::vector<std::string> folders = outputs_of(options);
    std::ranges::transform(folders, folders.begin(), host::folder_of);
    if (!options.jit_dump.empty()) {
        folders.push_back(options.jit_dump);
    }
    return folders;
}

std::optional<int> parse_run_options(Arguments arguments, RunOptions& options) {
    // By far the most usual command line needs no parser.
    if (!arguments.empty() && arguments[0][0] != '-') {
        options.program.assign(arguments.begin(), arguments.end());
        return std::nullopt;
    }
    CommandLine line("run [OPTIONS] [FILE.rom|FILE.tal [ARGS...]]",
                     "Run a program. A .tal file is assembled first. Without a file, list the "
                     "programs of the folder.\nWhat follows FILE goes to the program as it is.");
    std::string max_instructions;
    std::string clock;
    std::string seed;
    std::string frames;
    std::string folder;
    std::string access;
    std::vector<std::string> screenshots;
    line.add_option("-e,--engine", options.engine,
                    "How to run it: a name from 'leveret engines', or auto for the fastest")
        ->type_name("NAME");
    line.add_option("--max-instructions", max_instructions,
                    "Stop after N instructions, with exit code 124")
        ->type_name("N");
    line.add_option("--clock", clock,
                    "Start a clock of the program's own at this time, in seconds since 1970, in "
                    "UTC. It stands still in a terminal, and goes with the frames otherwise")
        ->type_name("SECONDS");
    line.add_option("--seed", seed,
                    "Start it up to a day later, depending on N: programs take their random "
                    "numbers from the clock")
        ->type_name("N");
    line.add_option("--dir", folder,
                    "The folder whose files the program may use; if not given, the one it is in")
        ->type_name("FOLDER");
    line.add_option("--files", access,
                    "What it may do there: none, ro (only read) or rw (the default)")
        ->type_name("none|ro|rw");
    line.add_flag("--warnings", options.warnings, "Show the warnings of the assembler");

    const std::string people = "For people";
    bool window = false;
    bool terminal = false;
    std::string zoom;
    line.add_flag("--window", window,
                  "Open a window at once; otherwise one opens when the program first uses screen, "
                  "sound, controller or mouse")
        ->group(people);
    line.add_flag("--terminal", terminal,
                  "Use this terminal as the screen: with graphics if it can, with blocks if not")
        ->group(people);
    line.add_option("--zoom", zoom,
                    "Show each pixel as N by N; -2x and -3x are short for 2 and 3. 0 fills the "
                    "window")
        ->type_name("N")
        ->group(people);
    line.add_flag("-f,--full-screen", options.full_screen, "Begin with the whole screen")
        ->group(people);
    line.add_flag("--watch", options.watch,
                  "Reload the program when its file, or a file that it includes, has changed")
        ->group(people);
    line.add_flag("--resume", options.resume,
                  "Go on where the program was left, and keep where it is left this time")
        ->group(people);

    const std::string without = "Without a window";
    line.add_flag("--headless", options.headless,
                  "Run in virtual time, as fast as it goes, the same on every machine; the next "
                  "ones imply it")
        ->group(without);
    line.add_option("--frames", frames,
                    "Run for N sixtieths of a second (default: as long as the input lasts)")
        ->type_name("N")
        ->group(without);
    line.add_option("--input", options.input, "Act on the program as the script in FILE says")
        ->type_name("FILE")
        ->group(without);
    line.add_option("--replay", options.replay,
                    "Repeat the run recorded in FILE, and see that it is the same")
        ->type_name("FILE")
        ->group(without);
    line.add_option("--screenshot", screenshots,
                    "Save the screen at the end, or after this frame; may be repeated")
        ->type_name("PNG[@FRAME]")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false)
        ->group(without);
    line.add_option("--audio", options.audio, "Save the sound")->type_name("WAV")->group(without);

    const std::string both = "Files of a run";
    line.add_option("--record", options.record,
                    "Save what the program is given and finds, for --replay")
        ->type_name("FILE")
        ->group(both);
    line.add_option("--dump-ram", options.dump_ram, "Save the 64 KiB of memory at the end")
        ->type_name("FILE")
        ->group(both);
    line.add_option("--state-out", options.state_out, "Save the whole computer at the end")
        ->type_name("FILE")
        ->group(both);
    line.add_option("--state-in", options.state_in,
                    "Go on from a saved computer instead of starting the program; FILE may then be "
                    "left out, and --dir names the folder of its files")
        ->type_name("FILE")
        ->group(both);

    const std::string inside = "Looking inside";
    std::string perf;
    line.add_flag("--stats", options.stats,
                  "Tell at the end what the engine has done, on standard error")
        ->group(inside);
    line.add_option("--jit-dump", options.jit_dump,
                    "Write a file into DIR for each part of the program that becomes machine code: "
                    "what it was, and what became of it. This one and the next ones imply the "
                    "engine jit")
        ->type_name("DIR")
        ->group(inside);
    line.add_option("--perf", perf,
                    "Tell Linux's perf the names of machine code: with /tmp/perf-PID.map, or with "
                    "jit-PID.dump here, which 'perf inject --jit' reads")
        ->type_name("map|dump")
        ->group(inside);
    line.add_flag("--gdb", options.gdb, "Tell gdb the names of machine code")->group(inside);
    line.footer(
        "The exit code is the one that the program puts into System/state (0 to 127). Otherwise:\n"
        "  1 the program could not be loaded, its output not written, or a replay differs\n"
        "  2 wrong usage   124 --max-instructions was reached");
    const std::vector<const char*> spelled_out = with_long_zoom(arguments);
    if (const auto code = line.parse_arguments(spelled_out, options.program)) {
        return code;
    }
    const std::array numbers = {
        NumberOption{"--max-instructions", max_instructions, uxn::kUnlimited,
                     "--max-instructions takes a whole number"},
        NumberOption{"--clock", clock, kLastSecond,
                     fmt::format("--clock takes whole seconds from 0 to {}", kLastSecond)},
        NumberOption{"--seed", seed, UINT64_MAX, "--seed takes a whole number"},
        NumberOption{"--frames", frames, kMostFrames,
                     fmt::format("--frames takes a whole number up to {}", kMostFrames)},
        NumberOption{"--zoom", zoom, front::kMostZoom,
                     fmt::format("--zoom takes a whole number up to {}", front::kMostZoom)},
    };
    std::array<std::optional<std::uint64_t>, numbers.size()> values;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const NumberOption& option = numbers[i];
        if (line.count(option.name) > 0) {
            values[i] = parse_number(option.text, option.max);
            if (!values[i]) {
                return line.reject(fmt::format("{}, not '{}'", option.usage, option.text));
            }
        }
    }
    options.max_instructions = values[0].value_or(uxn::kUnlimited);
    if (const auto& seconds = values[1]) {
        options.clock = static_cast<std::int64_t>(*seconds);
    }
    options.seed = values[2];
    options.frames = values[3];
    if (const auto& times = values[4]) {
        options.zoom = static_cast<unsigned>(*times);
    }
    if (line.count("--dir") > 0) {
        options.files.folder = folder;
    }
    if (line.count("--files") > 0) {
        options.files.access = parse_file_access(access);
        if (!options.files.access) {
            return line.reject(fmt::format("--files takes none, ro or rw, not '{}'", access));
        }
    }
    if (line.count("--perf") > 0) {
        if (perf != "map" && perf != "dump") {
            return line.reject(fmt::format("--perf takes map or dump, not '{}'", perf));
        }
        options.perf = perf == "map" ? RunOptions::Perf::Map : RunOptions::Perf::Dump;
    }
    if (line.count("--jit-dump") > 0 && options.jit_dump.empty()) {
        return line.reject("--jit-dump needs the name of a folder");
    }
    for (const std::string& text : screenshots) {
        options.screenshots.push_back(screenshot_request(text));
    }
    if (!options.input.empty() && !options.replay.empty()) {
        return line.reject("--input and --replay exclude each other");
    }
    if (!options.replay.empty() && (options.clock || options.seed || options.frames ||
                                    !options.state_in.empty() || options.program.size() > 1)) {
        return line.reject(
            "a recording has its own clock, length and arguments: --replay takes none");
    }
    if (!options.replay.empty() && options.program.empty()) {
        return line.reject("--replay needs the program that was recorded");
    }
    if (!options.record.empty() && options.program.empty()) {
        return line.reject("--record needs a program");
    }
    if (!options.record.empty() && !options.state_in.empty()) {
        return line.reject("a recording begins with the program: --record takes no --state-in");
    }
    if (window + terminal + options.headless > 1) {
        return line.reject("--window, --terminal and --headless exclude each other");
    }
    if ((window || terminal) && runs_by_script(options) && options.program.empty()) {
        return line.reject("a script that is watched needs a program");
    }
    if (window || terminal) {
        options.place = window ? RunOptions::Place::Window : RunOptions::Place::Terminal;
        return std::nullopt;
    }
    options.headless |= runs_by_script(options);
    return std::nullopt;
}

}  // namespace cli
