#pragma once

#include "uxn/engine.hpp"

namespace uxn {

/// One function per opcode, machine state in its arguments, a guaranteed tail call at its end.
/// Only where the compiler has `musttail` and `preserve_none`: see tail_support.hpp.
const Engine& tail_engine();

}  // namespace uxn
