#include "uxn/interp/loop.hpp"

#include <algorithm>

#include "uxn/interp/bounded.hpp"
#include "uxn/interp/plain_executor.hpp"
#include "uxn/semantics.hpp"

namespace uxn {
namespace {

/// How many instructions run between two looks at the interrupt flag: well under a millisecond.
constexpr std::uint64_t kSlice = 0x10000;

/// Executes up to `count` instructions; a Stop for Budget means that all of them ran.
template <bool bounded>
Stop run_slice(Machine& machine, Devices& devices, std::uint16_t pc, std::uint64_t count,
               const std::atomic<bool>* interrupt) noexcept {
    for (std::uint64_t executed = 1; !bounded || executed <= count; ++executed) {
        const std::uint8_t opcode = machine.ram[pc];
        PlainExecutor exec(machine, devices, static_cast<std::uint16_t>(pc + 1));
        switch (Op{opcode}) {
#define UXN_IMMEDIATE(name, byte, ...) \
    case Op::name: execute<Op::name>(exec); break;
#define UXN_OPCODE(name, base, ...)                        \
    case Op::name: execute<Op::name>(exec); break;         \
    case Op::name##2: execute<Op::name##2>(exec); break;   \
    case Op::name##r: execute<Op::name##r>(exec); break;   \
    case Op::name##2r: execute<Op::name##2r>(exec); break; \
    case Op::name##k: execute<Op::name##k>(exec); break;   \
    case Op::name##2k: execute<Op::name##2k>(exec); break; \
    case Op::name##kr: execute<Op::name##kr>(exec); break; \
    case Op::name##2kr: execute<Op::name##2kr>(exec); break;
#include "uxn/opcodes.inc"
        }
        pc = exec.pc().bits;
        if (exec.ended()) {
            return {Stop::Reason::Break, pc, executed};
        }
        if (exec.halted()) {
            return {Stop::Reason::Halted, pc, executed};
        }
        if (exec.called_device() && is_set(interrupt)) {
            return {Stop::Reason::Interrupted, pc, executed};
        }
    }
    return {Stop::Reason::Budget, pc, count};
}

class LoopEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        std::uint64_t left = limits.instructions;
        while (true) {
            if (is_set(limits.interrupt)) {
                return {Stop::Reason::Interrupted, pc, limits.instructions - left};
            }
            const Stop stop =
                run_slice<kBounded>(machine, devices, pc, std::min(left, kSlice), limits.interrupt);
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
    return run_slice<true>(machine, devices, pc, 1, interrupt);
}

}  // namespace uxn
