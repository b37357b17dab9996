// --stats, --jit-dump, --perf and --gdb: what they show of the engine at work.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "process.hpp"
#include "temporary_folder.hpp"
#include "unprivileged.hpp"
#include "uxn/engines.hpp"

namespace cli_test {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

AssertionResult has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos ? AssertionSuccess()
                                                : AssertionFailure()
                                                      << "'" << part << "' is not in:\n"
                                                      << text;
}

/// The name of the engine that makes machine code; empty if this build has none.
std::string compiling_engine() {
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.observed != nullptr) {
            return std::string(entry.name);
        }
    }
    return {};
}

/// The number in a line of --stats.
std::uint64_t number_in(const std::string& text, const std::string& row) {
    const std::size_t at = text.find("\n" + row + " ");
    EXPECT_NE(at, std::string::npos) << "no '" << row << "' in:\n" << text;
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + 1 + row.size()));
}

class Onlookers : public testing::Test {
protected:
    void SetUp() override {
        if (compiling_engine().empty()) {
            GTEST_SKIP() << "this build has no engine that makes machine code";
        }
    }
    TemporaryFolder folder;
};

// --- --stats ------------------------------------------------------------------------------------

TEST(Stats, NameTheEngineAndCountInstructionsOnAnyOne) {
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine == nullptr) {
            continue;
        }
        const std::string name(entry.name);
        const Outcome outcome = leveret({"run", "--stats", "--engine", name,
                                         "--max-instructions=100000", program("patching.tal")});
        EXPECT_EQ(outcome.exit_code, 124);
        EXPECT_TRUE(outcome.error.starts_with("engine                " + name +
                                              "\ninstructions          100000\n"))
            << outcome.error;
        EXPECT_EQ(outcome.error.find("regions") != std::string::npos, entry.observed != nullptr);
    }
}

TEST_F(Onlookers, CountWhatTheCompilerHasDone) {
    const Outcome outcome = leveret({"run", "--stats", "--engine", compiling_engine(),
                                     "--max-instructions=3000000", program("patching.tal")});
    EXPECT_EQ(outcome.output, "");
    const std::uint64_t compiled = number_in(outcome.error, "regions compiled");
    const std::uint64_t alive = number_in(outcome.error, "  of them alive");
    const std::uint64_t changed = number_in(outcome.error, "  invalidated");
    EXPECT_GT(changed, 0U);
    EXPECT_GT(alive, 0U);
    EXPECT_EQ(compiled, alive + changed);
    EXPECT_GT(number_in(outcome.error, "  instructions"), 10 * compiled);
    EXPECT_GT(number_in(outcome.error, "  bytes of code"), 100 * compiled);
    EXPECT_GT(number_in(outcome.error, "  in compiled code"), 10U);
    EXPECT_GT(number_in(outcome.error, "compiled code entered"), 0U);
    EXPECT_GE(number_in(outcome.error, "compiled code entered"),
              number_in(outcome.error, "  left by side exits"));
    EXPECT_GT(number_in(outcome.error, "compile time"), 0U);
    EXPECT_TRUE(has(outcome.error, "\n  of a region         median "));
}

TEST_F(Onlookers, ShowHowOftenDevicesWereCalledFromCompiledCode) {
    // print is called with eleven bytes, of which most come before anything is compiled; the loop
    // calls nothing.
    const Outcome outcome =
        leveret({"run", "--stats", "--engine", compiling_engine(), program("hot.tal")}, "x");
    EXPECT_EQ(outcome.output, "ready\ndone\n");
    EXPECT_LT(number_in(outcome.error, "interpreter called"), 20U);
    EXPECT_EQ(number_in(outcome.error, "  invalidated"), 0U);
}

// --- --jit-dump ---------------------------------------------------------------------------------

TEST_F(Onlookers, DumpEachRegionWithEverythingItWas) {
    const Outcome outcome =
        leveret({"run", "--jit-dump", folder.path("a/dump"), program("hot.tal")}, "x");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.output, "ready\ndone\n");
    const std::string text = folder.read("a/dump/012f.txt");
    EXPECT_TRUE(text.starts_with("012f sum/loop, compilation 1: ")) << text;
    for (const std::string part :
         {"\n@sum/loop\n  012f  26      DUP2\n", "\n  0133  a00001  LIT2 #0001\n",
          "\n  0138  20fff4  JCI 012f sum/loop\n", "\nregion 012f: ", "\nblock 0 at 012f ()\n",
          "\nL0:\n", "  0000  "}) {
        EXPECT_TRUE(has(text, part));
    }
    EXPECT_EQ(std::ranges::count(text, '\0'), 0);
}

TEST_F(Onlookers, FindLabelsInTheFileBesideARom) {
    leveret({"asm", "-q", program("hot.tal"), folder.path("hot.rom")});
    leveret({"run", "--jit-dump", folder.path("dump"), folder.path("hot.rom")}, "x");
    EXPECT_TRUE(folder.read("dump/012f.txt").starts_with("012f sum/loop, "));
    std::filesystem::remove(folder.path("hot.rom.sym"));
    std::filesystem::remove_all(folder.path("dump"));
    const Outcome without =
        leveret({"run", "--jit-dump", folder.path("dump"), folder.path("hot.rom")}, "x");
    EXPECT_EQ(without.error, "");
    EXPECT_TRUE(folder.read("dump/012f.txt").starts_with("012f, "));
    folder.write("hot.rom.sym", "x");
    EXPECT_TRUE(
        has(leveret({"run", "--jit-dump", folder.path("dump"), folder.path("hot.rom")}, "x").error,
            "leveret: warning: cannot use '" + folder.path("hot.rom.sym") + "'"));
}

TEST_F(Onlookers, NumberWhatIsCompiledAgain) {
    leveret({"run", "--jit-dump", folder.path("dump"), "--max-instructions=3000000",
             program("patching.tal")});
    EXPECT_TRUE(folder.read("dump/0103.txt").starts_with("0103 on-reset/again, compilation 1: "));
    const std::string again = folder.read("dump/0103-2.txt");
    EXPECT_TRUE(again.starts_with("0103 on-reset/again, compilation 2: "));
    EXPECT_TRUE(has(again, "@on-reset/op\n  0123  3"));
}

TEST_F(Onlookers, LeaveNothingButWholeFilesInTheFolder) {
    leveret({"run", "--jit-dump", folder.path(), program("hot.tal")}, "x");
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        EXPECT_EQ(entry.path().extension(), ".txt") << entry.path();
    }
    EXPECT_GT(folder.size(), 0);
}

TEST_F(Onlookers, DoNotOpenTheFolderToTheProgram) {
    // The kernel lets the process write there; the program has its own folder only.
    std::filesystem::create_directory(folder.path("roms"));
    leveret({"asm", "-q", "--no-sym", program("files.tal"), folder.path("roms/files.rom")});
    const Outcome outcome = leveret(
        {"run", "--jit-dump", folder.path("dump"), folder.path("roms/files.rom"), "w../dump/file"});
    EXPECT_EQ(outcome.output, "w 0000\n");
    EXPECT_FALSE(folder.has("dump/file"));
}

TEST_F(Onlookers, RefuseAFolderThatCannotBeThere) {
    folder.write("file", "");
    for (const std::string name : {"file", "file/dump"}) {
        const Outcome outcome =
            leveret({"run", "--jit-dump", folder.path(name), program("hot.tal")}, "x");
        EXPECT_EQ(outcome.exit_code, 1) << name;
        EXPECT_EQ(outcome.output, "") << "the program has run";
        EXPECT_EQ(outcome.error, "leveret: error: cannot create the folder '" + folder.path(name) +
                                     "': Not a directory\n");
    }
    EXPECT_EQ(leveret({"run", "--jit-dump", "", program("hot.tal")}).exit_code, 2);
}

TEST_F(Onlookers, RefuseAFolderThatMayNotBeWritten) {
    std::filesystem::create_directory(folder.path("dump"));
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    std::filesystem::permissions(folder.path("dump"), std::filesystem::perms(0555));
    const Unprivileged unprivileged;
    if (eaccess(binary().c_str(), X_OK) != 0) {
        GTEST_SKIP() << "without root's rights the binary cannot be reached";
    }
    const Outcome outcome =
        leveret({"run", "--jit-dump", folder.path("dump"), program("hot.tal")}, "x");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_TRUE(has(outcome.error, "leveret: error: cannot create files in '" +
                                       folder.path("dump") + "': Permission denied\n"));
}

TEST_F(Onlookers, FailWhenTheFolderGoesWhileTheProgramRuns) {
    Process process({"run", "--jit-dump", folder.path("dump"), program("hot.tal")});
    ASSERT_TRUE(process.wait_for_output("ready\n"));
    std::filesystem::remove_all(folder.path("dump"));
    process.write("x");
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.output, "ready\ndone\n") << "the program is not to blame";
    EXPECT_TRUE(outcome.error.starts_with("leveret: error: cannot write '" + folder.path("dump/")))
        << outcome.error;
}

TEST_F(Onlookers, WantAnEngineThatMakesMachineCode) {
    for (const std::string option : {"--jit-dump=x", "--perf=map", "--gdb"}) {
        const Outcome outcome = leveret({"run", option, "--engine", "loop", program("hot.tal")});
        EXPECT_EQ(outcome.exit_code, 2);
        EXPECT_EQ(outcome.error, "leveret: error: " + option.substr(0, option.find('=')) +
                                     ": engine 'loop' makes no machine code\n"
                                     "Try 'leveret run --help'.\n");
        EXPECT_TRUE(has(leveret({"run", option, "--engine", "lopo", program("hot.tal")}).error,
                        "unknown engine 'lopo'; did you mean 'loop'?"));
    }
}

TEST(Onlooking, IsRefusedWhereNoEngineMakesMachineCode) {
    if (!compiling_engine().empty()) {
        GTEST_SKIP() << "this build has one";
    }
    const Outcome outcome = leveret({"run", "--jit-dump", "x", program("hot.tal")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.error,
              "leveret: error: --jit-dump looks at machine code, and this build has no engine that "
              "makes any; see 'leveret engines'\n");
    EXPECT_FALSE(std::filesystem::exists("x"));
}

// --- --perf -------------------------------------------------------------------------------------

TEST_F(Onlookers, WriteAMapForPerf) {
    Process process({"run", "--perf", "map", program("hot.tal")});
    const std::string pid = std::to_string(process.pid());
    process.write("x");
    process.close_input();
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.error, "");
    const std::string path = "/tmp/perf-" + pid + ".map";
    std::ifstream file(path);
    const std::string map{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(unlink(path.c_str()), 0);
    EXPECT_TRUE(has(map, " uxn: shared\n"));
    const std::size_t name = map.find(" uxn:012f sum/loop\n");
    ASSERT_NE(name, std::string::npos) << map;
    const std::string line = map.substr(map.rfind('\n', name) + 1);
    std::size_t end = 0;
    EXPECT_GT(std::stoull(line, &end, 16), 0x1000U) << "an address";
    EXPECT_GT(std::stoull(line.substr(end), nullptr, 16), 100U) << "a size";
}

TEST_F(Onlookers, DoNotFollowWhatOthersHavePutInTheWayOfTheMap) {
    static std::string victim;
    victim = folder.write("victim", "precious");
    Process process({"run", "--perf", "map", program("hot.tal")}, {.prepare = [] {
                        const std::string map = "/tmp/perf-" + std::to_string(getpid()) + ".map";
                        if (symlink(victim.c_str(), map.c_str()) != 0) {
                            _exit(125);
                        }
                    }});
    const std::string map = "/tmp/perf-" + std::to_string(process.pid()) + ".map";
    process.write("x");
    process.close_input();
    EXPECT_EQ(process.wait().output, "ready\ndone\n");
    EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(map)));
    unlink(map.c_str());
    EXPECT_EQ(folder.read("victim"), "precious");
}

TEST_F(Onlookers, WriteADumpForPerf) {
    Process process({"run", "--perf", "dump", program("hot.tal")}, {.folder = folder.path()});
    const std::string pid = std::to_string(process.pid());
    process.write("x");
    process.close_input();
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.error, "");
    const std::string dump = folder.read("jit-" + pid + ".dump");
    ASSERT_GT(dump.size(), 40U);
    const auto word = [&](std::size_t at) {
        std::uint32_t number = 0;
        std::memcpy(&number, dump.data() + at, sizeof(number));
        return number;
    };
    EXPECT_EQ(word(0), 0x4a695444U);
    EXPECT_EQ(word(20), std::stoul(pid));
    // The records, from one to the next.
    std::vector<std::string> names;
    std::size_t at = word(8);
    bool closed = false;
    while (at < dump.size()) {
        ASSERT_FALSE(closed);
        const std::uint32_t size = word(at + 4);
        ASSERT_GE(size, 16U);
        ASSERT_LE(at + size, dump.size());
        if (word(at) == 0) {
            const std::string name = dump.c_str() + at + 56;
            names.push_back(name);
            EXPECT_EQ(size, 56 + name.size() + 1 + word(at + 40)) << name;
        } else {
            EXPECT_EQ(word(at), 3U);
            closed = true;
        }
        at += size;
    }
    EXPECT_TRUE(closed);
    EXPECT_EQ(std::ranges::count(names, "uxn: shared"), 1);
    EXPECT_EQ(std::ranges::count(names, "uxn:012f sum/loop"), 1);
}

TEST_F(Onlookers, SayWhereADumpForPerfCannotBe) {
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
    const Unprivileged unprivileged;
    if (eaccess(binary().c_str(), X_OK) != 0) {
        GTEST_SKIP() << "without root's rights the binary cannot be reached";
    }
    const Outcome outcome =
        leveret({"run", "--perf", "dump", program("hot.tal")}, "x", {.folder = folder.path()});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_TRUE(outcome.error.starts_with("leveret: error: cannot write 'jit-")) << outcome.error;
    EXPECT_TRUE(has(outcome.error, ".dump': Permission denied\n"));
}

TEST(Onlooking, KnowsTwoWaysToTellPerf) {
    const Outcome outcome = leveret({"run", "--perf", "record", program("hot.tal")});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(has(outcome.error, "--perf takes map or dump, not 'record'"));
}

// --- --gdb --------------------------------------------------------------------------------------

std::string output_of(const std::string& command) {
    std::string output;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    while (pipe != nullptr && std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
        output += buffer.data();
    }
    return pipe != nullptr && pclose(pipe) == 0 ? output : std::string();
}

TEST_F(Onlookers, TellGdbTheNames) {
    if (!emulator().empty() || output_of("gdb --version 2>&1").empty()) {
        GTEST_SKIP() << "there is no gdb, or it does not see the program";
    }
    folder.write("input", "x");
    // It is told of the shared code first, then of each region.
    folder.write("commands",
                 "set breakpoint pending on\nbreak __jit_debug_register_code\nrun run --gdb " +
                     program("hot.tal") + " < " + folder.path("input") +
                     "\ncontinue\ncontinue\ninfo functions uxn:\nkill\n");
    const std::string output =
        output_of("gdb -nx -q -batch -x " + folder.path("commands") + " " + binary() + " 2>&1");
    if (output.find("Breakpoint 1, ") == std::string::npos) {
        GTEST_SKIP() << "gdb cannot run programs here:\n" << output;
    }
    EXPECT_TRUE(has(output, "  uxn: shared\n"));
    EXPECT_TRUE(has(output, "  uxn:012f sum/loop\n"));
}

TEST_F(Onlookers, DoNotDisturbWhereThereIsNoGdb) {
    const Outcome outcome = leveret({"run", "--gdb", program("hot.tal")}, "x");
    EXPECT_EQ(outcome.output, "ready\ndone\n");
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.exit_code, 0);
}

}  // namespace
}  // namespace cli_test
