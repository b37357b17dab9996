#pragma once

#include <asmjit/x86.h>

#include "uxn/jit/compile.hpp"

namespace uxn::jit::x86_64 {

/// Writes the code of a region, and what `compiled` says about it but for where it is. False if the
/// region is too complicated.
bool write_region(const Region& region, asmjit::x86::Assembler& a, Compiled& compiled);

}  // namespace uxn::jit::x86_64
