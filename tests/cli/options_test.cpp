#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "process.hpp"
#include "temporary_folder.hpp"
#include "uxn/engines.hpp"

namespace cli_test {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

AssertionResult contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos ? AssertionSuccess()
                                                : AssertionFailure()
                                                      << "'" << part << "' is not in:\n"
                                                      << text;
}

void expect_usage_error(const std::vector<std::string>& arguments, const std::string& message,
                        const std::string& hint) {
    const Outcome outcome = leveret(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.error, "leveret: error: " + message + "\n" + hint + "\n");
}

TEST(Options, LeaveEverythingAfterTheFileToTheProgram) {
    const std::string expected = "--engine\n-h\n--\n-v\nasm\n";
    const std::vector<std::string> rest = {"--engine", "-h", "--", "-v", "asm"};
    for (std::vector<std::string> start : {std::vector<std::string>{},
                                           {"run"},
                                           {"--engine", "auto"},
                                           {"run", "--engine=auto"},
                                           {"--"},
                                           {"run", "--"},
                                           {"-e", "auto", "--"}}) {
        std::vector<std::string> arguments = start;
        arguments.push_back(program("cat.tal"));
        arguments.insert(arguments.end(), rest.begin(), rest.end());
        const Outcome outcome = leveret(arguments);
        EXPECT_EQ(outcome.output, expected + '\0') << testing::PrintToString(start);
        EXPECT_EQ(outcome.exit_code, 0);
    }
}

TEST(Options, RunAFileThatIsNamedLikeACommand) {
    const TemporaryFolder folder;
    leveret({"asm", "-q", "--no-sym", program("cat.tal"), folder.path("asm")});
    const ProcessOptions there = {.folder = folder.path()};
    EXPECT_EQ(leveret({"./asm", "x"}, "", there).output, std::string("x\n\0", 3));
    EXPECT_EQ(leveret({"run", "asm", "x"}, "", there).output, std::string("x\n\0", 3));
}

TEST(Options, RunAFileWithoutAnEnding) {
    const TemporaryFolder folder;
    leveret({"asm", "-q", "--no-sym", program("cat.tal"), folder.path("program")});
    EXPECT_EQ(leveret({"program", "x"}, "", {.folder = folder.path()}).output,
              std::string("x\n\0", 3));
}

TEST(Options, TellSourcesByTheirEndingInAnyCase) {
    const TemporaryFolder folder;
    std::filesystem::copy(program("exit.tal"), folder.path("EXIT.TAL"));
    EXPECT_EQ(leveret({folder.path("EXIT.TAL")}).exit_code, 3);
}

TEST(Options, MayBeRepeatedAndThenTheLastOneCounts) {
    const Outcome outcome =
        leveret({"--max-instructions", "1", "--max-instructions", "1000000", program("exit.tal")});
    EXPECT_EQ(outcome.exit_code, 3);
}

TEST(Options, ShowHelpForEveryCommand) {
    const Outcome all = leveret({"--help"});
    EXPECT_EQ(all.exit_code, 0);
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(leveret({"-h"}).output, all.output);
    for (const std::string command : {"run", "asm", "engines"}) {
        EXPECT_TRUE(contains(all.output, "\n  " + command + " "));
        const Outcome help = leveret({command, "--help"});
        EXPECT_EQ(help.exit_code, 0) << command;
        EXPECT_EQ(help.error, "") << command;
        EXPECT_TRUE(contains(help.output, "Usage: leveret " + command));
        EXPECT_EQ(leveret({command, "-h"}).output, help.output);
    }
}

TEST(Options, ShowTheVersion) {
    const Outcome version = leveret({"--version"});
    EXPECT_EQ(version.exit_code, 0);
    EXPECT_TRUE(version.output.starts_with("Leveret ")) << version.output;
    EXPECT_EQ(leveret({"-v"}).output, version.output);
}

TEST(Options, RunTheBuiltInProgramWhenNoFileIsNamed) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{}, {"run"}, {"--engine", "loop"}}) {
        const Outcome outcome = leveret(arguments);
        EXPECT_EQ(outcome.exit_code, 0);
        EXPECT_EQ(outcome.error, "");
        EXPECT_NE(outcome.output, "");
    }
    EXPECT_TRUE(contains(leveret({"--engine", "loop"}).output, "loop"));
}

TEST(Options, ThatAreUnknownAreNamedWithANearOne) {
    expect_usage_error({"--enginn", "loop", "x.rom"},
                       "unknown option '--enginn'; did you mean '--engine'?",
                       "Try 'leveret run --help'.");
    expect_usage_error({"run", "--max-instruction=5", "x.rom"},
                       "unknown option '--max-instruction'; did you mean '--max-instructions'?",
                       "Try 'leveret run --help'.");
    expect_usage_error({"asm", "--nosym", "x.tal"},
                       "unknown option '--nosym'; did you mean '--no-sym'?",
                       "Try 'leveret asm --help'.");
    expect_usage_error({"engines", "--xml"}, "unknown option '--xml'",
                       "Try 'leveret engines --help'.");
    expect_usage_error({"-x"}, "unknown option '-x'", "Try 'leveret run --help'.");
    expect_usage_error({"-v", "x.rom"}, "unknown option '-v'", "Try 'leveret run --help'.");
}

TEST(Options, WithoutTheirValueAreNamed) {
    expect_usage_error({"--engine"}, "--engine needs a value", "Try 'leveret run --help'.");
    expect_usage_error({"asm", "x.tal", "-o"}, "--output needs a value",
                       "Try 'leveret asm --help'.");
}

TEST(Options, WithABadNumberAreRefused) {
    for (const std::string number : {"", "x", "-1", "1.5", "10x", "0x10", "99999999999999999999"}) {
        const Outcome budget = leveret({"--max-instructions=" + number, program("exit.tal")});
        EXPECT_EQ(budget.exit_code, 2) << number;
        EXPECT_TRUE(contains(budget.error, "--max-instructions"));
        const Outcome clock = leveret({"--clock=" + number, program("exit.tal")});
        EXPECT_EQ(clock.exit_code, 2) << number;
        EXPECT_TRUE(contains(clock.error, "--clock"));
    }
    EXPECT_EQ(leveret({"--clock=253402300800", program("exit.tal")}).exit_code, 2);
    EXPECT_EQ(leveret({"--clock=253402300799", program("exit.tal")}).exit_code, 3);
}

TEST(Options, NameAnEngineThatIsNotThere) {
    expect_usage_error({"--engine", "lopo", program("exit.tal")},
                       "unknown engine 'lopo'; did you mean 'loop'?", "Try 'leveret engines'.");
    expect_usage_error({"--engine", "quantum", program("exit.tal")}, "unknown engine 'quantum'",
                       "Try 'leveret engines'.");
}

TEST(Options, ExplainAnEngineThatThisBuildLacks) {
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine == nullptr) {
            const std::string name(entry.name);
            const Outcome outcome = leveret({"--engine", name, program("exit.tal")});
            EXPECT_EQ(outcome.exit_code, 1);
            EXPECT_EQ(outcome.error, "leveret: error: engine '" + name + "' is not available: " +
                                         std::string(entry.why_not) + "\n");
        }
    }
}

TEST(Options, ThatLookLikeAMistypedCommandAreAnsweredWithBothMeanings) {
    expect_usage_error({"asn", "x.tal"},
                       "there is no file and no command 'asn'; did you mean 'asm'?",
                       "Try 'leveret --help'.");
    expect_usage_error({"frobnicate"}, "there is no file and no command 'frobnicate'",
                       "Try 'leveret --help'.");
}

TEST(Options, TooManyAreRefused) {
    expect_usage_error({"asm", "a.tal", "b.rom", "c"}, "unexpected argument 'c'",
                       "Try 'leveret asm --help'.");
    expect_usage_error({"engines", "loop"}, "unexpected argument 'loop'",
                       "Try 'leveret engines --help'.");
}

TEST(Engines, AreListedOnOneLineEach) {
    const Outcome outcome = leveret({"engines"});
    EXPECT_EQ(outcome.exit_code, 0);
    std::size_t at = 0;
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        const std::size_t end = outcome.output.find('\n', at);
        ASSERT_NE(end, std::string::npos);
        const std::string line = outcome.output.substr(at, end - at);
        EXPECT_TRUE(line.starts_with(entry.name)) << line;
        const bool available = entry.engine != nullptr;
        EXPECT_TRUE(contains(line, available ? "  available" : "not available"));
        EXPECT_TRUE(line.ends_with(available ? entry.summary : entry.why_not)) << line;
        at = end + 1;
    }
    EXPECT_EQ(at, outcome.output.size());
}

TEST(Engines, AreListedAsJson) {
    const auto list = nlohmann::json::parse(leveret({"engines", "--json"}).output);
    ASSERT_EQ(list.size(), uxn::engine_list().size());
    int defaults = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const uxn::EngineEntry& entry = uxn::engine_list()[i];
        EXPECT_EQ(list[i]["name"], entry.name);
        EXPECT_EQ(list[i]["available"], entry.engine != nullptr);
        EXPECT_EQ(list[i]["summary"], entry.summary);
        EXPECT_EQ(list[i]["why_not"], entry.why_not);
        defaults += list[i]["default"] == true;
    }
    EXPECT_EQ(defaults, 1);
}

}  // namespace
}  // namespace cli_test
