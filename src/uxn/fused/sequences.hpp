#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "uxn/opcode.hpp"

namespace uxn::fused {

/// The most opcodes in one sequence.
inline constexpr std::size_t kMostOps = 4;
/// The most bytes they can take.
inline constexpr std::size_t kMostBytes = 3 * kMostOps;

/// The sequences of sequences.inc as a tree: where to go from a row of opcodes by one more.
class SequenceTree {
public:
    using Node = std::uint16_t;
    static constexpr Node kRoot = 0;
    static constexpr Node kNowhere = 0xffff;

    /// The row that is `from` and `op` behind it, or kNowhere if no sequence begins like that.
    static Node next(Node from, Op op);
    /// The number of the sequence that `node` is, in the order of sequences.inc, or -1.
    static int sequence(Node node);
};

/// How many sequences there are.
inline constexpr std::size_t kSequenceCount = 0
#define UXN_SEQUENCE(...) +1
#include "uxn/fused/sequences.inc"
    ;

/// The same, as this library was built.
std::size_t sequence_count();
/// The opcodes of a sequence, by its number in the order of sequences.inc.
std::span<const Op> sequence_ops(std::size_t number);

}  // namespace uxn::fused
