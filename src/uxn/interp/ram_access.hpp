#pragma once

#include "uxn/machine.hpp"
#include "uxn/opcode.hpp"
#include "uxn/word.hpp"

namespace uxn {

// RAM as opcode bodies see it: by one byte of address, the zero page, or by two. Shorts are loaded
// and stored byte by byte, as programs often touch the two bytes of one by themselves.

/// True when the second byte of a short lies at the other end of the zero page or of RAM.
[[gnu::always_inline]] constexpr bool wraps(auto at) {
    return (at + decltype(at)(1)).bits == 0;
}

/// A Short in wide mode, or a Byte.
template <Mode m>
[[gnu::always_inline]] constexpr auto load_ram(const Ram& from, auto at) {
    const std::uint8_t* ram = from.data();
    if constexpr (m.wide) {
        if (wraps(at)) [[unlikely]] {
            return make_short(Byte(ram[at.bits]), Byte(ram[0]));
        }
        return make_short(Byte(ram[at.bits]), Byte(ram[at.bits + 1]));
    } else {
        return Byte(ram[at.bits]);
    }
}

[[gnu::always_inline]] constexpr void store_ram(Ram& to, auto at, Byte value) {
    to.data()[at.bits] = value.bits;
}

[[gnu::always_inline]] constexpr void store_ram(Ram& to, auto at, Short value) {
    std::uint8_t* ram = to.data();
    if (wraps(at)) [[unlikely]] {
        ram[at.bits] = high_byte(value).bits;
        ram[0] = low_byte(value).bits;
        return;
    }
    ram[at.bits] = high_byte(value).bits;
    ram[at.bits + 1] = low_byte(value).bits;
}

}  // namespace uxn
