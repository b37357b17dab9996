#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

/// The Screen device.
/// Source: spec/varvara.md, section 4.
class Screen {
public:
    static constexpr std::uint8_t kVector = port("Screen/vector");
    static constexpr Hooks kHooks = {.reads = 0, .writes = 0};

    explicit Screen(const Hosts&) {}

    unsigned width() const { return 512; }
    unsigned height() const { return 320; }

    /// Everything as at boot.
    void reset() {}
    void transfer(StateStream&) {}
};

}  // namespace varvara
