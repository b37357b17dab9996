#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "tal/assembler.hpp"

namespace cli {

enum class Warnings { Hide, Show };

/// Assembles a source and prints the diagnostics on standard error.
tal::Assembly assemble(const std::string& path, tal::SourceLoader& loader, Warnings warnings);

/// A program as it was found in a file.
struct LoadedProgram {
    std::vector<std::uint8_t> rom;     ///< empty: there is none
    std::vector<tal::Symbol> symbols;  ///< of a source that was assembled
    std::vector<tal::Diagnostic> diagnostics;
    std::string error;                 ///< why a ROM could not be read; empty if it could
    std::vector<std::string> sources;  ///< the files it was made from, and those looked for in vain
};

/// Reads a ROM, or assembles one from a file whose name ends in .tal.
LoadedProgram read_program(const std::string& path);

/// Assembles a program that is part of the binary.
LoadedProgram read_demo(const std::string& name);

/// The labels in a symbol file. Errors: as of host::read_file; Malformed.
base::Result<std::vector<tal::Symbol>> read_symbol_file(const std::string& path);

/// Says on standard error what is wrong with it.
void print_problems(const LoadedProgram& program, Warnings warnings);

/// The ROM in a file, or the one assembled from it if its name ends in .tal. If there is none, has
/// said on standard error why.
std::optional<std::vector<std::uint8_t>> load_program(const std::string& path, Warnings warnings);

/// A program's arguments as a session takes them. The strings must outlive them.
std::vector<const char*> as_arguments(const std::vector<std::string>& words);

}  // namespace cli
