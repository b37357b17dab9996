#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "uxn/interp/ram_access.hpp"
#include "uxn/interp/stack_cache.hpp"
#include "uxn/interp/stack_place.hpp"
#include "uxn/machine.hpp"
#include "uxn/opcode.hpp"
#include "uxn/word.hpp"

namespace uxn {

/// The state that changes from instruction to instruction, unpacked for speed.
struct Registers {
    std::size_t pc;  ///< of the opcode, 0..10000h: see Ram for the value past the end
    /// Stack pointers: see StackPlace.
    std::size_t wst;
    std::size_t rst;
    /// Instructions left, plus pc. Most instructions move pc by one and use up one, which leaves
    /// this sum alone; only operands in line and jumps have to adjust it.
    std::int64_t fuel;
    StackCache cache;  ///< of the working stack

    std::size_t length = 1;  ///< of the instruction: a constant, once all is inlined
    bool jumped = false;     ///< if so, `target` is the next pc and `fuel` has been adjusted
    std::size_t target = 0;
};

/// Executes one opcode body on a machine whose registers are in registers.
///
/// The caller has made sure that all cells the body touches lie in one piece, that an in-line
/// operand does not cross ffff, and that ports it uses have no side effects. Then no access needs
/// a mask and no path needs a call. Everything is inlined: a handler that spills shows up in the
/// codegen test.
///
/// Shorts on a stack and in line are loaded as one, since they have nearly always been stored as
/// one: a load of two bytes that were just stored one by one has to wait. In RAM such pairs are
/// more common: see ram_access.hpp. `volatile` keeps the compiler from making one load of two
/// items.
class RegisterExecutor {
public:
    using Byte = uxn::Byte;
    using Short = uxn::Short;

    [[gnu::always_inline]] constexpr RegisterExecutor(Machine& machine, Registers& regs, Op op)
        : machine_(machine), regs_(regs), op_(op) {}

    template <Mode m, bool is_wst>
    class View {
        using Value = std::conditional_t<m.wide, Short, Byte>;

    public:
        [[gnu::always_inline]] constexpr View(RegisterExecutor& exec, std::uint8_t* cells,
                                              std::size_t& top)
            : exec_(exec), cells_(cells), top_(top), cursor_(top), kept_(exec.regs_.cache) {}

        [[gnu::always_inline]] constexpr Byte pop_byte() {
            if (is_wst && !cache().empty()) {
                const StackCache::Item item = cache().take();
                if (item.wide) {
                    cache().add({.wide = false, .bits = item.bits >> 8});
                }
                advance(1);
                return Byte(item.bits);
            }
            const volatile std::uint8_t* cell = cells_ + cursor_ + 1;
            advance(1);
            return Byte(*cell);
        }
        [[gnu::always_inline]] constexpr Short pop_short() {
            if (is_wst && !cache().empty() && cache().top().wide) {
                advance(2);
                return Short(cache().take().bits);
            }
            if (is_wst && !cache().empty()) {
                const Byte low = pop_byte();
                return make_short(pop_byte(), low);
            }
            const std::uint8_t* cells = cells_ + cursor_ + 1;
            advance(2);
            if constexpr (std::endian::native == std::endian::little) {
                return Short(reinterpret_cast<const volatile Cells*>(cells)->bits);
            }
            return make_short(Byte(cells[1]), Byte(cells[0]));
        }
        [[gnu::always_inline]] constexpr Value pop() {
            if constexpr (m.wide) {
                return pop_short();
            } else {
                return pop_byte();
            }
        }
        [[gnu::always_inline]] constexpr void push(Byte value) {
            cells_[top_] = value.bits;
            top_ -= 1;
            note(value);
        }
        [[gnu::always_inline]] constexpr void push(Short value) {
            if constexpr (std::endian::native == std::endian::little) {
                // As written below, but certain to be one store.
                std::memcpy(cells_ + top_ - 1, &value.bits, sizeof(value.bits));
            } else {
                cells_[top_ - 1] = low_byte(value).bits;
                cells_[top_] = high_byte(value).bits;
            }
            top_ -= 2;
            note(value);
        }
        [[gnu::always_inline]] constexpr void put_back(auto value) {
            if constexpr (m.keep) {
                push(value);
            } else {
                top_ -= sizeof(value.bits);
                note(value);
            }
        }

    private:
        struct [[gnu::packed]] Cells {
            std::uint16_t bits;
        };

        [[gnu::always_inline]] constexpr StackCache& cache() {
            return m.keep ? kept_ : exec_.regs_.cache;
        }
        [[gnu::always_inline]] constexpr void note(auto value) {
            if constexpr (is_wst) {
                exec_.regs_.cache.add({.wide = sizeof(value.bits) == 2, .bits = value.bits});
            }
        }
        [[gnu::always_inline]] constexpr void advance(std::size_t bytes) {
            cursor_ += bytes;
            if constexpr (!m.keep) {
                top_ = cursor_;
            }
        }

        RegisterExecutor& exec_;
        std::uint8_t* cells_;
        std::size_t& top_;
        std::size_t cursor_;
        StackCache kept_;  ///< what pops of keep mode take from
    };

    template <Mode m>
    [[gnu::always_inline]] constexpr auto source() {
        if constexpr (m.ret) {
            return rst_view<m>();
        } else {
            return wst_view<m>();
        }
    }
    template <Mode m>
    [[gnu::always_inline]] constexpr auto other() {
        if constexpr (m.ret) {
            return wst_view<m>();
        } else {
            return rst_view<m>();
        }
    }

    [[gnu::always_inline]] constexpr Short pc() const { return Short(regs_.pc + regs_.length); }
    [[gnu::always_inline]] constexpr Byte literal_byte() { return Byte(*literal(1)); }
    [[gnu::always_inline]] constexpr Short literal_short() {
        const std::uint8_t* operand = literal(2);
        return make_short(Byte(operand[0]), Byte(operand[1]));
    }

    /// An in-line distance. The next fetch waits for it, so its high byte is not shifted into place
    /// but loaded there, together with the opcode before it, which is known and taken off again.
    [[gnu::always_inline]] constexpr std::ptrdiff_t literal_distance() {
        const std::uint8_t* operand = literal(2);
        if constexpr (std::endian::native == std::endian::little) {
            std::int16_t high;
            std::memcpy(&high, operand - 1, sizeof(high));
            return high + operand[1] - static_cast<int>(op_);
        }
        return static_cast<std::int8_t>(operand[0]) * 256 + operand[1];
    }
    [[gnu::always_inline]] constexpr void jump_by(std::ptrdiff_t distance) {
        regs_.jumped = true;
        regs_.target = regs_.pc + regs_.length + static_cast<std::size_t>(distance);
        regs_.fuel += static_cast<std::int64_t>(regs_.length) + distance - 1;
        if (regs_.target >= kRamSize) [[unlikely]] {
            const std::size_t wrapped = regs_.target % kRamSize;
            regs_.fuel += static_cast<std::ptrdiff_t>(wrapped - regs_.target);
            regs_.target = wrapped;
        }
    }
    [[gnu::always_inline]] constexpr void jump_by_if(Byte flag, std::ptrdiff_t distance) {
        // A branch, and not a conditional move: what is fetched next must not wait for the flag.
        if (flag.bits != 0) [[likely]] {
            jump_by(distance);
        }
    }
    [[gnu::always_inline]] constexpr void jump(Short to) {
        regs_.jumped = true;
        regs_.target = to.bits;
        regs_.fuel += static_cast<std::int64_t>(to.bits) - static_cast<std::int64_t>(regs_.pc) - 1;
    }
    [[gnu::always_inline]] constexpr void jump_if(Byte flag, Short to) {
        if (flag.bits != 0) [[likely]] {
            jump(to);
        }
    }

    template <Mode m>
    [[gnu::always_inline]] constexpr auto load(auto at) const {
        return load_ram<m>(machine_.ram, at);
    }
    [[gnu::always_inline]] constexpr void store(auto at, auto value) {
        store_ram(machine_.ram, at, value);
    }

    [[gnu::always_inline]] constexpr Byte read_port(Byte port) const {
        return Byte(machine_.dev[port.bits]);
    }
    [[gnu::always_inline]] constexpr void write_port(Byte port, Byte value) {
        machine_.dev[port.bits] = value.bits;
    }

    constexpr void end_vector() {}  // BRK has a handler of its own

private:
    template <Mode m>
    [[gnu::always_inline]] constexpr View<m, true> wst_view() {
        return {*this, cells_of(machine_), regs_.wst};
    }
    template <Mode m>
    [[gnu::always_inline]] constexpr View<m, false> rst_view() {
        return {*this, cells_of(machine_), regs_.rst};
    }

    /// Steps over an in-line operand and returns where it is.
    [[gnu::always_inline]] constexpr const std::uint8_t* literal(std::size_t bytes) {
        const std::uint8_t* operand = machine_.ram.data() + regs_.pc + regs_.length;
        regs_.length += bytes;
        return operand;
    }

    Machine& machine_;
    Registers& regs_;
    Op op_;  ///< the one being executed
};

}  // namespace uxn
