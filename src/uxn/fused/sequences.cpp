#include "uxn/fused/sequences.hpp"

#include <algorithm>
#include <initializer_list>

namespace uxn::fused {
namespace {

struct Row {
    std::array<Op, kMostOps> ops{};
    std::size_t size = 0;

    constexpr Row(std::initializer_list<Op> list) : size(list.size()) {
        std::ranges::copy(list, ops.begin());
    }
};

constexpr auto rows() {
    using enum Op;
    return std::to_array<Row>({
#define UXN_SEQUENCE(count, ...) {__VA_ARGS__},
#include "uxn/fused/sequences.inc"
    });
}

constexpr auto kRows = rows();

/// Edges of the tree in a hash table with open addressing.
struct Tree {
    struct Edge {
        std::uint32_t key = 0;  ///< where from << 8 | opcode; 0 (the row of BRK) marks a free place
        SequenceTree::Node to = 0;
    };
    static constexpr std::size_t kPlaces = 8192;
    static constexpr std::size_t kMostNodes = kPlaces / 2;

    std::array<Edge, kPlaces> edges{};
    std::array<std::int16_t, kMostNodes> sequences{};
    std::size_t nodes = 1;

    static constexpr std::size_t place_of(std::uint32_t key) { return (key * 0x9e3779b1U) >> 19; }
    constexpr const Edge& find(std::uint32_t key) const {
        std::size_t place = place_of(key);
        while (edges[place].key != 0 && edges[place].key != key) {
            place = (place + 1) % kPlaces;
        }
        return edges[place];
    }
    constexpr Tree() {
        sequences.fill(-1);
        for (std::size_t i = 0; i < kRows.size(); ++i) {
            std::uint32_t node = SequenceTree::kRoot;
            for (std::size_t j = 0; j < kRows[i].size; ++j) {
                const std::uint32_t key = node << 8 | byte_of(kRows[i].ops[j]);
                auto& edge = const_cast<Edge&>(find(key));
                if (edge.key == 0) {
                    edge = {.key = key, .to = static_cast<SequenceTree::Node>(nodes++)};
                }
                node = edge.to;
            }
            sequences[node] = static_cast<std::int16_t>(i);
        }
    }
};

constexpr Tree kTree;

}  // namespace

SequenceTree::Node SequenceTree::next(Node from, Op op) {
    const std::uint32_t key = static_cast<std::uint32_t>(from) << 8 | byte_of(op);
    const Tree::Edge& edge = kTree.find(key);
    return key != 0 && edge.key == key ? edge.to : kNowhere;
}

std::size_t sequence_count() {
    return kRows.size();
}

std::span<const Op> sequence_ops(std::size_t number) {
    const Row& row = kRows[number];
    return std::span(row.ops).first(row.size);
}

int SequenceTree::sequence(Node node) {
    return kTree.sequences[node];
}

}  // namespace uxn::fused
