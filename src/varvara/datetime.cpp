#include "varvara/datetime.hpp"

#include <utility>

namespace varvara {

std::uint8_t Datetime::read(uxn::Machine& machine, std::uint8_t port) noexcept {
    if (std::exchange(paired_port_, 0) == port) {
        return paired_value_;
    }
    const CivilTime time = clock_.now();
    const auto high_byte_of = [&](std::uint16_t value) {
        paired_port_ = static_cast<std::uint8_t>(port + 1);
        paired_value_ = static_cast<std::uint8_t>(value);
        return static_cast<std::uint8_t>(value >> 8);
    };
    switch (port) {
        case kYear: return high_byte_of(time.year);
        case kYear + 1: return static_cast<std::uint8_t>(time.year);
        case kMonth: return time.month;
        case kDay: return time.day;
        case kHour: return time.hour;
        case kMinute: return time.minute;
        case kSecond: return time.second;
        case kDayOfWeek: return time.day_of_week;
        case kDayOfYear: return high_byte_of(time.day_of_year);
        case kDayOfYear + 1: return static_cast<std::uint8_t>(time.day_of_year);
        case kIsDst: return time.is_dst;
        default: return machine.dev[port];
    }
}

void Datetime::transfer(StateStream& state) {
    state.number(paired_port_);
    state.number(paired_value_);
}

}  // namespace varvara
