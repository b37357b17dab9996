#pragma once

#include <cstdint>
#include <vector>

#include "uxn/jit/ir.hpp"

namespace uxn::jit::wasm {

/// How control flows between the blocks of a region, for a target that has blocks and loops but no
/// jumps. Blocks that are exits have no part in it.
class Flow {
public:
    explicit Flow(const Region& region);

    /// Whether the edge leads back, to a block that comes before or to the same one.
    bool is_back(std::uint32_t from, std::uint32_t to) const { return order_[to] <= order_[from]; }
    /// Whether all ways to the block lead through that one.
    bool dominates(std::uint32_t one, std::uint32_t block) const;
    /// Whether an edge leads back to it from a block that it dominates.
    bool is_loop(std::uint32_t block) const { return is_loop_[block]; }
    /// Whether more than one edge leads forward to it.
    bool is_merge(std::uint32_t block) const { return forward_[block] > 1; }
    /// The merges that the block is the last one to dominate, in an order in which edges lead
    /// forward.
    std::vector<std::uint32_t> merges_below(std::uint32_t block) const;

private:
    static constexpr std::uint32_t kNone = ~0U;

    void visit(const Region& region, std::uint32_t block);
    std::uint32_t common_dominator(std::uint32_t a, std::uint32_t b) const;

    std::vector<std::uint32_t> blocks_;     ///< those that can be reached, in reverse postorder
    std::vector<std::uint32_t> order_;      ///< where a block is among them
    std::vector<std::uint32_t> dominator_;  ///< the immediate one
    std::vector<std::uint16_t> forward_;    ///< edges
    std::vector<bool> is_loop_;
};

}  // namespace uxn::jit::wasm
