#include "varvara/virtual_clock.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

namespace varvara {
namespace {

TEST(VirtualClock, GivesTheMomentInUtc) {
    VirtualClock clock(1798761599);  // 31 December 2026, 23:59:59, a Thursday
    EXPECT_EQ(clock.now(), (CivilTime{.year = 2026,
                                      .month = 11,
                                      .day = 31,
                                      .hour = 23,
                                      .minute = 59,
                                      .second = 59,
                                      .day_of_week = 4,
                                      .day_of_year = 364,
                                      .is_dst = 0}));
}

TEST(VirtualClock, StartsIn1970) {
    EXPECT_EQ(VirtualClock(0).now(), CivilTime{});
}

TEST(VirtualClock, KnowsLeapDays) {
    const CivilTime time = VirtualClock(951782400).now();  // 29 February 2000
    EXPECT_EQ(time.month, 1);
    EXPECT_EQ(time.day, 29);
    EXPECT_EQ(time.day_of_year, 59);
}

TEST(VirtualClock, DoesNotDependOnTheTimeZone) {
    setenv("TZ", "XYZ-5", 1);
    tzset();
    EXPECT_EQ(VirtualClock(0).now().hour, 0);
    unsetenv("TZ");
    tzset();
}

TEST(VirtualClock, StartsWith2026UnlessTold) {
    VirtualClock clock;
    EXPECT_EQ(clock.now(), (CivilTime{.year = 2026,
                                      .month = 0,
                                      .day = 1,
                                      .hour = 0,
                                      .minute = 0,
                                      .second = 0,
                                      .day_of_week = 4,
                                      .day_of_year = 0,
                                      .is_dst = 0}));
}

TEST(VirtualClock, GoesOnASecondEverySixtyFrames) {
    VirtualClock clock(58);
    clock.set_frame(59);
    EXPECT_EQ(clock.now().second, 58);
    clock.set_frame(60);
    EXPECT_EQ(clock.now().second, 59);
    clock.set_frame(120);
    EXPECT_EQ(clock.now().second, 0);
    EXPECT_EQ(clock.now().minute, 1);
}

}  // namespace
}  // namespace varvara
