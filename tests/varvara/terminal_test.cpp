#include "varvara/terminal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <string>
#include <vector>

#include "test_computer.hpp"
#include "uxn/engines.hpp"

namespace varvara {
namespace {

using varvara_test::Computer;

/// Gives its blocks one after the other, and looks at what is flushed by then.
class ScriptedInput final : public ConsoleInput {
public:
    explicit ScriptedInput(const varvara_test::RecordingSink& sink) : sink_(sink) {}

    std::span<const std::uint8_t> next() noexcept override {
        seen_before_block.push_back(sink_.flushed_output);
        if (interrupt_at_end != nullptr && blocks.empty()) {
            *interrupt_at_end = true;
        }
        if (blocks.empty()) {
            return {};
        }
        current_ = blocks.front();
        blocks.pop_front();
        return {reinterpret_cast<const std::uint8_t*>(current_.data()), current_.size()};
    }

    std::deque<std::string> blocks;
    std::vector<std::string> seen_before_block;
    std::atomic<bool>* interrupt_at_end = nullptr;

private:
    const varvara_test::RecordingSink& sink_;
    std::string current_;
};

class TerminalTest : public testing::TestWithParam<const uxn::EngineEntry*> {
protected:
    SessionEnd run(std::vector<const char*> arguments = {}) {
        return run_in_terminal(*computer.machine, computer.devices,
                               {.engine = *GetParam()->engine,
                                .output = computer.sink,
                                .input = input,
                                .arguments = arguments,
                                .limits = limits,
                                .boot = boot});
    }

    static constexpr std::uint64_t kRecorderReset = 8;  ///< instructions of its reset vector
    static constexpr std::uint64_t kRecorderEvent = 9;  ///< and of its console vector
    /// Prints the type at reset, then every (read, type).
    void load_recorder() {
        computer.put(0x0100, {0xa0, 0x02, 0x00, 0x80, 0x10, 0x37,  // #0200 .Console/vector DEO2
                              0x80, 0x17, 0x16, 0x80, 0x18, 0x17,  // .type DEI .write DEO
                              0x00});
        computer.put(0x0200, {0x80, 0x12, 0x16, 0x80, 0x18, 0x17,  // .read DEI .write DEO
                              0x80, 0x17, 0x16, 0x80, 0x18, 0x17,  // .type DEI .write DEO
                              0x00});
    }
    void load_endless_loop() { computer.put(0x0100, {0x40, 0xff, 0xfd}); }

    Computer computer;
    ScriptedInput input{computer.sink};
    uxn::Limits limits;
    bool boot = true;
};

std::vector<const uxn::EngineEntry*> available_engines() {
    std::vector<const uxn::EngineEntry*> entries;
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine != nullptr) {
            entries.push_back(&entry);
        }
    }
    return entries;
}

INSTANTIATE_TEST_SUITE_P(Engines, TerminalTest, testing::ValuesIn(available_engines()),
                         [](const auto& engine) { return std::string(engine.param->name); });

using namespace std::string_literals;

TEST_P(TerminalTest, DeliversArgumentsAndThenInput) {
    load_recorder();
    input.blocks = {"xy"};
    EXPECT_EQ(run({"ab", "c"}).reason, SessionEnd::Reason::Exit);
    EXPECT_EQ(computer.sink.output, "\1a\2b\2\n\3c\2\n\4x\1y\1\0\4"s);
}

TEST_P(TerminalTest, DeliversInputAloneWhenThereAreNoArguments) {
    load_recorder();
    input.blocks = {"x"};
    run();
    EXPECT_EQ(computer.sink.output, "\0x\1\0\4"s);
}

TEST_P(TerminalTest, DeliversOnlyAnEndForAnEmptyArgument) {
    load_recorder();
    run({""});
    EXPECT_EQ(computer.sink.output, "\1\n\4\0\4"s);
}

TEST_P(TerminalTest, PassesEveryByteUnchanged) {
    load_recorder();
    std::string all;
    std::string expected(1, '\0');
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        expected += {static_cast<char>(byte), '\1'};
    }
    input.blocks = {all};
    run();
    EXPECT_EQ(computer.sink.output, expected + "\0\4"s);
}

TEST_P(TerminalTest, EndsWithTheResetVectorWhenThereIsNoConsoleVector) {
    computer.put(0x0100, {0x00});
    input.blocks = {"never read"};
    EXPECT_EQ(run({"argument"}).reason, SessionEnd::Reason::Exit);
    EXPECT_EQ(input.blocks.size(), 1u);
    EXPECT_EQ(computer.machine->dev[0x12], 0);
}

TEST_P(TerminalTest, AsksForNoInputForAProgramThatHadEndedWhenItsStateWasSaved) {
    load_recorder();
    computer.machine->dev[0x10] = 0x02;
    computer.machine->dev[0x0f] = 0x85;
    boot = false;
    input.blocks = {"never read"};
    EXPECT_EQ(run().exit_code, 5);
    EXPECT_EQ(input.blocks.size(), 1u);
    EXPECT_EQ(computer.sink.output, "");
}

TEST_P(TerminalTest, StoresBytesWithoutRunningAnythingOnceTheVectorIsGone) {
    load_recorder();
    computer.put(0x0200, {0xa0, 0x00, 0x00, 0x80, 0x10, 0x37, 0x00});  // #0000 .vector DEO2
    input.blocks = {"xyz"};
    const SessionEnd end = run();
    EXPECT_EQ(end.reason, SessionEnd::Reason::Exit);
    EXPECT_EQ(computer.machine->dev[0x17], 4);
    EXPECT_TRUE(input.blocks.empty());
}

TEST_P(TerminalTest, GivesTheLowSevenBitsOfTheStateAsExitCode) {
    for (const auto& [state, code] : {std::pair{0x83, 3}, {0x80, 0}, {0x01, 1}, {0x7f, 127}}) {
        *computer.machine = {};
        computer.put(0x0100, {0x80, state, 0x80, 0x0f, 0x17, 0x00});
        EXPECT_EQ(run().exit_code, code);
    }
}

TEST_P(TerminalTest, RunsTheVectorToItsEndAfterTheStateIsSet) {
    computer.put(0x0100, {0x80, 0x80, 0x80, 0x0f, 0x17, 0x80, 0x21, 0x80, 0x18, 0x17, 0x00});
    run();
    EXPECT_EQ(computer.sink.output, "!");
}

TEST_P(TerminalTest, DeliversNothingMoreAfterTheStateIsSet) {
    load_recorder();
    // Ends at the first 'b', be it in an argument or in the input.
    computer.put(0x0200, {0x80, 0x12, 0x16, 0x06, 0x80, 0x18, 0x17,   // DUP .write DEO
                          0x80, 'b', 0x08, 0x80, 0x0f, 0x17, 0x00});  // "b EQU .state DEO
    input.blocks = {"abc"};
    EXPECT_EQ(run().exit_code, 1);
    EXPECT_EQ(computer.sink.output, "\0ab"s);

    *computer.machine = {};
    load_recorder();
    computer.put(0x0200, {0x80, 0x12, 0x16, 0x06, 0x80, 0x18, 0x17, 0x80, 'b', 0x08, 0x80, 0x0f,
                          0x17, 0x00});
    computer.sink.output.clear();
    input.blocks = {"xyz"};
    EXPECT_EQ(run({"ab", "c"}).exit_code, 1);
    EXPECT_EQ(computer.sink.output, "\1ab"s);
    EXPECT_EQ(input.blocks.size(), 1u);
}

TEST_P(TerminalTest, FlushesBeforeItWaitsForInput) {
    load_recorder();
    input.blocks = {"x", "yz"};
    run();
    EXPECT_EQ(input.seen_before_block, (std::vector{"\0"s, "\0x\1"s, "\0x\1y\1z\1"s}));
    EXPECT_EQ(computer.sink.flushed_output, computer.sink.output);
}

TEST_P(TerminalTest, FlushesNowAndThenDuringALongVector) {
    load_endless_loop();
    limits.instructions = 100'000'000;
    run();
    EXPECT_GE(computer.sink.flushes, 3);
    EXPECT_LT(computer.sink.flushes, 100);
}

TEST_P(TerminalTest, CountsTheInstructionsOfAllVectors) {
    load_recorder();
    input.blocks = {"xy"};
    const SessionEnd end = run({"a"});
    EXPECT_EQ(end.instructions, kRecorderReset + 5 * kRecorderEvent);
}

TEST_P(TerminalTest, StopsWhenTheBudgetOfAllVectorsIsUsedUp) {
    load_recorder();
    input.blocks = {"xyz"};
    limits.instructions = kRecorderReset + kRecorderEvent + 4;
    const SessionEnd end = run();
    EXPECT_EQ(end.reason, SessionEnd::Reason::Budget);
    EXPECT_EQ(end.instructions, limits.instructions);
    EXPECT_EQ(end.pc, 0x0206);
    EXPECT_EQ(computer.sink.output, "\0x\1y"s);
}

TEST_P(TerminalTest, NeedsNoMoreBudgetThanItUses) {
    load_recorder();
    input.blocks = {"x"};
    limits.instructions = kRecorderReset + 2 * kRecorderEvent;
    EXPECT_EQ(run().reason, SessionEnd::Reason::Exit);
    EXPECT_EQ(computer.sink.output, "\0x\1\0\4"s);
}

TEST_P(TerminalTest, KeepsToABudgetLargerThanTheFlushInterval) {
    load_endless_loop();
    limits.instructions = 20'000'003;
    const SessionEnd end = run();
    EXPECT_EQ(end.reason, SessionEnd::Reason::Budget);
    EXPECT_EQ(end.instructions, 20'000'003u);
}

TEST_P(TerminalTest, ExecutesNothingWithoutABudget) {
    load_recorder();
    limits.instructions = 0;
    const SessionEnd end = run();
    EXPECT_EQ(end.reason, SessionEnd::Reason::Budget);
    EXPECT_EQ(end.pc, 0x0100);
    EXPECT_EQ(end.instructions, 0u);
}

TEST_P(TerminalTest, EndsWhenInterruptedWhileRunning) {
    load_endless_loop();
    const std::atomic<bool> interrupt{true};
    limits.interrupt = &interrupt;
    EXPECT_EQ(run().reason, SessionEnd::Reason::Interrupted);
}

TEST_P(TerminalTest, DeliversNoEndOfInputWhenInterruptedWhileWaiting) {
    load_recorder();
    std::atomic<bool> interrupt{false};
    input.interrupt_at_end = &interrupt;
    limits.interrupt = &interrupt;
    input.blocks = {"x"};
    EXPECT_EQ(run().reason, SessionEnd::Reason::Interrupted);
    EXPECT_EQ(computer.sink.output, "\0x\1"s);
}

TEST_P(TerminalTest, EndsWhenInterruptedAlthoughNoVectorIsLeftToRun) {
    load_recorder();
    computer.put(0x0200, {0xa0, 0x00, 0x00, 0x80, 0x10, 0x37, 0x00});  // #0000 .vector DEO2
    std::atomic<bool> interrupt{false};
    input.interrupt_at_end = &interrupt;
    limits.interrupt = &interrupt;
    input.blocks = {"x"};
    EXPECT_EQ(run().reason, SessionEnd::Reason::Interrupted);
}

TEST_P(TerminalTest, EndsWhenNobodyReadsTheOutput) {
    computer.put(0x0100, {0x80, 0x79, 0x80, 0x18, 0x17, 0x40, 0xff, 0xf8});  // prints y for ever
    computer.sink.closes_after = 10;
    EXPECT_EQ(run().reason, SessionEnd::Reason::OutputClosed);
    EXPECT_EQ(computer.sink.output, "yyyyyyyyyy");
}

TEST_P(TerminalTest, EndsWhenTheReaderGoesAwayAfterTheLastVector) {
    load_recorder();
    computer.sink.closes_after = 1;
    const SessionEnd end = run();
    EXPECT_EQ(end.reason, SessionEnd::Reason::OutputClosed);
    EXPECT_TRUE(input.seen_before_block.empty());
}

}  // namespace
}  // namespace varvara
