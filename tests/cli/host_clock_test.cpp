#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include "host/clock.hpp"

namespace host {
namespace {

TEST(FixedClock, GivesTheMomentInUtc) {
    FixedClock clock(1798761599);  // 31 December 2026, 23:59:59, a Thursday
    EXPECT_EQ(clock.now(), (varvara::CivilTime{.year = 2026,
                                               .month = 11,
                                               .day = 31,
                                               .hour = 23,
                                               .minute = 59,
                                               .second = 59,
                                               .day_of_week = 4,
                                               .day_of_year = 364,
                                               .is_dst = 0}));
}

TEST(FixedClock, StartsIn1970) {
    EXPECT_EQ(FixedClock(0).now(), varvara::CivilTime{});
}

TEST(FixedClock, KnowsLeapDays) {
    const varvara::CivilTime time = FixedClock(951782400).now();  // 29 February 2000
    EXPECT_EQ(time.month, 1);
    EXPECT_EQ(time.day, 29);
    EXPECT_EQ(time.day_of_year, 59);
}

TEST(FixedClock, DoesNotDependOnTheTimeZone) {
    setenv("TZ", "XYZ-5", 1);
    tzset();
    EXPECT_EQ(FixedClock(0).now().hour, 0);
    unsetenv("TZ");
    tzset();
}

TEST(SystemClock, GivesLocalTime) {
    setenv("TZ", "XYZ-5", 1);  // five hours ahead of UTC, without daylight saving time
    tzset();
    time_t before = 0;
    time_t after = 0;
    varvara::CivilTime now;
    do {
        before = time(nullptr);
        now = SystemClock().now();
        after = time(nullptr);
    } while (before != after);
    varvara::CivilTime expected = FixedClock(before + 5 * 3600).now();
    EXPECT_EQ(now, expected);
    unsetenv("TZ");
    tzset();
}

}  // namespace
}  // namespace host
