#pragma once

#include <atomic>
#include <cstdint>

#include "uxn/engine.hpp"
#include "uxn/interp/plain_executor.hpp"
#include "uxn/semantics.hpp"

namespace uxn {

/// Executes up to `count` instructions, one after the other on a PlainExecutor; a Stop for Budget
/// means that all of them ran.
template <bool bounded, class Watcher>
Stop run_slice(Machine& machine, Devices& devices, std::uint16_t pc, std::uint64_t count,
               const std::atomic<bool>* interrupt, Watcher& watcher) noexcept {
    for (std::uint64_t executed = 1; !bounded || executed <= count; ++executed) {
        const std::uint8_t opcode = machine.ram[pc];
        PlainExecutor exec(machine, devices, static_cast<std::uint16_t>(pc + 1), watcher);
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

}  // namespace uxn
