#pragma once

#include <cstdint>
#include <vector>

#include "uxn/jit/compile.hpp"
#include "uxn/jit/ir.hpp"

namespace uxn::jit::wasm {

/// A function of compiled code, or a stub: works from this state on, and comes back when compiled
/// code is left. `left` are the instructions left of the slice.
using Function = void(std::uint32_t wst, std::uint32_t rst, std::int32_t left, std::uint32_t pc);

/// A module that imports the memory `e.m` and the table of functions `e.t`, and exports the region
/// as the Function `f`.
/// context: where machine, marks and entries are, whose addresses become part of the code.
std::vector<std::uint8_t> write_module(const Region& region, const Context& context);

}  // namespace uxn::jit::wasm
