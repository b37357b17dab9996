#include "varvara/metadata.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "test_computer.hpp"

namespace varvara {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using varvara_test::Computer;

constexpr std::uint16_t kMetadata = 0x1000;

TEST(Metadata, HasTextLinesAndExtensions) {
    Computer computer;
    computer.put(kMetadata, "\0Name\nWhat it does\nBy me\n2026\0\x02\x41\x80\x07\x56\x07\xea"sv);
    computer.deo2(0x06, kMetadata);
    const auto metadata = System::metadata(*computer.machine);
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->title(), "Name");
    EXPECT_EQ(metadata->text, "Name\nWhat it does\nBy me\n2026");
    const std::vector<Metadata::Extension> expected = {{0x41, 0x8007}, {0x56, 0x07ea}};
    EXPECT_EQ(metadata->extensions, expected);
}

TEST(Metadata, IsMissingUntilAProgramAnnouncesIt) {
    const Computer computer;
    EXPECT_FALSE(System::metadata(*computer.machine));
}

TEST(Metadata, OfAnotherVersionIsIgnored) {
    Computer computer;
    computer.put(kMetadata, "\1Name\0\0"sv);
    EXPECT_FALSE(parse_metadata(computer.machine->ram, kMetadata));
}

TEST(Metadata, MayHaveOneLineOrNone) {
    Computer computer;
    computer.put(kMetadata, "\0Name\0\0"sv);
    EXPECT_EQ(parse_metadata(computer.machine->ram, kMetadata)->title(), "Name");
    EXPECT_EQ(parse_metadata(computer.machine->ram, 0x2000)->title(), "");
}

TEST(Metadata, WrapsAroundTheEndOfMemory) {
    Computer computer;
    computer.put(0xfffe, "\0Name\0\1\x83\x12\x34"sv);
    const auto metadata = parse_metadata(computer.machine->ram, 0xfffe);
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->title(), "Name");
    ASSERT_EQ(metadata->extensions.size(), 1u);
    EXPECT_EQ(metadata->extensions[0].value, 0x1234);
}

TEST(Metadata, KeepsATextOf255BytesWhole) {
    Computer computer;
    computer.put(kMetadata, "\0"s + std::string(255, 'x') + "\0\1\x83\x12\x34"s);
    const auto metadata = parse_metadata(computer.machine->ram, kMetadata);
    EXPECT_EQ(metadata->text.size(), 255u);
    EXPECT_EQ(metadata->extensions.size(), 1u);
}

TEST(Metadata, CutsATextWithoutAnEnd) {
    Computer computer;
    computer.put(kMetadata, "\0"s + std::string(400, 'x'));
    const auto metadata = parse_metadata(computer.machine->ram, kMetadata);
    EXPECT_EQ(metadata->text, std::string(255, 'x'));
    EXPECT_TRUE(metadata->extensions.empty());
}

TEST(Metadata, CanBeAnyBytesAnywhere) {
    std::mt19937 random(20260215);
    Computer computer;
    for (int address = 0; address < 0x10000; ++address) {
        computer.machine->ram[static_cast<std::uint16_t>(address)] =
            static_cast<std::uint8_t>(random() % 4 == 0 ? 0 : random());
    }
    for (int address = 0; address < 0x10000; ++address) {
        const auto at = static_cast<std::uint16_t>(address);
        const auto metadata = parse_metadata(computer.machine->ram, at);
        ASSERT_EQ(metadata.has_value(), computer.machine->ram[at] == 0);
        if (metadata) {
            ASSERT_LE(metadata->text.size(), 255u);
            ASSERT_LE(metadata->extensions.size(), 255u);
        }
    }
}

/// A ROM that announces metadata at `address`, which holds `block`.
std::vector<std::uint8_t> rom_with(std::uint16_t address, std::string_view block) {
    std::vector<std::uint8_t> rom = {0xa0,
                                     static_cast<std::uint8_t>(address >> 8),
                                     static_cast<std::uint8_t>(address),
                                     0x80,
                                     0x06,
                                     0x37};
    if (address >= 0x0106) {
        rom.resize(address - 0x0100u);
        rom.insert(rom.end(), block.begin(), block.end());
    }
    return rom;
}

TEST(MetadataOfARom, IsFoundByItsFirstInstruction) {
    const auto metadata = metadata_of(rom_with(0x0120, "\0Name\nWhat it does\0\1\x83\x12\x34"sv));
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->title(), "Name");
    EXPECT_EQ(metadata->line(1), "What it does");
    EXPECT_EQ(metadata->line(2), "");
    EXPECT_EQ(metadata->extension(Metadata::kIcon), 0x1234);
    EXPECT_FALSE(metadata->extension(Metadata::kLargeIcon));
}

TEST(MetadataOfARom, IsMissingIfAnyByteOfThatIsAnother) {
    const std::vector<std::uint8_t> rom = rom_with(0x0120, "\0Name\0"sv);
    for (const std::size_t at : {0u, 3u, 4u, 5u}) {
        std::vector<std::uint8_t> other = rom;
        ++other[at];
        EXPECT_FALSE(metadata_of(other)) << at;
    }
    EXPECT_FALSE(metadata_of(std::span(rom).first(5)));
    EXPECT_FALSE(metadata_of({}));
}

TEST(MetadataOfARom, HasNoExtensionsWhereNobodyKnowsSomeOfThem) {
    const auto metadata =
        metadata_of(rom_with(0x0120, "\0Name\0\x03\x83\x12\x34\x80\x06\x37\x41\x00\x01"sv));
    EXPECT_EQ(metadata->extensions.size(), 3u);
    EXPECT_FALSE(metadata->extension(Metadata::kIcon));
    EXPECT_FALSE(metadata->extension(Metadata::kDevices));
}

TEST(MetadataOfARom, IsEmptyWhereTheRomHasNothing) {
    // Beyond the end, in the zero page, and cut off by the end.
    EXPECT_EQ(metadata_of(rom_with(0x9000, ""))->title(), "");
    EXPECT_EQ(metadata_of(rom_with(0x0010, ""))->title(), "");
    EXPECT_EQ(metadata_of(rom_with(0x0106, "\0Na"sv))->title(), "Na");
}

TEST(MetadataOfARom, MayLieInItsInstruction) {
    // a0 at 0100 is no version 00; 0102 is the low byte of the address itself.
    EXPECT_FALSE(metadata_of(rom_with(0x0100, "")));
    std::vector<std::uint8_t> rom = {0xa0, 0x01, 0x06, 0x80, 0x06, 0x37};
    EXPECT_EQ(metadata_of(rom)->title(), "");
}

TEST(Icons, Of24By24PixelsAreRowsOfTilesWithTwoPlanes) {
    std::string block = "\0Name\0\1\x83\x02\x00"s;
    std::vector<std::uint8_t> rom = rom_with(0x0110, block);
    rom.resize(0x100 + 144);
    rom[0x100] = 0x80;           // tile 0, row 0, plane 0
    rom[0x108] = 0xc0;           // the same row, plane 1
    rom[0x100 + 16 + 7] = 0x01;  // tile 1, row 7, plane 0
    rom[0x100 + 143] = 0x01;     // the last tile's last row, plane 1
    const auto icon = icon_of(rom, *metadata_of(rom));
    ASSERT_TRUE(icon);
    EXPECT_EQ(icon->size, 24u);
    std::vector<std::uint8_t> expected(24 * 24);
    expected[0] = 3;
    expected[1] = 2;
    expected[7 * 24 + 15] = 1;
    expected[23 * 24 + 23] = 2;
    EXPECT_EQ(icon->pixels, expected);

    Computer computer;
    computer.put(0x0100, {reinterpret_cast<const char*>(rom.data()), rom.size()});
    EXPECT_EQ(icon_of(computer.machine->ram, *metadata_of(rom)), icon);
}

TEST(Icons, Of64By64PixelsHaveOnePlane) {
    std::vector<std::uint8_t> rom = rom_with(0x0110, "\0Name\0\1\x88\x02\x00"sv);
    rom.resize(0x100 + 512);
    rom[0x100 + 9] = 0x80;  // tile 1, row 1
    rom[0x100 + 511] = 0x01;
    const auto icon = icon_of(rom, *metadata_of(rom), true);
    ASSERT_TRUE(icon);
    EXPECT_EQ(icon->size, 64u);
    std::vector<std::uint8_t> expected(64 * 64);
    expected[64 + 8] = 1;
    expected[64 * 64 - 1] = 1;
    EXPECT_EQ(icon->pixels, expected);
    EXPECT_FALSE(icon_of(rom, *metadata_of(rom)));
}

TEST(Icons, OfOneColourAreNone) {
    std::vector<std::uint8_t> rom = rom_with(0x0110, "\0Name\0\1\x83\x02\x00"sv);
    EXPECT_FALSE(icon_of(rom, *metadata_of(rom)));
    rom.resize(0x100);
    rom.resize(0x100 + 144, 0xff);
    EXPECT_FALSE(icon_of(rom, *metadata_of(rom)));
    rom.back() = 0;
    EXPECT_TRUE(icon_of(rom, *metadata_of(rom)));
}

TEST(Icons, MayLieAnywhere) {
    std::mt19937 random(20261121);
    std::vector<std::uint8_t> rom(3000);
    for (std::uint8_t& byte : rom) {
        byte = static_cast<std::uint8_t>(random());
    }
    for (unsigned address = 0; address < 0x10000; address += 7) {
        Metadata metadata;
        metadata.extensions = {{Metadata::kIcon, static_cast<std::uint16_t>(address)},
                               {Metadata::kLargeIcon, static_cast<std::uint16_t>(address)}};
        for (const bool large : {false, true}) {
            if (const auto icon = icon_of(rom, metadata, large)) {
                ASSERT_EQ(icon->pixels.size(), std::size_t{icon->size} * icon->size);
            }
        }
    }
}

}  // namespace
}  // namespace varvara
