#pragma once

#include <asmjit/x86.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "uxn/jit/compile.hpp"

// Compiled code has the machine in registers all the time, and jumps from region to region; the
// host's stack has nothing but return addresses, which are there for their prediction.
namespace uxn::jit::x86_64 {

namespace x86 = asmjit::x86;
using x86::Gp;

// What is in registers everywhere.
inline const Gp kMachine = x86::rbx;
inline const Gp kContext = x86::rbp;
inline const Gp kWstPointer = x86::r12;  ///< as in State: from the machine's beginning
inline const Gp kRstPointer = x86::r13;
inline const Gp kLeft = x86::r14;  ///< instructions left of the slice
inline const Gp kMarks = x86::r15;
/// Where to, between regions.
inline const Gp kPc = x86::rax;
/// Never the place of a value.
inline constexpr std::uint8_t kScratchId = Gp::kIdR11;
inline const Gp kScratch = x86::r11;

/// The registers for values.
inline constexpr std::array<std::uint8_t, 8> kValueRegisters = {
    Gp::kIdAx, Gp::kIdCx, Gp::kIdDx, Gp::kIdSi, Gp::kIdDi, Gp::kIdR8, Gp::kIdR9, Gp::kIdR10};

inline x86::Mem context(std::size_t offset, std::uint32_t size = 8) {
    return {kContext, static_cast<std::int32_t>(offset), size};
}
inline x86::Mem entry_of(std::uint16_t pc) {
    return context(offsetof(Context, entries) + std::size_t{8} * pc);
}
inline x86::Mem entry_of_pc() {
    return {kContext, kPc, 3, offsetof(Context, entries), 8};
}

}  // namespace uxn::jit::x86_64
