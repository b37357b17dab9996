#include "varvara/voice.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace varvara {
namespace {

/// What a frame adds to the position at the notes of the highest octave.
constexpr std::array<std::int32_t, 12> kAdvances = {0x80000, 0x879c8, 0x8facd, 0x9837f,
                                                    0xa1451, 0xaadc1, 0xb504f, 0xbfc88,
                                                    0xcb2ff, 0xd7450, 0xe411f, 0xf1a1c};
constexpr unsigned kHighestOctave = 8;
/// Samples up to this length are one cycle of a wave, longer ones are recordings.
constexpr std::int32_t kMaxWaveLength = 0x100;
/// More than any divisor of a position.
constexpr std::int32_t kRestLimit = 1 << 26;

constexpr std::int64_t rounded(std::int64_t numerator, std::int64_t divisor) {
    return (numerator + divisor / 2) / divisor;
}

/// How much must be added to the position for it to reach the next byte of a sample: 65536 and
/// 11042816 / length at 44100 Hz.
std::int32_t period_of(std::int32_t length, unsigned rate_hz) {
    const std::int64_t scale = std::int64_t{rate_hz} * 16384;
    const std::int64_t period = length <= kMaxWaveLength
                                    ? rounded(scale * 337, std::int64_t{2} * 11025) / length
                                    : rounded(scale, 11025);
    return static_cast<std::int32_t>(period);
}

std::int32_t floor_of(std::int32_t numerator, std::int32_t divisor) {
    return numerator / divisor - (numerator % divisor < 0 ? 1 : 0);
}

/// A byte of RAM that the program may be writing to at this moment on its own thread: samples are
/// played live, so either value will do. Volatile, since it must be one load of one byte; not
/// atomic, since the engines' stores are not, which is why the thread sanitizer has to look away.
[[gnu::no_sanitize("thread")]] std::int32_t live_sample(const std::uint8_t* byte) {
    const std::uint8_t value = *static_cast<const volatile std::uint8_t*>(byte);
    return static_cast<std::int8_t>(value + 0x80);
}

int nibble(std::int32_t level, int volume) {
    return volume == 0 ? 0 : std::min(0xf, 1 + level * volume / 0x800);
}

}  // namespace

std::int32_t Note::sample_length() const {
    return std::min<std::int32_t>(length, 0x10000 - addr);
}

void Note::transfer(StateStream& state) {
    state.number(adsr);
    state.number(length);
    state.number(addr);
    state.number(volume);
    state.number(pitch);
}

Ramp::Ramp(std::int32_t numerator, std::int32_t step, std::int32_t by)
    : value(floor_of(numerator, by)),
      rest(numerator - value * by),
      step_value(floor_of(step, by)),
      step_rest(step - step_value * by),
      divisor(by) {}

Envelope::Envelope(std::uint16_t adsr, unsigned rate_hz) {
    std::uint32_t sum = 0;
    const auto end_after = [&](unsigned nibble) {
        sum += nibble & 0xf;
        return static_cast<std::uint32_t>(rounded(std::int64_t{rate_hz} * sum, 15));
    };
    attack_end_ = end_after(adsr >> 12);
    decay_end_ = end_after(adsr >> 8);
    sustain_end_ = end_after(adsr >> 4);
    release_end_ = end_after(adsr);
}

std::optional<Envelope::Line> Envelope::line(std::uint32_t age) const {
    const auto line_from_to = [](std::uint32_t begin, std::uint32_t end, std::int32_t from,
                                 std::int32_t step) {
        const auto length = static_cast<std::int32_t>(end - begin);
        return Line{begin, end, from * length, step, length};
    };
    if (endless()) {
        return Line{0, UINT32_MAX, kFull, 0, 1};
    }
    if (age < attack_end_) {
        return line_from_to(0, attack_end_, 0, kFull);
    }
    if (age < decay_end_) {
        return line_from_to(attack_end_, decay_end_, kFull, -kHalf);
    }
    if (age < sustain_end_) {
        return Line{decay_end_, sustain_end_, kHalf, 0, 1};
    }
    if (age < release_end_) {
        return line_from_to(sustain_end_, release_end_, kHalf, -kHalf);
    }
    return std::nullopt;
}

Ramp Envelope::Line::level(std::uint32_t age) const {
    return {first + step * static_cast<std::int32_t>(age - begin), step, divisor};
}

std::int32_t Envelope::level(std::uint32_t age) const {
    const auto at = line(age);
    return at ? at->level(age).value : 0;
}

Voice::Voice(unsigned rate_hz) : rate_hz_(std::clamp(rate_hz, kMinRateHz, kMaxRateHz)) {}

void Voice::start(const Note& note) noexcept {
    playing_ = note.valid();
    if (!playing_) {
        return;
    }
    note_ = note;
    envelope_ = Envelope(note.adsr, rate_hz_);
    length_ = note.sample_length();
    age_ = 0;
    const unsigned octave = note.semitone() / 12;
    // The rest of the last note may be more than the divisor of this one: the reference then starts
    // further on.
    position_ = Ramp(position_.rest, kAdvances[note.semitone() % 12] >> (kHighestOctave - octave),
                     period_of(length_, rate_hz_));
}

/// To the next frame; false past the end of a sample that is played once.
inline bool Voice::advance(Ramp& position) const {
    position.advance();
    if (position.value >= length_) {
        if (!note_.loops()) {
            return false;
        }
        position.value %= length_;
    }
    return true;
}

bool Voice::mix(const uxn::Ram& ram, std::span<std::int32_t> sums) noexcept {
    if (!playing_) {
        return false;
    }
    const std::uint8_t* const sample = ram.data() + note_.addr;
    const int left = note_.left();
    const int right = note_.right();
    Ramp position = position_;  // a local, so that the compiler may keep it in registers
    while (playing_ && !sums.empty()) {
        const auto line = envelope_.line(age_);
        if (!line) {
            advance(position);
            playing_ = false;
            break;
        }
        const std::size_t frames = std::min<std::size_t>(sums.size() / 2, line->end - age_);
        Ramp level = line->level(age_);
        for (std::size_t frame = 0; frame < frames; ++frame) {
            if (!advance(position)) {
                playing_ = false;
                break;
            }
            const std::int32_t s = live_sample(sample + position.value) * level.value;
            sums[2 * frame] += s * left / 0x180;
            sums[2 * frame + 1] += s * right / 0x180;
            level.advance();
        }
        if (!envelope_.endless()) {
            age_ += static_cast<std::uint32_t>(frames);
        }
        sums = sums.subspan(2 * frames);
    }
    position.value = std::min(position.value, length_);
    position_ = position;
    return !playing_;
}

std::uint8_t Voice::output() const {
    if (!playing_) {
        return 0;
    }
    const std::int32_t level = envelope_.level(age_);
    return static_cast<std::uint8_t>(nibble(level, note_.left()) << 4 |
                                     nibble(level, note_.right()));
}

void Voice::transfer(StateStream& state) {
    auto rate_hz = rate_hz_;
    auto note = playing_ ? note_ : Note{};
    auto index = position();
    auto rest = position_.rest;
    auto age = playing_ ? age_ : 0;
    auto playing = playing_;
    state.number(rate_hz);
    note.transfer(state);
    state.number(index);
    state.number(rest);
    state.number(age);
    state.number(playing);
    if (!state.restoring()) {
        return;
    }
    *this = Voice(rate_hz_);
    if (rate_hz < kMinRateHz || rate_hz > kMaxRateHz || rest < 0 || rest >= kRestLimit ||
        (playing && (!note.valid() || index >= note.sample_length()))) {
        state.fail("a voice in it cannot be");
        return;
    }
    if (playing) {
        start(note);
        rest %= position_.divisor;
        if (!envelope_.endless()) {
            age_ = static_cast<std::uint32_t>(std::uint64_t{age} * rate_hz_ / rate_hz);
        }
    }
    position_.value = index;
    position_.rest = rest;
}

}  // namespace varvara
