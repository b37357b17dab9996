#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"
#include "varvara/voice.hpp"

namespace varvara {

/// An Audio device: one of four voices.
///
/// `mix` may run on another thread than everything else; neither side ever waits. Only `reset` and
/// `transfer` want that nobody mixes meanwhile.
/// Source: spec/varvara.md, section 5.
class Audio {
public:
    // Ports of the first voice; the others have the same in pages of their own.
    static constexpr std::uint8_t kVector = port("Audio0/vector");
    static constexpr std::uint8_t kPosition = port("Audio0/position");
    static constexpr std::uint8_t kOutput = port("Audio0/output");
    static constexpr std::uint8_t kAdsr = port("Audio0/adsr");
    static constexpr std::uint8_t kLength = port("Audio0/length");
    static constexpr std::uint8_t kAddr = port("Audio0/addr");
    static constexpr std::uint8_t kVolume = port("Audio0/volume");
    static constexpr std::uint8_t kPitch = port("Audio0/pitch");
    static constexpr Hooks kHooks = {.reads = port_mask({kPosition, kPosition + 1, kOutput}),
                                     .writes = port_mask({kPitch})};

    explicit Audio(const Hosts& hosts) : rate_hz_(hosts.audio_rate_hz), voice_(rate_hz_) {}

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept;
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept;

    /// Adds the voice's next frames to `sums` (interleaved, left first) and advances it.
    void mix(const uxn::Ram& ram, std::span<std::int32_t> sums) noexcept;
    /// Whether a note has ended since the last call: the vector is due.
    bool take_ended() noexcept;

    // What each side can see of the other's.

    /// Whether a note has been started that has not been mixed yet.
    bool has_pending() const noexcept { return pending_.load(std::memory_order_relaxed) != 0; }
    /// Whether a note has ended that nobody has taken yet.
    bool has_ended() const noexcept { return ended_.load(std::memory_order_relaxed); }
    /// Whether it sounds; for the mixing side.
    bool playing() const noexcept { return voice_.playing(); }

    void reset();
    void transfer(StateStream& state);

private:
    /// What a program can see of the voice.
    struct Progress {
        std::uint16_t position = 0;
        std::uint8_t output = 0;
    };

    Progress progress() const noexcept;
    /// Of a note none of which has been mixed.
    Progress at_start(const Note& note) const noexcept;
    void take_pending() noexcept;

    const unsigned rate_hz_;

    // The mixing side's.
    Voice voice_;

    // Between the sides: to the mixing side the last note started, a `Note` or `kNone`, and back
    // from it what has become of it. A note leaves its slot only after `progress_` tells of it, so
    // that a program that has just started a note never sees the one before.
    std::atomic<std::uint64_t> pending_{0};
    std::atomic<Progress> progress_;
    std::atomic<bool> ended_{false};
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<Progress>::is_always_lock_free);

    // The program's side's: the low byte of a position whose high byte was the last thing read, so
    // that a DEI2 gets halves of one number.
    bool has_low_byte_ = false;
    std::uint8_t low_byte_ = 0;
};

}  // namespace varvara
