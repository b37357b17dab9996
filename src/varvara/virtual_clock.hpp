#pragma once

#include <cstdint>

#include "varvara/hosts.hpp"

namespace varvara {

/// A moment in UTC. seconds: since the start of 1970; any year from 1 to 32767.
CivilTime civil_time(std::int64_t seconds);

/// A clock that goes only when it is told to, for runs that have to repeat to the byte. In UTC: the
/// same everywhere.
class VirtualClock final : public Clock {
public:
    /// The first moment of 2026.
    static constexpr std::int64_t kDefaultStart = 1767225600;

    /// start: in seconds since the start of 1970.
    explicit VirtualClock(std::int64_t start = kDefaultStart) : start_(start) {}

    /// The moment after this many frames.
    void set_frame(std::uint64_t frame) { frame_ = frame; }
    std::int64_t start() const { return start_; }
    std::uint64_t frame() const { return frame_; }

    CivilTime now() noexcept override;

private:
    std::int64_t start_;
    std::uint64_t frame_ = 0;
};

}  // namespace varvara
