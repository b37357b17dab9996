#pragma once

#include <cstdint>
#include <span>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

/// An Audio device: one of four voices.
/// Source: spec/varvara.md, section 5.
class Audio {
public:
    // Ports of the first voice; the others have the same in pages of their own.
    static constexpr std::uint8_t kVector = port("Audio0/vector");
    static constexpr Hooks kHooks = {.reads = 0, .writes = 0};

    explicit Audio(const Hosts&) {}

    /// Adds the voice's next frames to `sums` (interleaved, left first) and advances it.
    void mix(const uxn::Ram&, std::span<std::int32_t>) noexcept {}
    /// Whether a note has ended since the last call: the vector is due.
    bool take_ended() noexcept { return false; }

    void reset() {}
    void transfer(StateStream&) {}
};

}  // namespace varvara
