#pragma once

#include <asmjit/arm/a64assembler.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "uxn/jit/compile.hpp"

// Compiled code has the machine in registers all the time, and jumps from region to region. A call
// keeps x30 on the host's stack, where nothing else is; it is there for the prediction of returns.
namespace uxn::jit::aarch64 {

namespace a64 = asmjit::a64;
using a64::Gp;
using a64::GpX;

// What is in registers everywhere.
inline constexpr GpX kMachine = a64::x19;
inline constexpr GpX kContext = a64::x20;
/// The addresses of the cells on top, so that a store can move them.
inline constexpr GpX kWstPointer = a64::x21;
inline constexpr GpX kRstPointer = a64::x22;
inline constexpr GpX kLeft =
    a64::x23;  ///< instructions left of the slice but one: negative at its end
inline constexpr GpX kMarks = a64::x24;
inline constexpr GpX kEntries = a64::x25;
inline constexpr GpX kPorts = a64::x26;
inline constexpr GpX kStackLimit = a64::x27;  ///< how far calls may go
/// Where to, between regions.
inline constexpr GpX kPc = a64::x16;
/// Never the places of values. Addresses, constants and what has just been loaded are in the first.
inline constexpr std::uint8_t kScratchId = 17;
inline constexpr GpX kScratch = a64::x17;
inline constexpr GpX kSecondScratch = kPc;

/// The registers for values.
inline constexpr std::array<std::uint8_t, 16> kValueRegisters = {0, 1, 2,  3,  4,  5,  6,  7,
                                                                 8, 9, 10, 11, 12, 13, 14, 15};

inline a64::Mem context(std::size_t offset) {
    return a64::ptr(kContext, static_cast<std::int32_t>(offset));
}
inline a64::Mem entry_of_pc() {
    return a64::ptr(kEntries, kPc, a64::lsl(3));
}

}  // namespace uxn::jit::aarch64
