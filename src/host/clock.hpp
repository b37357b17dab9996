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

}  // namespace host
