#include "varvara/metadata.hpp"

#include <gtest/gtest.h>

#include <random>

#include "test_computer.hpp"

namespace varvara {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using varvara_test::Computer;

constexpr std::uint16_t kBlock = 0x1000;

TEST(Metadata, HasTextLinesAndExtensions) {
    Computer computer;
    computer.put(kBlock, "\0Name\nWhat it does\nBy me\n2026\0\x02\x41\x80\x07\x56\x07\xea"sv);
    computer.deo2(0x06, kBlock);
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
    computer.put(kBlock, "\1Name\0\0"sv);
    EXPECT_FALSE(parse_metadata(computer.machine->ram, kBlock));
}

TEST(Metadata, MayHaveOneLineOrNone) {
    Computer computer;
    computer.put(kBlock, "\0Name\0\0"sv);
    EXPECT_EQ(parse_metadata(computer.machine->ram, kBlock)->title(), "Name");
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
    computer.put(kBlock, "\0"s + std::string(255, 'x') + "\0\1\x83\x12\x34"s);
    const auto metadata = parse_metadata(computer.machine->ram, kBlock);
    EXPECT_EQ(metadata->text.size(), 255u);
    EXPECT_EQ(metadata->extensions.size(), 1u);
}

TEST(Metadata, CutsATextWithoutAnEnd) {
    Computer computer;
    computer.put(kBlock, "\0"s + std::string(400, 'x'));
    const auto metadata = parse_metadata(computer.machine->ram, kBlock);
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

}  // namespace
}  // namespace varvara
