// leveret test: golden cases as a user writes them.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "host/png.hpp"
#include "process.hpp"
#include "temporary_folder.hpp"

namespace cli_test {
namespace {

class TestCommand : public testing::Test {
protected:
    TestCommand() {
        for (const char* name : {"case", "case/expected", "case/files"}) {
            std::filesystem::create_directory(folder.path(name));
        }
        std::filesystem::copy_file(program("graphics.tal"), folder.path("case/graphics.tal"));
        folder.write("case/script.txt", "key a\nmouse 3 3\nwait 2\n");
        folder.write("case/expected/output.txt", "a");
    }
    Outcome test(std::vector<std::string> options = {}) const {
        options.insert(options.begin(), {"test", "--engine", "loop"});
        options.emplace_back("case");
        return leveret(options, "", {.folder = folder.path()});
    }
    /// What is said of the only case.
    std::string complaint() const {
        const Outcome outcome = test();
        EXPECT_EQ(outcome.exit_code, 1);
        const std::string start = "FAILED case (loop)\n  ";
        EXPECT_EQ(outcome.output.substr(0, start.size()), start);
        const std::string rest = outcome.output.substr(start.size());
        EXPECT_TRUE(rest.ends_with("\n0 passed, 1 failed\n")) << rest;
        return rest.substr(0, rest.find('\n'));
    }

    TemporaryFolder folder;
};

TEST_F(TestCommand, PassesWhenAllIsAsExpected) {
    const Outcome outcome = test();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, "1 passed, 0 failed\n");
    EXPECT_EQ(outcome.error, "");
}

TEST_F(TestCommand, RunsEveryEngineAndEveryCaseBelowAFolder) {
    std::filesystem::create_directories(folder.path("all/deep"));
    std::filesystem::copy(folder.path("case"), folder.path("all/deep/other"),
                          std::filesystem::copy_options::recursive);
    const auto count =
        std::ranges::count(leveret({"test", folder.path("all"), "--tap"}).output, '\n') - 2;
    EXPECT_GE(count, 1);
    const Outcome outcome = leveret({"test", folder.path("all"), folder.path("case")});
    EXPECT_EQ(outcome.output, std::to_string(2 * count) + " passed, 0 failed\n");
}

TEST_F(TestCommand, ShowsTheLineThatDiffers) {
    folder.write("case/expected/output.txt", "b");
    EXPECT_EQ(complaint(),
              "output.txt: line 1 is \"a\" instead of \"b\"; see case/failed/loop/output.txt");
    EXPECT_EQ(folder.read("case/failed/loop/output.txt"), "a");
    folder.write("case/expected/output.txt", "a\n");
    EXPECT_EQ(complaint().substr(0, 35), "output.txt: line 1 is \"a\" instead o");
}

TEST_F(TestCommand, ShowsAPictureSideBySide) {
    host::Picture picture{
        .width = 16, .height = 8, .pixels = std::vector<std::uint32_t>(128, 0xffffff)};
    picture.pixels[3 * 16 + 3] = 0x000000;
    const std::string expected = folder.path("case/expected/screen.png");
    ASSERT_TRUE(host::write_png(expected, picture));
    EXPECT_EQ(test().exit_code, 0);
    picture.pixels[3 * 16 + 3] = 0x123456;
    picture.pixels[4 * 16 + 3] = 0;
    ASSERT_TRUE(host::write_png(expected, picture));
    EXPECT_EQ(complaint(),
              "screen.png: 2 pixels differ, the first at 3,3: #000000 instead of #123456; see "
              "case/failed/loop/screen.side-by-side.png");
    const auto beside = host::read_png(folder.path("case/failed/loop/screen.side-by-side.png"));
    ASSERT_TRUE(beside.has_value());
    EXPECT_EQ(beside->width, 3u * 16 + 2 * 8);
    EXPECT_EQ(beside->pixels[3 * 64 + 3], 0x123456u);
    EXPECT_EQ(beside->pixels[3 * 64 + 24 + 3], 0x000000u);
    EXPECT_NE(beside->pixels[3 * 64 + 48 + 3], beside->pixels[3 * 64 + 48 + 2]);
}

TEST_F(TestCommand, LooksAtScreensOfFrames) {
    const host::Picture empty{
        .width = 16, .height = 8, .pixels = std::vector<std::uint32_t>(128, 0xffffff)};
    ASSERT_TRUE(host::write_png(folder.path("case/expected/screen@0.png"), empty));
    EXPECT_EQ(test().exit_code, 0);
    ASSERT_TRUE(host::write_png(folder.path("case/expected/screen@1.png"), empty));
    EXPECT_EQ(complaint().substr(0, 32), "screen@1.png: 1 pixel differ, th");
}

TEST_F(TestCommand, ComparesExitCodesSoundsAndMemory) {
    folder.write("case/expected/exit.txt", "4\n");
    EXPECT_EQ(complaint().substr(0, 37), "exit.txt: line 1 is \"0\" instead of \"4");
    folder.write("case/expected/exit.txt", "0\n");
    folder.write("case/expected/memory.ram", std::string(65536, '\1'));
    EXPECT_EQ(complaint().substr(0, 46), "memory.ram: byte 0000 is 00 instead of 01; see");
    std::filesystem::remove(folder.path("case/expected/memory.ram"));
    folder.write("case/expected/sound.wav", "");
    EXPECT_EQ(complaint().substr(0, 37), "sound.wav: 5924 bytes instead of 0; s");  // 44 + 2 * 2940
}

TEST_F(TestCommand, GivesTheProgramFilesAndLooksAtThemAfterwards) {
    std::filesystem::remove(folder.path("case/graphics.tal"));
    std::filesystem::remove(folder.path("case/expected/output.txt"));
    folder.write("case/program.txt", program("files.tal") + "\n");
    folder.write("case/script.txt", "arguments rf wg\n");
    folder.write("case/files/f", "eff");
    std::filesystem::create_directory(folder.path("case/expected/files"));
    folder.write("case/expected/files/f", "eff");
    EXPECT_EQ(complaint().substr(0, 28), "files/g: was not expected; s");
    EXPECT_FALSE(folder.has("case/files/g"));
    std::filesystem::copy_file(folder.path("case/failed/loop/files/g"),
                               folder.path("case/expected/files/g"));
    EXPECT_EQ(test().exit_code, 0);
    EXPECT_FALSE(folder.has("case/failed"));
    folder.write("case/expected/files/h", "");
    EXPECT_EQ(complaint(), "files/h: is missing");
}

TEST_F(TestCommand, FailsACaseThatDoesNotEnd) {
    std::filesystem::remove(folder.path("case/graphics.tal"));
    folder.write("case/loop.tal", "|0100 @loop !loop");
    const Outcome outcome = test({"--max-instructions", "100"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.output.find("stopped at 0100 in frame 0, after 100 instructions"),
              std::string::npos)
        << outcome.output;
}

TEST_F(TestCommand, FailsACaseThatExpectsNothing) {
    std::filesystem::remove(folder.path("case/expected/output.txt"));
    EXPECT_EQ(complaint(), "nothing is expected of it; --update can change that");
}

TEST_F(TestCommand, UpdatesOnlyWhenToldSo) {
    folder.write("case/expected/output.txt", "b");
    const Outcome asked = test({"--update"});
    EXPECT_EQ(asked.exit_code, 1);
    EXPECT_EQ(asked.output,
              "case/expected/output.txt: line 1 is \"a\" instead of \"b\"\n"
              "Without a terminal to ask on, only --yes lets this happen.\nNothing was written.\n");
    EXPECT_EQ(folder.read("case/expected/output.txt"), "b");
    EXPECT_EQ(test({"--update", "--yes"}).exit_code, 0);
    EXPECT_EQ(folder.read("case/expected/output.txt"), "a");
    EXPECT_EQ(test({"--update"}).output, "Nothing is to change.\n");
}

TEST_F(TestCommand, MakesTheExpectationsOfANewCase) {
    std::filesystem::remove_all(folder.path("case/expected"));
    EXPECT_EQ(
        test({"--update", "--yes"}).output,
        "new: case/expected/exit.txt (2 bytes)\nnew: case/expected/output.txt (1 bytes)\n" +
            std::string("new: case/expected/screen.png (") +
            std::to_string(std::filesystem::file_size(folder.path("case/expected/screen.png"))) +
            " bytes)\nnew: case/expected/sound.wav (5924 bytes)\n");
    EXPECT_EQ(test().exit_code, 0);
}

TEST_F(TestCommand, ReportsToMachines) {
    EXPECT_EQ(test({"--tap"}).output, "TAP version 13\n1..1\nok 1 - case (loop)\n");
    folder.write("case/expected/output.txt", "<b>");
    const Outcome outcome = test({"--tap", "--junit", "j.xml"});
    EXPECT_EQ(outcome.output,
              "TAP version 13\n1..1\nnot ok 1 - case (loop)\n  ---\n  message: |\n"
              "    output.txt: line 1 is \"a\" instead of \"<b>\"; see "
              "case/failed/loop/output.txt\n  ...\n");
    const std::string xml = folder.read("j.xml");
    EXPECT_NE(xml.find("<testsuite name=\"leveret\" tests=\"1\" failures=\"1\""),
              std::string::npos);
    EXPECT_NE(xml.find("instead of &quot;&lt;b&gt;&quot;"), std::string::npos);
}

TEST_F(TestCommand, NamesWhatIsWrongWithACase) {
    folder.write("case/expected/screenshot.png", "");
    EXPECT_EQ(complaint(), "nothing in a run is called 'case/expected/screenshot.png'");
    std::filesystem::remove(folder.path("case/expected/screenshot.png"));
    folder.write("case/script.txt", "wait\njump");
    EXPECT_EQ(complaint(), "case/script.txt:2:1: there is no command 'jump'");
    folder.write("case/script.txt", "");
    folder.write("case/second.rom", "x");
    EXPECT_EQ(complaint(), "'case' has to hold one program, or program.txt that names one");
    folder.write("case/program.txt", "missing.tal");
    const Outcome outcome = test();
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("missing.tal"), std::string::npos);
    folder.write("case/expected/screen.png", "not a picture");
    std::filesystem::remove(folder.path("case/second.rom"));
    std::filesystem::remove(folder.path("case/program.txt"));
    EXPECT_EQ(complaint().substr(0, 12), "output.txt: ");
}

TEST_F(TestCommand, RejectsWrongUse) {
    EXPECT_EQ(leveret({"test"}).exit_code, 2);
    EXPECT_EQ(leveret({"test", "--yes", folder.path("case")}).exit_code, 2);
    EXPECT_EQ(leveret({"test", "--engine", "quantum", folder.path("case")}).exit_code, 2);
    const Outcome missing = leveret({"test", folder.path("missing")});
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_EQ(missing.error, "leveret: error: '" + folder.path("missing") + "' is not a folder\n");
    std::filesystem::create_directory(folder.path("empty"));
    EXPECT_EQ(leveret({"test", folder.path("empty")}).error,
              "leveret: error: there is no test case in '" + folder.path("empty") + "'\n");
}

}  // namespace
}  // namespace cli_test
