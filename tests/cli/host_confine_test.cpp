#include "host/confine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "host/files.hpp"
#include "temporary_folder.hpp"

namespace host {
namespace {

using cli_test::TemporaryFolder;

enum Outcome : int { Fine = 0, NoLandlock = 77 };

/// Confines a process of its own, which then runs `steps`: their result, 0 if all is fine, or which
/// one it was.
int confined(const std::string& folder, FileAccess access, const std::function<int()>& steps,
             const std::vector<std::string>& writable_folders = {}) {
    const pid_t child = fork();
    if (child == 0) {
        const auto result = confine(folder, access, writable_folders);
        _exit(!result ? 100 : !*result ? NoLandlock : steps());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

bool opens(const std::string& path, int flags) {
    return FileDescriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600)).valid();
}

class Confine : public testing::Test {
protected:
    Confine() {
        folder.write("secret", "secret");
        mkdir(folder.path("home").c_str(), 0700);
        mkdir(folder.path("output").c_str(), 0700);
        folder.write("home/f", "eff");
    }
    TemporaryFolder folder;
    const std::string secret = folder.path("secret");
    const std::string inside = folder.path("home/f");
};

#define EXPECT_FINE(expression)                                    \
    if (const int outcome = (expression); outcome == NoLandlock) { \
        GTEST_SKIP() << "this kernel has no Landlock";             \
    } else {                                                       \
        EXPECT_EQ(outcome, Fine);                                  \
    }

TEST_F(Confine, LeavesTheFolderAndNothingElse) {
    EXPECT_FINE(confined(folder.path("home"), FileAccess::ReadWrite, [&] {
        return opens(secret, O_RDONLY)                               ? 1
               : opens(secret, O_WRONLY)                             ? 2
               : opens(folder.path("new"), O_WRONLY | O_CREAT)       ? 3
               : unlink(secret.c_str()) == 0                         ? 4
               : opens("/etc/passwd", O_RDONLY)                      ? 5
               : opens("/", O_RDONLY | O_DIRECTORY)                  ? 6
               : !opens(inside, O_RDWR | O_TRUNC)                    ? 7
               : !opens(folder.path("home/new"), O_WRONLY | O_CREAT) ? 8
               : mkdir(folder.path("home/sub").c_str(), 0700) != 0   ? 9
               : unlink(folder.path("home/new").c_str()) != 0        ? 10
               : symlink("f", folder.path("home/link").c_str()) == 0 ? 11
               : execl("/bin/true", "true", nullptr) == 0            ? 12
                                                                     : Fine;
    }));
    EXPECT_EQ(folder.read("secret"), "secret");
}

TEST_F(Confine, LeavesTheFolderToReadOnly) {
    EXPECT_FINE(confined(folder.path("home"), FileAccess::ReadOnly, [&] {
        return !opens(inside, O_RDONLY)                              ? 1
               : opens(inside, O_WRONLY)                             ? 2
               : opens(folder.path("home/new"), O_WRONLY | O_CREAT)  ? 3
               : unlink(inside.c_str()) == 0                         ? 4
               : !opens(folder.path("home"), O_RDONLY | O_DIRECTORY) ? 5
                                                                     : Fine;
    }));
}

TEST_F(Confine, LeavesNothingWithoutFiles) {
    EXPECT_FINE(confined(folder.path("home"), FileAccess::None,
                         [&] { return opens(inside, O_RDONLY) ? 1 : Fine; }));
}

TEST_F(Confine, LeavesWhatIsOpen) {
    const FileDescriptor file(::open(secret.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_FINE(confined(folder.path("home"), FileAccess::None, [&] {
        char byte = 0;
        return ::read(file.get(), &byte, 1) != 1 || byte != 's' ? 1
               : ::write(file.get(), "E", 1) != 1               ? 2
                                                                : Fine;
    }));
    EXPECT_EQ(folder.read("secret"), "sEcret");
}

TEST_F(Confine, LeavesFurtherFoldersToWriteWholeFilesTo) {
    folder.write("output/old", "old");
    EXPECT_FINE(confined(folder.path("home"), FileAccess::ReadOnly,
                         [&] {
                             return !write_file(folder.path("output/new"), "new")   ? 1
                                    : !write_file(folder.path("output/old"), "new") ? 2
                                    : opens(secret, O_RDONLY)                       ? 3
                                                                                    : Fine;
                         },
                         {folder.path("output")}));
    EXPECT_EQ(folder.read("output/old"), "new");
    EXPECT_EQ(folder.read("output/new"), "new");
}

TEST_F(Confine, LeavesTheLocalTime) {
    if (access("/usr/share/zoneinfo/Asia/Kathmandu", R_OK) != 0) {
        GTEST_SKIP() << "no time zones are installed";
    }
    const pid_t child = fork();
    if (child == 0) {
        setenv("TZ", "Asia/Kathmandu", 1);
        const auto result = confine(folder.path("home"), FileAccess::None);
        const std::time_t moment = 1'700'000'000;  // 22:13:20 in UTC
        std::tm time{};
        localtime_r(&moment, &time);
        _exit(!result ? 100 : time.tm_hour * 100 + time.tm_min == 358 ? Fine : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST_F(Confine, SaysWhichFolderIsMissing) {
    const auto result = confine(folder.path("missing"), FileAccess::ReadWrite);
    if (result && !*result) {
        GTEST_SKIP() << "this kernel has no Landlock";
    }
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, base::ErrorCode::NotFound);
    EXPECT_TRUE(opens(secret, O_RDONLY)) << "nothing has changed";
}

}  // namespace
}  // namespace host
