#include "varvara/datetime.hpp"

#include <gtest/gtest.h>

#include "test_computer.hpp"

namespace varvara {
namespace {

using varvara_test::Computer;

TEST(Datetime, GivesEveryFieldOfTheClock) {
    Computer computer;
    computer.clock.time = {.year = 2026,
                           .month = 11,
                           .day = 31,
                           .hour = 23,
                           .minute = 58,
                           .second = 59,
                           .day_of_week = 4,
                           .day_of_year = 364,
                           .is_dst = 0xff};
    EXPECT_EQ(computer.dei2(0xc0), 2026);
    EXPECT_EQ(computer.dei(0xc2), 11);
    EXPECT_EQ(computer.dei(0xc3), 31);
    EXPECT_EQ(computer.dei(0xc4), 23);
    EXPECT_EQ(computer.dei(0xc5), 58);
    EXPECT_EQ(computer.dei(0xc6), 59);
    EXPECT_EQ(computer.dei(0xc7), 4);
    EXPECT_EQ(computer.dei2(0xc8), 364);
    EXPECT_EQ(computer.dei(0xca), 0xff);
}

TEST(Datetime, IsSampledAtEachRead) {
    Computer computer;
    computer.clock.time.second = 1;
    EXPECT_EQ(computer.dei(0xc6), 1);
    computer.clock.time.second = 2;
    EXPECT_EQ(computer.dei(0xc6), 2);
}

TEST(Datetime, ReadsBothHalvesOfAShortFromOneMoment) {
    Computer computer;
    computer.clock.time.year = 0x07ff;
    EXPECT_EQ(computer.dei(0xc0), 0x07);
    computer.clock.time.year = 0x0800;
    EXPECT_EQ(computer.dei(0xc1), 0xff);
    EXPECT_EQ(computer.dei(0xc1), 0x00);

    computer.clock.time.day_of_year = 0x00ff;
    EXPECT_EQ(computer.dei(0xc8), 0x00);
    computer.clock.time.day_of_year = 0x0100;
    EXPECT_EQ(computer.dei(0xc9), 0xff);
    EXPECT_EQ(computer.dei2(0xc8), 0x0100);
}

TEST(Datetime, ForgetsTheFirstHalfWhenAnotherFieldIsRead) {
    Computer computer;
    computer.clock.time.year = 0x07ff;
    computer.dei(0xc0);
    computer.dei(0xc2);
    computer.clock.time.year = 0x0800;
    EXPECT_EQ(computer.dei(0xc1), 0x00);
}

TEST(Datetime, KeepsTheSecondHalfOfAShortInAStateButNotInAReboot) {
    Computer before;
    before.clock.time.year = 0x07ff;
    before.dei(0xc0);
    StateStream saved;
    before.devices.transfer(saved);

    Computer after;
    after.clock.time.year = 0x0800;
    StateStream restored(saved.bytes());
    after.devices.transfer(restored);
    EXPECT_EQ(after.dei(0xc1), 0xff);

    after.dei(0xc0);
    after.clock.time.year = 0x0801;
    after.devices.reset();
    EXPECT_EQ(after.dei(0xc1), 0x01);
}

TEST(Datetime, CannotBeSet) {
    Computer computer;
    computer.clock.time.hour = 12;
    computer.deo(0xc4, 5);
    EXPECT_EQ(computer.dei(0xc4), 12);
}

}  // namespace
}  // namespace varvara
