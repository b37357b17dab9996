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

/// Reads what `command`, a call of objdump without raw bytes, writes.
std::vector<Function> disassembly_of(const std::string& command);

}  // namespace uxn::test
