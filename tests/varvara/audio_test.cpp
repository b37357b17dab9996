#include "varvara/audio.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "support/available_engines.hpp"
#include "support/choices.hpp"
#include "tal/assemble.hpp"
#include "test_computer.hpp"

namespace varvara {
namespace {

using uxn::test::Rng;

constexpr std::uint8_t kPages[] = {0x30, 0x40, 0x50, 0x60};

/// The specification's formulas, sections 5.1 and 5.2, as literally as C++ allows: what the device
/// must equal at 44100 frames a second.
class NaiveVoice {
public:
    void start(const Note& port) {
        const int note = port.pitch & 0x7f;
        len = std::min<int>(port.length, 0x10000 - port.addr);
        loop = (port.pitch & 0x80) == 0;
        left = port.volume >> 4;
        right = port.volume & 0xf;
        addr = port.addr;
        if (note >= 108 || len == 0) {
            stopped = true;
            return;
        }
        static constexpr int T[] = {0x80000, 0x879c8, 0x8facd, 0x9837f, 0xa1451, 0xaadc1,
                                    0xb504f, 0xbfc88, 0xcb2ff, 0xd7450, 0xe411f, 0xf1a1c};
        constexpr int kStep = 2940;
        advance = T[note % 12] >> (8 - note / 12);
        A = kStep * (port.adsr >> 12);
        D = A + kStep * (port.adsr >> 8 & 0xf);
        S = D + kStep * (port.adsr >> 4 & 0xf);
        R = S + kStep * (port.adsr & 0xf);
        age = 0;
        i = 0;
        period = len <= 0x100 ? (65536 * 337 / 2) / len : 65536;
        stopped = false;
    }

    /// True: the note has ended.
    bool mix(const uxn::Ram& ram, std::span<std::int32_t> out) {
        for (std::size_t frame = 0; !stopped && frame < out.size() / 2; ++frame) {
            count += advance;
            i += count / period;
            count = count % period;
            if (i >= len) {
                if (!loop) {
                    stopped = true;
                    return true;
                }
                i = i % len;
            }
            const int e = envelope(age);
            if (stopped) {
                return true;
            }
            const int sample =
                static_cast<std::int8_t>(ram[static_cast<std::uint16_t>(addr + i)] + 0x80);
            const int s = sample * e;
            age += 1;
            out[2 * frame] += s * left / 0x180;
            out[2 * frame + 1] += s * right / 0x180;
        }
        return false;
    }

    int envelope(int t) {
        if (R == 0) {
            return 0x888;
        }
        if (t < A) {
            return 0x888 * t / A;
        }
        if (t < D) {
            return 0x444 * (2 * D - A - t) / (D - A);
        }
        if (t < S) {
            return 0x444;
        }
        if (t < R) {
            return 0x444 * (R - t) / (R - S);
        }
        stopped = true;
        return 0;
    }

    int output() {
        if (stopped) {
            return 0;
        }
        const auto nibble = [&](int v) {
            return v == 0 ? 0 : std::min(0xf, 1 + envelope(age) * v / 0x800);
        };
        const int both = nibble(left) << 4 | nibble(right);
        stopped = false;  // looking must not end the note
        return both;
    }

    int len = 0, left = 0, right = 0, addr = 0, advance = 0, A = 0, D = 0, S = 0, R = 0, age = 0;
    int i = 0, count = 0, period = 1;
    bool loop = false, stopped = true;
};

/// The four voices of a computer, played by their ports.
class Voices {
public:
    explicit Voices(unsigned rate_hz = 44100)
        : devices({.console = sink, .clock = clock, .audio_rate_hz = rate_hz}) {}

    void play(const Note& note, unsigned voice = 0) {
        const std::uint8_t page = kPages[voice];
        write_short(page + 0x8, note.adsr);
        write_short(page + 0xa, note.length);
        write_short(page + 0xc, note.addr);
        write(page + 0xe, note.volume);
        write(page + 0xf, note.pitch);
    }
    void write(int port, std::uint8_t value) {
        const auto number = static_cast<std::uint8_t>(port);
        machine->dev[number] = value;
        if (devices.writes().contains(number)) {
            devices.write(*machine, number);
        }
    }
    void write_short(int port, std::uint16_t value) {
        write(port, static_cast<std::uint8_t>(value >> 8));
        write(port + 1, static_cast<std::uint8_t>(value));
    }
    int read(int port) {
        const auto number = static_cast<std::uint8_t>(port);
        return devices.reads().contains(number) ? devices.read(*machine, number)
                                                : machine->dev[number];
    }
    int read_short(int port) {
        const int high = read(port);
        return high << 8 | read(port + 1);
    }

    /// What the first voice alone adds to silence.
    std::vector<std::int32_t> mix(std::size_t frames) {
        std::vector<std::int32_t> sums(2 * frames);
        devices.audio0.mix(machine->ram, sums);
        return sums;
    }
    /// How many frames go by until the first voice's note has ended; up to a limit.
    std::size_t frames_until_ended(std::size_t limit) {
        for (std::size_t frame = 0; frame < limit; ++frame) {
            mix(1);
            if (devices.audio0.take_ended()) {
                return frame;
            }
        }
        return limit;
    }

    /// A wave of two steps: first half 00, second half ff.
    void put_square(std::uint16_t addr, int length) {
        for (int i = 0; i < length; ++i) {
            machine->ram[static_cast<std::uint16_t>(addr + i)] = i < length / 2 ? 0x00 : 0xff;
        }
    }

    varvara_test::RecordingSink sink;
    varvara_test::TestClock clock;
    std::unique_ptr<uxn::Machine> machine = std::make_unique<uxn::Machine>();
    Varvara devices;
};

/// Of the left side: how often it goes from negative to positive.
int count_rises(const std::vector<std::int32_t>& sums) {
    int rises = 0;
    for (std::size_t at = 2; at < sums.size(); at += 2) {
        rises += sums[at - 2] < 0 && sums[at] >= 0 ? 1 : 0;
    }
    return rises;
}

Note random_note(Rng& rng) {
    const auto adsr = [&] {
        std::uint32_t nibbles = 0;
        for (int i = 0; i < 4; ++i) {
            nibbles = nibbles << 4 | rng.below(3) * rng.below(2);
        }
        return static_cast<std::uint16_t>(nibbles);
    };
    return {
        .adsr = rng.one_in(8) ? rng.word() : adsr(),
        .length = static_cast<std::uint16_t>(rng.pick<std::uint32_t>(
            {rng.below(4), rng.below(0x110), rng.below(0x110), rng.below(0x2000), rng.word()})),
        .addr = rng.one_in(4) ? static_cast<std::uint16_t>(0xffff - rng.below(0x200)) : rng.word(),
        .volume = rng.byte(),
        .pitch = rng.one_in(4) ? rng.byte()
                               : static_cast<std::uint8_t>(rng.below(2) << 7 | rng.below(108))};
}

TEST(Audio, EqualsTheSpecificationSampleBySample) {
    Rng rng(2026);
    Voices voices;
    for (std::uint8_t& byte : voices.machine->ram.bytes()) {
        byte = rng.byte();
    }
    NaiveVoice naive;
    int ends = 0;
    for (int step = 0; step < 20'000; ++step) {
        if (rng.one_in(3)) {
            const Note note = random_note(rng);
            voices.play(note);
            naive.start(note);
            ASSERT_EQ(voices.read(0x34), naive.output()) << step;
            ASSERT_EQ(voices.read_short(0x32), naive.stopped ? voices.read_short(0x32) : 0) << step;
        }
        const std::size_t frames = rng.between(1, rng.one_in(20) ? 6000 : 300);
        std::vector<std::int32_t> sums(2 * frames, static_cast<std::int32_t>(rng.below(1000)));
        std::vector<std::int32_t> expected = sums;
        voices.devices.audio0.mix(voices.machine->ram, sums);
        const bool ended = naive.mix(voices.machine->ram, expected);
        ASSERT_EQ(sums, expected) << step;
        ASSERT_EQ(voices.devices.audio0.take_ended(), ended) << step;
        ASSERT_EQ(voices.read(0x34), naive.output()) << step;
        if (!naive.stopped) {
            ASSERT_EQ(voices.read_short(0x32), naive.i) << step;
        }
        ends += ended ? 1 : 0;
    }
    EXPECT_GT(ends, 500);
}

TEST(Audio, PlaysAWaveOfAnyLengthAtMiddleC) {
    for (int length = 2; length <= 0x100; ++length) {
        Voices voices;
        voices.put_square(0x1000, length);
        voices.play({.length = static_cast<std::uint16_t>(length),
                     .addr = 0x1000,
                     .volume = 0xff,
                     .pitch = 0x3c});
        // 44100 * 32768 / 11042816 = 130.86 each second for a note an octave below
        EXPECT_NEAR(count_rises(voices.mix(441'000)), 2617, 2) << length;
    }
}

TEST(Audio, PlaysARecordingAtItsOwnSpeedAtMiddleC) {
    Voices voices;
    for (int i = 0; i < 0x1000; ++i) {
        voices.machine->ram[static_cast<std::uint16_t>(0x2000 + i)] =
            static_cast<std::uint8_t>(i * 37);
    }
    voices.play({.length = 0x1000, .addr = 0x2000, .volume = 0xf0, .pitch = 0xbc});
    const auto sums = voices.mix(0x1000);
    for (int i = 1; i < 0x1000; ++i) {
        const int sample = static_cast<std::uint8_t>(i * 37) - 128;
        ASSERT_EQ(sums[static_cast<std::size_t>(2 * (i - 1))], sample * 0x888 * 15 / 0x180) << i;
    }
}

TEST(Audio, DoublesTheFrequencyWithEachOctave) {
    for (int octave = 0; octave < 9; ++octave) {
        Voices voices;
        voices.put_square(0x1000, 2);
        voices.play({.length = 2,
                     .addr = 0x1000,
                     .volume = 0xff,
                     .pitch = static_cast<std::uint8_t>(12 * octave)});
        // 44100 * (80000h >> 8) / 11042816 = 8.179 Hz for the lowest
        EXPECT_NEAR(count_rises(voices.mix(441'000)), 81.79 * std::pow(2, octave), 1.5) << octave;
    }
}

TEST(Audio, PlaysTheLongestEnvelopeForExactlyFourSeconds) {
    Voices voices;
    voices.put_square(0x1000, 0x40);
    voices.play({.adsr = 0xffff, .length = 0x40, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    EXPECT_EQ(voices.frames_until_ended(200'000), 176'400u);
}

TEST(Audio, RisesFallsHoldsAndFades) {
    Voices voices;
    voices.machine->ram[0x1000] = 0xff;  // 7f, signed
    voices.play({.adsr = 0x1111, .length = 1, .addr = 0x1000, .volume = 0xf8, .pitch = 0x3c});
    const auto sums = voices.mix(4 * 2940);
    const auto left = [&](std::size_t frame) { return sums[2 * frame]; };
    EXPECT_EQ(left(0), 0);
    EXPECT_EQ(left(1470), 127 * 0x444 * 15 / 0x180);
    EXPECT_EQ(left(2940), 127 * 0x888 * 15 / 0x180);
    EXPECT_EQ(left(2940), 10834);
    EXPECT_EQ(left(2940 + 1470), 127 * 0x666 * 15 / 0x180);
    EXPECT_EQ(left(2 * 2940), 127 * 0x444 * 15 / 0x180);
    EXPECT_EQ(left(3 * 2940 - 1), 127 * 0x444 * 15 / 0x180);
    EXPECT_EQ(left(3 * 2940 + 1470), 127 * 0x222 * 15 / 0x180);
    EXPECT_EQ(left(4 * 2940 - 1), 0);
    EXPECT_EQ(sums[2 * 2940 + 1], 127 * 0x888 * 8 / 0x180);
}

TEST(Audio, RoundsTowardsZero) {
    Voices voices;
    voices.machine->ram[0x1000] = 0x7f;  // -1
    voices.play({.length = 1, .addr = 0x1000, .volume = 0x10, .pitch = 0x3c});
    EXPECT_EQ(voices.mix(1)[0], -5);  // -888h / 180h is -5.69
    voices.machine->ram[0x1000] = 0x81;
    EXPECT_EQ(voices.mix(1)[0], 5);
}

TEST(Audio, KeepsTheSidesApart) {
    Voices voices;
    voices.put_square(0x1000, 2);
    voices.play({.length = 2, .addr = 0x1000, .volume = 0x30, .pitch = 0x3c});
    auto sums = voices.mix(1);
    EXPECT_EQ(sums[0], -128 * 0x888 * 3 / 0x180);
    EXPECT_EQ(sums[1], 0);
    voices.play({.length = 2, .addr = 0x1000, .volume = 0x03, .pitch = 0x3c});
    sums = voices.mix(1);
    EXPECT_EQ(sums[0], 0);
    EXPECT_EQ(sums[1], -128 * 0x888 * 3 / 0x180);
}

TEST(Audio, PlaysASampleOnceAndSaysSoOnce) {
    Voices voices;
    voices.put_square(0x1000, 0x200);
    voices.play({.length = 0x200, .addr = 0x1000, .volume = 0xff, .pitch = 0xbc});
    voices.mix(0x1ff);
    EXPECT_FALSE(voices.devices.audio0.take_ended());
    EXPECT_NE(voices.read(0x34), 0);
    const auto rest = voices.mix(100);
    EXPECT_EQ(rest, std::vector<std::int32_t>(200));
    EXPECT_EQ(voices.read(0x34), 0);
    EXPECT_EQ(voices.read_short(0x32), 0x200);
    EXPECT_TRUE(voices.devices.audio0.take_ended());
    EXPECT_FALSE(voices.devices.audio0.take_ended());
    voices.mix(1000);
    EXPECT_FALSE(voices.devices.audio0.take_ended());
}

TEST(Audio, LoopsForeverWithoutAnEnvelope) {
    Voices voices;
    voices.put_square(0x1000, 0x80);
    voices.play({.length = 0x80, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    voices.mix(10 * 44100);
    EXPECT_FALSE(voices.devices.audio0.take_ended());
    EXPECT_EQ(voices.read(0x34), 0xff);
}

TEST(Audio, StopsWithoutAnEventWhenANoteIsNotValid) {
    for (const Note& stop : {Note{.length = 0, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c},
                             Note{.length = 2, .addr = 0x1000, .volume = 0xff, .pitch = 108},
                             Note{.length = 2, .addr = 0x1000, .volume = 0xff, .pitch = 0xff}}) {
        Voices voices;
        voices.put_square(0x1000, 2);
        voices.play({.length = 2, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
        EXPECT_NE(voices.mix(10), std::vector<std::int32_t>(20));
        voices.play(stop);
        EXPECT_EQ(voices.read(0x34), 0);
        EXPECT_EQ(voices.mix(10), std::vector<std::int32_t>(20));
        EXPECT_FALSE(voices.devices.audio0.take_ended());
    }
}

TEST(Audio, ReplacesANoteWithoutAnEvent) {
    Voices voices;
    voices.put_square(0x1000, 0x400);
    const Note once = {.length = 0x400, .addr = 0x1000, .volume = 0xff, .pitch = 0xbc};
    for (int i = 0; i < 10; ++i) {
        voices.play(once);
        voices.mix(0x3f0);
    }
    EXPECT_FALSE(voices.devices.audio0.take_ended());
    voices.mix(0x20);
    EXPECT_TRUE(voices.devices.audio0.take_ended());
}

TEST(Audio, ReadsSamplesWhileTheyArePlayed) {
    Voices voices;
    voices.play({.length = 1, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    EXPECT_EQ(voices.mix(1)[0], -128 * 0x888 * 15 / 0x180);
    voices.machine->ram[0x1000] = 0x80;
    EXPECT_EQ(voices.mix(1)[0], 0);
}

TEST(Audio, TakesSettingsOnlyWhenANoteStarts) {
    Voices voices;
    voices.put_square(0x1000, 2);
    voices.play({.length = 2, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    voices.write(0x3e, 0x00);
    voices.write_short(0x3a, 0);
    EXPECT_NE(voices.mix(1)[0], 0);
}

TEST(Audio, CutsASampleAtTheEndOfMemory) {
    Voices voices;
    voices.put_square(0xff00, 0x100);
    voices.machine->ram[0x0000] = 0x55;
    voices.play({.length = 0xffff, .addr = 0xfe00, .volume = 0xff, .pitch = 0xbc});
    EXPECT_EQ(voices.frames_until_ended(0x1000), 0x1ffu);
}

TEST(Audio, TellsWhereASampleIs) {
    Voices voices;
    voices.play({.length = 0x8000, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    EXPECT_EQ(voices.read_short(0x32), 0);
    voices.mix(0x1234);
    EXPECT_EQ(voices.read_short(0x32), 0x1234);
    voices.play({.length = 0x8000, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    EXPECT_EQ(voices.read_short(0x32), 0);
}

TEST(Audio, ReadsBothHalvesOfAPositionFromOneMoment) {
    Voices voices;
    voices.play({.length = 0x8000, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    voices.mix(0x00ff);
    EXPECT_EQ(voices.read(0x32), 0x00);
    voices.mix(1);
    EXPECT_EQ(voices.read(0x33), 0xff);
    EXPECT_EQ(voices.read(0x33), 0x00);
    EXPECT_EQ(voices.read(0x32), 0x01);
}

TEST(Audio, TellsHowLoudEachSideIs) {
    Voices voices;
    voices.put_square(0x1000, 2);
    const auto output = [&](std::uint16_t adsr, std::uint8_t volume) {
        voices.play({.adsr = adsr, .length = 2, .addr = 0x1000, .volume = volume, .pitch = 0x3c});
        return voices.read(0x34);
    };
    EXPECT_EQ(output(0x0000, 0xff), 0xff);  // 1 + 888h * f / 800h = 16, at most f
    EXPECT_EQ(output(0x0000, 0x81), 0x92);
    EXPECT_EQ(output(0x0000, 0x08), 0x09);
    EXPECT_EQ(output(0x0010, 0xf8), 0x85);  // 1 + 444h * f / 800h = 8
    EXPECT_EQ(output(0x1000, 0xf0), 0x10);
    voices.mix(2939);
    EXPECT_EQ(voices.read(0x34), 0xf0);
}

TEST(Audio, HasFourVoicesOfTheirOwn) {
    Voices voices;
    voices.put_square(0x1000, 2);
    for (unsigned voice = 0; voice < kVoices; ++voice) {
        EXPECT_EQ(voices.read(kPages[voice] + 0x4), 0x00);
        voices.play(
            {.length = 2,
             .addr = 0x1000,
             .volume = static_cast<std::uint8_t>(0x10 << (voice / 2 * 2) >> (voice % 2 * 4)),
             .pitch = 0x3c},
            voice);
        EXPECT_NE(voices.read(kPages[voice] + 0x4), 0x00);
    }
    std::vector<std::int16_t> out(2);
    voices.devices.mix(voices.machine->ram, out);
    const int one = -128 * 0x888 / 0x180;
    EXPECT_EQ(out[0], one + -128 * 0x888 * 4 / 0x180);
    EXPECT_EQ(out[1], out[0]);
}

TEST(Audio, ClampsTheSumOfTheVoices) {
    Voices voices;
    for (unsigned voice = 0; voice < kVoices; ++voice) {
        voices.play({.length = 1, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c}, voice);
    }
    std::vector<std::int16_t> out(2);
    voices.devices.mix(voices.machine->ram, out);
    EXPECT_EQ(out[0], -32768);
    voices.machine->ram[0x1000] = 0xff;
    voices.devices.mix(voices.machine->ram, out);
    EXPECT_EQ(out[1], 32767);
}

TEST(Audio, MixesTheSameInPiecesOfAnySize) {
    const auto play = [](Voices& voices) {
        voices.put_square(0x1000, 0x99);
        voices.play(
            {.adsr = 0x1234, .length = 0x99, .addr = 0x1000, .volume = 0xc5, .pitch = 0x47});
        voices.play({.adsr = 0x0011, .length = 0x70, .addr = 0x1010, .volume = 0x5c, .pitch = 0x30},
                    2);
    };
    Voices at_once;
    play(at_once);
    std::vector<std::int16_t> whole(2 * 50'000);
    at_once.devices.mix(at_once.machine->ram, whole);
    Voices in_pieces;
    play(in_pieces);
    std::vector<std::int16_t> pieces(whole.size());
    Rng rng(7);
    for (std::span<std::int16_t> left = pieces; !left.empty();) {
        const auto size = std::min<std::size_t>(left.size(), 2 * rng.below(1000));
        in_pieces.devices.mix(in_pieces.machine->ram, left.first(size));
        left = left.subspan(size);
    }
    EXPECT_EQ(pieces, whole);
}

TEST(Audio, IsSilentAfterAReset) {
    Voices voices;
    voices.put_square(0x1000, 0x200);
    voices.play({.length = 0x200, .addr = 0x1000, .volume = 0xff, .pitch = 0xbb});
    voices.mix(0x100);
    voices.devices.reset();
    EXPECT_EQ(voices.read(0x34), 0);
    EXPECT_EQ(voices.read_short(0x32), 0);
    EXPECT_EQ(voices.mix(0x400), std::vector<std::int32_t>(0x800));
    voices.play({.length = 0x200, .addr = 0x1000, .volume = 0xff, .pitch = 0xbc});
    voices.devices.reset();
    EXPECT_EQ(voices.mix(0x400), std::vector<std::int32_t>(0x800));
    EXPECT_FALSE(voices.devices.audio0.take_ended());
    // with it goes what was left of the last note's position
    voices.play({.length = 0x200, .addr = 0x1000, .volume = 0xff, .pitch = 0xbc});
    EXPECT_EQ(voices.frames_until_ended(0x400), 0x1ffu);
}

// Other rates.

TEST(Audio, PlaysTheSamePitchAtAnyRate) {
    for (const unsigned rate : {8000u, 11025u, 22050u, 32000u, 48000u, 96000u, 192000u}) {
        for (const int length : {2, 0x64, 0xff, 0x100, 0x101, 0x1000}) {
            // the position after a second and a half, in samples: a cent is a factor of 1.00058
            Voices reference;
            Voices voices(rate);
            const Note note = {.length = static_cast<std::uint16_t>(length),
                               .addr = 0x1000,
                               .volume = 0xff,
                               .pitch = 0x39};
            const auto distance = [&](Voices& of, unsigned frames) {
                of.play(note);
                double whole = 0;
                int last = 0;
                for (unsigned frame = 0; frame < frames; ++frame) {
                    of.mix(1);
                    const int now = of.read_short(0x32);
                    whole += now < last ? now - last + length : now - last;
                    last = now;
                }
                return whole;
            };
            const double expected = distance(reference, 44100);
            const double cents = 1200 * std::log2(distance(voices, rate) / expected);
            EXPECT_LT(std::abs(cents), length == 2 ? 1200 / expected * 1.5 : 1)
                << rate << ' ' << length;
        }
    }
}

TEST(Audio, PlaysTheSameDurationsAtAnyRate) {
    for (const unsigned rate : {8000u, 11025u, 44100u, 48000u, 192000u}) {
        for (const auto adsr :
             std::to_array<std::uint16_t>({0x0001, 0x0100, 0x1111, 0x7a35, 0xffff})) {
            Voices voices(rate);
            voices.put_square(0x1000, 0x40);
            voices.play(
                {.adsr = adsr, .length = 0x40, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
            unsigned fifteenths = 0;
            for (unsigned nibbles = adsr; nibbles != 0; nibbles >>= 4) {
                fifteenths += nibbles & 0xf;
            }
            EXPECT_NEAR(static_cast<double>(voices.frames_until_ended(800'000)),
                        rate * fifteenths / 15.0, 0.5)
                << rate << ' ' << adsr;
        }
    }
}

TEST(Audio, TakesTheNearestRateThatItCanDo) {
    Voices slow(1);
    slow.play({.adsr = 0x0001, .length = 1, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    EXPECT_EQ(slow.frames_until_ended(1000), 533u);
    Voices fast(4'000'000'000);
    fast.play({.adsr = 0x0001, .length = 1, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    EXPECT_EQ(fast.frames_until_ended(20'000), 12'800u);
}

// States.

std::vector<std::uint8_t> saved(Voices& voices) {
    StateStream state;
    voices.devices.audio0.transfer(state);
    return state.bytes();
}

bool restore(Voices& voices, std::span<const std::uint8_t> bytes) {
    StateStream state(bytes);
    voices.devices.audio0.transfer(state);
    return state.ok();
}

TEST(AudioState, GoesOnExactlyWhereItWasSaved) {
    Rng rng(11);
    Voices voices;
    Voices other;
    for (std::size_t i = 0; i < uxn::kRamSize; ++i) {
        const auto address = static_cast<std::uint16_t>(i);
        voices.machine->ram[address] = rng.byte();
        other.machine->ram[address] = voices.machine->ram[address];
    }
    for (int step = 0; step < 500; ++step) {
        if (rng.one_in(2)) {
            voices.play(random_note(rng));
        }
        if (!rng.one_in(4)) {
            voices.mix(rng.below(3000));
        }
        const auto bytes = saved(voices);
        ASSERT_TRUE(restore(other, bytes));
        ASSERT_EQ(saved(other), bytes) << step;
        ASSERT_EQ(other.read(0x34), voices.read(0x34)) << step;
        ASSERT_EQ(other.read_short(0x32), voices.read_short(0x32)) << step;
        ASSERT_EQ(other.mix(500), voices.mix(500)) << step;
        ASSERT_EQ(other.devices.audio0.take_ended(), voices.devices.audio0.take_ended()) << step;
    }
}

TEST(AudioState, GoesOnAtAnotherRate) {
    Voices voices;
    const Note note = {
        .adsr = 0xffff, .length = 0x4000, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c};
    voices.play(note);
    voices.mix(44'100);
    Voices other(48'000);
    ASSERT_TRUE(restore(other, saved(voices)));
    EXPECT_EQ(other.read(0x34), voices.read(0x34));
    EXPECT_EQ(other.read_short(0x32), voices.read_short(0x32));
    EXPECT_EQ(other.frames_until_ended(200'000), 3 * 48'000u);
}

/// A saved voice with a note of 200h bytes at its own speed, and some bytes of it replaced. In
/// order: rate (4), note (8), index (2), rest (4), age (4), playing (1).
std::vector<std::uint8_t> state_with(std::size_t at, std::initializer_list<std::uint8_t> bytes) {
    Voices voices;
    voices.play({.length = 0x200, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
    voices.mix(0x10);
    auto state = saved(voices);
    std::ranges::copy(bytes, state.begin() + static_cast<std::ptrdiff_t>(at));
    return state;
}

TEST(AudioState, RefusesWhatCannotBe) {
    Voices voices;
    EXPECT_TRUE(restore(voices, state_with(12, {0x01, 0xff})));
    EXPECT_FALSE(restore(voices, state_with(12, {0x02, 0x00})));             // index
    EXPECT_FALSE(restore(voices, state_with(6, {0x00, 0x00})));              // length
    EXPECT_FALSE(restore(voices, state_with(0, {0x00, 0x00, 0x00, 0x00})));  // rate
    EXPECT_FALSE(restore(voices, state_with(0, {0x00, 0x02, 0xee, 0x01})));
    EXPECT_FALSE(restore(voices, state_with(14, {0x04, 0x00, 0x00, 0x00})));  // rest
    EXPECT_FALSE(restore(voices, state_with(14, {0xff, 0xff, 0xff, 0xff})));
    EXPECT_EQ(voices.read(0x34), 0);
}

TEST(AudioState, TakesNumbersThatOnlyOtherSoundsHave) {
    Voices voices;
    EXPECT_TRUE(restore(voices, state_with(14, {0x03, 0xff, 0xff, 0xff})));
    voices.mix(0x10);
    EXPECT_LE(voices.read_short(0x32), 0x21);
    EXPECT_TRUE(restore(voices, state_with(18, {0xff, 0xff, 0xff, 0xff})));
    EXPECT_EQ(voices.frames_until_ended(0x100), 0x100u);
}

TEST(AudioState, IsSafeWhateverItIsRestoredFrom) {
    Rng rng(5);
    Voices voices;
    voices.play(random_note(rng));
    voices.mix(1);
    const auto good = saved(voices);
    int refused = 0;
    for (int step = 0; step < 3000; ++step) {
        auto bytes = good;
        for (auto changes = rng.between(1, 30); changes > 0; --changes) {
            bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] =
                rng.pick<std::uint8_t>({0x00, 0x01, 0x7f, 0xff, rng.byte()});
        }
        bytes.resize(rng.one_in(10) ? rng.below(static_cast<std::uint32_t>(bytes.size()))
                                    : bytes.size());
        refused += restore(voices, bytes) ? 0 : 1;
        voices.mix(rng.between(1, 700));
        if (rng.one_in(2)) {
            voices.play(random_note(rng));
        }
        voices.mix(100);
        voices.read_short(0x32);
        voices.read(0x34);
    }
    EXPECT_GT(refused, 100);
    EXPECT_LT(refused, 2900);
}

// Two threads: clean under -fsanitize=thread as well.

TEST(AudioThreads, MixOnOneWhileTheProgramPlaysOnAnother) {
    Voices voices;
    std::atomic<bool> done = false;
    std::jthread mixing([&] {
        std::vector<std::int16_t> out(2 * 64);
        while (!done) {
            voices.devices.mix(voices.machine->ram, out);
        }
    });
    Rng rng(3);
    int ended = 0;
    for (int step = 0; step < 500'000; ++step) {
        const unsigned voice = rng.below(kVoices);
        switch (rng.below(4)) {
            case 0: voices.play(random_note(rng), voice); break;
            case 1: ended += voices.devices.voices()[voice]->take_ended() ? 1 : 0; break;
            case 2: voices.read_short(kPages[voice] + 0x2); break;
            default: voices.machine->ram[rng.word()] = rng.byte();
        }
    }
    done = true;
    mixing.join();
    EXPECT_GT(ended, 0);
}

TEST(AudioThreads, MixOnOneWhileAnEngineRunsOnAnother) {
    // Starts notes on two voices without end, looks how far they are, and rewrites their sample.
    const tal::Assembly program = tal::test::assemble_text(R"(
|0100
    #0100 #3a DEO2 #2000 #3c DEO2 #ff #3e DEO #0101 #38 DEO2
    #0100 #4a DEO2 #2000 #4c DEO2 #ff #4e DEO
    &again
        #00 LDZ INC DUP #00 STZ
        DUP #3f DEO DUP #4f DEO #32 DEI2 POP2 #34 DEI POP #42 DEI2 POP2
        DUP #00 SWP #2000 ADD2 STA
        !&again
)");
    for (const uxn::EngineEntry& entry : uxn::test::available_engines()) {
        const auto ram_after = [&](bool mixed) {
            Voices voices;
            std::ranges::copy(program.rom, voices.machine->ram.data() + uxn::kResetVector);
            std::atomic<bool> done = false;
            std::jthread mixing([&] {
                std::vector<std::int16_t> out(2 * 64);
                while (mixed && !done) {
                    voices.devices.mix(voices.machine->ram, out);
                }
            });
            const uxn::Stop stop = entry.engine->run(
                *voices.machine, voices.devices, uxn::kResetVector, {.instructions = 1'000'000});
            EXPECT_EQ(stop.reason, uxn::Stop::Reason::Budget);
            done = true;
            mixing.join();
            return voices.machine->ram;
        };
        EXPECT_EQ(ram_after(true), ram_after(false)) << entry.name;
    }
}

TEST(AudioThreads, ShowTheNoteThatWasJustStarted) {
    Voices voices;
    std::atomic<bool> done = false;
    std::jthread mixing([&] {
        std::vector<std::int16_t> out(2 * 16);
        while (!done) {
            voices.devices.mix(voices.machine->ram, out);
        }
    });
    // A position grows until the next note starts, and stays where a sample that is played once
    // ends.
    const Note once = {.length = 0xe000, .addr = 0x1000, .volume = 0xff, .pitch = 0xbc};
    for (int step = 0; step < 20'000; ++step) {
        voices.play({.length = 0xe000, .addr = 0x1000, .volume = 0x20, .pitch = 0x3c});
        ASSERT_EQ(voices.read(0x34), 0x30) << step;
        voices.play({.length = 0xe000, .addr = 0x1000, .volume = 0xff, .pitch = 0x3c});
        ASSERT_EQ(voices.read(0x34), 0xff) << step;
        voices.play(once);
        int last = 0;
        for (int i = 0; i < 5; ++i) {
            const int now = voices.read_short(0x32);
            ASSERT_GE(now, last) << step;
            last = now;
        }
    }
    done = true;
}

}  // namespace
}  // namespace varvara
