#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/commands.hpp"
#include "app/cli/program_files.hpp"
#include "uxn/engine.hpp"

namespace cli {

/// A picture to take: --screenshot PNG[@FRAME].
struct ScreenshotRequest {
    std::string path;
    std::optional<std::uint64_t> frame;  ///< nothing: when the run ends
};

/// What 'leveret run' was told.
struct RunOptions {
    std::string engine = "auto";
    std::uint64_t max_instructions = uxn::kUnlimited;
    std::optional<std::int64_t> clock;
    std::optional<std::uint64_t> seed;
    FileOptions files;
    bool warnings = false;

    /// Where a program that has pictures or sound is to be seen.
    enum class Place : std::uint8_t { Anywhere, Window, Terminal };
    Place place = Place::Anywhere;
    std::optional<unsigned> zoom;
    bool full_screen = false;
    bool watch = false;
    bool resume = false;

    /// Without a window and in virtual time: asked for, or implied by one of the next ones, unless
    /// a window is asked for too.
    bool headless = false;
    std::optional<std::uint64_t> frames;
    std::string input;
    std::string replay;
    std::vector<ScreenshotRequest> screenshots;
    std::string audio;

    std::string record;
    std::string dump_ram;
    std::string state_in;
    std::string state_out;

    // Looking inside.
    bool stats = false;
    std::string jit_dump;
    enum class Perf : std::uint8_t { Off, Map, Dump };
    Perf perf = Perf::Off;
    bool gdb = false;

    std::vector<std::string> program;  ///< the file and its arguments; empty: the built-in one
};

/// Whether a script or its like says what happens to the program, and not a person.
bool runs_by_script(const RunOptions& options);

/// All files that the run is to write.
std::vector<std::string> outputs_of(const RunOptions& options);

/// All folders that something is written to, even while the program runs.
std::vector<std::string> output_folders_of(const RunOptions& options);

/// Reads the command line of 'leveret run'. Otherwise help or an error has been printed, and this
/// is the exit code to end with.
std::optional<int> parse_run_options(Arguments arguments, RunOptions& options);

}  // namespace cli
