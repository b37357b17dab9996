#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "uxn/jit/observer.hpp"

namespace cli {

/// Counts what the JIT does.
class RunStats final : public uxn::jit::Observer {
public:
    void compiled(const uxn::jit::RegionReport& report) noexcept override;
    void dropped(const std::uint8_t* code, uxn::jit::Dropped why) noexcept override;
    void counted(const uxn::jit::Counters& counters) noexcept override;

    /// For people, when the run is over.
    /// engine: its name. instructions: executed in all.
    std::string text(std::string_view engine, std::uint64_t instructions, bool compiles) const;

private:
    mutable std::mutex mutex_;
    std::vector<std::chrono::nanoseconds> times_;  ///< of each region
    std::uint64_t instructions_ = 0;               ///< of all regions
    std::uint64_t bytes_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t changed_ = 0;  ///< of the dropped ones
    uxn::jit::Counters counters_;
};

}  // namespace cli
