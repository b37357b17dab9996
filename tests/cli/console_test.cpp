// The terminal as a program sees it: spec/varvara.md, sections 2.5, 3 and 16, through the binary.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "process.hpp"
#include "temporary_folder.hpp"
#include "uxn/engines.hpp"

namespace cli_test {
namespace {

class ConsoleOnEngine : public testing::TestWithParam<std::string> {
protected:
    Outcome run(const std::string& name, std::vector<std::string> arguments = {},
                std::string_view input = {}, const ProcessOptions& options = {}) {
        arguments.insert(arguments.begin(), {"--engine", GetParam(), program(name)});
        return leveret(arguments, input, options);
    }
};

std::vector<std::string> available_engines() {
    std::vector<std::string> names;
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine != nullptr) {
            names.emplace_back(entry.name);
        }
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Engines, ConsoleOnEngine, testing::ValuesIn(available_engines()),
                         [](const auto& engine) { return engine.param; });

TEST_P(ConsoleOnEngine, DeliversArgumentsThenInputThenItsEnd) {
    const Outcome outcome = run("recorder.tal", {"ab", "c"}, "xy");
    EXPECT_EQ(outcome.output, "01\n61 02\n62 02\n0a 03\n63 02\n0a 04\n78 01\n79 01\n00 04\n");
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.exit_code, 0);
}

TEST_P(ConsoleOnEngine, DeliversInputWithoutArguments) {
    EXPECT_EQ(run("recorder.tal", {}, "x").output, "00\n78 01\n00 04\n");
}

TEST_P(ConsoleOnEngine, DeliversAnEmptyArgument) {
    EXPECT_EQ(run("recorder.tal", {""}).output, "01\n0a 04\n00 04\n");
}

TEST_P(ConsoleOnEngine, PassesBytesUnchanged) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    EXPECT_EQ(run("cat.tal", {}, bytes).output, bytes + '\0');
}

TEST_P(ConsoleOnEngine, EndsAtOnceWithoutAConsoleVector) {
    Process process({"--engine", GetParam(), program("streams.tal"), "argument"});
    const Outcome outcome = process.wait();  // its input is never closed
    EXPECT_FALSE(outcome.timed_out);
    EXPECT_EQ(outcome.exit_code, 0);
}

TEST_P(ConsoleOnEngine, ExitsWithTheStateAfterTheVector) {
    Process process({"--engine", GetParam(), program("exit.tal"), "argument"});
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.output, ".");
}

TEST_P(ConsoleOnEngine, WritesToBothStreamsAndPrintsTheStacks) {
    const Outcome outcome = run("streams.tal");
    EXPECT_EQ(outcome.output, "acd");
    EXPECT_EQ(outcome.error,
              "bWST 00 00 00 00 00|12 34 56 <03\nRST 00 00 00 00 00 00 00|9a <01\n\n");
}

TEST_P(ConsoleOnEngine, KeepsTheOrderOfBothStreams) {
    EXPECT_EQ(run("streams.tal", {}, {}, {.merge_error = true}).output,
              "abcWST 00 00 00 00 00|12 34 56 <03\nRST 00 00 00 00 00 00 00|9a <01\nd\n");
}

TEST_P(ConsoleOnEngine, ShowsAPromptBeforeItReads) {
    Process process({"--engine", GetParam(), program("prompt.tal")});
    ASSERT_TRUE(process.wait_for_output("? "));
    process.write("yes\n");
    const Outcome outcome = process.wait();  // ends although its input does not
    EXPECT_EQ(outcome.output, "? yes\n");
    EXPECT_EQ(outcome.exit_code, 0);
}

TEST_P(ConsoleOnEngine, AnswersEveryLineWhenItComes) {
    Process process({"--engine", GetParam(), program("cat.tal")});
    process.write("one\n");
    ASSERT_TRUE(process.wait_for_output("one\n"));
    process.write("two\n");
    ASSERT_TRUE(process.wait_for_output("two\n"));
    process.close_input();
    EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_P(ConsoleOnEngine, ShowsTheOutputOfAVectorThatDoesNotEnd) {
    Process process({"--engine", GetParam(), program("loop.tal")});
    EXPECT_TRUE(process.wait_for_output("."));
}

TEST_P(ConsoleOnEngine, StopsWhenTheBudgetIsUsedUp) {
    const Outcome outcome =
        leveret({"--engine", GetParam(), "--max-instructions", "1000", program("loop.tal")});
    EXPECT_EQ(outcome.exit_code, 124);
    EXPECT_EQ(outcome.output, ".");
    EXPECT_EQ(outcome.error, "leveret: error: stopped at 0105, after 1000 instructions\n");
}

TEST_P(ConsoleOnEngine, KeepsToTheBudgetOverAllVectors) {
    // The reset vector takes 4 instructions, each event 5.
    const auto with_budget = [&](const char* budget) {
        return leveret({"--engine", GetParam(), "--max-instructions", budget, program("cat.tal")},
                       "abc");
    };
    EXPECT_EQ(with_budget("24").output, std::string("abc\0", 4));
    EXPECT_EQ(with_budget("24").exit_code, 0);
    EXPECT_EQ(with_budget("23").exit_code, 124);
    EXPECT_EQ(with_budget("14").output, "ab");
}

TEST_P(ConsoleOnEngine, LetsTheClockStandStill) {
    const Outcome outcome =
        leveret({"--engine", GetParam(), "--clock", "1798761599", program("clock.tal")}, {},
                {.environment = {"TZ=XYZ-5"}});
    EXPECT_EQ(outcome.output, "07ea0b1f173b3b04016c00\n");
}

TEST_P(ConsoleOnEngine, KnowsLocalTime) {
    EXPECT_EQ(run("clock.tal").output.substr(0, 2), "07");  // true until 2048
}

TEST_P(ConsoleOnEngine, LoadsALongRomIntoTheBanks) {
    // Copies four bytes from the start of bank 15 to 1000, and prints them.
    std::string rom = std::string("\xa0\x02\x00\x80\x02\x37", 6);
    for (const char low : {'\0', '\1', '\2', '\3'}) {
        rom += std::string("\xa0\x10", 2) + low + std::string("\x14\x80\x18\x17", 4);
    }
    rom.resize(0x0100);
    rom += std::string("\x01\x00\x04\x00\x0f\x00\x00\x00\x00\x10\x00", 11);
    rom.resize(0xff00 + 14 * 0x10000);
    rom += "bank";
    const TemporaryFolder folder;
    EXPECT_EQ(leveret({"--engine", GetParam(), folder.write("long.rom", rom)}).output, "bank");
    rom.resize(0xff00 + 15 * 0x10000);
    EXPECT_EQ(leveret({"--engine", GetParam(), folder.write("long.rom", rom)}).output, "bank");
}

}  // namespace
}  // namespace cli_test
