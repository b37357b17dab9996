#include "varvara/system.hpp"

#include <gtest/gtest.h>

#include "test_computer.hpp"

namespace varvara {
namespace {

using varvara_test::Computer;

void push(uxn::Stack& stack, std::initializer_list<int> bytes) {
    for (const int byte : bytes) {
        stack[stack.ptr++] = static_cast<std::uint8_t>(byte);
    }
}

TEST(System, GivesTheStackIndexes) {
    Computer computer;
    push(computer.machine->wst, {1, 2, 3});
    push(computer.machine->rst, {4});
    EXPECT_EQ(computer.dei(0x04), 3);
    EXPECT_EQ(computer.dei(0x05), 1);
}

TEST(System, SetsTheStackIndexes) {
    Computer computer;
    computer.deo2(0x04, 0x12fe);
    EXPECT_EQ(computer.machine->wst.ptr, 0x12);
    EXPECT_EQ(computer.machine->rst.ptr, 0xfe);
}

TEST(System, PrintsEmptyStacks) {
    Computer computer;
    computer.deo(0x0e, 1);
    EXPECT_EQ(computer.sink.error,
              "WST 00 00 00 00 00 00 00 00|<00\n"
              "RST 00 00 00 00 00 00 00 00|<00\n");
    EXPECT_EQ(computer.sink.output, "");
}

TEST(System, PrintsTheItemsBelowTheIndexAfterABar) {
    Computer computer;
    push(computer.machine->wst, {0x12, 0x34, 0x56});
    push(computer.machine->rst, {0x9a});
    computer.deo(0x0e, 1);
    EXPECT_EQ(computer.sink.error,
              "WST 00 00 00 00 00|12 34 56 <03\n"
              "RST 00 00 00 00 00 00 00|9a <01\n");
}

TEST(System, PutsTheBarRightAfterTheNameOfAStackWithEightItems) {
    Computer computer;
    push(computer.machine->wst, {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88});
    push(computer.machine->rst, {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99});
    computer.deo(0x0e, 1);
    EXPECT_EQ(computer.sink.error,
              "WST|11 22 33 44 55 66 77 88 <08\n"
              "RST 22 33 44 55 66 77 88 99 <09\n");
}

TEST(System, PrintsAStackWhoseIndexHasWrapped) {
    Computer computer;
    --computer.machine->wst.ptr;
    computer.deo(0x0e, 1);
    EXPECT_TRUE(computer.sink.error.starts_with("WST 00 00 00 00 00 00 00 00 <ff\n"))
        << computer.sink.error;
}

TEST(System, PrintsForTheValueZeroToo) {
    Computer computer;
    computer.deo(0x0e, 0);
    EXPECT_NE(computer.sink.error, "");
}

TEST(System, HaltsWhenNobodyReadsTheDebugOutput) {
    Computer computer;
    EXPECT_FALSE(computer.deo(0x0e, 1).halt);
    computer.sink.closes_after = 0;
    EXPECT_TRUE(computer.deo(0x0e, 1).halt);
}

}  // namespace
}  // namespace varvara
