#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "uxn/engine.hpp"
#include "uxn/interp/exactness.hpp"

namespace uxn {

/// Hands out the budget of a run in slices, and looks at the interrupt flag before each: for
/// engines that look only where the program jumps whether their slice is used up. Between two looks
/// a program can run straight through RAM once, so slices leave that much in reserve, and the last
/// one must be run with a count of every instruction.
class Slices {
public:
    explicit Slices(const Limits& limits)
        : interrupt_(limits.interrupt),
          budget_(static_cast<std::int64_t>(std::min(limits.instructions, kMost))),
          reserve_(budget_) {}

    /// The most instructions that the next slice may execute; 0 when the run is over, see
    /// `reason()`. left: what remains of the slice before, less than 0 if it was exceeded.
    std::int64_t next(std::int64_t left) {
        reserve_ += left;
        assert(reserve_ >= 0);
        if (is_set(interrupt_)) {
            reason_ = Stop::Reason::Interrupted;
            return 0;
        }
        if (reserve_ == 0) {
            reason_ = Stop::Reason::Budget;
            return 0;
        }
        is_last_ = reserve_ <= kStraight;
        const std::int64_t slice = is_last_ ? reserve_ : std::min(kSlice, reserve_ - kStraight);
        reserve_ -= slice;
        return slice;
    }

    /// Whether every instruction of this slice must be counted.
    bool is_last() const { return is_last_; }

    /// Ends the run; `left` as for `next`.
    void finish(Stop::Reason reason, std::int64_t left) {
        reserve_ += left;
        reason_ = reason;
    }

    Stop::Reason reason() const { return reason_; }
    std::uint64_t executed() const {
        return kBounded ? static_cast<std::uint64_t>(budget_ - reserve_) : 0;
    }
    const std::atomic<bool>* interrupt() const { return interrupt_; }

    /// Instructions between two looks at the interrupt flag: some fifty microseconds.
    static constexpr std::int64_t kSlice = 0x10000;

private:
    static constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
    static constexpr std::int64_t kStraight = kRamSize + 1;

    const std::atomic<bool>* interrupt_;
    std::int64_t budget_;
    std::int64_t reserve_;  ///< instructions allowed beyond those of the slice
    bool is_last_ = false;
    Stop::Reason reason_ = Stop::Reason::Break;
};

}  // namespace uxn
