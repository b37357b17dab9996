#include "host/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "temporary_folder.hpp"
#include "unprivileged.hpp"

namespace host {
namespace {

using base::ErrorCode;
using cli_test::TemporaryFolder;
using cli_test::Unprivileged;

mode_t permissions(const std::string& path) {
    struct stat status{};
    stat(path.c_str(), &status);
    return status.st_mode & 07777;
}

TEST(ReadFile, GivesAllBytes) {
    const TemporaryFolder folder;
    std::string contents;
    for (int i = 0; i < 100'000; ++i) {
        contents += static_cast<char>(i * 7);
    }
    EXPECT_EQ(read_file(folder.write("file", contents), 1'000'000), contents);
    EXPECT_EQ(read_file(folder.write("empty", ""), 10), "");
}

TEST(ReadFile, ReadsPipesToTheirEnd) {
    const TemporaryFolder folder;
    const std::string contents(200'000, 'x');
    ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
    std::jthread writer([&] { folder.write("pipe", contents); });
    EXPECT_EQ(read_file(folder.path("pipe"), 1'000'000), contents);
}

TEST(ReadFile, TakesAFileOfExactlyTheLimitAndNoByteMore) {
    const TemporaryFolder folder;
    const std::string path = folder.write("file", "12345");
    EXPECT_EQ(read_file(path, 5), "12345");
    const auto result = read_file(path, 4);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::TooLarge);
    EXPECT_EQ(result.error().detail, "'" + path + "' is too large: more than 4 bytes");
}

TEST(ReadFile, GivesUpOnAnEndlessDevice) {
    const auto result = read_file("/dev/zero", 100'000);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::TooLarge);
}

TEST(ReadFile, SaysWhatIsWrong) {
    const TemporaryFolder folder;
    const auto missing = read_file(folder.path("missing"), 10);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
    EXPECT_EQ(missing.error().detail,
              "cannot read '" + folder.path("missing") + "': No such file or directory");

    const auto in_a_file = read_file(folder.write("file", "x") + "/inside", 10);
    ASSERT_FALSE(in_a_file);
    EXPECT_EQ(in_a_file.error().code, ErrorCode::NotFound);

    const auto a_folder = read_file(folder.path(), 10);
    ASSERT_FALSE(a_folder);
    EXPECT_EQ(a_folder.error().code, ErrorCode::NotAFile);
}

TEST(ReadFile, SaysThatItMayNot) {
    const Unprivileged unprivileged;
    const TemporaryFolder folder;
    chmod(folder.write("file", "x").c_str(), 0000);
    const auto result = read_file(folder.path("file"), 10);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::NotReadable);
}

TEST(WriteFile, CreatesAFileAndNothingElse) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_file(folder.path("file"), "contents"));
    EXPECT_EQ(folder.read("file"), "contents");
    EXPECT_EQ(folder.size(), 1);
}

TEST(WriteFile, GivesANewFileTheUsualPermissions) {
    const TemporaryFolder folder;
    const mode_t before = umask(0027);
    ASSERT_TRUE(write_file(folder.path("file"), ""));
    umask(before);
    EXPECT_EQ(permissions(folder.path("file")), 0640u);
}

TEST(WriteFile, ReplacesContentsAndKeepsPermissions) {
    const TemporaryFolder folder;
    chmod(folder.write("file", "what was there before").c_str(), 0751);
    ASSERT_TRUE(write_file(folder.path("file"), "new"));
    EXPECT_EQ(folder.read("file"), "new");
    EXPECT_EQ(permissions(folder.path("file")), 0751u);
    EXPECT_EQ(folder.size(), 1);
}

TEST(WriteFile, WritesThroughALink) {
    const TemporaryFolder folder;
    folder.write("file", "old");
    ASSERT_EQ(symlink("file", folder.path("link").c_str()), 0);
    ASSERT_TRUE(write_file(folder.path("link"), "new"));
    EXPECT_EQ(folder.read("file"), "new");
    EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link")));
}

TEST(WriteFile, NeverShowsAHalfWrittenFile) {
    const TemporaryFolder folder;
    const std::string old_contents(1 << 20, 'o');
    const std::string new_contents(1 << 20, 'n');
    folder.write("file", old_contents);
    std::jthread writer([&] {
        for (int i = 0; i < 20; ++i) {
            ASSERT_TRUE(write_file(folder.path("file"), i % 2 == 0 ? new_contents : old_contents));
        }
    });
    for (int i = 0; i < 20; ++i) {
        const std::string seen = folder.read("file");
        EXPECT_TRUE(seen == old_contents || seen == new_contents) << seen.size();
    }
}

TEST(WriteFile, WritesToPipes) {
    const TemporaryFolder folder;
    ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
    std::string seen;
    {
        std::jthread reader([&] { seen = folder.read("pipe"); });
        EXPECT_TRUE(write_file(folder.path("pipe"), "contents"));
    }
    EXPECT_EQ(seen, "contents");
    EXPECT_TRUE(std::filesystem::is_fifo(folder.path("pipe")));
}

TEST(WriteFile, SaysWhatIsWrongAndLeavesNothing) {
    const TemporaryFolder folder;
    const auto a_folder = write_file(folder.path(), "x");
    ASSERT_FALSE(a_folder);
    EXPECT_EQ(a_folder.error().code, ErrorCode::NotAFile);

    const auto nowhere = write_file(folder.path("missing/file"), "x");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(nowhere.error().detail,
              "cannot write '" + folder.path("missing/file") + "': No such file or directory");

    const auto full = write_file("/dev/full", "x");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(folder.size(), 0);
}

TEST(WriteFile, DoesNotReplaceAReadOnlyFile) {
    const Unprivileged unprivileged;
    const TemporaryFolder folder;
    chmod(folder.write("file", "old").c_str(), 0444);
    const auto result = write_file(folder.path("file"), "new");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(folder.read("file"), "old");
    EXPECT_EQ(folder.size(), 1);
}

}  // namespace
}  // namespace host
