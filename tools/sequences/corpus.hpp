#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tal/symbols.hpp"
#include "uxn/opcode.hpp"

namespace sequences {

/// Instructions that follow each other, up to one behind which execution always goes on elsewhere.
using Run = std::vector<uxn::Op>;

/// The straight pieces of one program's code.
using Program = std::vector<Run>;

Program runs_of(std::span<const std::uint8_t> rom, std::span<const tal::Symbol> symbols);

}  // namespace sequences
