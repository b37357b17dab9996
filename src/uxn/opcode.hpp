#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace uxn {

/// All 256 opcodes, named as in the reference: `Op::ADD2kr`.
enum class Op : std::uint8_t {
#define UXN_IMMEDIATE(name, byte, ...) name = byte,
#define UXN_OPCODE(name, base, ...)                                                    \
    name = base, name##2 = base | 0x20, name##r = base | 0x40, name##2r = base | 0x60, \
    name##k = base | 0x80, name##2k = base | 0xa0, name##kr = base | 0xc0,             \
    name##2kr = base | 0xe0,
#include "uxn/opcodes.inc"
};

/// The three mode bits of a regular opcode.
struct Mode {
    bool wide = false;  ///< `2`: operands are shorts
    bool ret = false;   ///< `r`: the two stacks change places
    bool keep = false;  ///< `k`: operands are read, not removed
};

constexpr std::uint8_t byte_of(Op op) {
    return static_cast<std::uint8_t>(op);
}

constexpr std::uint8_t base_of(Op op) {
    return byte_of(op) & 0x1f;
}

/// Base 00 holds eight different instructions instead of one in eight modes.
constexpr bool is_immediate(Op op) {
    return base_of(op) == 0;
}

/// JCI, JMI and JSI, whose distance follows in line.
constexpr bool is_immediate_jump(Op op) {
    return op == Op::JCI || op == Op::JMI || op == Op::JSI;
}

constexpr Mode mode_of(Op op) {
    const std::uint8_t byte = byte_of(op);
    return {.wide = (byte & 0x20) != 0, .ret = (byte & 0x40) != 0, .keep = (byte & 0x80) != 0};
}

/// Bytes from one opcode to the next in a row: 1, or more where an operand follows in line.
constexpr unsigned length_of(Op op) {
    switch (op) {
        case Op::JCI:
        case Op::JMI:
        case Op::JSI:
        case Op::LIT2:
        case Op::LIT2r: return 3;
        case Op::LIT:
        case Op::LITr: return 2;
        default: return 1;
    }
}

/// What the table says of an opcode; the strings are explained in opcodes.inc.
struct OpcodeInfo {
    std::string_view name;  ///< with mode letters, as an assembler writes it
    std::string_view before;
    std::string_view after;
    std::string_view other;
    std::string_view meaning;
};

/// The row of every opcode, indexed by its byte.
extern const std::array<OpcodeInfo, 256> kOpcodeInfo;

inline const OpcodeInfo& info_of(Op op) {
    return kOpcodeInfo[byte_of(op)];
}

}  // namespace uxn
