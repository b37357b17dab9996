#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tal/symbols.hpp"

namespace tal {

/// What a program means by a short that it writes to a port.
enum class PortUse : std::uint8_t {
    Value,     ///< nothing that a disassembler could follow
    Vector,    ///< the address of code
    Address,   ///< the address of data
    Metadata,  ///< the address of a metadata block
};

/// A device port: `Screen/vector` at 20.
struct PortName {
    std::uint8_t number;
    std::uint8_t width;  ///< 1 or 2 bytes
    PortUse use;
    std::string_view device;
    std::string_view name;
};

/// What stands in comments beside the lines.
enum class Comments : std::uint8_t { None, Addresses, Bytes };

struct DisassemblyOptions {
    /// The labels of the program, if they are known. Any: those that cannot be used are left out.
    std::span<const Symbol> symbols;
    /// The ports that are called by their names, those of one device in a row.
    std::span<const PortName> ports;
    Comments comments = Comments::Addresses;
};

/// The bytes of a ROM that are loaded to bank 0. Those beyond cannot be written as source.
inline constexpr std::size_t kMaxDisassembledBytes = 0xff00;

/// Uxntal source for a ROM, of which at most kMaxDisassembledBytes are read.
///
/// Whatever the bytes and the symbols, `assemble` makes the same ROM of it, up to its last byte
/// that is not zero: an assembler writes no more. If all bytes are zero there is no such ROM, and
/// the assembler says so.
///
/// Code is what control flow reaches from 0100: jumps, calls, vectors, addresses that are jumped to
/// as soon as they are pushed. What is left is code too if a symbol, a literal or the end of the
/// code before it leads there, and it reads like a routine (dis/plausible.hpp). The rest is data.
std::string disassemble(std::span<const std::uint8_t> rom, const DisassemblyOptions& options = {});

}  // namespace tal
