#include "varvara/audio.hpp"

#include <bit>
#include <utility>

namespace varvara {
namespace {

/// No note is pending. (These bits as a note have no length, so no valid note has them.)
constexpr std::uint64_t kNone = 0;
/// Stands for all notes that only stop the voice.
constexpr std::uint64_t kStop = std::bit_cast<std::uint64_t>(Note{.pitch = 0x7f});
static_assert(std::bit_cast<std::uint64_t>(Note{}) == kNone);

/// A port's offset in its page as a port of the first voice.
constexpr std::uint8_t as_first_voice(std::uint8_t port) {
    return static_cast<std::uint8_t>((Audio::kVector & 0xf0) | (port & 0x0f));
}

std::uint64_t as_pending(const Note& note) {
    return note.valid() ? std::bit_cast<std::uint64_t>(note) : kStop;
}

}  // namespace

std::uint8_t Audio::read(uxn::Machine& machine, std::uint8_t port) noexcept {
    const bool follows_high_byte = std::exchange(has_low_byte_, false);
    switch (as_first_voice(port)) {
        case kPosition: {
            const std::uint16_t position = progress().position;
            low_byte_ = static_cast<std::uint8_t>(position);
            has_low_byte_ = true;
            return static_cast<std::uint8_t>(position >> 8);
        }
        case kPosition + 1:
            return follows_high_byte ? low_byte_ : static_cast<std::uint8_t>(progress().position);
        case kOutput: return progress().output;
        default: return machine.dev[port];
    }
}

uxn::DeviceEffect Audio::write(uxn::Machine& machine, std::uint8_t port) noexcept {
    const auto in_page = [&](std::uint8_t of_first_voice) {
        return static_cast<std::uint8_t>((port & 0xf0) | (of_first_voice & 0x0f));
    };
    if (as_first_voice(port) == kPitch) {
        const Note note = {.adsr = machine.dev_short(in_page(kAdsr)),
                           .length = machine.dev_short(in_page(kLength)),
                           .addr = machine.dev_short(in_page(kAddr)),
                           .volume = machine.dev[in_page(kVolume)],
                           .pitch = machine.dev[port]};
        pending_.store(as_pending(note), std::memory_order_release);
    }
    return {};
}

Audio::Progress Audio::at_start(const Note& note) const noexcept {
    Voice voice(rate_hz_);
    voice.start(note);
    return {.position = 0, .output = voice.output()};
}

Audio::Progress Audio::progress() const noexcept {
    const std::uint64_t pending = pending_.load(std::memory_order_acquire);
    if (pending != kNone && pending != kStop) {
        return at_start(std::bit_cast<Note>(pending));
    }
    Progress progress = progress_.load(std::memory_order_relaxed);
    if (pending == kStop) {
        progress.output = 0;
    }
    return progress;
}

/// Starts the note that is pending, and those that the program starts meanwhile.
void Audio::take_pending() noexcept {
    std::uint64_t pending = pending_.load(std::memory_order_acquire);
    while (pending != kNone) {
        const auto note = std::bit_cast<Note>(pending);
        voice_.start(note);
        progress_.store(note.valid() ? at_start(note) : Progress{.position = voice_.position()},
                        std::memory_order_relaxed);
        if (pending_.compare_exchange_weak(pending, kNone, std::memory_order_acq_rel,
                                           std::memory_order_acquire)) {
            break;
        }
    }
}

void Audio::mix(const uxn::Ram& ram, std::span<std::int32_t> sums) noexcept {
    if (sums.empty()) {
        return;  // a note is only taken when some of it is mixed as well
    }
    take_pending();
    if (!voice_.playing()) {
        return;
    }
    const bool ended = voice_.mix(ram, sums);
    progress_.store({.position = voice_.position(), .output = voice_.output()},
                    std::memory_order_relaxed);
    if (ended) {
        ended_.store(true, std::memory_order_release);
    }
}

bool Audio::take_ended() noexcept {
    return ended_.load(std::memory_order_relaxed) &&
           ended_.exchange(false, std::memory_order_acquire);
}

void Audio::reset() {
    voice_ = Voice(rate_hz_);
    pending_ = kNone;
    progress_ = Progress{};
    ended_ = false;
    has_low_byte_ = false;
}

void Audio::transfer(StateStream& state) {
    const std::uint64_t pending_bits = pending_;
    auto pending = std::bit_cast<Note>(pending_bits);
    bool has_pending = pending_bits != kNone;
    bool ended = ended_;
    voice_.transfer(state);
    state.number(has_pending);
    pending.transfer(state);
    state.number(ended);
    state.number(has_low_byte_);
    state.number(low_byte_);
    if (state.restoring()) {
        pending_ = has_pending ? as_pending(pending) : kNone;
        progress_ = Progress{.position = voice_.position(), .output = voice_.output()};
        ended_ = ended;
    }
}

}  // namespace varvara
