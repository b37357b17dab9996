// What the compiler made of the tail-call engine's handlers: a stack push, a spill or a call in one
// of them is what a careless change costs, and shows in a benchmark only much later.

#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "codegen/disassembly.hpp"
#include "uxn/opcode.hpp"

namespace uxn {
namespace {

/// All opcodes but BRK have a handler for every shape of the stack cache.
constexpr std::size_t kHandledOpcodes = 255;

/// How many handlers, of all, may touch the machine stack. A few rare ones always run out of
/// registers: Clang 22 has 12, shapes of STR and DEO2.
constexpr unsigned kMostWithStackUse = 16;

/// Opcodes that programs spend their time in, and the most instructions one of their handlers may
/// have: what Clang 22 needs for the longest shape, and a tenth on top.
struct HotOpcode {
    Op op;
    unsigned most_instructions;
};
constexpr std::array kHotOpcodes = std::to_array<HotOpcode>({
    {Op::LIT, 15},  {Op::LIT2, 17}, {Op::ADD, 15},   {Op::ADD2, 23}, {Op::DUP2, 17},
    {Op::JCI, 38},  {Op::JSI, 35},  {Op::JMP2r, 18}, {Op::LDZ, 11},  {Op::STZ, 14},
    {Op::LDA, 17},  {Op::STA, 16},  {Op::INC2, 16},  {Op::EQU, 16},  {Op::NEQ2, 24},
    {Op::GTH2, 24}, {Op::STH2, 18}, {Op::LDR2, 27},  {Op::STR2, 26},
});

using test::Handler;
using Handlers = std::map<std::pair<unsigned, unsigned>, Handler>;  // by opcode and shape

/// Picks the handlers out of a disassembly by their mangled names,
/// those of uxn::(anonymous namespace)::handle<(uxn::Op)24, 0ul>.
Handlers handlers_among(const std::vector<test::Function>& functions) {
    static const std::regex handle_name(R"(6handleILNS_2OpE(\d+)EL[a-z](\d+)EE)");
    Handlers handlers;
    for (const test::Function& function : functions) {
        std::smatch match;
        if (std::regex_search(function.name, match, handle_name)) {
            handlers[{std::stoul(match[1]), std::stoul(match[2])}] = test::handler_of(function);
        }
    }
    return handlers;
}

class TailHandlersTest : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string reason = LEVERET_NOT_APPLICABLE; !reason.empty()) {
            GTEST_SKIP() << reason;
        }
        handlers_ = handlers_among(test::disassembly_of_engines());
        ASSERT_GE(handlers_.size(), kHandledOpcodes) << "the handlers have another name, or moved";
        ASSERT_EQ(handlers_.size() % kHandledOpcodes, 0U) << "some handlers are missing";
        shapes_ = static_cast<unsigned>(handlers_.size() / kHandledOpcodes);
    }

    const Handler& handler(Op op, unsigned shape) const {
        return handlers_.at({byte_of(op), shape});
    }

    Handlers handlers_;
    unsigned shapes_ = 0;
};

TEST_F(TailHandlersTest, HotHandlersNeitherCallNorTouchTheStack) {
    for (const HotOpcode& hot : kHotOpcodes) {
        for (unsigned shape = 0; shape < shapes_; ++shape) {
            const Handler& code = handler(hot.op, shape);
            EXPECT_EQ(code.calls + code.stack_uses, 0U)
                << info_of(hot.op).name << ", shape " << shape << ": " << code.offender;
        }
    }
}

TEST_F(TailHandlersTest, HotHandlersAreShort) {
    for (const HotOpcode& hot : kHotOpcodes) {
        std::cout << info_of(hot.op).name << ":";
        for (unsigned shape = 0; shape < shapes_; ++shape) {
            const unsigned instructions = handler(hot.op, shape).instructions;
            std::cout << " " << instructions;
            EXPECT_GT(instructions, 4U) << info_of(hot.op).name << ", shape " << shape;
            EXPECT_LE(instructions, hot.most_instructions)
                << info_of(hot.op).name << ", shape " << shape;
        }
        std::cout << "\n";
    }
}

TEST_F(TailHandlersTest, HandlersDoNotCallAndFewTouchTheStack) {
    unsigned with_stack_use = 0;
    for (const auto& [key, code] : handlers_) {
        const auto& [opcode, shape] = key;
        const std::string_view name = info_of(Op{static_cast<std::uint8_t>(opcode)}).name;
        EXPECT_EQ(code.calls, 0U) << name << ", shape " << shape << ": " << code.offender;
        if (code.stack_uses > 0) {
            ++with_stack_use;
            std::cout << name << ", shape " << shape << ": " << code.offender << "\n";
        }
    }
    EXPECT_LE(with_stack_use, kMostWithStackUse);
}

}  // namespace
}  // namespace uxn
