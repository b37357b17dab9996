#pragma once

#include <cstddef>
#include <vector>

#include "corpus.hpp"

namespace sequences {

struct Limits {
    std::size_t count = 1024;  ///< how many sequences
    std::size_t longest = 3;   ///< opcodes in one of them
};

struct Sequence {
    std::vector<uxn::Op> ops;
    std::size_t programs = 0;  ///< how many it was found in
};

/// The sequences that are worth most, the best first: each is the one that adds most to those
/// before it, so that the first part of the list is the list for a smaller count.
std::vector<Sequence> choose(const std::vector<Program>& programs, const Limits& limits);

}  // namespace sequences
