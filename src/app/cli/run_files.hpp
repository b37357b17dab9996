#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/run_options.hpp"
#include "varvara/recorder.hpp"
#include "varvara/script.hpp"
#include "varvara/state_file.hpp"

namespace cli {

/// The files around a run, the program itself and its own files excepted. Whatever goes wrong is
/// said on standard error.
class RunFiles {
public:
    /// Reads what the options name, and makes sure that the results can be written. Otherwise the
    /// exit code to end with.
    std::optional<int> open(const RunOptions& options);
    /// The same if a recording belongs to another ROM.
    std::optional<int> check_rom(std::span<const std::uint8_t> rom) const;
    /// Makes the computer what it was when the state was saved.
    std::optional<varvara::StateExtras> restore(uxn::Machine& machine, varvara::Varvara& varvara);

    /// Write what the options ask for at the end. How many could not be written.
    int save_recording(const RunOptions& options, varvara::Recorder& recorder) const;
    int save_memory(const RunOptions& options, const uxn::Machine& machine) const;
    int save_state(const RunOptions& options, const uxn::Machine& machine,
                   varvara::Varvara& varvara, const varvara::StateExtras& extras) const;

    /// What was read, or empty; with the clock, seed and arguments of the command line.
    varvara::Script script;

private:
    bool read_script(const std::string& path);

    std::string state_path_;
    std::string state_;
};

}  // namespace cli
