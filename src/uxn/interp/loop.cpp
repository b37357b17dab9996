#include "uxn/interp/loop.hpp"

#include <algorithm>

#include "uxn/interp/exactness.hpp"
#include "uxn/interp/plain_loop.hpp"

namespace uxn {
namespace {

/// How many instructions run between two looks at the interrupt flag: well under a millisecond.
constexpr std::uint64_t kSlice = 0x10000;

class LoopEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        std::uint64_t left = limits.instructions;
        while (true) {
            if (is_set(limits.interrupt)) {
                return {Stop::Reason::Interrupted, pc, limits.instructions - left};
            }
            Unwatched nobody;
            const Stop stop = run_slice<kBounded>(machine, devices, pc, std::min(left, kSlice),
                                                  limits.interrupt, nobody);
            pc = stop.pc;
            left -= stop.instructions;
            if (stop.reason != Stop::Reason::Budget || left == 0) {
                return {stop.reason, pc, limits.instructions - left};
            }
        }
    }
};

}  // namespace

const Engine& loop_engine() {
    static const LoopEngine engine;
    return engine;
}

Stop step(Machine& machine, Devices& devices, std::uint16_t pc,
          const std::atomic<bool>* interrupt) noexcept {
    Unwatched nobody;
    return run_slice<true>(machine, devices, pc, 1, interrupt, nobody);
}

}  // namespace uxn
