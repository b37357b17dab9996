#pragma once

#include <cstdint>
#include <ctime>
#include <optional>

#include "varvara/hosts.hpp"

namespace host {

/// The computer's clock, in its time zone.
class SystemClock final : public varvara::Clock {
public:
    varvara::CivilTime now() noexcept override;

private:
    std::optional<std::time_t> second_;  ///< the one that time_ holds
    varvara::CivilTime time_;
};

/// A clock that stands still, for runs that have to repeat to the byte. In UTC: the same
/// everywhere.
class FixedClock final : public varvara::Clock {
public:
    /// seconds: since the start of 1970.
    explicit FixedClock(std::int64_t seconds);
    varvara::CivilTime now() noexcept override { return time_; }

private:
    varvara::CivilTime time_;
};

}  // namespace host
