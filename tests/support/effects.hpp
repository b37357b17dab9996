#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "uxn/opcode.hpp"
#include "uxn/stack_effect.hpp"

namespace uxn::test {

namespace detail {
template <std::size_t... opcodes>
constexpr std::array<StackEffect, 256> make_effects(std::index_sequence<opcodes...>) {
    return {effect_of<Op{opcodes}>()...};
}
}  // namespace detail

/// What the bodies of all opcodes do to the stacks, indexed by the opcode's byte.
inline constexpr std::array<StackEffect, 256> kEffects =
    detail::make_effects(std::make_index_sequence<256>());

}  // namespace uxn::test
