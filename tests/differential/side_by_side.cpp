#include "differential/side_by_side.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "support/available_engines.hpp"
#include "support/describe.hpp"

namespace uxn::test {
namespace {

const Engine& engine_of(const Slice& slice, const Engine& under_test) {
    if (!slice.relay) {
        return under_test;
    }
    static const std::vector<EngineEntry> engines = available_engines();
    return *engines[*slice.relay % engines.size()].engine;
}

}  // namespace

std::uint16_t SideBySide::pc_of(const Slice& slice) const {
    return has_vector_ended_ && slice.vector ? *slice.vector : next_pc_;
}

std::string SideBySide::run(const Slice& slice) {
    const std::uint16_t pc = pc_of(slice);
    std::atomic<bool>& interrupt = actual_.devices.interrupt();
    stop_ = actual_.run(engine_of(slice, engine_), pc,
                        {.instructions = slice.budget, .interrupt = &interrupt});
    std::uint64_t budget = slice.budget;
    if (stop_.reason == Stop::Reason::Interrupted) {
        if (!interrupt.exchange(false)) {
            return "stopped: " + describe(stop_) + ", but nobody had asked for it";
        }
        if (stop_.instructions > budget) {
            return "stopped: " + describe(stop_) + ", beyond its budget of " +
                   std::to_string(budget);
        }
        budget = stop_.instructions;
    }
    const Stop expected = expected_.run(oracle(), pc, {.instructions = budget});
    executed_ += expected.instructions;
    next_pc_ = expected.pc;
    has_vector_ended_ =
        expected.reason == Stop::Reason::Break || expected.reason == Stop::Reason::Halted;
    return difference(expected, budget);
}

std::string SideBySide::difference(const Stop& expected_stop, std::uint64_t budget) {
    Stop wanted = expected_stop;
    if (stop_.reason == Stop::Reason::Interrupted && wanted.reason == Stop::Reason::Budget) {
        wanted.reason = Stop::Reason::Interrupted;
    }
    if (stop_ != wanted) {
        return "stopped: " + describe(stop_) + ", expected " + describe(wanted) +
               " (the budget being " + std::to_string(budget) + ")";
    }
    if (actual_.devices.calls() != expected_.devices.calls()) {
        return "device calls are \"" + describe(actual_.devices.calls()) + "\", expected \"" +
               describe(expected_.devices.calls()) + "\"";
    }
    if (actual_.devices.seen() != expected_.devices.seen()) {
        return "a device saw another machine when it was called";
    }
    if (!actual_.machine.is_padding_intact()) {
        return "something was written between the members of the machine";
    }
    return first_difference(*actual_.machine, *expected_.machine);
}

Trial SideBySide::rest(std::uint64_t budget, const Slice& next) const {
    Trial rest = trial_;
    rest.machine = *expected_.machine;
    rest.pc = pc_of(next);
    DeviceSetup& devices = rest.devices;
    devices = expected_.devices.now();
    if (devices.interrupt_at <= devices.calls_before) {
        devices.interrupt_at = actual_.devices.interrupt() ? devices.calls_before : 0;
    }
    rest.slices = {{.budget = budget, .relay = next.relay}};
    return rest;
}

std::optional<Difference> compare(const Engine& engine, const Trial& trial, Tally* tally) {
    SideBySide sides(engine, trial);
    for (std::size_t i = 0; i < trial.slices.size(); ++i) {
        const std::uint64_t before = sides.instructions();
        std::string what = sides.run(trial.slices[i]);
        if (!what.empty()) {
            return Difference{.slice = i, .before = before, .what = std::move(what)};
        }
        if (tally != nullptr) {
            const Stop& stop = sides.stop();
            tally->longest = std::max(tally->longest, stop.instructions);
            tally->stops += 1;
            tally->interrupts += stop.reason == Stop::Reason::Interrupted ? 1 : 0;
            tally->device_calls += sides.device_calls();
        }
    }
    if (tally != nullptr) {
        tally->trials += 1;
        tally->instructions += sides.instructions();
    }
    return std::nullopt;
}

}  // namespace uxn::test
