// What the compiler made of the fused engine's handlers, single opcodes and rows of them.

#include <gtest/gtest.h>

#include <iostream>
#include <regex>
#include <string>
#include <vector>

#include "codegen/disassembly.hpp"
#include "uxn/fused/sequences.hpp"

namespace uxn {
namespace {

/// Each opcode and each sequence of the list.
constexpr std::size_t kHandled = 256 + fused::kSequenceCount;

/// How many of them may touch the machine stack: Clang 22 has 17, most of them rows with DEO2.
constexpr unsigned kMostRowsWithStackUse = 24;

/// Instructions of a handler on average: 25.4 with Clang 22.
constexpr unsigned kMostOnAverage = 28;

/// What a dispatcher may need. Theirs is the largest code of the program.
constexpr std::size_t kMostBytesPerDispatcher = std::size_t{250} << 10;

class FusedHandlersTest : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string reason = LEVERET_NOT_APPLICABLE; !reason.empty()) {
            GTEST_SKIP() << reason;
        }
    }
};

TEST_F(FusedHandlersTest, AreShortAndDoNotCallAndFewTouchTheStack) {
    // uxn::fused::(anonymous namespace)::handle<true, (uxn::Op)..., ...>
    const std::regex name(R"(5fused.*6handleILb1EJ)");
    std::size_t handlers = 0;
    std::size_t instructions = 0;
    unsigned with_stack_use = 0;
    for (const test::Function& function : test::disassembly_of_engines()) {
        if (!std::regex_search(function.name, name)) {
            continue;
        }
        const test::Handler code = test::handler_of(function);
        handlers += 1;
        instructions += code.instructions;
        EXPECT_EQ(code.calls, 0U) << function.name << ": " << code.offender;
        EXPECT_GT(code.instructions, 0U) << function.name;
        if (code.stack_uses > 0) {
            ++with_stack_use;
            std::cout << function.name << ": " << code.offender << "\n";
        }
    }
    // Rows whose code is the same may share it.
    ASSERT_LE(handlers, kHandled);
    ASSERT_GT(handlers, kHandled * 9 / 10) << "the handlers have another name, or moved";
    EXPECT_LE(with_stack_use, kMostRowsWithStackUse);
    EXPECT_LE(instructions, kMostOnAverage * handlers);
}

TEST_F(FusedHandlersTest, NeedAtMost250KilobytesOfCode) {
    const std::string sizes = test::output_of(LEVERET_OBJDUMP " -h '" LEVERET_ENGINES_LIBRARY "'");
    for (const std::string dispatcher : {"tail_dispatch", "switch_dispatch"}) {
        // Its part of the archive, and the size of .text there.
        const auto member = sizes.find(dispatcher + ".cpp.o:");
        ASSERT_NE(member, std::string::npos) << dispatcher;
        std::smatch match;
        const std::string part = sizes.substr(member);
        ASSERT_TRUE(std::regex_search(part, match, std::regex(R"( \.text +([0-9a-f]{8}))")));
        const std::size_t bytes = std::stoul(match[1], nullptr, 16);
        std::cout << dispatcher << ": " << bytes << " bytes\n";
        EXPECT_GT(bytes, 10'000U) << dispatcher;
        EXPECT_LE(bytes, kMostBytesPerDispatcher) << dispatcher;
    }
}

}  // namespace
}  // namespace uxn
