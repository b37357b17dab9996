#include "uxn/opcode.hpp"

#include <algorithm>

namespace uxn {
namespace {

consteval std::array<OpcodeInfo, 256> make_table() {
    std::array<OpcodeInfo, 256> table{};
    const auto put = [&table](unsigned byte, OpcodeInfo row) { table[byte] = row; };
#define UXN_IMMEDIATE(name, byte, before, after, other, meaning) \
    put(byte, {#name, before, after, other, meaning});
#define UXN_OPCODE(name, base, before, after, other, meaning)      \
    put(base, {#name, before, after, other, meaning});             \
    put(base | 0x20, {#name "2", before, after, other, meaning});  \
    put(base | 0x40, {#name "r", before, after, other, meaning});  \
    put(base | 0x60, {#name "2r", before, after, other, meaning}); \
    put(base | 0x80, {#name "k", before, after, other, meaning});  \
    put(base | 0xa0, {#name "2k", before, after, other, meaning}); \
    put(base | 0xc0, {#name "kr", before, after, other, meaning}); \
    put(base | 0xe0, {#name "2kr", before, after, other, meaning});
#include "uxn/opcodes.inc"
    return table;
}

}  // namespace

constexpr std::array<OpcodeInfo, 256> kOpcodeInfo = make_table();

static_assert(std::ranges::none_of(kOpcodeInfo,
                                   [](const OpcodeInfo& row) { return row.name.empty(); }),
              "the table in opcodes.inc must name all 256 opcodes");

}  // namespace uxn
