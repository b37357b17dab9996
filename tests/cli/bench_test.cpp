#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "process.hpp"
#include "temporary_folder.hpp"
#include "uxn/engines.hpp"

namespace cli_test {
namespace {

/// A program that is over in no time, so that these tests are about the command, not the speed.
std::string quick_program(const TemporaryFolder& folder) {
    return folder.write("quick.tal", "|18 @Console/write |100 LIT \"k .Console/write DEO BRK");
}

TEST(Bench, RunsABuiltInProgramOnEveryEngineAndChecksItsChecksum) {
    const Outcome outcome = leveret({"bench", "lz", "--rounds", "1", "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(outcome.error, "");
    const auto report = nlohmann::json::parse(outcome.output);
    ASSERT_EQ(report["programs"].size(), 1U);
    const auto& results = report["programs"][0]["results"];
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine != nullptr) {
            ASSERT_TRUE(results.contains(entry.name)) << entry.name;
            EXPECT_GT(results[std::string(entry.name)]["median_seconds"].get<double>(), 0);
        }
    }
}

TEST(Bench, TakesFilesAndAsManyRoundsAsAskedFor) {
    const TemporaryFolder folder;
    const Outcome outcome =
        leveret({"bench", quick_program(folder), "--engine", "loop", "--rounds", "3", "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    const auto report = nlohmann::json::parse(outcome.output);
    EXPECT_EQ(report["programs"][0]["results"]["loop"]["seconds"].size(), 3U);
    EXPECT_EQ(report["geometric_mean"]["loop"], 1);
}

TEST(Bench, KnowsWhatAFileIsExpectedToPrint) {
    const TemporaryFolder folder;
    const std::string path = quick_program(folder);
    folder.write("expected.txt", "quicker k\nquick k\n");
    const Outcome outcome = leveret({"bench", path, "--engine", "loop", "--rounds", "1"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error,
              "leveret: error: " + path + " on loop: the output is wrong\n");  // it lacks the name
}

/// The numbers that bench/hard/console.tal reads.
std::string numbers() {
    std::string text;
    for (int i = 1; i <= 200000; ++i) {
        text += std::to_string(i) + "\n";
    }
    return text;
}

TEST(Bench, ProgramsThatAreHardForCompilersPrintWhatIsExpectedOfThem) {
    const TemporaryFolder folder;
    const std::string input = folder.write("numbers", numbers());
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LEVERET_BENCH "hard")) {
        if (entry.path().extension() != ".tal") {
            continue;
        }
        std::vector<std::string> arguments = {"bench", entry.path(), "--rounds",
                                              "1",     "--stdin",    input};
#ifdef LEVERET_SANITIZED
        // Engines are some ten times as slow, and there are other tests for all of them.
        arguments.insert(arguments.end(), {"--engine", "auto"});
#endif
        const Outcome outcome = leveret(arguments);
        EXPECT_EQ(outcome.exit_code, 0) << entry.path();
        EXPECT_EQ(outcome.error, "");
        ++count;
    }
    EXPECT_EQ(count, 9U);
}

TEST(Bench, GivesInputToEnginesAndToOtherPrograms) {
    const TemporaryFolder folder;
    const std::string path =
        folder.write("repeat.tal",
                     "|10 @Console &vector $2 &read $1 &pad $4 &type $1 &write $1 "
                     "|100 ;on-byte .Console/vector DEO2 BRK "
                     "@on-byte .Console/type DEI #01 EQU ?{ #800f DEO BRK } "
                     ".Console/read DEI .Console/write DEO BRK");
    const std::string text = "repeat all of it\n";
    folder.write("expected.txt", text);
    std::vector<std::string> arguments = {"bench", path,      "--rounds",
                                          "2",     "--stdin", folder.write("input.txt", text)};
    const Outcome outcome = leveret(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(outcome.error, "");
    if (!emulator().empty()) {
        GTEST_SKIP() << "an emulated program cannot start itself by /proc/self/exe";
    }
    arguments.insert(arguments.end(), {"--engine", "loop", "--peer", "cat=sh -c cat"});
    const Outcome beside = leveret(arguments);
    EXPECT_EQ(beside.exit_code, 0) << beside.error;
    EXPECT_EQ(beside.error, "");
}

TEST(Bench, SaysThatTheInputCannotBeRead) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"bench", quick_program(folder), "--engine", "loop", "--stdin",
                                     folder.path("missing.txt")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("missing.txt"), std::string::npos);
    EXPECT_EQ(outcome.output, "");
}

TEST(Bench, CountsTheInstructionsOfAProgram) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"bench", quick_program(folder), "--rounds", "2", "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    for (const auto& result : nlohmann::json::parse(outcome.output)["programs"][0]["results"]) {
        EXPECT_EQ(result["instructions"], 4);
    }
}

TEST(Bench, PrintsATableWithMeanAndLeast) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"bench", quick_program(folder), "--rounds", "1"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_NE(outcome.output.find("\ngeomean"), std::string::npos);
    EXPECT_NE(outcome.output.find("\nleast"), std::string::npos);
}

TEST(Bench, DrawsAPicture) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret(
        {"bench", quick_program(folder), "--rounds", "1", "--svg", folder.path("chart.svg")});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    const std::string svg = folder.read("chart.svg");
    EXPECT_TRUE(svg.starts_with("<svg "));
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_NE(svg.find("geometric mean"), std::string::npos);
    EXPECT_NE(svg.find("quick.tal"), std::string::npos);
}

TEST(Bench, RacesOtherProgramsToo) {
    if (!emulator().empty()) {
        GTEST_SKIP() << "an emulated program cannot start itself by /proc/self/exe";
    }
    const TemporaryFolder folder;
    const Outcome outcome =
        leveret({"bench", quick_program(folder), "--engine", "loop", "--rounds", "1", "--peer",
                 "twin=" + emulator() + binary() + " run --engine loop", "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    const auto report = nlohmann::json::parse(outcome.output);
    EXPECT_EQ(report["baseline"], "twin");
    EXPECT_TRUE(report["programs"][0]["results"].contains("loop"));
}

TEST(Bench, SaysWhoPrintsSomethingElse) {
    if (!emulator().empty()) {
        GTEST_SKIP() << "an emulated program cannot start itself by /proc/self/exe";
    }
    const Outcome outcome = leveret(
        {"bench", "tak", "--engine", "auto", "--rounds", "1", "--peer", "liar=echo tak", "--json"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error, "leveret: error: tak on liar: the output is wrong\n");
    EXPECT_TRUE(nlohmann::json::parse(outcome.output)["programs"][0]["results"]["liar"].is_null());
}

TEST(Bench, SaysWhichPeerDoesNotStart) {
    if (!emulator().empty()) {
        GTEST_SKIP() << "an emulator starts processes by fork, which does not tell why one failed";
    }
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"bench", quick_program(folder), "--engine", "loop", "--rounds",
                                     "1", "--peer", "ghost=/no/such/program"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("cannot start '/no/such/program'"), std::string::npos);
}

TEST(Bench, RefusesWhatMakesNoSense) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"bench", "nothing"},
          {"bench", "--rounds", "0"},
          {"bench", "--rounds", "many"},
          {"bench", "--engine", "nothing"},
          {"bench", "--peer", "nameless"},
          {"bench", "--peer", "=command"},
          {"bench", "--peer", "empty="},
          {"bench", "--baseline", "nobody"},
          {"bench", "--frames", "1", "quick.tal", "--stdin", "input.txt"},
          {"bench", "--no-such-option"}}) {
        const Outcome outcome = leveret(arguments);
        EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(arguments);
        EXPECT_TRUE(outcome.error.starts_with("leveret: error: ")) << outcome.error;
        EXPECT_EQ(outcome.output, "");
    }
}

TEST(Bench, SaysThatThePictureCannotBeWritten) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"bench", quick_program(folder), "--engine", "loop", "--rounds",
                                     "1", "--svg", folder.path("missing/chart.svg")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("missing/chart.svg"), std::string::npos);
}

}  // namespace
}  // namespace cli_test
