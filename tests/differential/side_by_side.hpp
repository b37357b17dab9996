#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "differential/trial.hpp"
#include "uxn/engine.hpp"

namespace uxn::test {

/// One engine's computer.
class Side {
public:
    explicit Side(const Trial& trial)
        : machine(trial.machine, trial.placement), devices(trial.devices) {}

    /// Forgets the device calls of the run before.
    Stop run(const Engine& engine, std::uint16_t pc, const Limits& limits) {
        devices.forget_calls();
        return engine.run(*machine, devices, pc, limits);
    }

    GuardedMachine machine;
    MeddlingDevices devices;
};

/// An engine and the oracle with the same program. After every run, stops, device calls and
/// machines are compared. A run that was interrupted is compared with an oracle that executes as
/// many instructions: the moment of an interrupt is chance, the state it leaves is not.
class SideBySide {
public:
    SideBySide(const Engine& engine, const Trial& trial)
        : engine_(engine), trial_(trial), actual_(trial), expected_(trial), next_pc_(trial.pc) {}

    /// Runs one slice on both sides. Returns the first field that differs; empty if none does.
    std::string run(const Slice& slice);

    /// Ends the run under way, or the next one, when set; from any thread.
    std::atomic<bool>& interrupt() { return actual_.devices.interrupt(); }

    /// The rest of the trial as one of its own, in one run of `budget`; after runs that were equal.
    Trial rest(std::uint64_t budget, const Slice& next) const;

    const Stop& stop() const { return stop_; }                ///< of the last run
    std::uint64_t instructions() const { return executed_; }  ///< of all runs
    std::size_t device_calls() const { return expected_.devices.calls().size(); }

private:
    std::uint16_t pc_of(const Slice& slice) const;
    std::string difference(const Stop& expected_stop, std::uint64_t budget);

    const Engine& engine_;
    const Trial& trial_;
    Side actual_;
    Side expected_;
    std::uint16_t next_pc_;
    bool has_vector_ended_ = false;
    Stop stop_;
    std::uint64_t executed_ = 0;
};

/// Where and how an engine differed from the oracle.
struct Difference {
    std::size_t slice = 0;     ///< which run of the trial
    std::uint64_t before = 0;  ///< instructions executed in the runs before it
    std::string what;          ///< the first field that differs
};

/// What the runs of trials amounted to.
struct Tally {
    std::uint64_t trials = 0;
    std::uint64_t instructions = 0;
    std::uint64_t longest = 0;  ///< instructions in one run
    std::uint64_t stops = 0;
    std::uint64_t interrupts = 0;
    std::uint64_t device_calls = 0;
};

/// Runs a trial from beginning to end, or to the first difference.
std::optional<Difference> compare(const Engine& engine, const Trial& trial, Tally* tally = nullptr);

}  // namespace uxn::test
