#pragma once

#include <asmjit/core.h>

#include <cstdint>
#include <string_view>

#include "uxn/jit/compile.hpp"
#include "uxn/jit/unwind.hpp"

// What a back end consists of. There is one for each processor, in a folder of its own; a build has
// that of the processor it is for.
namespace uxn::jit {

/// Where the code of Context::Stubs is, and that which enters.
struct StubLabels {
    explicit StubLabels(asmjit::BaseAssembler& a) {
        for (asmjit::Label* label : {&enter, &leave, &careful, &side_exit, &step, &deep}) {
            *label = a.newLabel();
        }
    }

    asmjit::Label enter, leave, careful, side_exit, step, deep;
};

/// frames: filled in for code that begins with the stubs, and goes on with regions.
StubLabels write_stubs(asmjit::CodeHolder& code, FrameProgram& frames);

/// Writes a function that returns the number.
void write_constant(asmjit::CodeHolder& code, std::uint16_t number);

/// The register that points to the Context, as AsmJit writes it.
std::string_view context_register();

FrameRules frame_rules();
/// Of code that is entered with everything in its place: regions.
FrameProgram region_frames();

/// Writes the code of a region, and what `compiled` says about it but for where it is. False if the
/// region is too complicated.
bool write_region(const Region& region, asmjit::CodeHolder& code, Compiled& compiled);

}  // namespace uxn::jit
