#include "uxn/jit/uses.hpp"

#include <algorithm>

namespace uxn::jit {
namespace {

bool has_effect(Code code) {
    switch (code) {
        case Code::StoreRam:
        case Code::StorePort:
        case Code::StoreCell:
        case Code::UnlessCode:
        case Code::UnlessWraps: return true;
        default: return false;
    }
}

bool is_comparison(const Node& node) {
    return node.code == Code::Equal || node.code == Code::Greater;
}

}  // namespace

Uses::Uses(const Region& region)
    : region_(region),
      used_(region.nodes.size()),
      last_use_(region.nodes.size()),
      uses_(region.nodes.size()),
      edges_to_(region.blocks.size()),
      is_loop_(region.blocks.size()) {
    for (std::size_t i = 0; i < region.blocks.size(); ++i) {
        const Block& block = region.blocks[i];
        for (std::size_t k = 0; k < edge_count(block); ++k) {
            const std::uint32_t to = block.edges[k].block;
            ++edges_to_[to];
            is_loop_[to] = is_loop_[to] || to <= i;
        }
    }
    // Which parameters are used depends on which of those of the blocks behind are.
    bool changed = true;
    while (changed) {
        changed = false;
        for (std::size_t i = region.blocks.size(); i-- > 0;) {
            changed = mark(i) || changed;
        }
    }
    for (const Block& block : region.blocks) {
        count(block);
    }
}

bool Uses::is_emitted(std::size_t node) const {
    const Code code = region_.nodes[node].code;
    return code != Code::Parameter && (has_effect(code) || used_[node]);
}

bool Uses::is_done_at_branch(Value flag) const {
    return !flag.is_constant() && uses_[index(flag)] == 1 &&
           (is_comparison(node_of(flag)) || is_inversion(node_of(flag)));
}

bool Uses::is_inversion(const Node& node) const {
    return node.code == Code::Xor && !node.wide && node.b == Value{.bits = 1} &&
           !node.a.is_constant() && is_comparison(node_of(node.a));
}

/// Calls `see(value)` for all values that the end of the block needs.
template <class See>
void Uses::at_end(const Block& block, See see) const {
    if (block.end == Block::End::Exit) {
        return for_each_value(region_, region_.exits[block.exit], see);
    }
    if (block.end == Block::End::Branch) {
        see(block.flag);
    }
    for (std::size_t k = 0; k < edge_count(block); ++k) {
        const Edge& edge = block.edges[k];
        const Block& to = region_.blocks[edge.block];
        if (to.is_exit) {
            for_each_value(region_, region_.exits[to.exit], see);
        }
        for (std::size_t i = 0; i < edge.arguments.size(); ++i) {
            if (is_used(to.parameters[i])) {
                see(edge.arguments[i]);
            }
        }
    }
}

/// Marks what the block uses. True if that is more than before.
bool Uses::mark(std::size_t number) {
    const Block& block = region_.blocks[number];
    bool changed = false;
    const auto use = [&](Value value) {
        if (!value.is_constant() && !is_used(value)) {
            used_[index(value)] = true;
            changed = true;
        }
    };
    at_end(block, use);
    for (std::size_t i = block.last; i-- > block.first;) {
        if (is_emitted(i)) {
            for_each_value(region_, region_.nodes[i], use);
        }
    }
    if (is_loop_[number]) {
        for_each_value(region_, region_.exits[block.out_of_fuel], use);
    }
    return changed;
}

void Uses::count(const Block& block) {
    std::uint32_t now = 0;
    const auto use = [&](Value value) {
        if (!value.is_constant()) {
            last_use_[index(value)] = std::max(last_use_[index(value)], now);
            ++uses_[index(value)];
        }
    };
    for (std::size_t i = block.first; i < block.last; ++i) {
        now = static_cast<std::uint32_t>(i);
        if (is_emitted(i)) {
            for_each_value(region_, region_.nodes[i], use);
        }
    }
    now = static_cast<std::uint32_t>(block.last);
    at_end(block, use);
    if (block.end == Block::End::Branch) {
        keep_operands(block.flag, now);
    }
}

void Uses::keep_operands(Value flag, std::uint32_t until) {
    if (!is_done_at_branch(flag)) {
        return;
    }
    for (const Value value : {node_of(flag).a, node_of(flag).b}) {
        if (!value.is_constant()) {
            last_use_[index(value)] = until;
            keep_operands(value, until);
        }
    }
}

}  // namespace uxn::jit
