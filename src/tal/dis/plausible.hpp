#pragma once

#include <cstdint>
#include <vector>

#include "tal/dis/known_symbols.hpp"
#include "tal/dis/program.hpp"

namespace tal::dis {

/// Whether the bytes from `start` on, of which nothing is known, read like a routine: up to a jump,
/// a BRK or known code
/// - they are no text;
/// - they overlap no known code, and no label or loaded address but where a literal may be changed;
/// - no opcode is among those that hardly any program uses;
/// - immediate jumps lead to something that may be code;
/// - a BRK comes after something worth ending.
/// loaded: by address, whether the program is known to load or store there.
bool reads_like_code(const Program& program, const KnownSymbols& symbols,
                     const std::vector<bool>& loaded, std::uint32_t start);

}  // namespace tal::dis
