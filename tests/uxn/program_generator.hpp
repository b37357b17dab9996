#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <string_view>

#include "rng.hpp"
#include "uxn/machine.hpp"

namespace uxn::test {

/// Kinds of random programs.
enum class ProgramKind {
    Noise,    ///< any byte anywhere: all opcodes, wild jumps, an early BRK
    Woven,    ///< idioms throughout RAM: loads and stores near and far, jumps, calls, counted loops
    Endless,  ///< a closed loop of idioms that runs for as long as one lets it
    Edges,    ///< idioms around ffff and in the zero page, stack pointers near the ends of the ring
    Straight,  ///< RAM full of one opcode with little in between: long runs without a jump
};

inline constexpr std::array kProgramKinds{ProgramKind::Noise, ProgramKind::Woven,
                                          ProgramKind::Endless, ProgramKind::Edges,
                                          ProgramKind::Straight};

std::string_view name_of(ProgramKind kind);

/// How GoogleTest prints a kind that is a test's parameter.
inline void PrintTo(ProgramKind kind, std::ostream* out) {
    *out << name_of(kind);
}

/// A program, and where it begins.
struct Program {
    Machine machine;
    std::uint16_t pc = kResetVector;
};

Program generate(ProgramKind kind, Rng& rng);

}  // namespace uxn::test
