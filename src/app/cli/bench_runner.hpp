#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "uxn/engine.hpp"

namespace cli {

/// One measured run.
struct Sample {
    double seconds = 0;              ///< of CPU time
    std::uint64_t instructions = 0;  ///< of Uxn; 0: not known
    std::string output;              ///< what the program wrote to standard output
};

/// The CPU time of this thread so far: machines are shared, and time spent waiting for a core says
/// nothing.
double cpu_seconds();

/// Runs a ROM in this process, from its reset vector to the end, without arguments and with `input`
/// as all of its standard input. What is timed is the run, not the loading. Errors: Malformed if it
/// does not come to an end by itself.
base::Result<Sample> run_on_engine(const uxn::Engine& engine, const std::vector<std::uint8_t>& rom,
                                   std::string_view input);

/// Runs `command` with the name of a ROM file as its last argument and the file `input_path` as its
/// standard input. What is timed is the whole process. Errors: NotFound if it cannot be started,
/// Malformed if it fails.
base::Result<Sample> run_as_process(std::vector<std::string> command, const std::string& rom_path,
                                    const std::string& input_path);

}  // namespace cli
