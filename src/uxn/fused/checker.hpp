#pragma once

#include <cassert>
#include <cstdint>
#include <memory>

#include "uxn/fused/sequence.hpp"
#include "uxn/interp/loop.hpp"
#include "uxn/machine.hpp"

namespace uxn::fused {

/// Compares every sequence with the plain executor, opcode by opcode, while a program runs: for
/// builds with checks (LEVERET_CHECK_SEQUENCES). A second machine follows the first one.
class Checker {
public:
    /// Idle if the machine is not only changed by sequences: then everything below does nothing.
    Checker(const Machine& machine, bool is_idle)
        : second_(is_idle ? nullptr : std::make_unique<Machine>(machine)) {}

    /// After a sequence that began at `pc` with `fuel` and was left with `after`.
    void compare(const Machine& machine, std::size_t pc, std::int64_t fuel, const State& after) {
        if (second_ == nullptr) {
            return;
        }
        NoDevices devices;  // a sequence never gets as far as a side effect
        auto here = static_cast<std::uint16_t>(pc);
        const std::int64_t executed = (fuel - static_cast<std::int64_t>(pc)) -
                                      (after.fuel - static_cast<std::int64_t>(after.pc));
        for (std::int64_t i = 0; i < executed; ++i) {
            here = step(*second_, devices, here, nullptr).pc;
        }
        assert(here == after.pc && "a sequence went elsewhere");
        assert(second_->wst.ptr == StackPlace::ptr_of(after.wst) &&
               second_->rst.ptr == StackPlace::ptr_of(after.rst) &&
               "a sequence moved a stack pointer elsewhere");
        assert(second_->wst.storage == machine.wst.storage &&
               second_->rst.storage == machine.rst.storage && "a sequence left other rings");
        assert(second_->dev == machine.dev && "a sequence left another device page");
    }

    /// The first machine has changed otherwise: all but RAM is looked at again.
    void follow(const Machine& machine) {
        if (second_ == nullptr) {
            return;
        }
        second_->wst = machine.wst;
        second_->rst = machine.rst;
        second_->dev = machine.dev;
    }
    /// Its RAM has.
    void follow(const Machine& machine, std::uint16_t begin, std::uint32_t length) {
        for (std::uint32_t i = 0; second_ != nullptr && i < length; ++i) {
            const auto at = static_cast<std::uint16_t>(begin + i);
            second_->ram[at] = machine.ram[at];
        }
    }

private:
    std::unique_ptr<Machine> second_;
};

}  // namespace uxn::fused
