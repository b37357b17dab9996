#include "host/clock.hpp"

namespace host {
namespace {

varvara::CivilTime civil_time(const std::tm& time) {
    return {.year = static_cast<std::uint16_t>(time.tm_year + 1900),
            .month = static_cast<std::uint8_t>(time.tm_mon),
            .day = static_cast<std::uint8_t>(time.tm_mday),
            .hour = static_cast<std::uint8_t>(time.tm_hour),
            .minute = static_cast<std::uint8_t>(time.tm_min),
            .second = static_cast<std::uint8_t>(time.tm_sec),
            .day_of_week = static_cast<std::uint8_t>(time.tm_wday),
            .day_of_year = static_cast<std::uint16_t>(time.tm_yday),
            .is_dst = static_cast<std::uint8_t>(time.tm_isdst > 0    ? 1
                                                : time.tm_isdst == 0 ? 0
                                                                     : 0xff)};
}

}  // namespace

varvara::CivilTime SystemClock::now() noexcept {
    const std::time_t second = std::time(nullptr);
    if (second_ != second) {  // converting is slow, and programs ask field by field
        std::tm time{};
        localtime_r(&second, &time);
        time_ = civil_time(time);
        second_ = second;
    }
    return time_;
}

}  // namespace host
