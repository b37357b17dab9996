#pragma once

#include "uxn/engine.hpp"

namespace uxn {

// Superinstructions: RAM is decoded once to the longest known rows of opcodes, each of which is one
// piece of code. The two engines differ only in how they get from one row to the next.

/// By guaranteed tail calls. Only where the compiler has them: see interp/tail_support.hpp.
const Engine& fused_engine();
/// By a switch in a loop, for all compilers, and for WebAssembly.
const Engine& fused_switch_engine();

}  // namespace uxn
