#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "process.hpp"
#include "temporary_folder.hpp"

namespace cli_test {
namespace {

constexpr char kHelloSource[] = "|18 @Console/write |100 @main LIT \". .Console/write DEO !main\n";
constexpr std::string_view kHelloRom("\x80\x2e\x80\x18\x17\x40\xff\xf8", 8);
constexpr std::string_view kHelloSymbols(
    "\0\x18"
    "Console/write\0\x01\0main\0",
    23);
constexpr char kNamed[] =
    "|18 @Console/write\n"
    "\n"
    "|0100\n"
    "@main\n"
    "\t#2e .Console/write DEO                          ( 0100 )\n"
    "\t!main                                           ( 0105 )\n";
constexpr char kBare[] =
    "|10 @Console $8 &write\n"
    "\n"
    "|0100\n"
    "@on-reset\n"
    "\t#2e .Console/write DEO                          ( 0100 )\n"
    "\t!on-reset                                       ( 0105 )\n";

TEST(Dis, WritesSourceToStandardOutput) {
    const TemporaryFolder folder;
    const Outcome outcome = leveret({"dis", folder.write("dot.rom", kHelloRom)});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, kBare);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(folder.size(), 1);
}

TEST(Dis, TakesTheSymbolsBesideTheRom) {
    const TemporaryFolder folder;
    const std::string source = folder.write("dot.tal", kHelloSource);
    ASSERT_EQ(leveret({"asm", "-q", source}).exit_code, 0);
    EXPECT_EQ(leveret({"dis", folder.path("dot.rom")}).output, kNamed);
}

TEST(Dis, TakesTheSymbolsItIsTold) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    folder.write("dot.rom.sym", "malformed");
    const std::string symbols = folder.write("other", kHelloSymbols);
    const Outcome outcome = leveret({"dis", rom, "--sym", symbols});
    EXPECT_EQ(outcome.output, kNamed);
    EXPECT_EQ(outcome.error, "");
}

TEST(Dis, WritesWhereItIsTold) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    const Outcome outcome = leveret({"dis", rom, "-o", folder.path("dot.tal")});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output + outcome.error, "");
    EXPECT_EQ(folder.read("dot.tal"), kBare);
    EXPECT_EQ(folder.size(), 2);
}

TEST(Dis, ShowsBytesOrNothingBesideTheLines) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    const std::string bytes = leveret({"dis", "--bytes", rom}).output;
    EXPECT_NE(bytes.find("DEO                          ( 0100 802e 8018 17 )\n"), std::string::npos)
        << bytes;
    EXPECT_EQ(leveret({"dis", "--plain", rom}).output,
              "|10 @Console $8 &write\n"
              "\n"
              "|0100\n"
              "@on-reset\n"
              "\t#2e .Console/write DEO\n"
              "\t!on-reset\n");
    EXPECT_EQ(leveret({"dis", "--plain", "--bytes", rom}).exit_code, 2);
}

TEST(Dis, GoesThroughAPipeBackToTheAssembler) {
    const TemporaryFolder folder;
    const Outcome source = leveret({"dis", "-"}, kHelloRom);
    EXPECT_EQ(source.output, kBare);
    const Outcome assembled = leveret({"asm", "-", "-o", folder.path("again.rom")}, source.output);
    EXPECT_EQ(assembled.exit_code, 0) << assembled.error;
    EXPECT_EQ(folder.read("again.rom"), kHelloRom);
}

TEST(Dis, AProgramRunsTheSameAfterwards) {
    const TemporaryFolder folder;
    ASSERT_EQ(leveret({"asm", "-q", program("cat.tal"), "-o", folder.path("cat.rom")}).exit_code,
              0);
    for (const bool symbols : {true, false}) {
        if (!symbols) {
            std::filesystem::remove(folder.path("cat.rom.sym"));
        }
        const std::string again = folder.path("again.tal");
        ASSERT_EQ(leveret({"dis", folder.path("cat.rom"), "-o", again}).exit_code, 0);
        EXPECT_EQ(leveret({again}, "to and fro\n").output,
                  leveret({program("cat.tal")}, "to and fro\n").output);
    }
}

TEST(Dis, WarnsOfSymbolsThatItCannotRead) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    folder.write("dot.rom.sym", "malformed");
    const Outcome outcome = leveret({"dis", rom});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, kBare);
    EXPECT_EQ(outcome.error, "leveret: warning: cannot use '" + folder.path("dot.rom.sym") +
                                 "': the symbol at offset 0 has no 00 after its name\n");
}

TEST(Dis, FailsForSymbolsThatItIsToldAndCannotRead) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    const std::string symbols = folder.write("bad.sym", "malformed");
    for (const std::string& path :
         {symbols, folder.path("missing"), folder.path(), std::string()}) {
        const Outcome outcome = leveret({"dis", rom, "--sym", path});
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_EQ(outcome.output, "");
        EXPECT_TRUE(outcome.error.starts_with("leveret: error: cannot ")) << outcome.error;
        EXPECT_NE(outcome.error.find("'" + path + "'"), std::string::npos) << outcome.error;
    }
}

TEST(Dis, FailsWithoutAUsableRom) {
    const TemporaryFolder folder;
    const std::string empty = folder.write("empty.rom", "");
    const std::string source = folder.write("dot.tal", kHelloSource);
    for (const std::string& path : {folder.path("missing.rom"), folder.path(), empty, source}) {
        const Outcome outcome = leveret({"dis", path, "-o", folder.path("out.tal")});
        EXPECT_EQ(outcome.exit_code, 1) << path;
        EXPECT_EQ(outcome.output, "");
        EXPECT_TRUE(outcome.error.starts_with("leveret: error: ")) << outcome.error;
        EXPECT_NE(outcome.error.find("'" + path + "'"), std::string::npos) << outcome.error;
    }
    EXPECT_EQ(leveret({"dis", "-"}).exit_code, 1);
    EXPECT_EQ(folder.size(), 2);
}

TEST(Dis, RejectsWhatItDoesNotUnderstand) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    EXPECT_EQ(leveret({"dis"}).exit_code, 2);
    EXPECT_EQ(leveret({"dis", rom, rom}).exit_code, 2);
    const Outcome outcome = leveret({"dis", rom, "--plane"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_NE(outcome.error.find("did you mean '--plain'?"), std::string::npos) << outcome.error;
    EXPECT_NE(leveret({"dis", "--help"}).output.find("Usage: leveret dis "), std::string::npos);
}

TEST(Dis, NeverReplacesWhatItReads) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    const std::string symbols = folder.write("dot.rom.sym", kHelloSymbols);
    std::filesystem::create_symlink("dot.rom", folder.path("link"));
    EXPECT_EQ(leveret({"dis", rom, "-o", rom}).exit_code, 1);
    EXPECT_EQ(leveret({"dis", rom, "-o", folder.path("link")}).exit_code, 1);
    EXPECT_EQ(leveret({"dis", rom, "-o", symbols}).exit_code, 1);
    EXPECT_EQ(folder.read("dot.rom"), kHelloRom);
    EXPECT_EQ(folder.read("dot.rom.sym"), kHelloSymbols);
}

TEST(Dis, LeavesTheOldFileAloneWhenItCannotWrite) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("dot.rom", kHelloRom);
    const Outcome outcome = leveret({"dis", rom, "-o", folder.path("no/folder.tal")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("cannot write"), std::string::npos) << outcome.error;
    EXPECT_EQ(folder.size(), 1);
}

TEST(Dis, WarnsOfOtherBanks) {
    const TemporaryFolder folder;
    const std::string rom = folder.write("large.rom", std::string(0xff00 + 5, '\x01'));
    const Outcome outcome = leveret({"dis", rom});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.error, "leveret: warning: '" + rom +
                                 "': only the first 65280 of 65285 bytes are disassembled; the "
                                 "rest goes to other banks, which source cannot fill\n");
}

}  // namespace
}  // namespace cli_test
