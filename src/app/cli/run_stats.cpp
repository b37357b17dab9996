#include "app/cli/run_stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace cli {
namespace {

using Time = std::chrono::nanoseconds;

std::string print_time(Time time) {
    const auto ns = static_cast<double>(time.count());
    return ns < 1e6 ? fmt::format("{:.0f} us", ns / 1e3) : fmt::format("{:.2f} ms", ns / 1e6);
}

/// The time that so many of them stay below or are; they are in order.
Time share(const std::vector<Time>& times, std::size_t percent) {
    return times[((times.size() - 1) * percent + 50) / 100];
}

std::string row(std::string_view name, std::string_view value) {
    return fmt::format("{:22}{}\n", name, value);
}
std::string row(std::string_view name, std::uint64_t value) {
    return row(name, fmt::format("{}", value));
}

}  // namespace

void RunStats::compiled(const uxn::jit::RegionReport& report) noexcept {
    const std::scoped_lock lock(mutex_);
    times_.push_back(report.time);
    instructions_ += report.region.instructions;
    bytes_ += report.code.code.size();
}

void RunStats::dropped(const std::uint8_t* /*code*/, uxn::jit::Dropped why) noexcept {
    const std::scoped_lock lock(mutex_);
    dropped_ += 1;
    changed_ += why == uxn::jit::Dropped::Changed ? 1 : 0;
}

void RunStats::counted(const uxn::jit::Counters& counters) noexcept {
    const std::scoped_lock lock(mutex_);
    counters_.entries += counters.entries;
    counters_.side_exits += counters.side_exits;
    counters_.steps += counters.steps;
    counters_.instructions += counters.instructions;
    counters_.flushes += counters.flushes;
}

std::string RunStats::text(std::string_view engine, std::uint64_t instructions,
                           bool compiles) const {
    const std::scoped_lock lock(mutex_);
    std::string text = row("engine", engine) + row("instructions", instructions);
    if (!compiles) {
        return text;
    }
    const double percent = instructions == 0 ? 0
                                             : 100 * static_cast<double>(counters_.instructions) /
                                                   static_cast<double>(instructions);
    text += row("  in compiled code", fmt::format("{:.1f} %", percent));
    text += row("regions compiled", times_.size());
    text += row("  of them alive", times_.size() - dropped_);
    text += row("  instructions", instructions_);
    text += row("  bytes of code", bytes_);
    text += row("  invalidated", changed_);
    text += row("cache flushes", counters_.flushes);
    text += row("compiled code entered", counters_.entries);
    text += row("  left by side exits", counters_.side_exits);
    text += row("interpreter called", counters_.steps);
    std::vector<Time> times = times_;
    if (times.empty()) {
        return text + row("compile time", "none");
    }
    std::ranges::sort(times);
    text += row("compile time", print_time(std::accumulate(times.begin(), times.end(), Time())));
    text += row("  of a region",
                fmt::format("median {}, 95 % below {}, longest {}", print_time(share(times, 50)),
                            print_time(share(times, 95)), print_time(times.back())));
    return text;
}

}  // namespace cli
