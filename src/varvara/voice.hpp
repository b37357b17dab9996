#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "uxn/machine.hpp"
#include "varvara/state_stream.hpp"

/// The synthesis of the Audio devices: what one voice sounds like, frame by frame.
/// Source: spec/varvara.md, section 5.1.
namespace varvara {

/// What the ports of a voice say when a note is started. 64 bits in all, so that a note can go from
/// one thread to another as a whole.
struct Note {
    std::uint16_t adsr = 0;    ///< attack, decay, sustain, release: a nibble each, in 1/15 s
    std::uint16_t length = 0;  ///< of the sample, in bytes
    std::uint16_t addr = 0;    ///< of the sample
    std::uint8_t volume = 0;   ///< left nibble, right nibble
    std::uint8_t pitch = 0;    ///< bits 6-0: semitone, 3c is middle C; bit 7: play the sample once

    /// Whether it sounds. If not, starting it stops the voice.
    bool valid() const { return semitone() < 108 && length != 0; }
    unsigned semitone() const { return pitch & 0x7f; }
    bool loops() const { return (pitch & 0x80) == 0; }
    int left() const { return volume >> 4; }
    int right() const { return volume & 0x0f; }
    /// Of the sample, in bytes, cut at the end of RAM.
    std::int32_t sample_length() const;

    void transfer(StateStream& state);

    friend bool operator==(const Note&, const Note&) = default;
};

/// floor(numerator / divisor) for a numerator that changes by the same amount each time: exact, and
/// without dividing.
struct Ramp {
    Ramp() = default;
    Ramp(std::int32_t numerator, std::int32_t step, std::int32_t by);

    void advance() {
        value += step_value;
        rest += step_rest;
        if (rest >= divisor) {
            rest -= divisor;
            ++value;
        }
    }

    std::int32_t value = 0;
    std::int32_t rest = 0;  ///< of the division, 0..divisor - 1
    std::int32_t step_value = 0;
    std::int32_t step_rest = 0;
    std::int32_t divisor = 1;
};

/// How loud a note is over time: straight lines.
class Envelope {
public:
    static constexpr std::int32_t kFull = 0x888;
    static constexpr std::int32_t kHalf = 0x444;

    struct Line {
        std::uint32_t begin;  ///< age of the note, in frames
        std::uint32_t end;
        std::int32_t first;  ///< numerator of the level at `begin`
        std::int32_t step;   ///< what a frame adds to it
        std::int32_t divisor;

        Ramp level(std::uint32_t age) const;
    };

    Envelope() = default;
    Envelope(std::uint16_t adsr, unsigned rate_hz);

    /// The line at an age; nothing once the note has ended.
    std::optional<Line> line(std::uint32_t age) const;
    /// 0 to kFull.
    std::int32_t level(std::uint32_t age) const;
    /// A note without an envelope is of no age.
    bool endless() const { return release_end_ == 0; }

private:
    std::uint32_t attack_end_ = 0;
    std::uint32_t decay_end_ = 0;
    std::uint32_t sustain_end_ = 0;
    std::uint32_t release_end_ = 0;
};

/// A voice: the note it plays, and how far it has come. Exactly the reference's arithmetic at 44100
/// frames a second; the same pitches and durations, rounded, at other rates.
class Voice {
public:
    static constexpr unsigned kMinRateHz = 8000;
    static constexpr unsigned kMaxRateHz = 192000;

    /// rate_hz: frames a second; moved into the range above.
    explicit Voice(unsigned rate_hz);

    /// In place of the note that it plays, if any; a note that is not valid makes it silent.
    void start(const Note& note) noexcept;
    /// Adds the next frames to `sums`, interleaved stereo, left first, and advances. True: the note
    /// ended in them.
    bool mix(const uxn::Ram& ram, std::span<std::int32_t> sums) noexcept;

    bool playing() const { return playing_; }
    /// Index of the sample byte being played; of a silent voice, where it ended.
    std::uint16_t position() const { return static_cast<std::uint16_t>(position_.value); }
    /// How loud it is now: left nibble, right nibble.
    std::uint8_t output() const;

    /// Also restores what was saved at another rate.
    void transfer(StateStream& state);

private:
    bool advance(Ramp& position) const;

    unsigned rate_hz_;
    Note note_;
    Envelope envelope_;
    std::int32_t length_ = 0;  ///< of the sample
    Ramp position_;            ///< in the sample; its rest outlives the note
    std::uint32_t age_ = 0;    ///< of the note, in frames
    bool playing_ = false;
};

}  // namespace varvara
