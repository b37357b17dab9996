#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "uxn/engine.hpp"
#include "uxn/machine.hpp"

namespace uxn::test {

/// A number in hexadecimal, padded to `digits`.
std::string hex(unsigned value, int digits);

/// Bytes in hexadecimal with blanks between them.
std::string hex_bytes(std::span<const std::uint8_t> bytes);

std::string_view name_of(Stop::Reason reason);

/// As in "Budget at 0104 after 3 instructions".
std::string describe(const Stop& stop);

/// The first thing in which two machines differ, as in "ram[0200] is 12, expected 13"; empty when
/// they are equal.
std::string first_difference(const Machine& actual, const Machine& expected);

/// The instruction at `pc` with its address, in-line operand and, at the end, the two pointers.
std::string disassemble(const Machine& machine, std::uint16_t pc);

}  // namespace uxn::test
