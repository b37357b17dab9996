#pragma once

#include <optional>

#include "differential/side_by_side.hpp"

namespace uxn::test {

/// A trial on which an engine differs from the oracle, made small.
struct Shrunken {
    Trial trial;
    std::string what;       ///< the first field that differs
    unsigned attempts = 0;  ///< trials run to find it
};

/// Looks for less that still makes `engine` differ: one run instead of many, few instructions, a
/// later beginning, zeros in RAM, stacks and device page, ports without effect. Takes some thousand
/// attempts at most. Nothing if the trial makes no difference.
std::optional<Shrunken> shrink(const Engine& engine, const Trial& trial);

}  // namespace uxn::test
