#pragma once

#include "uxn/opcode.hpp"
#include "uxn/semantics.hpp"

namespace uxn {

/// What one opcode does to the stacks and to the flow of control, in bytes. Found by running its
/// body at compile time on values without a value.
struct StackEffect {
    unsigned pops = 0;          ///< bytes read from the stack of its mode; kept there in keep mode
    unsigned pushes = 0;        ///< bytes pushed on the stack of its mode
    unsigned other_pushes = 0;  ///< bytes pushed on the other stack
    unsigned literal = 0;       ///< bytes of in-line operand
    bool jumps = false;         ///< may continue elsewhere than at the next instruction
    bool stores = false;        ///< writes RAM
    bool uses_port = false;     ///< reads or writes device ports

    friend bool operator==(const StackEffect&, const StackEffect&) = default;
};

/// The executor behind `effect_of`.
class CountingExecutor {
public:
    struct Byte {
        constexpr explicit Byte(int = 0) {}
        friend constexpr Byte operator+(Byte, Byte) { return Byte(); }
        friend constexpr Byte operator-(Byte, Byte) { return Byte(); }
        friend constexpr Byte operator*(Byte, Byte) { return Byte(); }
        friend constexpr Byte operator/(Byte, Byte) { return Byte(); }
        friend constexpr Byte operator&(Byte, Byte) { return Byte(); }
        friend constexpr Byte operator|(Byte, Byte) { return Byte(); }
        friend constexpr Byte operator^(Byte, Byte) { return Byte(); }
        friend constexpr Byte equal(Byte, Byte) { return Byte(); }
        friend constexpr Byte greater(Byte, Byte) { return Byte(); }
        friend constexpr Byte shift(Byte, Byte) { return Byte(); }
    };
    struct Short {
        constexpr explicit Short(int = 0) {}
        friend constexpr Short operator+(Short, Short) { return Short(); }
        friend constexpr Short operator-(Short, Short) { return Short(); }
        friend constexpr Short operator*(Short, Short) { return Short(); }
        friend constexpr Short operator/(Short, Short) { return Short(); }
        friend constexpr Short operator&(Short, Short) { return Short(); }
        friend constexpr Short operator|(Short, Short) { return Short(); }
        friend constexpr Short operator^(Short, Short) { return Short(); }
        friend constexpr Byte equal(Short, Short) { return Byte(); }
        friend constexpr Byte greater(Short, Short) { return Byte(); }
        friend constexpr Short shift(Short, Byte) { return Short(); }
        friend constexpr Byte high_byte(Short) { return Byte(); }
        friend constexpr Byte low_byte(Short) { return Byte(); }
    };
    friend constexpr Short make_short(Byte, Byte) { return Short(); }
    friend constexpr Short sign_extend(Byte) { return Short(); }

    template <Mode m>
    class View {
    public:
        constexpr View(unsigned& pops, unsigned& pushes) : pops_(pops), pushes_(pushes) {}
        constexpr Byte pop_byte() { return pops_ += 1, Byte(); }
        constexpr Short pop_short() { return pops_ += 2, Short(); }
        constexpr auto pop() {
            if constexpr (m.wide) {
                return pop_short();
            } else {
                return pop_byte();
            }
        }
        constexpr void put_back(auto value) { push(value); }
        constexpr void push(Byte) { pushes_ += 1; }
        constexpr void push(Short) { pushes_ += 2; }

    private:
        unsigned& pops_;
        unsigned& pushes_;
    };

    template <Mode m>
    constexpr View<m> source() {
        return View<m>(effect_.pops, effect_.pushes);
    }
    template <Mode m>
    constexpr View<m> other() {
        return View<m>(unused_, effect_.other_pushes);
    }
    constexpr Short pc() const { return Short(); }
    constexpr Byte literal_byte() { return effect_.literal += 1, Byte(); }
    constexpr Short literal_short() { return effect_.literal += 2, Short(); }
    template <Mode m>
    constexpr auto load(auto) const {
        if constexpr (m.wide) {
            return Short();
        } else {
            return Byte();
        }
    }
    constexpr void store(auto, auto) { effect_.stores = true; }
    constexpr Short literal_distance() { return literal_short(); }
    constexpr void jump_by(Short) { effect_.jumps = true; }
    constexpr void jump_by_if(Byte, Short) { effect_.jumps = true; }
    constexpr void jump(Short) { effect_.jumps = true; }
    constexpr void jump_if(Byte, Short) { effect_.jumps = true; }
    constexpr Byte read_port(Byte) { return effect_.uses_port = true, Byte(); }
    constexpr void write_port(Byte, Byte) { effect_.uses_port = true; }
    constexpr void end_vector() {}

    constexpr const StackEffect& effect() const { return effect_; }

private:
    StackEffect effect_;
    unsigned unused_ = 0;
};

/// The mode whose stack the counts of `effect_of(op)` refer to: an immediate jump works on the
/// working stack whatever its mode bits are.
constexpr Mode effect_mode(Op op) {
    return is_immediate_jump(op) || op == Op::BRK ? Mode{} : mode_of(op);
}

template <Op op>
consteval StackEffect effect_of() {
    CountingExecutor exec;
    execute<op>(exec);
    return exec.effect();
}

}  // namespace uxn
