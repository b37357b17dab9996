#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "assemble.hpp"
#include "tal/disassembler.hpp"

namespace tal::test {

using Bytes = std::vector<std::uint8_t>;

/// Some ports, of each use.
inline constexpr PortName kPorts[] = {
    {0x02, 2, PortUse::Address, "System", "expansion"},
    {0x06, 2, PortUse::Metadata, "System", "metadata"},
    {0x0f, 1, PortUse::Value, "System", "state"},
    {0x10, 2, PortUse::Vector, "Console", "vector"},
    {0x12, 1, PortUse::Value, "Console", "read"},
    {0x18, 1, PortUse::Value, "Console", "write"},
    {0x20, 2, PortUse::Vector, "Screen", "vector"},
    {0x28, 2, PortUse::Value, "Screen", "x"},
    {0x2c, 2, PortUse::Address, "Screen", "addr"},
};

/// The plain source for a ROM.
inline std::string source_of(const Bytes& rom, const std::vector<Symbol>& symbols = {},
                             Comments comments = Comments::None) {
    return disassemble(rom, {.symbols = symbols, .ports = kPorts, .comments = comments});
}

/// What an assembler keeps of a ROM: all but the zeros at its end.
inline Bytes without_zeros(Bytes rom) {
    rom.resize(std::min(rom.size(), kMaxDisassembledBytes));
    while (!rom.empty() && rom.back() == 0) {
        rom.pop_back();
    }
    return rom;
}

/// Nothing if the source for a ROM gives that ROM again; otherwise what went wrong.
inline std::string round_trip(const Bytes& rom, const std::vector<Symbol>& symbols = {},
                              Comments comments = Comments::Bytes) {
    const std::string source = source_of(rom, symbols, comments);
    const Assembly assembly = assemble_text(source);
    const Bytes expected = without_zeros(rom);
    if (expected.empty()) {
        return list(assembly, Severity::Error) == "OutputEmpty" ? "" : source;
    }
    if (!assembly.ok()) {
        return list(assembly, Severity::Error) + "\n" + source;
    }
    return assembly.rom == expected ? "" : "another ROM: " + hex(assembly.rom) + "\n" + source;
}

}  // namespace tal::test
