#pragma once

#include <string>
#include <vector>

namespace uxn::test {

/// What a command writes to its standard output.
std::string output_of(const std::string& command);

/// The code between two symbols.
struct Function {
    std::string name;
    std::vector<std::string> instructions;  ///< as the disassembler writes them
};

/// What counts in the code of a handler.
struct Handler {
    unsigned instructions = 0;  ///< without padding
    unsigned calls = 0;
    unsigned stack_uses = 0;  ///< pushes, pops, spills: whatever names the stack pointer
    std::string offender;     ///< the first instruction counted in one of the latter two
};

/// Of x86-64.
Handler handler_of(const Function& function);

/// The engines, as the compiler made them for x86-64.
std::vector<Function> disassembly_of_engines();

/// Reads what `command`, a call of objdump without raw bytes, writes.
std::vector<Function> disassembly_of(const std::string& command);

}  // namespace uxn::test
