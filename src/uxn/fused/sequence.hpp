#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "uxn/devices.hpp"
#include "uxn/fused/code_map.hpp"
#include "uxn/fused/effect.hpp"
#include "uxn/fused/ring_cells.hpp"
#include "uxn/interp/ram_access.hpp"
#include "uxn/interp/stack_place.hpp"
#include "uxn/machine.hpp"
#include "uxn/semantics.hpp"

// A row of opcodes as one piece of code, made from the bodies that every engine is made from.
namespace uxn::fused {

/// The state that changes from one sequence to the next, unpacked for speed.
struct State {
    std::size_t pc;
    std::size_t wst;  ///< as in StackPlace
    std::size_t rst;
    /// Instructions left, plus pc. Most instructions move pc by one and use up one, which leaves
    /// this sum alone; only operands in line and jumps have to adjust it.
    std::int64_t fuel;
};

/// A store to code.
struct Store {
    std::uint16_t at = 0;
    std::uint8_t length = 0;
};

/// How a sequence was left. The state is complete in every case.
enum class Exit : std::uint8_t {
    Next,     ///< at its end, or at a jump that was not taken
    Jump,     ///< by a jump: the time to look at the budget
    Careful,  ///< before an instruction that only the plain executor can do
    Written,  ///< after a store to an opcode that is part of a sequence
    Break,    ///< after BRK
};

/// Executes opcode bodies on a machine whose registers, and the cells of whose stacks that the
/// sequence touches, are in local variables. Everything is inlined, and everything but the values
/// is a constant then.
///
/// The caller has made sure that the cells lie in one piece and that the sequence does not cross
/// ffff.
class SequenceExecutor {
public:
    using Byte = uxn::Byte;
    using Short = uxn::Short;

    [[gnu::always_inline]] SequenceExecutor(Machine& machine, const CodeMap& code,
                                            const Devices& devices, State& state, bool decoded)
        : machine_(machine),
          code_(code),
          devices_(devices),
          state_(state),
          decoded_(decoded),
          wst_(cells_of(machine) + state.wst),
          rst_(cells_of(machine) + state.rst) {}

    /// Executes `op`. Next means that the row goes on; else `leave` has to follow.
    template <Op op>
    [[gnu::always_inline]] Exit run() {
        if constexpr (effect_of<op>().uses_port) {
            if (has_side_effect<op>()) [[unlikely]] {
                return Exit::Careful;
            }
        }
        position_ += 1;
        count_ += 1;
        execute<op>(*this);
        if constexpr (op == Op::BRK) {
            return Exit::Break;
        }
        if constexpr (effect_of<op>().jumps) {
            if (jumped_) {
                return Exit::Jump;
            }
        }
        if constexpr (effect_of<op>().stores) {
            if (store_.length != 0) [[unlikely]] {
                return Exit::Written;
            }
        }
        return Exit::Next;
    }

    /// Brings the state up to date.
    template <SequenceEffect effect>
    [[gnu::always_inline]] void leave() {
        wst_.flush<effect.wst>();
        rst_.flush<effect.rst>();
        state_.wst -= static_cast<std::size_t>(wst_.depth());
        state_.rst -= static_cast<std::size_t>(rst_.depth());
        if (jumped_) {
            state_.fuel +=
                static_cast<std::int64_t>(target_) - static_cast<std::int64_t>(state_.pc) - count_;
            state_.pc = target_;
        } else {
            state_.pc += static_cast<std::size_t>(position_);
            state_.fuel += position_ - count_;
        }
    }

    /// The store behind Exit::Written.
    [[gnu::always_inline]] Store store_to_code() const { return store_; }

    // What the bodies ask for.

    template <Mode m>
    class View {
        using Value = std::conditional_t<m.wide, Short, Byte>;

    public:
        [[gnu::always_inline]] explicit View(RingCells& ring)
            : ring_(ring), cursor_(ring.depth()) {}

        [[gnu::always_inline]] Byte pop_byte() {
            move(1);
            return ring_.byte(cursor_);
        }
        [[gnu::always_inline]] Short pop_short() {
            move(2);
            return ring_.two_bytes(cursor_);
        }
        [[gnu::always_inline]] Value pop() {
            if constexpr (m.wide) {
                return pop_short();
            } else {
                return pop_byte();
            }
        }
        [[gnu::always_inline]] void push(auto value) {
            ring_.set(ring_.depth(), value);
            ring_.set_depth(ring_.depth() + static_cast<int>(sizeof(value.bits)));
        }
        [[gnu::always_inline]] void put_back(auto value) {
            if constexpr (m.keep) {
                push(value);
            } else {
                ring_.set_depth(ring_.depth() + static_cast<int>(sizeof(value.bits)));
            }
        }

    private:
        [[gnu::always_inline]] void move(int bytes) {
            cursor_ -= bytes;
            if constexpr (!m.keep) {
                ring_.set_depth(cursor_);
            }
        }

        RingCells& ring_;
        int cursor_;
    };

    template <Mode m>
    [[gnu::always_inline]] auto source() {
        return View<m>(m.ret ? rst_ : wst_);
    }
    template <Mode m>
    [[gnu::always_inline]] auto other() {
        return View<m>(m.ret ? wst_ : rst_);
    }

    [[gnu::always_inline]] Short pc() const {
        return Short(state_.pc + static_cast<std::size_t>(position_));
    }
    [[gnu::always_inline]] Byte literal_byte() { return Byte(*literal(1)); }
    [[gnu::always_inline]] Short literal_short() {
        const std::uint8_t* operand = literal(2);
        return make_short(Byte(operand[0]), Byte(operand[1]));
    }

    /// What will be known of a jump when it is taken: where its opcode is.
    struct Distance {
        int position;
    };
    [[gnu::always_inline]] Distance literal_distance() {
        literal(2);
        return {position_ - 3};
    }
    /// All that comes waits for the new pc, so the way to it is kept short: one load of an address
    /// that was worked out when the jump was decoded.
    [[gnu::always_inline]] void jump_by(Distance distance) {
        const std::size_t at = state_.pc + static_cast<std::size_t>(distance.position);
        if (decoded_) {
            jump(Short(code_.target_at(at)));
        } else {
            const std::uint8_t* operand = machine_.ram.data() + at + 1;
            jump(Short(at + 3) + make_short(Byte(operand[0]), Byte(operand[1])));
        }
    }
    [[gnu::always_inline]] void jump_by_if(Byte flag, Distance distance) {
        if (flag.bits != 0) {
            jump_by(distance);
        }
    }
    [[gnu::always_inline]] void jump(Short to) {
        jumped_ = true;
        target_ = to.bits;
    }
    [[gnu::always_inline]] void jump_if(Byte flag, Short to) {
        if (flag.bits != 0) {
            jump(to);
        }
    }

    template <Mode m>
    [[gnu::always_inline]] auto load(auto at) const {
        return load_ram<m>(machine_.ram, at);
    }
    // No code of the zero page is ever part of a sequence.
    [[gnu::always_inline]] void store(Byte at, auto value) { store_ram(machine_.ram, at, value); }
    [[gnu::always_inline]] void store(Short at, auto value) {
        store_ram(machine_.ram, at, value);
        constexpr std::uint8_t length = sizeof(value.bits);
        const bool to_code =
            length == 1 ? code_.is_code(at.bits) : code_.is_code_at_either(at.bits);
        if (to_code) [[unlikely]] {
            store_ = {.at = at.bits, .length = length};
        }
    }

    [[gnu::always_inline]] Byte read_port(Byte port) const { return Byte(machine_.dev[port.bits]); }
    [[gnu::always_inline]] void write_port(Byte port, Byte value) {
        machine_.dev[port.bits] = value.bits;
    }

    constexpr void end_vector() {}

private:
    /// Steps over an in-line operand and returns where it is.
    [[gnu::always_inline]] const std::uint8_t* literal(int bytes) {
        const std::uint8_t* operand = machine_.ram.data() + state_.pc + position_;
        position_ += bytes;
        return operand;
    }
    /// True when the port or ports that `op` is about to use are more than memory.
    template <Op op>
    [[gnu::always_inline]] bool has_side_effect() {
        constexpr Mode m = mode_of(op);
        const std::uint8_t port = source<Mode{.ret = m.ret, .keep = true}>().pop_byte().bits;
        const PortSet& ports =
            base_of(op) == base_of(Op::DEI) ? devices_.reads() : devices_.writes();
        return ports.contains(port) ||
               (m.wide && ports.contains(static_cast<std::uint8_t>(port + 1)));
    }

    Machine& machine_;
    const CodeMap& code_;
    const Devices& devices_;
    State& state_;
    const bool decoded_;
    RingCells wst_;
    RingCells rst_;
    int position_ = 0;  ///< bytes from the start of the row to the next instruction
    int count_ = 0;     ///< instructions executed
    bool jumped_ = false;
    std::uint16_t target_ = 0;
    Store store_;
};

/// Executes the row `ops` at `state.pc`, or as much of it as goes without leaving it. Nothing has
/// been executed when a cell might lie beyond an end of its ring.
/// decoded: whether the targets of immediate jumps are in the map.
/// store: a store to code, if the exit says that there was one.
template <Op... ops>
[[gnu::always_inline]] inline Exit run_sequence(Machine& machine, const CodeMap& code,
                                                const Devices& devices, State& state, Store& store,
                                                bool decoded = true) {
    constexpr SequenceEffect effect = sequence_effect<ops...>();
    if (!fits<-effect.wst.lowest, effect.wst.highest>(state.wst) ||
        !fits<-effect.rst.lowest, effect.rst.highest>(state.rst)) [[unlikely]] {
        return Exit::Careful;
    }
    SequenceExecutor exec(machine, code, devices, state, decoded);
    Exit exit = Exit::Next;
    const auto goes_on = [&] [[gnu::always_inline]] {
        if (exit == Exit::Next) {
            return true;
        }
        exec.leave<effect>();
        if (exit == Exit::Written) {
            store = exec.store_to_code();
        }
        return false;
    };
    const bool reached_end = ((exit = exec.run<ops>(), goes_on()) && ...);
    if (reached_end) {
        exec.leave<effect>();
    }
    return exit;
}

}  // namespace uxn::fused
