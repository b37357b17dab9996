#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "differential/guarded_machine.hpp"
#include "differential/meddling_devices.hpp"
#include "uxn/machine.hpp"

namespace uxn::test {

/// One of the runs that a program is cut into.
struct Slice {
    std::uint64_t budget = 0;
    /// Where to go on if the run before ended its vector; nothing: where that one stopped.
    std::optional<std::uint16_t> vector = std::nullopt;
    /// Index into `available_engines()` of one that takes over from the engine under test for this
    /// slice.
    std::optional<unsigned> relay = std::nullopt;
};

/// All that decides what a program does on an engine: plain data, the same on every run.
struct Trial {
    Machine machine;
    std::uint16_t pc = kResetVector;
    DeviceSetup devices;
    std::vector<Slice> slices;
    Placement placement = Placement::AtEnd;
};

}  // namespace uxn::test
