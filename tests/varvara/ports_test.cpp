#include "varvara/ports.hpp"

#include <gtest/gtest.h>

#include <set>

#include "test_computer.hpp"

namespace varvara {
namespace {

TEST(Ports, HaveTheNumbersOfTheSpecification) {
    static_assert(port("System/expansion") == 0x02);
    static_assert(port("System/state") == 0x0f);
    static_assert(port("Console/type") == 0x17);
    static_assert(port("Console/write") == 0x18);
    static_assert(port("Screen/sprite") == 0x2f);
    static_assert(port("Audio0/pitch") == 0x3f);
    static_assert(port("Audio3/pitch") == 0x6f);
    static_assert(port("Controller/key") == 0x83);
    static_assert(port("Mouse/scrolly") == 0x9c);
    static_assert(port("File1/write") == 0xae);
    static_assert(port("File2/success") == 0xb2);
    static_assert(port("DateTime/doty") == 0xc8);
}

TEST(Ports, AreFoundByEitherByte) {
    const auto high = find_port(0x10);
    const auto low = find_port(0x11);
    ASSERT_TRUE(high && low);
    EXPECT_EQ(high->name(), "Console/vector");
    EXPECT_FALSE(high->low_byte);
    EXPECT_EQ(low->name(), "Console/vector");
    EXPECT_TRUE(low->low_byte);
}

TEST(Ports, ThatNoDeviceUsesAreNotFound) {
    for (const int number : {0x00, 0x13, 0x27, 0x35, 0x70, 0x84, 0x97, 0xcb, 0xd0, 0xef, 0xff}) {
        EXPECT_FALSE(find_port(static_cast<std::uint8_t>(number))) << std::hex << number;
    }
}

TEST(Ports, LieInOrderWithoutOverlapAndInsideTheirPage) {
    int last_base = -1;
    for (const Page& page : port_pages()) {
        EXPECT_GT(page.base, last_base) << page.name;
        EXPECT_EQ(page.base & 0x0f, 0) << page.name;
        last_base = page.base;
        int next = 0;
        std::set<std::string_view> names;
        for (const Port& port : page.ports) {
            EXPECT_GE(port.offset, next) << page.name << '/' << port.name;
            EXPECT_TRUE(port.width == 1 || port.width == 2) << page.name << '/' << port.name;
            EXPECT_TRUE(names.insert(port.name).second) << page.name << '/' << port.name;
            next = port.offset + port.width;
        }
        EXPECT_LE(next, 16) << page.name;
    }
}

TEST(Ports, ThatDevicesHookAreInTheTable) {
    const varvara_test::Computer computer;
    for (int number = 0; number < 256; ++number) {
        const auto port = static_cast<std::uint8_t>(number);
        if (computer.devices.reads().contains(port) || computer.devices.writes().contains(port)) {
            EXPECT_TRUE(find_port(port)) << std::hex << number;
        }
    }
}

TEST(Ports, WithoutAnEffectArePlainMemory) {
    varvara_test::Computer computer;
    for (const int number : {0x00, 0x06, 0x08, 0x0f, 0x10, 0x12, 0x1c, 0x1f, 0x20, 0x70, 0xff}) {
        const auto port = static_cast<std::uint8_t>(number);
        EXPECT_EQ(computer.dei(port), 0);
        computer.deo(port, 0x5a);
        EXPECT_EQ(computer.dei(port), 0x5a) << std::hex << number;
    }
    EXPECT_EQ(computer.sink.output + computer.sink.error, "");
}

}  // namespace
}  // namespace varvara
