#include <gtest/gtest.h>

#include <vector>

#include "test_computer.hpp"

namespace varvara {
namespace {

using varvara_test::Computer;

/// A ROM of that size in which every byte tells where it is.
std::vector<std::uint8_t> patterned_rom(std::size_t size) {
    std::vector<std::uint8_t> rom(size);
    for (std::size_t i = 0; i < size; ++i) {
        rom[i] = static_cast<std::uint8_t>(1 + (i ^ i >> 8 ^ i >> 16) % 255);
    }
    return rom;
}

TEST(Rom, StartsAt0100AndLeavesTheZeroPage) {
    Computer computer;
    load_rom(*computer.machine, computer.devices, patterned_rom(3));
    EXPECT_EQ(computer.machine->ram[0x00ff], 0);
    EXPECT_NE(computer.machine->ram[0x0100], 0);
    EXPECT_NE(computer.machine->ram[0x0102], 0);
    EXPECT_EQ(computer.machine->ram[0x0103], 0);
}

TEST(Rom, FillsMemoryToItsLastByteBeforeAnyBank) {
    Computer computer;
    const auto rom = patterned_rom(0xff00);
    load_rom(*computer.machine, computer.devices, rom);
    EXPECT_EQ(computer.machine->ram[0xffff], rom.back());
    EXPECT_EQ(computer.devices.system.bank_byte(1, 0), 0);
}

TEST(Rom, GoesOnInTheBanksFromTheirFirstByte) {
    Computer computer;
    const auto rom = patterned_rom(kMaxRomSize);
    load_rom(*computer.machine, computer.devices, rom);
    EXPECT_EQ(computer.machine->ram[0x0000], 0);
    for (std::size_t bank = 1; bank < 16; ++bank) {
        const std::size_t first = 0xff00 + (bank - 1) * 0x10000;
        EXPECT_EQ(computer.devices.system.bank_byte(bank, 0x0000), rom[first]);
        EXPECT_EQ(computer.devices.system.bank_byte(bank, 0x1234), rom[first + 0x1234]);
        EXPECT_EQ(computer.devices.system.bank_byte(bank, 0xffff), rom[first + 0xffff]);
    }
}

TEST(Rom, IsCutAfterTheLastBank) {
    Computer computer;
    const auto rom = patterned_rom(kMaxRomSize + 1000);
    load_rom(*computer.machine, computer.devices, rom);
    EXPECT_EQ(computer.devices.system.bank_byte(15, 0xffff), rom[kMaxRomSize - 1]);
    EXPECT_EQ(computer.devices.system.bank_byte(16, 0), 0);
}

TEST(Rom, MayBeEmpty) {
    Computer computer;
    load_rom(*computer.machine, computer.devices, {});
    uxn::Machine expected;
    expected.set_dev_short(Screen::kWidth, 512);  // what a program finds there at first
    expected.set_dev_short(Screen::kHeight, 320);
    EXPECT_EQ(*computer.machine, expected);
}

}  // namespace
}  // namespace varvara
