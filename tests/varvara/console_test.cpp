#include "varvara/console.hpp"

#include <gtest/gtest.h>

#include "test_computer.hpp"

namespace varvara {
namespace {

using varvara_test::Computer;

TEST(Console, SendsEveryByteToItsStream) {
    Computer computer;
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        computer.deo(0x18, static_cast<std::uint8_t>(byte));
        computer.deo(0x19, static_cast<std::uint8_t>(255 - byte));
        all += static_cast<char>(byte);
    }
    EXPECT_EQ(computer.sink.output, all);
    EXPECT_EQ(computer.sink.error, std::string(all.rbegin(), all.rend()));
}

TEST(Console, PrintsTwoHexadecimalDigitsForEachByteOfHex) {
    Computer computer;
    computer.deo2(0x1a, 0x0af9);
    computer.deo(0x1a, 0x00);
    computer.deo(0x1b, 0xff);
    EXPECT_EQ(computer.sink.error, "0af900ff");
    EXPECT_EQ(computer.sink.output, "");
}

TEST(Console, HaltsWhenItsReaderHasGone) {
    for (const int port : {0x18, 0x19, 0x1a, 0x1b}) {
        Computer computer;
        EXPECT_FALSE(computer.deo(static_cast<std::uint8_t>(port), 'a').halt);
        computer.sink.closes_after = 0;
        EXPECT_TRUE(computer.deo(static_cast<std::uint8_t>(port), 'b').halt);
    }
}

}  // namespace
}  // namespace varvara
