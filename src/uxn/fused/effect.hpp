#pragma once

#include <algorithm>

#include "uxn/opcode.hpp"
#include "uxn/stack_effect.hpp"

namespace uxn::fused {

/// Which cells of a stack a row of opcodes touches, counted from its pointer at the start.
struct RingSpan {
    int depth = 0;    ///< where the pointer is afterwards
    int lowest = 0;   ///< the lowest cell read or written
    int highest = 0;  ///< one above the highest

    friend bool operator==(const RingSpan&, const RingSpan&) = default;
};

/// The same for both stacks, and the length of the row.
struct SequenceEffect {
    RingSpan wst;
    RingSpan rst;
    int bytes = 0;
    int instructions = 0;

    friend bool operator==(const SequenceEffect&, const SequenceEffect&) = default;
};

/// Counted from the bodies: see `effect_of`.
template <Op... ops>
consteval SequenceEffect sequence_effect() {
    SequenceEffect sum;
    const auto add = [&](StackEffect effect, Mode mode, unsigned bytes) {
        RingSpan& source = mode.ret ? sum.rst : sum.wst;
        RingSpan& other = mode.ret ? sum.wst : sum.rst;
        source.lowest = std::min(source.lowest, source.depth - static_cast<int>(effect.pops));
        source.depth +=
            static_cast<int>(effect.pushes) - (mode.keep ? 0 : static_cast<int>(effect.pops));
        source.highest = std::max(source.highest, source.depth);
        other.depth += static_cast<int>(effect.other_pushes);
        other.highest = std::max(other.highest, other.depth);
        sum.bytes += static_cast<int>(bytes);
        sum.instructions += 1;
    };
    (add(effect_of<ops>(), effect_mode(ops), length_of(ops)), ...);
    return sum;
}

}  // namespace uxn::fused
