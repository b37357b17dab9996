#pragma once

#include "uxn/opcode.hpp"

/// What the opcodes do, said once.
///
/// A body is generic over its mode and over an executor, which decides what a value is and what
/// happens to it: the interpreters run the bodies on bytes and shorts, `CountingExecutor`
/// counts what they push and pop, a compiler may record them. Bodies hold no C++ branch on a guest
/// value.
///
/// An executor `exec` provides
// clang-format off
///   types `Byte` and `Short` with the operations of uxn/word.hpp
///   exec.source<m>()               the stack that mode m reads, as a view (below)
///   exec.other<m>()                the other stack, to push on
///   exec.pc()                      address of the next instruction, a Short
///   exec.literal_byte(), exec.literal_short(), exec.literal_distance()
///                                  the in-line operand; pc() moves past it
///   exec.load<m>(at), exec.store(at, v)    RAM; a Byte address wraps in the zero page
///   exec.jump(to), exec.jump_if(flag, to)  to an address
///   exec.jump_by(distance), exec.jump_by_if(flag, distance)   by what literal_distance() gave
///   exec.read_port(port), exec.write_port(port, byte)
///   exec.end_vector()
/// A view has
///   pop_byte(), pop_short(), pop()   pop() gives a Short in short mode and a Byte otherwise
///   push(v)                          a Byte or a Short
///   put_back(v)                      as push(v), for what has just been popped from that place
/// In keep mode it pops through a pointer of its own, so results land above the inputs.
// clang-format on
///
/// Source: spec/uxn.md, sections 4 to 8.
namespace uxn::ops {

template <Mode m, class E>
[[gnu::always_inline]] constexpr void INC(E& exec) {
    auto stack = exec.template source<m>();
    const auto a = stack.pop();
    stack.push(a + decltype(a)(1));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void POP(E& exec) {
    exec.template source<m>().pop();
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void NIP(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    stack.pop();
    stack.push(b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void SWP(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(b);
    stack.push(a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void ROT(E& exec) {
    auto stack = exec.template source<m>();
    const auto c = stack.pop();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(b);
    stack.push(c);
    stack.push(a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void DUP(E& exec) {
    auto stack = exec.template source<m>();
    const auto a = stack.pop();
    stack.put_back(a);
    stack.push(a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void OVR(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.put_back(a);
    stack.put_back(b);
    stack.push(a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void EQU(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(equal(a, b));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void NEQ(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(equal(a, b) ^ typename E::Byte(1));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void GTH(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(greater(a, b));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void LTH(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(greater(b, a));
}

/// Where a jump leads: a byte is a signed distance from the next instruction, a short an address.
template <class E>
[[gnu::always_inline]] constexpr auto destination(E& exec, typename E::Byte distance) {
    return exec.pc() + sign_extend(distance);
}
template <class E>
[[gnu::always_inline]] constexpr auto destination(E&, typename E::Short address) {
    return address;
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void JMP(E& exec) {
    auto stack = exec.template source<m>();
    exec.jump(destination(exec, stack.pop()));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void JCN(E& exec) {
    auto stack = exec.template source<m>();
    const auto to = stack.pop();
    const auto flag = stack.pop_byte();
    exec.jump_if(flag, destination(exec, to));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void JSR(E& exec) {
    auto stack = exec.template source<m>();
    const auto to = stack.pop();
    exec.template other<m>().push(exec.pc());
    exec.jump(destination(exec, to));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void STH(E& exec) {
    auto stack = exec.template source<m>();
    const auto a = stack.pop();
    exec.template other<m>().push(a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void LDZ(E& exec) {
    auto stack = exec.template source<m>();
    const auto at = stack.pop_byte();
    stack.push(exec.template load<m>(at));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void STZ(E& exec) {
    auto stack = exec.template source<m>();
    const auto at = stack.pop_byte();
    const auto a = stack.pop();
    exec.store(at, a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void LDR(E& exec) {
    auto stack = exec.template source<m>();
    const auto distance = stack.pop_byte();
    stack.push(exec.template load<m>(destination(exec, distance)));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void STR(E& exec) {
    auto stack = exec.template source<m>();
    const auto distance = stack.pop_byte();
    const auto a = stack.pop();
    exec.store(destination(exec, distance), a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void LDA(E& exec) {
    auto stack = exec.template source<m>();
    const auto at = stack.pop_short();
    stack.push(exec.template load<m>(at));
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void STA(E& exec) {
    auto stack = exec.template source<m>();
    const auto at = stack.pop_short();
    const auto a = stack.pop();
    exec.store(at, a);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void DEI(E& exec) {
    auto stack = exec.template source<m>();
    const auto port = stack.pop_byte();
    if constexpr (m.wide) {
        const auto high = exec.read_port(port);
        const auto low = exec.read_port(port + typename E::Byte(1));
        stack.push(make_short(high, low));
    } else {
        stack.push(exec.read_port(port));
    }
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void DEO(E& exec) {
    auto stack = exec.template source<m>();
    const auto port = stack.pop_byte();
    const auto a = stack.pop();
    if constexpr (m.wide) {
        exec.write_port(port, high_byte(a));
        exec.write_port(port + typename E::Byte(1), low_byte(a));
    } else {
        exec.write_port(port, a);
    }
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void ADD(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a + b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void SUB(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a - b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void MUL(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a * b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void DIV(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a / b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void AND(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a & b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void ORA(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a | b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void EOR(E& exec) {
    auto stack = exec.template source<m>();
    const auto b = stack.pop();
    const auto a = stack.pop();
    stack.push(a ^ b);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void SFT(E& exec) {
    auto stack = exec.template source<m>();
    const auto by = stack.pop_byte();
    const auto a = stack.pop();
    stack.push(shift(a, by));
}

// The eight encodings of base 00. Their mode says only which stack a literal goes to.

template <Mode m, class E>
[[gnu::always_inline]] constexpr void BRK(E& exec) {
    exec.end_vector();
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void JCI(E& exec) {
    const auto distance = exec.literal_distance();
    const auto flag = exec.template source<Mode{}>().pop_byte();
    exec.jump_by_if(flag, distance);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void JMI(E& exec) {
    exec.jump_by(exec.literal_distance());
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void JSI(E& exec) {
    const auto distance = exec.literal_distance();
    exec.template other<Mode{}>().push(exec.pc());
    exec.jump_by(distance);
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void LIT(E& exec) {
    auto stack = exec.template source<m>();
    if constexpr (m.wide) {
        stack.push(exec.literal_short());
    } else {
        stack.push(exec.literal_byte());
    }
}

template <Mode m, class E>
[[gnu::always_inline]] constexpr void LIT2(E& exec) {
    LIT<m>(exec);
}
template <Mode m, class E>
[[gnu::always_inline]] constexpr void LITr(E& exec) {
    LIT<m>(exec);
}
template <Mode m, class E>
[[gnu::always_inline]] constexpr void LIT2r(E& exec) {
    LIT<m>(exec);
}

}  // namespace uxn::ops

namespace uxn {

/// Runs the body of `op` on an executor whose pc() is already past the opcode byte.
template <Op op, class E>
[[gnu::always_inline]] constexpr void execute(E& exec) {
#define UXN_IMMEDIATE(name, byte, ...) \
    if constexpr (op == Op::name) {    \
        ops::name<mode_of(op)>(exec);  \
    }
#define UXN_OPCODE(name, base, ...)      \
    if constexpr (base_of(op) == base) { \
        ops::name<mode_of(op)>(exec);    \
    }
#include "uxn/opcodes.inc"
}

}  // namespace uxn
