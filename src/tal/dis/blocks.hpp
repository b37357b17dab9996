#pragma once

#include <cstdint>
#include <vector>

#include "tal/dis/references.hpp"

namespace tal::dis {

/// Where subroutines begin (or, with symbols, labels that are no sublabels): paragraphs of the
/// output. By address.
std::vector<bool> find_paragraphs(const Program& program, const References& references,
                                  const KnownSymbols& symbols);

/// The anonymous blocks: `?{ ... }`. They nest, and no paragraph begins in them.
struct Blocks {
    /// By the address of the instruction that opens it: where it is closed, or 0.
    std::vector<std::uint16_t> end = std::vector<std::uint16_t>(kMemorySize);
    /// By address: how many blocks are closed there.
    std::vector<std::uint16_t> closed = std::vector<std::uint16_t>(kMemorySize + 1);
};

/// With symbols, blocks are where they were in the source, as far as their ends tell. Without,
/// where they read best: short conditional jumps forward, to where nothing else leads.
Blocks find_blocks(const Program& program, const References& references,
                   const std::vector<bool>& paragraphs, const KnownSymbols& symbols);

}  // namespace tal::dis
