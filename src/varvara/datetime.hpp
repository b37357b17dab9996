#pragma once

#include <cstdint>

#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

/// The Datetime device: the host's clock, sampled whenever a port is read.
/// Source: spec/varvara.md, section 9.
class Datetime {
public:
    static constexpr std::uint8_t kYear = port("DateTime/year");
    static constexpr std::uint8_t kMonth = port("DateTime/month");
    static constexpr std::uint8_t kDay = port("DateTime/day");
    static constexpr std::uint8_t kHour = port("DateTime/hour");
    static constexpr std::uint8_t kMinute = port("DateTime/minute");
    static constexpr std::uint8_t kSecond = port("DateTime/second");
    static constexpr std::uint8_t kDayOfWeek = port("DateTime/dotw");
    static constexpr std::uint8_t kDayOfYear = port("DateTime/doty");
    static constexpr std::uint8_t kIsDst = port("DateTime/isdst");
    static constexpr Hooks kHooks = {
        .reads = port_mask({kYear, kYear + 1, kMonth, kDay, kHour, kMinute, kSecond, kDayOfWeek,
                            kDayOfYear, kDayOfYear + 1, kIsDst}),
        .writes = 0};

    explicit Datetime(const Hosts& hosts) : clock_(hosts.clock) {}

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept;

    void reset() { paired_port_ = 0; }
    void transfer(StateStream& state);

private:
    Clock& clock_;
    /// The low byte of the short whose high byte was the last one read, or 0: a DEI2 must not get
    /// halves of two different years or days.
    std::uint8_t paired_port_ = 0;
    std::uint8_t paired_value_ = 0;
};

}  // namespace varvara
