#pragma once

#include "uxn/engine.hpp"

namespace uxn {

/// The engine `fused`, and machine code for what is executed often.
const Engine& jit_engine();
/// The same, compiling everything at once: for tests.
const Engine& eager_jit_engine();
/// The same, each instruction by itself.
const Engine& single_jit_engine();
/// The same, at random moments regions of random sizes, some of which are forgotten at once.
const Engine& random_jit_engine();

}  // namespace uxn
