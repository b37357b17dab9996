#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "tal/dis/known_symbols.hpp"
#include "tal/dis/operand.hpp"
#include "tal/dis/program.hpp"
#include "tal/disassembler.hpp"

namespace tal::dis {

/// How an address is referred to; a set of bits.
enum Use : std::uint8_t {
    kSkippedTo = 1,  ///< jumped to from further up
    kLoopedTo = 2,   ///< jumped to from further down
    kCalled = 4,
    kVector = 8,
    kData = 16,
    kVariable = 32,  ///< loaded or stored at a distance
    kMetadata = 64,
};

/// A reference that is written with a label.
struct Reference {
    std::uint32_t from = 0;  ///< the address of the instruction
    std::uint16_t to = 0;
};

/// What the instructions refer to.
struct References {
    /// By the address of the instruction.
    std::vector<Operand> operands = std::vector<Operand>(kMemorySize);
    /// By address of memory; ports have none.
    std::vector<std::uint8_t> uses = std::vector<std::uint8_t>(kMemorySize);
    /// The device of each vector, by its address; of several the last one.
    std::map<std::uint16_t, std::string_view> vectors;
    std::vector<Reference> all;  ///< to addresses of memory, by `from`
};

/// Reads all operands. Numbers that are very likely addresses become addresses:
/// - with symbols, if there is a label, and the low byte is not 00 as in many a number;
/// - without, if something begins there, and what follows is no arithmetic that addresses never
///   meet. (In public programs 19 of 20 such numbers are addresses.)
References find_references(const Program& program, const KnownSymbols& symbols,
                           std::span<const PortName> ports);

}  // namespace tal::dis
