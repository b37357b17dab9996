#include "uxn/jit/wasm/flow.hpp"

#include <algorithm>

namespace uxn::jit::wasm {

Flow::Flow(const Region& region)
    : order_(region.blocks.size(), kNone),
      dominator_(region.blocks.size(), kNone),
      forward_(region.blocks.size()),
      is_loop_(region.blocks.size()) {
    visit(region, 0);
    std::ranges::reverse(blocks_);
    for (std::uint32_t i = 0; i < blocks_.size(); ++i) {
        order_[blocks_[i]] = i;
    }
    const auto for_each_edge = [&](auto see) {
        for (const std::uint32_t from : blocks_) {
            const Block& block = region.blocks[from];
            for (std::size_t k = 0; k < edge_count(block); ++k) {
                if (!region.blocks[block.edges[k].block].is_exit) {
                    see(from, block.edges[k].block);
                }
            }
        }
    };
    // Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
    dominator_[0] = 0;
    bool changed = true;
    while (changed) {
        changed = false;
        for_each_edge([&](std::uint32_t from, std::uint32_t to) {
            const std::uint32_t known = dominator_[to];
            dominator_[to] = known == kNone ? from : common_dominator(known, from);
            changed = changed || dominator_[to] != known;
        });
    }
    for_each_edge([&](std::uint32_t from, std::uint32_t to) {
        if (!is_back(from, to)) {
            ++forward_[to];
        } else if (dominates(to, from)) {
            is_loop_[to] = true;
        }
    });
}

/// Appends what is reached from the block, and then the block.
void Flow::visit(const Region& region, std::uint32_t number) {
    order_[number] = 0;  // has been visited
    const Block& block = region.blocks[number];
    for (std::size_t k = 0; k < edge_count(block); ++k) {
        const std::uint32_t to = block.edges[k].block;
        if (!region.blocks[to].is_exit && order_[to] == kNone) {
            visit(region, to);
        }
    }
    blocks_.push_back(number);
}

std::uint32_t Flow::common_dominator(std::uint32_t a, std::uint32_t b) const {
    while (a != b) {
        std::uint32_t& later = order_[a] > order_[b] ? a : b;
        later = dominator_[later];
    }
    return a;
}

bool Flow::dominates(std::uint32_t one, std::uint32_t block) const {
    while (order_[block] > order_[one]) {
        block = dominator_[block];
    }
    return block == one;
}

std::vector<std::uint32_t> Flow::merges_below(std::uint32_t block) const {
    std::vector<std::uint32_t> found;
    for (const std::uint32_t other : blocks_) {
        if (other != block && dominator_[other] == block && is_merge(other)) {
            found.push_back(other);
        }
    }
    return found;
}

}  // namespace uxn::jit::wasm
