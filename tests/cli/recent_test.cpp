#include "app/cli/recent.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "temporary_folder.hpp"
#include "unprivileged.hpp"

namespace cli {
namespace {

using cli_test::TemporaryFolder;
using namespace std::string_literals;
using Paths = std::vector<std::string>;

TEST(RecentPrograms, AreKeptNewestFirstAndOnce) {
    const TemporaryFolder folder;
    const std::string file = folder.path("state/leveret/recent");
    EXPECT_EQ(read_recent(file), Paths{});
    for (const char* const path : {"/a.rom", "/b.rom", "/c d.tal", "/a.rom"}) {
        EXPECT_TRUE(remember_program(file, path));
    }
    EXPECT_EQ(read_recent(file), (Paths{"/a.rom", "/c d.tal", "/b.rom"}));
    EXPECT_EQ(folder.read("state/leveret/recent"),
              "# leveret recent 1\n/a.rom\n/c d.tal\n/b.rom\n");
}

TEST(RecentPrograms, AreTwentyAtMost) {
    const TemporaryFolder folder;
    const std::string file = folder.path("recent");
    for (int i = 0; i < 25; ++i) {
        EXPECT_TRUE(remember_program(file, "/" + std::to_string(i) + ".rom"));
    }
    const Paths paths = read_recent(file);
    ASSERT_EQ(paths.size(), 20u);
    EXPECT_EQ(paths.front(), "/24.rom");
    EXPECT_EQ(paths.back(), "/5.rom");
}

TEST(RecentPrograms, AreAbsolute) {
    const TemporaryFolder folder;
    EXPECT_TRUE(remember_program(folder.path("recent"), "x/../y.rom"));
    EXPECT_EQ(read_recent(folder.path("recent")),
              Paths{(std::filesystem::current_path() / "y.rom").string()});
}

TEST(RecentPrograms, LeaveOutLinesThatAreNoPaths) {
    const TemporaryFolder folder;
    const std::string file =
        folder.write("recent", "rubbish\n\n/a.rom\n\0/x\n../b.rom\n/a.rom\n \n/c\0d\n/b.rom"s);
    EXPECT_EQ(read_recent(file), (Paths{"/a.rom", "/b.rom"}));
    EXPECT_TRUE(remember_program(file, "/c.rom"));
    EXPECT_EQ(read_recent(file), (Paths{"/c.rom", "/a.rom", "/b.rom"}));
}

TEST(RecentPrograms, DoNotFitIntoALineWithANewlineInTheirNames) {
    const TemporaryFolder folder;
    const std::string file = folder.path("recent");
    EXPECT_TRUE(remember_program(file, "/a\n/etc/b.rom"));
    EXPECT_FALSE(folder.has("recent"));
}

TEST(RecentPrograms, OfAFileThatIsNoneAreNone) {
    const TemporaryFolder folder;
    EXPECT_EQ(read_recent(folder.path()), Paths{});
    EXPECT_EQ(read_recent(""), Paths{});
    EXPECT_TRUE(remember_program("", "/a.rom"));
    folder.write("large", std::string(2 << 20, '/'));
    EXPECT_EQ(read_recent(folder.path("large")), Paths{});
}

TEST(RecentPrograms, ThatCannotBeWrittenAreAnError) {
    const TemporaryFolder folder;
    folder.write("file", "");
    EXPECT_FALSE(remember_program(folder.path("file/recent"), "/a.rom"));
}

TEST(RecentPrograms, AreInTheFolderForState) {
    setenv("XDG_STATE_HOME", "/state", 1);
    EXPECT_EQ(recent_file(), "/state/leveret/recent");
    // Relative paths are to be ignored: XDG Base Directory Specification.
    setenv("XDG_STATE_HOME", "state", 1);
    setenv("HOME", "/home/me", 1);
    EXPECT_EQ(recent_file(), "/home/me/.local/state/leveret/recent");
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    EXPECT_EQ(recent_file(), "");
}

}  // namespace
}  // namespace cli
