#pragma once

#include <span>

#include "tal/dis/known_symbols.hpp"
#include "tal/dis/program.hpp"
#include "tal/disassembler.hpp"

namespace tal::dis {

/// Marks the code of the program: what control reaches, then what is labelled, pushed as a number
/// or right after code, and reads like a routine.
void find_code(Program& program, const KnownSymbols& symbols, std::span<const PortName> ports);

/// A call forward to where the return address is taken from the stack at once: what comes after the
/// call may be data, and the call one over a block.
bool is_block_call(const Program& program, std::uint32_t address);

}  // namespace tal::dis
