#pragma once

#include <compare>
#include <concepts>
#include <cstdint>

namespace uxn {

/// An unsigned machine word whose arithmetic wraps at its own width.
///
/// Plain `std::uint8_t` arithmetic is promoted to `int`, so a forgotten cast changes the meaning of
/// an opcode; these types keep every result at the width of its operands.
template <std::unsigned_integral T>
struct Word {
    T bits = 0;

    constexpr Word() = default;
    /// Truncates `value` to the width of the word.
    constexpr explicit Word(std::integral auto value) : bits(static_cast<T>(value)) {}
    /// Zero-extends or truncates another word.
    template <std::unsigned_integral U>
    constexpr explicit Word(Word<U> other) : bits(static_cast<T>(other.bits)) {}

    friend constexpr bool operator==(Word, Word) = default;

    friend constexpr Word operator+(Word a, Word b) { return Word(unsigned{a.bits} + b.bits); }
    friend constexpr Word operator-(Word a, Word b) { return Word(unsigned{a.bits} - b.bits); }
    friend constexpr Word operator*(Word a, Word b) { return Word(unsigned{a.bits} * b.bits); }
    /// Division by zero gives zero (spec/uxn.md, section 5).
    friend constexpr Word operator/(Word a, Word b) {
        return b.bits == 0 ? Word() : Word(unsigned{a.bits} / b.bits);
    }
    friend constexpr Word operator&(Word a, Word b) { return Word(a.bits & b.bits); }
    friend constexpr Word operator|(Word a, Word b) { return Word(a.bits | b.bits); }
    friend constexpr Word operator^(Word a, Word b) { return Word(a.bits ^ b.bits); }

    /// Flags are bytes: 01 or 00.
    friend constexpr Word<std::uint8_t> equal(Word a, Word b) {
        return Word<std::uint8_t>(a.bits == b.bits);
    }
    friend constexpr Word<std::uint8_t> greater(Word a, Word b) {
        return Word<std::uint8_t>(a.bits > b.bits);
    }
    /// Right by the low nibble of `by`, then left by its high one; zeros come in.
    friend constexpr Word shift(Word a, Word<std::uint8_t> by) {
        return Word(unsigned{a.bits} >> (by.bits & 0x0f) << (by.bits >> 4));
    }
};

using Byte = Word<std::uint8_t>;
using Short = Word<std::uint16_t>;

constexpr Short make_short(Byte high, Byte low) {
    return Short(high.bits << 8 | low.bits);
}
constexpr Byte high_byte(Short value) {
    return Byte(value.bits >> 8);
}
constexpr Byte low_byte(Short value) {
    return Byte(value.bits);
}

/// The byte as a signed distance, widened so that it can be added to an address.
constexpr Short sign_extend(Byte value) {
    return Short(static_cast<std::int8_t>(value.bits));
}

}  // namespace uxn
