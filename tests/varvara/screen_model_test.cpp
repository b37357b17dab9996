// The Screen device against one that is as plain as the specification.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "plain_screen.hpp"
#include "support/available_engines.hpp"
#include "support/choices.hpp"
#include "test_computer.hpp"
#include "varvara/screen.hpp"

namespace varvara {
namespace {

using uxn::test::Rng;
using varvara_test::Computer;
using varvara_test::PlainScreen;

constexpr Palette kPalette{0x000000, 0xff0000, 0x00ff00, 0x0000ff};

/// The real device and the plain one with the same memory.
class Pair {
public:
    Pair() {
        for (unsigned i = 0; i < uxn::kRamSize; ++i) {
            computer.machine->ram[static_cast<std::uint16_t>(i)] =
                static_cast<std::uint8_t>(random.next() >> 56);
        }
    }

    void deo(unsigned port, unsigned value) {
        computer.deo(static_cast<std::uint8_t>(port), static_cast<std::uint8_t>(value));
        plain.deo(static_cast<int>(port), static_cast<int>(value & 0xff));
    }
    void deo2(unsigned port, unsigned value) {
        deo(port, value >> 8 & 0xff);
        deo(port + 1, value & 0xff);
    }

    /// What differs; empty if nothing does.
    std::string difference() {
        for (int port = 0x20; port < 0x30; ++port) {
            const int got = computer.dei(static_cast<std::uint8_t>(port));
            if (got != plain.dei(port)) {
                return "port " + std::to_string(port) + " gives " + std::to_string(got) + ", not " +
                       std::to_string(plain.dei(port));
            }
        }
        const Screen& screen = computer.devices.screen;
        for (int y = 0; y < plain.height; ++y) {
            for (int x = 0; x < plain.width; ++x) {
                const auto at_x = static_cast<unsigned>(x);
                const auto at_y = static_cast<unsigned>(y);
                if (screen.background(at_x, at_y) != plain.colour(0, x, y) ||
                    screen.foreground(at_x, at_y) != plain.colour(1, x, y)) {
                    return "the pixel at " + std::to_string(x) + ", " + std::to_string(y);
                }
            }
        }
        return {};
    }

    Rng random{1};
    Computer computer;
    PlainScreen plain{computer.machine->ram.data()};
};

/// Mostly where one can see it, sometimes far off.
unsigned random_place(Rng& random, int side) {
    if (random.one_in(8)) {
        return random.word();
    }
    return static_cast<unsigned>(static_cast<int>(random.below(static_cast<unsigned>(side) + 24)) -
                                 12) &
           0xffff;
}

TEST(ScreenModel, AgreesOnAllBytesAtRandomPlaces) {
    for (const auto& [width, height] : std::vector<std::pair<unsigned, unsigned>>{
             {1, 1}, {8, 8}, {7, 9}, {24, 17}, {33, 5}, {64, 24}}) {
        Pair pair;
        pair.deo2(0x22, width);
        pair.deo2(0x24, height);
        for (unsigned round = 0; round < 6; ++round) {
            for (unsigned byte = 0; byte < 0x200; ++byte) {
                pair.deo2(0x28, random_place(pair.random, pair.plain.width));
                pair.deo2(0x2a, random_place(pair.random, pair.plain.height));
                pair.deo2(0x2c, pair.random.word());
                pair.deo(byte < 0x100 ? 0x2f : 0x2e, byte & 0xff);
                ASSERT_EQ(pair.difference(), "")
                    << "after byte " << byte << " on a screen of " << width << " x " << height;
            }
        }
    }
}

TEST(ScreenModel, AgreesOnAnySequenceOfWrites) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        Pair pair;
        Rng& random = pair.random;
        random = Rng(seed);
        for (unsigned step = 0; step < 600; ++step) {
            switch (random.below(10)) {
                case 0: pair.deo(0x26, random.byte()); break;
                case 1: pair.deo2(0x28, random_place(random, pair.plain.width)); break;
                case 2: pair.deo2(0x2a, random_place(random, pair.plain.height)); break;
                case 3: pair.deo2(0x2c, random.word()); break;
                case 4: pair.deo(random.between(0x28, 0x2d), random.byte()); break;
                case 5: pair.deo(0x2e, random.byte()); break;
                case 6:
                    if (step == 0 || random.one_in(20)) {
                        pair.deo2(random.pick({0x22u, 0x24u}),
                                  random.below(70) | random.pick({0u, 0xf000u}));
                    }
                    break;
                default: pair.deo(0x2f, random.byte()); break;
            }
            if (step % 8 == 0 && pair.plain.width * pair.plain.height < 5'000) {
                ASSERT_EQ(pair.difference(), "") << "seed " << seed << ", step " << step;
            }
        }
        ASSERT_EQ(pair.difference(), "") << "seed " << seed;
    }
}

TEST(ScreenModel, AgreesOnPicturesThatArePaintedAsTheyChange) {
    constexpr unsigned kWidth = 101;
    constexpr unsigned kHeight = 60;
    Pair pair;
    Rng& random = pair.random;
    pair.deo2(0x22, kWidth);
    pair.deo2(0x24, kHeight);
    std::vector<std::uint32_t> pixels(std::size_t{kWidth} * kHeight);
    for (unsigned round = 0; round < 500; ++round) {
        for (unsigned i = random.below(4); i > 0; --i) {
            pair.deo(0x26, random.byte());
            pair.deo2(0x28, random_place(random, kWidth));
            pair.deo2(0x2a, random_place(random, kHeight));
            pair.deo2(0x2c, random.word());
            pair.deo(random.one_in(4) ? 0x2e : 0x2f, random.byte());
        }
        pair.computer.devices.screen.paint(kPalette, pixels);
        std::vector<std::uint32_t> expected;
        for (int y = 0; y < pair.plain.height; ++y) {
            for (int x = 0; x < pair.plain.width; ++x) {
                const int above = pair.plain.colour(1, x, y);
                const int colour = above != 0 ? above : pair.plain.colour(0, x, y);
                expected.push_back(kPalette[static_cast<std::size_t>(colour)]);
            }
        }
        ASSERT_TRUE(pixels == expected) << "round " << round;
    }
}

class ScreenOnEngine : public testing::TestWithParam<uxn::EngineEntry> {};

/// A port that is hooked now and plain memory an instruction later.
TEST_P(ScreenOnEngine, KeepsItsRegistersForAnyProgram) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        Rng random(seed);
        Computer computer;
        PlainScreen plain(computer.machine->ram.data());
        std::uint16_t at = uxn::kResetVector;
        const auto emit = [&](unsigned byte) {
            computer.machine->ram[at++] = static_cast<std::uint8_t>(byte);
        };
        std::vector<int> expected;
        while (expected.size() < 240) {
            const unsigned port =
                random.one_in(4) ? random.pick({0x26u, 0x2eu, 0x2fu}) : random.between(0x27, 0x2d);
            const unsigned value = random.word() & (random.one_in(2) ? 0x0fffu : 0x00ffu);
            const int first = static_cast<int>(port);
            const int low = static_cast<int>(value & 0xff);
            switch (random.below(5)) {
                case 0:  // LIT2 value port DEO
                    for (const unsigned byte : {0xa0u, value & 0xff, port, 0x17u}) {
                        emit(byte);
                    }
                    plain.deo(first, low);
                    break;
                case 1:  // LIT DEI
                    for (const unsigned byte : {0x80u, port, 0x16u}) {
                        emit(byte);
                    }
                    expected.push_back(plain.dei(first));
                    break;
                case 2:  // LIT DEI2
                    if (port == 0x2f) {
                        break;
                    }
                    for (const unsigned byte : {0x80u, port, 0x36u}) {
                        emit(byte);
                    }
                    expected.push_back(plain.dei(first));
                    expected.push_back(plain.dei(first + 1));
                    break;
                default:  // LIT2 value LIT port DEO2
                    for (const unsigned byte :
                         {0xa0u, value >> 8, value & 0xff, 0x80u, port - 1, 0x37u}) {
                        emit(byte);
                    }
                    plain.deo(first - 1, static_cast<int>(value >> 8));
                    plain.deo(first, low);
                    break;
            }
        }
        GetParam().engine->run(*computer.machine, computer.devices, uxn::kResetVector, {});
        std::vector<int> got;
        for (unsigned i = 0; i < computer.machine->wst.ptr; ++i) {
            got.push_back(computer.machine->wst[static_cast<std::uint8_t>(i)]);
        }
        ASSERT_EQ(got, expected) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, ScreenOnEngine, testing::ValuesIn(uxn::test::available_engines()),
                         [](const auto& engine) { return std::string(engine.param.name); });

}  // namespace
}  // namespace varvara
