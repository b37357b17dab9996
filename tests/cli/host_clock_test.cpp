#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include "host/clock.hpp"
#include "varvara/virtual_clock.hpp"

namespace host {
namespace {

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
    varvara::CivilTime expected = varvara::civil_time(before + 5 * 3600);
    EXPECT_EQ(now, expected);
    unsetenv("TZ");
    tzset();
}

}  // namespace
}  // namespace host
