#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/watch.hpp"
#include "temporary_folder.hpp"

namespace host {
namespace {

using cli_test::TemporaryFolder;
namespace fs = std::filesystem;

/// A watch on files of a folder of its own.
class Watch : public ::testing::Test {
protected:
    void watch(const std::vector<std::string>& names) {
        std::vector<std::string> paths;
        for (const std::string& name : names) {
            paths.push_back(folder_.path(name));
        }
        ASSERT_TRUE(watch_->watch(paths));
        settle();
    }
    bool is_readable(int timeout_ms) const {
        pollfd poll_fd{.fd = watch_->fd(), .events = POLLIN, .revents = 0};
        return poll(&poll_fd, 1, timeout_ms) == 1;
    }
    /// Waits until it tells of a change.
    bool changes() {
        while (is_readable(10'000)) {
            if (watch_->changed()) {
                return true;
            }
        }
        return false;
    }
    /// Until it has nothing more to look at; how many changes it told of.
    int settle() {
        int changes = 0;
        while (is_readable(4 * static_cast<int>(FileWatch::kQuiet.count()))) {
            changes += watch_->changed() ? 1 : 0;
        }
        return changes;
    }

    TemporaryFolder folder_;
    base::Result<FileWatch> watch_ = FileWatch::create();
};

TEST_F(Watch, TellsOfNothingWhileNothingHappens) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    EXPECT_FALSE(is_readable(0));
    EXPECT_FALSE(watch_->changed());
}

TEST_F(Watch, TellsOfAWriteOnce) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    folder_.write("a.tal", "two");
    EXPECT_TRUE(changes());
    EXPECT_EQ(settle(), 0);
    folder_.write("a.tal", "two");
    EXPECT_TRUE(changes());
}

TEST_F(Watch, TellsOfASaveInSeveralWritesOnceWhenTheFileIsClosed) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    std::ofstream file(folder_.path("a.tal"));
    for (int i = 0; i < 5; ++i) {
        file << "more" << std::flush;
    }
    file.close();
    EXPECT_EQ(settle(), 1);
}

TEST_F(Watch, TellsOfAWriterThatKeepsTheFileOpen) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    std::ofstream file(folder_.path("a.tal"), std::ios::app);
    file << "more" << std::flush;
    EXPECT_TRUE(changes());
    EXPECT_EQ(settle(), 0);
}

TEST_F(Watch, TellsOfAFileThatIsReplacedByAnotherName) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    for (int i = 0; i < 3; ++i) {
        folder_.write("new", "two");
        fs::rename(folder_.path("new"), folder_.path("a.tal"));
        EXPECT_TRUE(changes());
        EXPECT_EQ(settle(), 0);
    }
}

TEST_F(Watch, TellsOnceOfAnEditorThatKeepsABackup) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    fs::rename(folder_.path("a.tal"), folder_.path("a.tal~"));
    folder_.write("a.tal", "two");
    fs::remove(folder_.path("a.tal~"));
    EXPECT_TRUE(changes());
    EXPECT_EQ(settle(), 0);
}

TEST_F(Watch, TellsOfAFileThatGoesAndComesBack) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    fs::remove(folder_.path("a.tal"));
    EXPECT_TRUE(changes());
    folder_.write("a.tal", "one");
    EXPECT_TRUE(changes());
    EXPECT_EQ(settle(), 0);
}

TEST_F(Watch, TellsOfAFileThatComesToBe) {
    watch({"a.tal"});
    folder_.write("a.tal", "one");
    EXPECT_TRUE(changes());
}

TEST_F(Watch, IsNotInterestedInOtherFiles) {
    folder_.write("a.tal", "one");
    watch({"a.tal"});
    folder_.write("b.tal", "one");
    folder_.write("a.tal.swp", "one");
    EXPECT_EQ(settle(), 0);
}

TEST_F(Watch, HasManyFilesInManyFolders) {
    fs::create_directories(folder_.path("x/y"));
    watch({"a.tal", "x/b.tal", "x/y/c.tal", "x/y/d.tal"});
    for (const char* const name : {"a.tal", "x/b.tal", "x/y/c.tal", "x/y/d.tal"}) {
        folder_.write(name, "one");
        EXPECT_TRUE(changes()) << name;
    }
    fs::remove(folder_.path("a.tal"));
    EXPECT_TRUE(changes());
}

TEST_F(Watch, LeavesFilesAloneThatAreNoLongerWanted) {
    fs::create_directories(folder_.path("x"));
    watch({"a.tal", "x/b.tal"});
    watch({"a.tal"});
    folder_.write("x/b.tal", "one");
    EXPECT_EQ(settle(), 0);
    folder_.write("a.tal", "one");
    EXPECT_TRUE(changes());
}

TEST_F(Watch, ForgetsNoChangeWhenTheFilesAreNamedAgain) {
    const std::vector<std::string> paths = {folder_.write("a.tal", "one")};
    ASSERT_TRUE(watch_->watch(paths));
    settle();
    folder_.write("a.tal", "another");
    fs::rename(folder_.path("a.tal"), folder_.path("b.tal"));
    fs::rename(folder_.path("b.tal"), folder_.path("a.tal"));
    ASSERT_TRUE(watch_->watch(paths));
    EXPECT_TRUE(changes());
}

TEST_F(Watch, FollowsAFolderThatGoesAndComesBack) {
    fs::create_directories(folder_.path("x/y"));
    folder_.write("x/y/a.tal", "one");
    watch({"x/y/a.tal"});
    fs::remove_all(folder_.path("x"));
    EXPECT_TRUE(changes());
    EXPECT_EQ(settle(), 0);
    fs::create_directories(folder_.path("x/y"));
    folder_.write("x/y/a.tal", "two");
    EXPECT_TRUE(changes());
    settle();
    folder_.write("x/y/a.tal", "three");
    EXPECT_TRUE(changes());
}

TEST_F(Watch, FollowsAFolderThatIsReplaced) {
    for (const char* const name : {"x", "new"}) {
        fs::create_directories(folder_.path(name) + "/y");
        folder_.write(std::string(name) + "/y/a.tal", name);
    }
    watch({"x/y/a.tal"});
    fs::rename(folder_.path("x"), folder_.path("old"));
    fs::rename(folder_.path("new"), folder_.path("x"));
    EXPECT_TRUE(changes());
    settle();
    folder_.write("old/y/a.tal", "gone");
    EXPECT_EQ(settle(), 0);
    folder_.write("x/y/a.tal", "two");
    EXPECT_TRUE(changes());
}

TEST_F(Watch, WaitsForAFolderThatDoesNotExistYet) {
    watch({"x/y/z/a.tal"});
    fs::create_directories(folder_.path("x/y"));
    settle();
    fs::create_directories(folder_.path("new"));
    folder_.write("new/a.tal", "one");
    fs::rename(folder_.path("new"), folder_.path("x/y/z"));
    EXPECT_TRUE(changes());
}

TEST_F(Watch, SeesThroughLinks) {
    fs::create_directories(folder_.path("far"));
    folder_.write("far/b.tal", "one");
    fs::create_symlink("far/b.tal", folder_.path("a.tal"));
    watch({"a.tal"});
    folder_.write("far/b.tal", "two");
    EXPECT_TRUE(changes());
    fs::remove(folder_.path("a.tal"));
    EXPECT_TRUE(changes());
}

TEST_F(Watch, TakesPathsThatLeadNowhere) {
    EXPECT_TRUE(watch_->watch(std::vector<std::string>{"", "/", "/nowhere/at/all", "a\nb",
                                                       folder_.path("a.tal") + "/b.tal",
                                                       std::string(5000, 'x')}));
    EXPECT_EQ(settle(), 0);
}

}  // namespace
}  // namespace host
