#pragma once

#include <cstddef>
#include <cstdint>

#include "uxn/machine.hpp"

namespace uxn {

/// Where a stack lies in `Machine`, and the conversion between its `ptr` and the distance of its
/// next free cell from the start of `Machine`, which is what engines keep in a register: one base
/// and a displacement of one byte then reach every cell that a handler touches; and the low byte
/// alone tells how far it is to the ends of the ring, which is aligned.
struct StackPlace {
    std::size_t ring;  ///< the first byte of the storage

    constexpr std::size_t free_of(const Stack& stack) const { return ring + 0xff - stack.ptr; }
    static constexpr std::uint8_t ptr_of(std::size_t free) {
        return static_cast<std::uint8_t>(0xff - free);
    }
};
inline constexpr StackPlace kWst{offsetof(Machine, wst) + offsetof(Stack, storage)};
inline constexpr StackPlace kRst{offsetof(Machine, rst) + offsetof(Stack, storage)};
static_assert(kWst.ring % kRingSize == 0 && kRst.ring % kRingSize == 0);

/// What stack pointers are indices of.
[[gnu::always_inline]] inline std::uint8_t* cells_of(Machine& machine) {
    return reinterpret_cast<std::uint8_t*>(&machine);
}

/// True when `pops` bytes below the top and `growth` bytes above it lie in the ring without
/// wrapping. free: where the next push goes.
template <unsigned pops, unsigned growth>
[[gnu::always_inline]] constexpr bool fits(std::size_t free) {
    const auto index = static_cast<std::uint8_t>(free);
    return (pops == 0 || index <= 0xff - pops) && (growth == 0 || index >= growth);
}

inline void write_back(Machine& machine, std::size_t wst, std::size_t rst) {
    machine.wst.ptr = StackPlace::ptr_of(wst);
    machine.rst.ptr = StackPlace::ptr_of(rst);
}

}  // namespace uxn
