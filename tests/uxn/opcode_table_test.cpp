// The opcode table against the bodies in semantics.hpp.

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <sstream>

#include "support/effects.hpp"
#include "uxn/opcode.hpp"
#include "uxn/stack_effect.hpp"

namespace uxn::test {
namespace {

std::array<Op, 256> all_opcodes() {
    std::array<Op, 256> ops{};
    for (unsigned byte = 0; byte < ops.size(); ++byte) {
        ops[byte] = Op{static_cast<std::uint8_t>(byte)};
    }
    return ops;
}

/// Bytes that the items of a stack effect have in the mode: "c8 to" has 3 in short mode.
unsigned size_of(std::string_view items, Mode mode) {
    std::istringstream in{std::string(items)};
    unsigned size = 0;
    std::string item;
    while (in >> item) {
        const bool is_byte = item.ends_with("8");
        const bool is_short = item.ends_with("16");
        size += is_short || (!is_byte && mode.wide) ? 2 : 1;
    }
    return size;
}

/// The name that the mode bits give.
std::string composed_name(Op op) {
    if (is_immediate(op)) {
        return std::string(info_of(op).name);
    }
    const Mode mode = mode_of(op);
    return std::string(info_of(Op{base_of(op)}).name) + (mode.wide ? "2" : "") +
           (mode.keep ? "k" : "") + (mode.ret ? "r" : "");
}

TEST(OpcodeTable, NamesAll256OpcodesDifferently) {
    std::set<std::string_view> names;
    for (const Op op : all_opcodes()) {
        names.insert(info_of(op).name);
    }
    EXPECT_EQ(names.size(), 256U);
}

TEST(OpcodeTable, LeadsFromAnEnumeratorsNameToItsByteAndBack) {
    std::map<std::string_view, unsigned> byte_of_name;
    for (const Op op : all_opcodes()) {
        byte_of_name[info_of(op).name] = byte_of(op);
    }
    unsigned count = 0;
    const auto expect_same = [&](std::string_view name, Op op) {
        EXPECT_EQ(info_of(op).name, name);
        EXPECT_EQ(byte_of_name.at(name), byte_of(op)) << name;
        ++count;
    };
#define UXN_IMMEDIATE(name, ...) expect_same(#name, Op::name);
#define UXN_OPCODE(name, ...)              \
    expect_same(#name, Op::name);          \
    expect_same(#name "2", Op::name##2);   \
    expect_same(#name "r", Op::name##r);   \
    expect_same(#name "2r", Op::name##2r); \
    expect_same(#name "k", Op::name##k);   \
    expect_same(#name "2k", Op::name##2k); \
    expect_same(#name "kr", Op::name##kr); \
    expect_same(#name "2kr", Op::name##2kr);
#include "uxn/opcodes.inc"
    EXPECT_EQ(count, 256U);
}

TEST(OpcodeTable, NamesModesByTheirLettersInTheOrderTwoKeepReturn) {
    for (const Op op : all_opcodes()) {
        EXPECT_EQ(info_of(op).name, composed_name(op));
    }
    EXPECT_EQ(byte_of(Op::ADD2kr), 0xf8);
}

TEST(OpcodeTable, ListsTheStackEffectsThatTheBodiesHave) {
    for (const Op op : all_opcodes()) {
        const OpcodeInfo& info = info_of(op);
        const StackEffect& effect = kEffects[byte_of(op)];
        // The table speaks of the working stack first for immediates, and for all others of the
        // stack that the mode says, as the effect does.
        const bool swapped = is_immediate(op) && effect_mode(op).ret;
        const Mode mode = effect_mode(op);
        EXPECT_EQ(effect.pops, size_of(info.before, mode)) << info.name;
        EXPECT_EQ(swapped ? effect.other_pushes : effect.pushes, size_of(info.after, mode))
            << info.name;
        EXPECT_EQ(swapped ? effect.pushes : effect.other_pushes, size_of(info.other, mode))
            << info.name;
    }
}

TEST(OpcodeTable, HasALengthForEveryOpcodeThatCountsItsOperandInLine) {
    for (const Op op : all_opcodes()) {
        EXPECT_EQ(length_of(op), 1 + kEffects[byte_of(op)].literal) << info_of(op).name;
    }
}

TEST(OpcodeTable, KnowsWhichOpcodesJumpStoreAndUsePorts) {
    const std::set<std::string_view> jumps{"JCI", "JMI", "JSI", "JMP", "JCN", "JSR"};
    const std::set<std::string_view> stores{"STZ", "STR", "STA"};
    const std::set<std::string_view> ports{"DEI", "DEO"};
    for (const Op op : all_opcodes()) {
        const std::string_view base = info_of(op).name.substr(0, 3);
        const StackEffect& effect = kEffects[byte_of(op)];
        EXPECT_EQ(effect.jumps, jumps.contains(base)) << info_of(op).name;
        EXPECT_EQ(effect.stores, stores.contains(base)) << info_of(op).name;
        EXPECT_EQ(effect.uses_port, ports.contains(base)) << info_of(op).name;
    }
}

TEST(OpcodeTable, SaysWhatEveryOpcodeDoes) {
    for (const Op op : all_opcodes()) {
        EXPECT_FALSE(info_of(op).meaning.empty()) << info_of(op).name;
    }
}

}  // namespace
}  // namespace uxn::test
