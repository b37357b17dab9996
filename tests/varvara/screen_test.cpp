#include "varvara/screen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plain_screen.hpp"
#include "support/choices.hpp"
#include "test_computer.hpp"

namespace varvara {
namespace {

using uxn::test::Rng;
using varvara_test::Computer;
using varvara_test::PlainScreen;

constexpr std::uint16_t kData = 0x2000;

/// A computer with a small screen, and short ways to draw and to look.
class Canvas : public Computer {
public:
    explicit Canvas(unsigned width = 16, unsigned height = 12) {
        deo2(0x22, static_cast<std::uint16_t>(width));
        deo2(0x24, static_cast<std::uint16_t>(height));
        deo2(0x2c, kData);
    }

    Screen& screen() { return devices.screen; }
    void move_to(int x, int y) {
        deo2(0x28, static_cast<std::uint16_t>(x));
        deo2(0x2a, static_cast<std::uint16_t>(y));
    }
    void pixel(int x, int y, std::uint8_t byte) {
        move_to(x, y);
        deo(0x2e, byte);
    }
    void sprite(int x, int y, std::uint8_t byte) {
        move_to(x, y);
        deo(0x2f, byte);
    }
    /// x, y and addr as a program reads them.
    std::vector<int> registers() { return {dei2(0x28), dei2(0x2a), dei2(0x2c)}; }

    /// A layer as text, a line a row; colour 0 is a dot.
    std::string background() { return text_of(&Screen::background); }
    std::string foreground() { return text_of(&Screen::foreground); }

private:
    std::string text_of(std::uint8_t (Screen::*colour)(unsigned, unsigned) const) {
        std::string text;
        for (unsigned y = 0; y < screen().height(); ++y) {
            for (unsigned x = 0; x < screen().width(); ++x) {
                text += ".123"[(screen().*colour)(x, y)];
            }
            text += '\n';
        }
        return text;
    }
};

std::string blank(unsigned width, unsigned height) {
    std::string text;
    for (unsigned y = 0; y < height; ++y) {
        text += std::string(width, '.') + '\n';
    }
    return text;
}

// --- size ---------------------------------------------------------------------------------------

TEST(Screen, Is512By320AtBoot) {
    Computer computer;
    EXPECT_EQ(computer.dei2(0x22), 512);
    EXPECT_EQ(computer.dei2(0x24), 320);
    EXPECT_EQ(computer.devices.screen.width(), 512u);
    EXPECT_EQ(computer.devices.screen.height(), 320u);
    EXPECT_EQ(computer.devices.screen.background(511, 319), 0);
    EXPECT_EQ(computer.devices.screen.foreground(0, 0), 0);
}

TEST(Screen, TakesItsSizeFromTheLow12Bits) {
    Computer computer;
    computer.deo2(0x22, 0xf123);
    EXPECT_EQ(computer.dei2(0x22), 0x0123);
    EXPECT_EQ(computer.dei2(0x24), 320);
    computer.deo2(0x24, 0x1001);
    EXPECT_EQ(computer.dei2(0x24), 1);
    computer.deo2(0x22, 0x0fff);
    EXPECT_EQ(computer.dei2(0x22), 0x0fff);
}

TEST(Screen, IgnoresASizeOfZero) {
    Computer computer;
    computer.deo2(0x22, 0);
    computer.deo2(0x24, 0xf000);
    EXPECT_EQ(computer.dei2(0x22), 512);
    EXPECT_EQ(computer.dei2(0x24), 320);
}

TEST(Screen, ChangesItsSizeWithTheLowByteOnly) {
    Computer computer;
    computer.deo(0x22, 0x01);
    EXPECT_EQ(computer.dei(0x22), 0x02);
    EXPECT_EQ(computer.dei2(0x22), 512);
    computer.deo(0x23, 0x10);
    EXPECT_EQ(computer.dei2(0x22), 0x0110);
}

TEST(Screen, ClearsBothLayersWhenItsSizeChanges) {
    Canvas canvas(4, 2);
    canvas.pixel(1, 1, 0x01);
    canvas.pixel(2, 0, 0x42);
    canvas.deo2(0x24, 3);
    EXPECT_EQ(canvas.background(), blank(4, 3));
    EXPECT_EQ(canvas.foreground(), blank(4, 3));
    canvas.pixel(1, 1, 0x01);
    canvas.deo2(0x22, 5);
    EXPECT_EQ(canvas.background(), blank(5, 3));
}

TEST(Screen, KeepsItsLayersWhenTheSameSizeIsWritten) {
    Canvas canvas(4, 2);
    canvas.pixel(1, 1, 0x01);
    canvas.deo2(0x22, 0xf004);
    canvas.deo2(0x24, 2);
    canvas.deo2(0x24, 0);
    EXPECT_EQ(canvas.background(), "....\n.1..\n");
}

TEST(Screen, IsAsAtBootAfterAReset) {
    Canvas canvas;
    canvas.deo(0x26, 0x07);
    canvas.sprite(3, 4, 0x01);
    canvas.devices.reset();
    canvas.machine->dev.fill(0);
    EXPECT_EQ(canvas.dei2(0x22), 512);
    EXPECT_EQ(canvas.dei2(0x24), 320);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0, 0, 0}));
    EXPECT_EQ(canvas.background(), blank(512, 320));
}

// --- pixel --------------------------------------------------------------------------------------

TEST(ScreenPixel, PutsAColourOnALayer) {
    Canvas canvas(4, 2);
    canvas.pixel(1, 0, 0x01);
    canvas.pixel(3, 1, 0x02);
    canvas.pixel(0, 0, 0x43);
    canvas.pixel(3, 1, 0x41);
    EXPECT_EQ(canvas.background(), ".1..\n...2\n");
    EXPECT_EQ(canvas.foreground(), "3...\n...1\n");
    canvas.pixel(3, 1, 0x40);
    canvas.pixel(1, 0, 0x00);
    EXPECT_EQ(canvas.background(), "....\n...2\n");
    EXPECT_EQ(canvas.foreground(), "3...\n....\n");
}

TEST(ScreenPixel, IgnoresFlipsAndSpareBits) {
    Canvas canvas(4, 1);
    canvas.pixel(1, 0, 0x3d);
    canvas.pixel(2, 0, 0x7e);
    EXPECT_EQ(canvas.background(), ".1..\n");
    EXPECT_EQ(canvas.foreground(), "..2.\n");
}

TEST(ScreenPixel, IsDroppedOutsideTheScreen) {
    Canvas canvas(4, 2);
    for (const auto& [x, y] : std::vector<std::pair<int, int>>{
             {-1, 0}, {0, -1}, {4, 0}, {0, 2}, {-8, 1}, {0x7fff, 0}, {-0x8000, 1}, {3, 0x4000}}) {
        canvas.pixel(x, y, 0x03);
    }
    EXPECT_EQ(canvas.background(), blank(4, 2));
}

TEST(ScreenPixel, MovesByOneAndAlsoOutside) {
    Canvas canvas(4, 2);
    canvas.deo(0x26, 0x01);
    canvas.pixel(2, 1, 0x01);
    canvas.deo(0x2e, 0x02);
    canvas.deo(0x2e, 0x03);
    EXPECT_EQ(canvas.background(), "....\n..12\n");
    EXPECT_EQ(canvas.registers(), (std::vector<int>{5, 1, kData}));
    canvas.deo(0x26, 0xfe);  // y and addr, which pixels do not move
    canvas.pixel(0, -1, 0x01);
    canvas.deo(0x2e, 0x02);
    EXPECT_EQ(canvas.background(), "2...\n..12\n");
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0, 1, kData}));
    canvas.deo(0x26, 0x03);
    canvas.pixel(0xffff, 0x7fff, 0x01);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0, 0x8000, kData}));
}

TEST(ScreenFill, FillsAQuadrantAndDoesNotMove) {
    Canvas canvas(4, 3);
    canvas.deo(0x26, 0x03);
    canvas.pixel(1, 2, 0x81);
    canvas.pixel(1, 2, 0x92);  // to the left
    canvas.pixel(1, 2, 0xe3);  // upwards, on the foreground
    canvas.pixel(1, 2, 0xf1);
    EXPECT_EQ(canvas.background(), "....\n....\n2111\n");
    EXPECT_EQ(canvas.foreground(), "1333\n1333\n....\n");
    EXPECT_EQ(canvas.registers(), (std::vector<int>{1, 2, kData}));
}

TEST(ScreenFill, IsClippedToTheScreen) {
    Canvas canvas(3, 2);
    canvas.pixel(-5, -0x8000, 0x81);
    EXPECT_EQ(canvas.background(), "111\n111\n");
    canvas.pixel(0x7fff, 1, 0xb2);
    EXPECT_EQ(canvas.background(), "222\n111\n");
    canvas.pixel(-1, 0, 0x93);
    canvas.pixel(0, 0, 0x93);
    canvas.pixel(3, 0, 0x83);
    canvas.pixel(0, -1, 0xa3);
    canvas.pixel(0, 2, 0x83);
    EXPECT_EQ(canvas.background(), "222\n111\n");
}

TEST(ScreenFill, CoversEveryColumnFromAnyToTheEdge) {
    Canvas canvas(21, 1);
    for (unsigned x = 0; x <= 21; ++x) {
        canvas.pixel(0, 0, 0x80);
        canvas.pixel(static_cast<int>(x), 0, 0x83);
        EXPECT_EQ(canvas.background(), std::string(x, '.') + std::string(21 - x, '3') + '\n');
        canvas.pixel(static_cast<int>(x), 0, 0x91);
        EXPECT_EQ(canvas.background(), std::string(x, '1') + std::string(21 - x, '3') + '\n');
    }
}

// --- sprite -------------------------------------------------------------------------------------

/// An arrow to the top left: different from all of its mirror images.
constexpr std::initializer_list<int> kArrow{0xf0, 0xc0, 0xa0, 0x90, 0x08, 0x04, 0x02, 0x01};

TEST(ScreenSprite, DrawsOneBitPerPixelFromTheLeft) {
    Canvas canvas(10, 10);
    canvas.put(kData, kArrow);
    canvas.sprite(1, 1, 0x01);
    EXPECT_EQ(canvas.background(),
              "..........\n"
              ".1111.....\n"
              ".11.......\n"
              ".1.1......\n"
              ".1..1.....\n"
              ".....1....\n"
              "......1...\n"
              ".......1..\n"
              "........1.\n"
              "..........\n");
    EXPECT_EQ(canvas.foreground(), blank(10, 10));
}

TEST(ScreenSprite, FlipsInX) {
    Canvas canvas(8, 8);
    canvas.put(kData, kArrow);
    canvas.sprite(0, 0, 0x53);
    EXPECT_EQ(canvas.foreground(),
              "....3333\n"
              "......33\n"
              ".....3.3\n"
              "....3..3\n"
              "...3....\n"
              "..3.....\n"
              ".3......\n"
              "3.......\n");
    EXPECT_EQ(canvas.background(), blank(8, 8));
}

TEST(ScreenSprite, FlipsInY) {
    Canvas canvas(8, 8);
    canvas.put(kData, kArrow);
    canvas.sprite(0, 0, 0x22);
    EXPECT_EQ(canvas.background(),
              ".......2\n"
              "......2.\n"
              ".....2..\n"
              "....2...\n"
              "2..2....\n"
              "2.2.....\n"
              "22......\n"
              "2222....\n");
}

TEST(ScreenSprite, DrawsTwoBitsPerPixelLowPlaneFirst) {
    Canvas canvas(8, 2);
    canvas.put(kData, {0x55, 0x0f, 0, 0, 0, 0, 0, 0, 0x33, 0x3c, 0, 0, 0, 0, 0, 0});
    canvas.sprite(0, 0, 0x81);
    EXPECT_EQ(canvas.background(), ".123.123\n..223311\n");
    canvas.sprite(0, 0, 0xd1);
    EXPECT_EQ(canvas.foreground(), "321.321.\n113322..\n");
}

TEST(ScreenSprite, BlendsAsTheTableSays) {
    for (unsigned blend = 0; blend < 16; ++blend) {
        for (const unsigned layer : {0x00u, 0x40u}) {
            Canvas canvas(4, 4);
            // Pixel values 0 to 3 in every row; rows 1 to 3 are drawn over colours 1 to 3.
            canvas.put(kData, {0x50, 0x50, 0x50, 0x50, 0, 0, 0, 0, 0x30, 0x30, 0x30, 0x30});
            for (unsigned below = 1; below < 4; ++below) {
                canvas.pixel(0, static_cast<int>(below),
                             static_cast<std::uint8_t>(0x80 | layer | below));
            }
            canvas.sprite(0, 0, static_cast<std::uint8_t>(0x80 | layer | blend));
            std::string expected;
            for (unsigned below = 0; below < 4; ++below) {
                for (int value = 0; value < 4; ++value) {
                    const int colour = PlainScreen::blended(static_cast<int>(blend), value);
                    expected += colour == PlainScreen::kSkip ? ".123"[below] : ".123"[colour];
                }
                expected += '\n';
            }
            EXPECT_EQ(layer == 0 ? canvas.background() : canvas.foreground(), expected) << blend;
            EXPECT_EQ(layer == 0 ? canvas.foreground() : canvas.background(), blank(4, 4)) << blend;
        }
    }
}

TEST(ScreenSprite, ErasesWithBlendZeroAndClearsWithFour) {
    Canvas canvas(8, 1);
    canvas.put(kData, {0xf0});
    canvas.pixel(0, 0, 0x83);
    canvas.sprite(0, 0, 0x00);
    EXPECT_EQ(canvas.background(), "....3333\n");
    canvas.sprite(0, 0, 0x04);
    EXPECT_EQ(canvas.background(), "....1111\n");
}

TEST(ScreenSprite, ShowsOnlyWhatIsInsideTheScreen) {
    for (const unsigned width : {1u, 7u, 8u, 9u}) {
        for (const unsigned height : {1u, 5u, 8u}) {
            Canvas canvas(width, height);
            canvas.put(kData, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
            const int w = static_cast<int>(width);
            const int h = static_cast<int>(height);
            for (const auto& [x, y] : std::vector<std::pair<int, int>>{
                     {-8, 0}, {0, -8}, {w, 0}, {0, h}, {-0x8000, 0}, {0x7fff, 0}, {0, 0x7fff}}) {
                canvas.sprite(x, y, 0x01);
                EXPECT_EQ(canvas.background(), blank(width, height)) << x << " " << y;
            }
            canvas.sprite(-7, -7, 0x01);
            EXPECT_EQ(canvas.background().find('1'), 0u);
            EXPECT_EQ(canvas.background().rfind('1'), 0u);
            canvas.sprite(w - 1, h - 1, 0x02);
            const std::size_t last = canvas.background().size() - 2;
            EXPECT_EQ(canvas.background().find('2'), last);
            EXPECT_EQ(canvas.background().rfind('2'), last);
            EXPECT_EQ(canvas.foreground(), blank(width, height));
        }
    }
}

TEST(ScreenSprite, ReadsDataThatWrapsAtTheEndOfMemory) {
    Canvas canvas(8, 8);
    canvas.put(0xfffe, {0x81, 0x42, 0x24, 0x18});
    canvas.deo2(0x2c, 0xfffe);
    canvas.sprite(0, 0, 0x01);
    EXPECT_EQ(canvas.background(), "1......1\n.1....1.\n..1..1..\n...11...\n" + blank(8, 4));
    // The second plane alone: its first byte is at 0000.
    canvas.put(0xfff8, {0, 0, 0, 0, 0, 0, 0, 0, 0x80});
    canvas.deo2(0x2c, 0xfff8);
    canvas.sprite(0, 0, 0x81);
    EXPECT_EQ(canvas.background().substr(0, 9), "2.......\n");
}

// --- auto ---------------------------------------------------------------------------------------

TEST(ScreenAuto, DrawsFurtherSpritesAcrossTheDirectionOfMovement) {
    Canvas canvas(24, 24);
    canvas.put(kData, {0x80, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0xe0});
    canvas.deo(0x26, 0x25);  // three, a column; x and addr move
    canvas.sprite(8, 0, 0x01);
    EXPECT_EQ(canvas.background().substr(8, 3), "1..");
    EXPECT_EQ(canvas.background().substr(8 * 25 + 8, 3), "11.");
    EXPECT_EQ(canvas.background().substr(16 * 25 + 8, 3), "111");
    EXPECT_EQ(canvas.registers(), (std::vector<int>{16, 0, kData + 24}));

    canvas.pixel(0, 0, 0x80);
    canvas.deo(0x26, 0x26);  // three, a row; y and addr move
    canvas.deo2(0x2c, kData);
    canvas.sprite(0, 8, 0x02);
    EXPECT_EQ(canvas.background().substr(8 * 25, 24), "2.......22......222.....");
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0, 16, kData + 24}));

    canvas.pixel(0, 0, 0x80);
    canvas.deo(0x26, 0x13);  // two, a diagonal; addr stays
    canvas.deo2(0x2c, kData);
    canvas.sprite(0, 0, 0x03);
    EXPECT_EQ(canvas.background().find('3'), 0u);
    EXPECT_EQ(canvas.background().rfind('3'), 8u * 25 + 8);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{8, 8, kData}));
}

TEST(ScreenAuto, DrawsAllSpritesOnOneSpotWithoutADirection) {
    Canvas canvas(16, 16);
    canvas.put(kData, {0x80, 0, 0, 0, 0, 0, 0, 0, 0x01});
    canvas.deo(0x26, 0x14);
    canvas.sprite(2, 0, 0x05);
    EXPECT_EQ(canvas.background().substr(0, 16), "..1......1......");
    EXPECT_EQ(canvas.registers(), (std::vector<int>{2, 0, kData + 16}));
}

TEST(ScreenAuto, GoesBackwardsWhenFlipped) {
    Canvas canvas(24, 24);
    canvas.put(kData, {0x80});
    canvas.deo(0x26, 0x11);
    canvas.sprite(8, 8, 0x31);  // flipped both ways: the dot is at the bottom right
    EXPECT_EQ(canvas.background().find('1'), 7u * 25 + 15);
    EXPECT_EQ(canvas.background().rfind('1'), 15u * 25 + 15);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0, 8, kData}));
    canvas.deo(0x26, 0x02);
    canvas.sprite(4, 3, 0x21);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{4, 0xfffb, kData}));
    canvas.deo(0x26, 0x01);
    canvas.sprite(4, 3, 0x11);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0xfffc, 3, kData}));
}

TEST(ScreenAuto, MovesAddrBySixteenForTwoPlanesAndWraps) {
    Canvas canvas;
    canvas.deo(0x26, 0xf4);
    canvas.deo2(0x2c, 0xfff8);
    canvas.sprite(0, 0, 0x81);
    EXPECT_EQ(canvas.dei2(0x2c), 0x00f8);
    canvas.deo(0x26, 0x0c);  // bit 3 means nothing
    canvas.deo(0x2f, 0x01);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0, 0, 0x0100}));
}

// --- registers ----------------------------------------------------------------------------------

TEST(ScreenRegisters, DoNotChangeTheirPortsWhenTheyMove) {
    Canvas canvas;
    canvas.deo(0x26, 0x07);
    canvas.sprite(0x00fc, 0x0102, 0x01);
    EXPECT_EQ(canvas.registers(), (std::vector<int>{0x0104, 0x010a, kData + 8}));
    EXPECT_EQ(canvas.machine->dev_short(0x28), 0x00fc);
    EXPECT_EQ(canvas.machine->dev_short(0x2a), 0x0102);
    EXPECT_EQ(canvas.machine->dev_short(0x2c), kData);
}

TEST(ScreenRegisters, CombineOneByteWithTheOtherAsLastWritten) {
    Canvas canvas;
    canvas.deo(0x26, 0x01);
    canvas.sprite(0x00fc, 0, 0x01);  // x is 0104 now
    canvas.deo(0x29, 0x10);
    EXPECT_EQ(canvas.dei2(0x28), 0x0010);
    canvas.sprite(0x00fc, 0, 0x01);
    canvas.deo(0x28, 0x03);
    EXPECT_EQ(canvas.dei2(0x28), 0x03fc);
    canvas.sprite(0x00fc, 0, 0x01);
    canvas.deo(0x28, 0x00);  // what was there already
    EXPECT_EQ(canvas.dei2(0x28), 0x00fc);
}

TEST(ScreenRegisters, AreHookedOnlyWhileTheyDifferFromTheirPorts) {
    Canvas canvas;
    const auto hooked = [&] {
        std::string text;
        for (unsigned port = 0x28; port <= 0x2d; ++port) {
            const auto number = static_cast<std::uint8_t>(port);
            text += canvas.devices.reads().contains(number) ? 'r' : '-';
            text += canvas.devices.writes().contains(number) ? 'w' : '-';
        }
        return text;
    };
    EXPECT_EQ(hooked(), "------------");
    canvas.deo(0x26, 0x01);
    canvas.deo(0x2f, 0x01);
    EXPECT_EQ(hooked(), "rwrw--------");
    canvas.dei2(0x28);
    EXPECT_EQ(hooked(), "rwrw--------");
    canvas.deo(0x2f, 0x11);  // back to where the ports say
    EXPECT_EQ(hooked(), "------------");
    canvas.deo(0x26, 0x06);
    canvas.deo(0x2f, 0x01);
    EXPECT_EQ(hooked(), "----rwrwrwrw");
    canvas.deo(0x2b, 0x00);
    EXPECT_EQ(hooked(), "--------rwrw");
    canvas.devices.reset();
    EXPECT_EQ(hooked(), "------------");
}

TEST(ScreenRegisters, GoOnFromWhereTheyAreWhenAutoChanges) {
    Canvas canvas;
    canvas.deo(0x26, 0x01);
    canvas.pixel(2, 2, 0x01);
    canvas.deo(0x26, 0x02);
    canvas.deo(0x2e, 0x02);
    canvas.deo(0x26, 0x00);
    canvas.deo(0x2e, 0x03);
    EXPECT_EQ(canvas.screen().background(2, 2), 1);
    EXPECT_EQ(canvas.screen().background(3, 2), 2);
    EXPECT_EQ(canvas.screen().background(3, 3), 3);
}

// --- painting -----------------------------------------------------------------------------------

constexpr Palette kPrimaryColours{0x000000, 0xff0000, 0x00ff00, 0x0000ff};

TEST(ScreenPalette, HasANibbleOfEachColourInEveryChannel) {
    Computer computer;
    computer.deo2(0x08, 0xf07f);
    computer.deo2(0x0a, 0xf0d6);
    computer.deo2(0x0c, 0xf0b2);
    EXPECT_EQ(palette_of(*computer.machine), (Palette{0xffffff, 0x000000, 0x77ddbb, 0xff6622}));
}

TEST(ScreenPaint, ShowsTheForegroundUnlessItIsZero) {
    Canvas canvas(13, 2);
    for (int x = 0; x < 13; ++x) {
        canvas.pixel(x, 0, static_cast<std::uint8_t>(x % 4));
        canvas.pixel(x, 0, static_cast<std::uint8_t>(0x40 | x / 4));
    }
    std::vector<std::uint32_t> pixels(26, 0x123456);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 2}));
    const std::uint32_t _ = 0x000000;
    const std::uint32_t r = 0xff0000;
    const std::uint32_t g = 0x00ff00;
    const std::uint32_t b = 0x0000ff;
    EXPECT_EQ(pixels, (std::vector{_, r, g, b, r, r, r, r, g, g, g, g, b,  //
                                   _, _, _, _, _, _, _, _, _, _, _, _, _}));
}

TEST(ScreenPaint, SaysTheSameInTiles) {
    Canvas canvas(13, 11);
    for (int y = 0; y < 11; ++y) {
        for (int x = 0; x < 13; ++x) {
            canvas.pixel(x, y, static_cast<std::uint8_t>((x + y) % 4));
            canvas.pixel(x, y, static_cast<std::uint8_t>(0x40 | (x * y) % 4));
        }
    }
    std::vector<std::uint32_t> pixels(13 * 11);
    canvas.screen().paint(kPrimaryColours, pixels);
    std::vector<TileBits> tiles(Layers::picture_words(13, 11));
    ASSERT_EQ(tiles.size(), 8u);
    canvas.screen().combine({8, 9}, tiles);
    EXPECT_EQ(std::vector(tiles.begin(), tiles.begin() + 4), std::vector<TileBits>(4));
    canvas.screen().combine({0, 8}, tiles);
    for (unsigned y = 0; y < 11; ++y) {
        for (unsigned x = 0; x < 13; ++x) {
            const TileBits* const tile = &tiles[y / 8 * 4 + x / 8 * 2];
            const unsigned bit = y % 8 * 8 + 7 - x % 8;
            EXPECT_EQ(kPrimaryColours[(tile[1] >> bit & 1) << 1 | (tile[0] >> bit & 1)],
                      pixels[y * 13 + x]);
        }
    }
}

TEST(ScreenPaint, PaintsOnlyTilesThatWereDrawnOn) {
    Canvas canvas(9, 43);
    std::vector<std::uint32_t> pixels(9 * 43);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 43}));
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 0}));
    std::ranges::fill(pixels, 7u);
    canvas.pixel(8, 42, 0x01);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{40, 43}));
    EXPECT_EQ(pixels[40 * 9 - 1], 7u);
    EXPECT_EQ(pixels[41 * 9 - 2], 7u);
    EXPECT_EQ(pixels[41 * 9 - 1], 0u);
    EXPECT_EQ(pixels[43 * 9 - 1], 0xff0000u);
    canvas.sprite(0, 4, 0x01);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 16}));
    canvas.sprite(0, 8, 0x01);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{8, 16}));
    canvas.sprite(0, -7, 0x01);
    canvas.sprite(0, 16, 0x01);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 24}));
    EXPECT_EQ(pixels[8 * 9], 0u);
    canvas.pixel(0, 15, 0xa1);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 16}));
    // Nothing of these can be seen.
    canvas.sprite(9, 4, 0x01);
    canvas.sprite(0, 43, 0x01);
    canvas.pixel(0, 43, 0x01);
    canvas.pixel(9, 43, 0x81);
    EXPECT_EQ(canvas.screen().paint(kPrimaryColours, pixels), (Rows{0, 0}));
}

TEST(ScreenPaint, PaintsEverythingForAnotherPaletteOrSize) {
    Canvas canvas(9, 20);
    std::vector<std::uint32_t> pixels(9 * 20);
    canvas.screen().paint(kPrimaryColours, pixels);
    Palette other = kPrimaryColours;
    other[3] = 0x010203;
    EXPECT_EQ(canvas.screen().paint(other, pixels), (Rows{0, 20}));
    EXPECT_EQ(canvas.screen().paint(other, pixels), (Rows{0, 0}));
    canvas.deo2(0x24, 19);
    pixels.resize(9 * 19);
    EXPECT_EQ(canvas.screen().paint(other, pixels), (Rows{0, 19}));
    canvas.devices.reset();
    pixels.resize(512 * 320);
    EXPECT_EQ(canvas.screen().paint(other, pixels), (Rows{0, 320}));
}

// --- states -------------------------------------------------------------------------------------

std::vector<std::uint8_t> saved(Screen& screen) {
    StateStream state;
    screen.transfer(state);
    return state.bytes();
}

TEST(ScreenState, HoldsSizeLayersAndRegisters) {
    Canvas canvas(19, 13);
    Rng random(1);
    for (int i = 0; i < 16; ++i) {
        canvas.machine->ram[static_cast<std::uint16_t>(kData + i)] = random.byte();
    }
    canvas.deo(0x26, 0x37);
    canvas.sprite(-3, 2, 0x81);
    canvas.sprite(9, 9, 0xd3);
    const std::vector<std::uint8_t> bytes = saved(canvas.screen());

    Canvas other;
    *other.machine = *canvas.machine;
    StateStream state(bytes);
    other.devices.screen.transfer(state);
    EXPECT_TRUE(state.ok()) << state.error();
    EXPECT_EQ(state.left(), 0u);
    EXPECT_EQ(other.dei2(0x22), 19);
    EXPECT_EQ(other.background(), canvas.background());
    EXPECT_EQ(other.foreground(), canvas.foreground());
    EXPECT_EQ(saved(other.screen()), bytes);
    std::vector<std::uint32_t> pixels(19 * 13);
    EXPECT_EQ(other.screen().paint(kPrimaryColours, pixels), (Rows{0, 13}));
}

TEST(ScreenState, HoldsEveryPixelOfAnyWidth) {
    for (unsigned width = 1; width <= 17; ++width) {
        Canvas canvas(width, 9);
        canvas.pixel(0, 0, 0x82);
        canvas.pixel(0, 0, 0xc1);
        Canvas other;
        const std::vector<std::uint8_t> bytes = saved(canvas.screen());
        StateStream in{std::span(bytes)};
        other.screen().transfer(in);
        EXPECT_TRUE(in.ok()) << in.error();
        EXPECT_EQ(other.background(), canvas.background());
        EXPECT_EQ(other.foreground(), canvas.foreground());
    }
}

TEST(ScreenState, ComesBackWithItsHooks) {
    Canvas canvas;
    canvas.deo(0x26, 0x01);
    canvas.sprite(3, 4, 0x01);
    StateStream out;
    canvas.devices.transfer(out);
    Canvas other;
    *other.machine = *canvas.machine;
    StateStream in(out.bytes());
    other.devices.transfer(in);
    ASSERT_TRUE(in.ok()) << in.error();
    EXPECT_EQ(other.registers(), (std::vector<int>{11, 4, kData}));
    other.deo(0x29, 0x20);
    EXPECT_EQ(other.registers(), (std::vector<int>{0x20, 4, kData}));
}

TEST(ScreenState, DoesNotShowWhatWasDrawnBeyondTheEdges) {
    Canvas canvas(11, 9);
    const std::vector<std::uint8_t> before = saved(canvas.screen());
    canvas.put(kData, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
    canvas.sprite(10, 8, 0x01);
    canvas.sprite(-7, -7, 0x01);
    canvas.sprite(-7, 8, 0x01);
    canvas.sprite(10, -7, 0x01);
    canvas.sprite(10, 4, 0x41);
    canvas.move_to(0, 0);
    canvas.deo(0x2e, 0x80);
    canvas.deo(0x2e, 0xc0);
    EXPECT_EQ(saved(canvas.screen()), before);
}

TEST(ScreenState, RefusesImpossibleSizes) {
    Canvas canvas(19, 13);
    canvas.pixel(18, 12, 0x03);
    canvas.pixel(18, 12, 0x43);
    const std::string foreground = canvas.foreground();
    const std::vector<std::uint8_t> good = saved(canvas.screen());
    const std::size_t size_at = 14;  // after three registers of a flag and a short, and the ports
    ASSERT_EQ(good[size_at + 1], 19);
    ASSERT_EQ(good[size_at + 3], 13);
    const auto restore = [&](int width, int height) {
        std::vector<std::uint8_t> bytes = good;
        bytes[size_at] = static_cast<std::uint8_t>(width >> 8);
        bytes[size_at + 1] = static_cast<std::uint8_t>(width);
        bytes[size_at + 2] = static_cast<std::uint8_t>(height >> 8);
        bytes[size_at + 3] = static_cast<std::uint8_t>(height);
        StateStream state(bytes);
        canvas.screen().transfer(state);
        return state.error();
    };
    EXPECT_EQ(restore(19, 13), "");
    EXPECT_EQ(restore(0, 13), "its screen has an impossible size");
    EXPECT_EQ(restore(19, 0), "its screen has an impossible size");
    EXPECT_EQ(restore(4096, 13), "its screen has an impossible size");
    EXPECT_EQ(restore(19, 0xffff), "its screen has an impossible size");
    EXPECT_EQ(restore(4095, 4095), "it ends too early");
    EXPECT_EQ(canvas.dei2(0x22), 19);
    for (std::size_t length = 0; length < good.size(); ++length) {
        StateStream state{std::span(good).first(length)};
        canvas.screen().transfer(state);
        EXPECT_FALSE(state.ok()) << length;
    }
    EXPECT_EQ(canvas.foreground(), foreground);
}

}  // namespace
}  // namespace varvara
