// What people and other programs get wrong: a clear message, exit code 1, nothing half-written.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "process.hpp"
#include "temporary_folder.hpp"
#include "unprivileged.hpp"

namespace cli_test {
namespace {

constexpr std::size_t kMaxRom = 0xff00 + 15 * 0x10000;

/// The command fails with one message that has all these parts, and says nothing else.
void expect_failure(const std::vector<std::string>& arguments,
                    const std::vector<std::string>& parts, const ProcessOptions& options = {}) {
    const Outcome outcome = leveret(arguments, {}, options);
    EXPECT_FALSE(outcome.timed_out);
    EXPECT_EQ(outcome.exit_code, 1) << "signal " << outcome.signal;
    EXPECT_EQ(outcome.output, "");
    EXPECT_LT(outcome.error.size(), 4000u);
    EXPECT_TRUE(outcome.error.ends_with('\n')) << outcome.error;
    EXPECT_NE(outcome.error.find("error:"), std::string::npos) << outcome.error;
    for (const std::string& part : parts) {
        EXPECT_NE(outcome.error.find(part), std::string::npos)
            << "'" << part << "' is not in: " << outcome.error;
    }
}

TEST(BadInput, MissingRom) {
    expect_failure({"missing.rom"}, {"leveret: error: ", "'missing.rom'", "No such file"});
    expect_failure({"folder/missing"}, {"'folder/missing'", "No such file"});
    expect_failure({"run", "missing"}, {"'missing'", "No such file"});
    expect_failure({"run", ""}, {"''", "No such file"});
}

TEST(BadInput, MissingSource) {
    expect_failure({"missing.tal"}, {"missing.tal"});
    expect_failure({"asm", "missing.tal"}, {"missing.tal"});
}

TEST(BadInput, EmptyRom) {
    const TemporaryFolder folder;
    expect_failure({folder.write("empty.rom", "")}, {"empty.rom", "empty"});
}

TEST(BadInput, EmptySource) {
    const TemporaryFolder folder;
    for (const std::string contents : {"", "\n", "( only a comment )", "|100 00 00"}) {
        const std::string source = folder.write("empty.tal", contents);
        expect_failure({source}, {"empty.tal"});
        expect_failure({"asm", source}, {"empty.tal"});
    }
    EXPECT_EQ(folder.size(), 1);
}

TEST(BadInput, FolderInsteadOfAFile) {
    const TemporaryFolder folder;
    mkdir(folder.path("folder.rom").c_str(), 0700);
    mkdir(folder.path("folder.tal").c_str(), 0700);
    expect_failure({folder.path("folder.rom")}, {"folder.rom", "folder"});
    expect_failure({folder.path("folder.tal")}, {"folder.tal"});
    expect_failure({"asm", folder.path("folder.tal")}, {"folder.tal"});
    expect_failure({"."}, {"'.'", "folder"});
}

TEST(BadInput, UnreadableFile) {
    const Unprivileged unprivileged;
    if (eaccess(binary().c_str(), X_OK) != 0) {
        GTEST_SKIP() << "without root's rights the binary cannot be reached";
    }
    const TemporaryFolder folder;
    for (const std::string name : {"secret.rom", "secret.tal"}) {
        chmod(folder.write(name, "x").c_str(), 0000);
        expect_failure({folder.path(name)}, {name, "Permission denied"});
    }
}

TEST(BadInput, TooLargeRom) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("large.rom", std::string(kMaxRom + 1, '\0'));
    expect_failure({rom}, {"large.rom", "too large", std::to_string(kMaxRom)});
    EXPECT_EQ(leveret({folder.write("largest.rom", std::string(kMaxRom, '\0'))}).exit_code, 0);
}

TEST(BadInput, EndlessRom) {
    expect_failure({"/dev/zero"}, {"/dev/zero", "too large"});
}

TEST(BadInput, TooLargeSource) {
    const TemporaryFolder folder;
    const std::string source = folder.write("large.tal", std::string((16 << 20) + 1, ' '));
    expect_failure({source}, {"large.tal"});
    expect_failure({"asm", source}, {"large.tal"});
}

TEST(BadInput, SourceThatDoesNotFit) {
    const TemporaryFolder folder;
    std::string source = "|fffe";
    for (int i = 0; i < 10; ++i) {
        source += " #1234";
    }
    expect_failure({"asm", folder.write("wide.tal", source)}, {"wide.tal:1:"});
    EXPECT_EQ(folder.size(), 1);
}

TEST(BadInput, UnwritableOutput) {
    const TemporaryFolder folder;
    const std::string source = folder.write("dot.tal", "|100 #2e #18 DEO");
    mkdir(folder.path("folder").c_str(), 0700);
    expect_failure({"asm", source, "-o", folder.path("missing/dot.rom")},
                   {"cannot write", "missing/dot.rom", "No such file"});
    expect_failure({"asm", source, "-o", folder.path("folder")},
                   {"cannot write", "it is a folder"});
    expect_failure({"asm", source, "-o", "/dev/full"}, {"cannot write", "No space left"});
    expect_failure({"asm", source, "-o", source + "/dot.rom"}, {"cannot write"});
    mkdir(folder.path("dot.rom.sym").c_str(), 0700);
    expect_failure({"asm", source}, {"cannot write", "dot.rom.sym"});
}

std::string in_quotes(std::string_view path) {
    std::string text = "'";
    text += path;
    text += '\'';
    return text;
}

/// Runs leveret from a shell, with what follows it there; the exit code.
int from_shell(const std::string& rest) {
    const int status = system((emulator() + in_quotes(binary()) + " " + rest).c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(BadInput, FullDiskWhileRunning) {
    const TemporaryFolder folder;
    const std::string error = in_quotes(folder.path("error"));
    EXPECT_EQ(from_shell(in_quotes(program("yes.tal")) + " > /dev/full 2> " + error), 1);
    EXPECT_EQ(folder.read("error"),
              "leveret: error: cannot write the output: No space left on device\n");
}

TEST(BadInput, FullDiskForLeveretsOwnOutput) {
    EXPECT_EQ(from_shell("engines > /dev/full 2> /dev/null"), 1);
    EXPECT_EQ(from_shell("--help > /dev/full 2> /dev/null"), 1);
}

TEST(BadInput, ClosedStreams) {
    const std::string cat = in_quotes(program("cat.tal")) + " x";
    EXPECT_EQ(from_shell(cat + " <&- > /dev/null"), 0);
    EXPECT_EQ(from_shell(cat + " >&- 2> /dev/null"), 1);
    EXPECT_EQ(from_shell(cat + " < /dev/null > /dev/null 2>&-"), 0);
    EXPECT_EQ(from_shell("missing.rom 2>&-"), 1);
    EXPECT_EQ(from_shell("--enginn 2>&-"), 2);
    EXPECT_EQ(from_shell("missing.tal 2>&-"), 1);
    EXPECT_EQ(from_shell(in_quotes(program("streams.tal")) + " > /dev/null 2>&-"), 0);
}

TEST(BadInput, FileThatIncludesItself) {
    const TemporaryFolder folder;
    const std::string source = folder.write("self.tal", "~self.tal |100 #01\n");
    expect_failure({source}, {"self.tal:1:1", "includes itself"}, {.folder = folder.path()});
    expect_failure({"asm", source}, {"self.tal:1:1"}, {.folder = folder.path()});
    folder.write("a.tal", "~b.tal |100 #01\n");
    folder.write("b.tal", "~a.tal\n");
    expect_failure({folder.path("a.tal")}, {"b.tal:1:1"}, {.folder = folder.path()});
}

TEST(BadInput, InvalidUtf8) {
    const TemporaryFolder folder;
    const std::string source = folder.write("bytes.tal", "|100 \xff\xfe\x80;\xc3( \xf8 ) #01\n");
    expect_failure({source}, {"bytes.tal:1:"});
    // Fine where bytes do not matter.
    EXPECT_EQ(leveret({folder.write("fine.tal", "( \xff\xfe ) |100 #01 BRK")}).exit_code, 0);
}

TEST(BadInput, TokenOfAMillionCharacters) {
    const TemporaryFolder folder;
    for (const std::string start : {"", "@", ";", "#", "\"", "~", "%", "|", "( ", "[", "{"}) {
        const std::string source =
            folder.write("long.tal", "|100 #01 " + start + std::string(1'000'000, 'x') + "\n");
        expect_failure({"asm", source}, {"long.tal:1:10"});
    }
    EXPECT_EQ(folder.size(), 1);
}

TEST(BadInput, RandomBytesAsARomEndWithinTheBudget) {
    const TemporaryFolder folder;
    unsigned state = 20260215;
    for (int round = 0; round < 50; ++round) {
        std::string rom;
        for (int i = 0; i < 5000; ++i) {
            state = state * 1664525 + 1013904223;
            rom += static_cast<char>(state >> 24);
        }
        const Outcome outcome =
            leveret({"--max-instructions", "1000000", folder.write("random.rom", rom), "argument"},
                    "input");
        EXPECT_EQ(outcome.signal, 0) << "round " << round;
        EXPECT_FALSE(outcome.timed_out);
    }
}

}  // namespace
}  // namespace cli_test
