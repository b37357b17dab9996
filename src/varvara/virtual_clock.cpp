#include "varvara/virtual_clock.hpp"

#include <chrono>

#include "varvara/event.hpp"

namespace varvara {

CivilTime civil_time(std::int64_t seconds) {
    using namespace std::chrono;
    const sys_seconds moment{std::chrono::seconds(seconds)};
    const sys_days day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss<std::chrono::seconds> time(moment - day);
    return {.year = static_cast<std::uint16_t>(static_cast<int>(date.year())),
            .month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()) - 1),
            .day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day())),
            .hour = static_cast<std::uint8_t>(time.hours().count()),
            .minute = static_cast<std::uint8_t>(time.minutes().count()),
            .second = static_cast<std::uint8_t>(time.seconds().count()),
            .day_of_week = static_cast<std::uint8_t>(weekday(day).c_encoding()),
            .day_of_year =
                static_cast<std::uint16_t>((day - sys_days(date.year() / January / 1)).count()),
            .is_dst = 0};
}

CivilTime VirtualClock::now() noexcept {
    return civil_time(start_ + static_cast<std::int64_t>(frame_ / kFrameRateHz));
}

}  // namespace varvara
