#pragma once

#include <asmjit/x86.h>

namespace uxn::jit::x86_64 {

/// Where the code of Context::Stubs is, and that which enters.
struct StubLabels {
    asmjit::Label enter, leave, careful, side_exit, step, deep;
};

StubLabels write_stubs(asmjit::x86::Assembler& a);

}  // namespace uxn::jit::x86_64
