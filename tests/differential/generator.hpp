#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include "differential/trial.hpp"
#include "support/choices.hpp"

namespace uxn::test {

/// Kinds of random programs.
enum class ProgramKind : std::uint8_t {
    Noise,    ///< any byte anywhere: all opcodes, wild jumps, an early BRK
    Woven,    ///< idioms throughout RAM: loads and stores near and far, jumps, calls, counted loops
    Endless,  ///< a closed loop of idioms that runs for as long as one lets it
    Edges,    ///< idioms around ffff and in the zero page, stack pointers near the ends of the ring
    Straight,    ///< RAM full of one opcode with little in between: long runs without a jump
    Structured,  ///< programs in balance: nested loops, choices, routines, recursion, jump tables
    SelfModifying,  ///< the same with literals, opcodes, jumps and copied code that change
    Ports,          ///< the same with devices that change all of it
};

inline constexpr std::array kProgramKinds{
    ProgramKind::Noise,    ProgramKind::Woven,      ProgramKind::Endless,       ProgramKind::Edges,
    ProgramKind::Straight, ProgramKind::Structured, ProgramKind::SelfModifying, ProgramKind::Ports};

std::string_view name_of(ProgramKind kind);

/// How GoogleTest prints a kind that is a test's parameter.
inline void PrintTo(ProgramKind kind, std::ostream* out) {
    *out << name_of(kind);
}

/// A program with its devices and with the runs that it is cut into.
Trial generate(ProgramKind kind, Choices& choices);

/// The runs of a program alone, whose further vectors may begin at some of `entries`.
std::vector<Slice> random_slices(Choices& choices, bool is_long,
                                 std::span<const std::uint16_t> entries);

}  // namespace uxn::test
