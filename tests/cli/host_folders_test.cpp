#include "host/folders.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <string>

#include "temporary_folder.hpp"
#include "unprivileged.hpp"

namespace host {
namespace {

using base::ErrorCode;
using cli_test::TemporaryFolder;
using cli_test::Unprivileged;

Folders folders_with(const std::map<std::string, std::string>& variables) {
    return user_folders([&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

TEST(UserFolders, AreInTheHomeFolder) {
    const Folders folders = folders_with({{"HOME", "/home/me"}});
    EXPECT_EQ(folders.home, "/home/me");
    EXPECT_EQ(folders.settings, "/home/me/.config/leveret");
    EXPECT_EQ(folders.states, "/home/me/.local/state/leveret/states");
    EXPECT_EQ(folders.recent, "/home/me/.local/state/leveret/recent");
    EXPECT_EQ(folders.captures, "/home/me/Pictures/leveret");
}

TEST(UserFolders, FollowTheVariablesOfTheDesktop) {
    const Folders folders = folders_with({{"HOME", "/home/me"},
                                          {"XDG_CONFIG_HOME", "/a/"},
                                          {"XDG_STATE_HOME", "/b"},
                                          {"XDG_PICTURES_DIR", "/c"}});
    EXPECT_EQ(folders.settings, "/a/leveret");
    EXPECT_EQ(folders.states, "/b/leveret/states");
    EXPECT_EQ(folders.recent, "/b/leveret/recent");
    EXPECT_EQ(folders.captures, "/c/leveret");
}

TEST(UserFolders, IgnorePathsThatAreNotAbsolute) {
    const Folders folders =
        folders_with({{"HOME", "/home/me"}, {"XDG_CONFIG_HOME", "here"}, {"XDG_STATE_HOME", ""}});
    EXPECT_EQ(folders.settings, "/home/me/.config/leveret");
    EXPECT_EQ(folders.states, "/home/me/.local/state/leveret/states");
}

TEST(UserFolders, AreNowhereWithoutAHome) {
    for (const auto& variables :
         {std::map<std::string, std::string>{}, {{"HOME", ""}}, {{"HOME", "me"}}}) {
        const Folders folders = folders_with(variables);
        EXPECT_EQ(
            folders.home + folders.settings + folders.states + folders.recent + folders.captures,
            "");
    }
    EXPECT_EQ(folders_with({{"XDG_CONFIG_HOME", "/a"}}).settings, "/a/leveret");
}

TEST(UserFolders, MayBeInTheRootFolder) {
    const Folders folders = folders_with({{"HOME", "/"}});
    EXPECT_EQ(folders.home, "/");
    EXPECT_EQ(folders.settings, "/.config/leveret");
}

TEST(NameForFiles, IsTheProgramsOwnName) {
    EXPECT_EQ(name_for_files("/roms/left.rom"), "left");
    EXPECT_EQ(name_for_files("a.b/Orca-1.2.ROM"), "Orca-1.2");
    EXPECT_EQ(name_for_files("noodle.tal"), "noodle");
    EXPECT_EQ(name_for_files("two words"), "two words");
    EXPECT_EQ(name_for_files("h\u00e9 \u65e5.rom"), "h\u00e9 \u65e5");
}

TEST(NameForFiles, IsHarmlessWhateverTheProgramIsCalled) {
    EXPECT_EQ(name_for_files(""), "_");
    EXPECT_EQ(name_for_files(".rom"), "_");
    EXPECT_EQ(name_for_files("x/"), "_");
    EXPECT_EQ(name_for_files(".."), "_.");
    EXPECT_EQ(name_for_files("-rf"), "_rf");
    EXPECT_EQ(name_for_files("a\\b:c\n\x1b.rom"), "a_b_c__");
    EXPECT_EQ(name_for_files("\xff\xc3\xed\xa0\x80\xc2\x9b"), "_______");
    const std::string longest = name_for_files("a" + std::string(50, 'a') + "\u65e5\u65e5\u65e5" +
                                               std::string(39, 'b') + "\u00e9" + "c.rom");
    EXPECT_EQ(longest.size(), 99U);
    EXPECT_TRUE(longest.ends_with("bbb"));
}

TEST(CreateFolder, CreatesThoseThatItIsInForOneUserAlone) {
    const TemporaryFolder folder;
    ASSERT_TRUE(create_folder(folder.path("a/b/c")));
    struct stat status{};
    ASSERT_EQ(stat(folder.path("a/b").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0700U);
    EXPECT_TRUE(create_folder(folder.path("a/b/c")));
}

TEST(CreateFolder, SaysWhatIsInTheWay) {
    const TemporaryFolder folder;
    folder.write("file", "");
    EXPECT_EQ(create_folder(folder.path("file")).error().code, ErrorCode::NotAFile);
    const auto inside = create_folder(folder.path("file/a/b"));
    ASSERT_FALSE(inside);
    EXPECT_EQ(inside.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(inside.error().detail,
              "cannot create the folder '" + folder.path("file/a/b") + "': Not a directory");
    const Unprivileged unprivileged;
    const auto forbidden = create_folder(folder.path("a/b"));
    ASSERT_FALSE(forbidden);
    EXPECT_TRUE(forbidden.error().detail.ends_with("Permission denied"))
        << forbidden.error().detail;
}

}  // namespace
}  // namespace host
