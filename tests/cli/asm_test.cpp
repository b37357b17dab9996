#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "process.hpp"
#include "temporary_folder.hpp"

namespace cli_test {
namespace {

/// A program of 5 bytes with two labels, of which one is used.
constexpr char kSource[] = "|18 @write |100 #2e .write DEO\n";
const std::string kRom("\x80\x2e\x80\x18\x17", 5);
const std::string kSymbols("\0\x18write\0", 8);

TEST(Asm, WritesTheRomAndItsSymbolsBesideTheSource) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"asm", folder.write("dot.tal", kSource)});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.error, "Assembled " + folder.path("dot.rom") +
                                 " in 5 bytes(0.01% used), 1 labels, 0 macros.\n");
    EXPECT_EQ(folder.read("dot.rom"), kRom);
    EXPECT_EQ(folder.read("dot.rom.sym"), kSymbols);
    EXPECT_EQ(folder.size(), 3);
}

TEST(Asm, WritesWhereItIsTold) {
    const TemporaryFolder folder;
    const std::string source = folder.write("dot.tal", kSource);
    EXPECT_EQ(leveret({"asm", source, "-o", folder.path("a.rom")}).exit_code, 0);
    EXPECT_EQ(leveret({"asm", "--output", folder.path("b.rom"), source}).exit_code, 0);
    EXPECT_EQ(leveret({"asm", source, folder.path("c.rom")}).exit_code, 0);
    for (const std::string name : {"a", "b", "c"}) {
        EXPECT_EQ(folder.read(name + ".rom"), kRom) << name;
        EXPECT_EQ(folder.read(name + ".rom.sym"), kSymbols) << name;
    }
    EXPECT_FALSE(folder.has("dot.rom"));
}

TEST(Asm, WritesNoSymbolsWhenAskedNotTo) {
    const TemporaryFolder folder;
    EXPECT_EQ(leveret({"asm", "--no-sym", folder.write("dot.tal", kSource)}).exit_code, 0);
    EXPECT_EQ(folder.read("dot.rom"), kRom);
    EXPECT_FALSE(folder.has("dot.rom.sym"));
}

TEST(Asm, IsQuietWhenAskedTo) {
    EXPECT_EQ(leveret({"asm", "-q", program("warning.tal"), "-o", "/dev/null"}).error, "");
}

TEST(Asm, GoesThroughStandardStreams) {
    const Outcome outcome = leveret({"asm", "-"}, kSource);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, kRom);
    const TemporaryFolder folder;
    EXPECT_EQ(leveret({"asm", folder.write("dot.tal", kSource), "-o", "-"}).output, kRom);
    EXPECT_EQ(leveret({"asm", "-", "-o", folder.path("new.rom")}, kSource).exit_code, 0);
    EXPECT_EQ(folder.read("new.rom"), kRom);
    EXPECT_FALSE(folder.has("dot.rom"));
}

TEST(Asm, WritesNoSymbolsBesideAPipe) {
    const TemporaryFolder folder;
    const std::string source = folder.write("dot.tal", kSource);
    ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
    const int reader = open(folder.path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    EXPECT_EQ(leveret({"asm", source, "-o", folder.path("pipe")}).exit_code, 0);
    std::string seen(100, '\0');
    const ssize_t count = read(reader, seen.data(), seen.size());
    close(reader);
    seen.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    EXPECT_EQ(seen, kRom);
    EXPECT_EQ(folder.size(), 2);
}

TEST(Asm, ShowsWarningsAndStillAssembles) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"asm", program("warning.tal"), "-o", folder.path("w.rom")});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.error.find("warning"), std::string::npos) << outcome.error;
    EXPECT_NE(outcome.error.find("never-used"), std::string::npos) << outcome.error;
    EXPECT_TRUE(folder.has("w.rom"));
}

TEST(Asm, LeavesOldFilesAloneWhenThereIsAnError) {
    const TemporaryFolder folder;
    const std::string source = folder.write("bad.tal", "|100 #2e .nothing DEO BRK\n");
    folder.write("bad.rom", "old rom");
    folder.write("bad.rom.sym", "old symbols");
    const Outcome outcome = leveret({"asm", source});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.error.find(":1:10: error: "), std::string::npos) << outcome.error;
    EXPECT_EQ(folder.read("bad.rom"), "old rom");
    EXPECT_EQ(folder.read("bad.rom.sym"), "old symbols");
    EXPECT_EQ(folder.size(), 3);
}

TEST(Asm, CreatesNothingWhenThereIsAnError) {
    const TemporaryFolder folder;
    const std::string source = folder.write("bad.tal", "|100 nothing\n");
    EXPECT_EQ(leveret({"asm", source}).exit_code, 1);
    EXPECT_EQ(folder.size(), 1);
}

TEST(Asm, NeverReplacesItsSource) {
    const TemporaryFolder folder;
    const std::string source = folder.write("dot.tal", kSource);
    std::filesystem::create_symlink("dot.tal", folder.path("link"));
    EXPECT_EQ(leveret({"asm", source, source}).exit_code, 1);
    EXPECT_EQ(leveret({"asm", source, "-o", folder.path("link")}).exit_code, 1);
    EXPECT_EQ(folder.read("dot.tal"), kSource);
}

TEST(Asm, PrintsNoColourIntoAPipe) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"asm", folder.write("bad.tal", "|100 nothing\n")});
    EXPECT_EQ(outcome.error.find('\x1b'), std::string::npos);
}

TEST(Run, ShowsErrorsButNoWarningsOfTheAssembler) {
    const Outcome outcome = leveret({program("warning.tal")});
    EXPECT_EQ(outcome.output, ".");
    EXPECT_EQ(outcome.error, "");
    EXPECT_NE(leveret({"--warnings", program("warning.tal")}).error.find("never-used"),
              std::string::npos);

    const TemporaryFolder folder;
    const Outcome bad = leveret({folder.write("bad.tal", "|100 #2e .nothing DEO BRK\n")});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_EQ(bad.output, "");
    EXPECT_NE(bad.error.find(":1:10: error: "), std::string::npos) << bad.error;
    EXPECT_EQ(folder.size(), 1);
}

TEST(Run, FindsIncludedFilesBesideTheSource) {
    const TemporaryFolder folder;
    folder.write("print.tal", "#2e .write DEO\n");
    const std::string source = folder.write("main.tal", "|18 @write |100 ~print.tal BRK\n");
    EXPECT_EQ(leveret({source}).output, ".");
}

}  // namespace
}  // namespace cli_test
