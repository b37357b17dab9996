#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "uxn/jit/ir.hpp"

namespace uxn::jit {

/// Which nodes of a region are needed, and how long: what back ends want to know before they begin.
class Uses {
public:
    /// The region must outlive it.
    explicit Uses(const Region& region);

    /// Whether code is to be made for the node.
    bool is_emitted(std::size_t node) const;
    bool is_used(Value value) const { return used_[index(value)]; }
    /// The number of the last node of its block that needs the value, or of the block's end.
    std::uint32_t last_use(Value value) const { return last_use_[index(value)]; }
    bool is_used_once(Value value) const { return uses_[index(value)] == 1; }
    /// How many edges lead to the block.
    unsigned edges_to(std::size_t block) const { return edges_to_[block]; }
    /// Whether the branch that needs the flag is the only one: it can compare by itself then.
    bool is_done_at_branch(Value flag) const;
    /// Whether it is a comparison's flag, turned round.
    bool is_inversion(const Node& node) const;

private:
    static std::size_t index(Value value) { return static_cast<std::size_t>(value.node); }
    const Node& node_of(Value value) const { return region_.nodes[index(value)]; }
    template <class See>
    void at_end(const Block& block, See see) const;
    bool mark(std::size_t block);
    void count(const Block& block);
    void keep_operands(Value flag, std::uint32_t until);

    const Region& region_;
    std::vector<bool> used_;
    std::vector<std::uint32_t> last_use_;
    std::vector<std::uint16_t> uses_;
    std::vector<std::uint16_t> edges_to_;
    std::vector<bool> is_loop_;  ///< blocks that an edge leads back to
};

}  // namespace uxn::jit
