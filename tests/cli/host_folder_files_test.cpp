#include "host/folder_files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "temporary_folder.hpp"
#include "unprivileged.hpp"

namespace host {
namespace {

using cli_test::TemporaryFolder;
using cli_test::Unprivileged;
using varvara::FileEntry;
using varvara::FileStatus;
using Kind = FileStatus::Kind;
using Lookup = FolderFiles::Lookup;

std::string read_all(FolderFiles& files, std::string_view path) {
    const auto file = files.open_to_read(path);
    if (file == nullptr) {
        return "(nothing)";
    }
    std::string text;
    std::array<std::uint8_t, 4096> block;
    while (const std::size_t count = file->read(block)) {
        text.append(reinterpret_cast<const char*>(block.data()), count);
    }
    return text;
}

std::size_t write(varvara::OpenFile& file, std::string_view text) {
    return file.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// True if it could be opened and takes it all.
bool write_to(FolderFiles& files, std::string_view path, std::string_view text) {
    const auto file = files.open_to_write(path, false);
    return file != nullptr && write(*file, text) == text.size();
}

/// The folder "home" of a program, and things beside it that it must not reach. Both ways of
/// looking paths up have to pass every test.
class FolderFilesTest : public testing::TestWithParam<Lookup> {
protected:
    FolderFilesTest() {
        std::filesystem::create_directories(outside.path("home/sub/deep"));
        std::filesystem::create_directories(outside.path("home-private"));
        outside.write("secret", "secret");
        outside.write("home-private/secret", "secret");
        outside.write("home/f", "eff");
        outside.write("home/sub/g", "gee");
    }
    void SetUp() override {
        files = open(FileAccess::ReadWrite);
        if (files->lookup() != GetParam()) {
            GTEST_SKIP() << "this kernel has no openat2";
        }
    }
    std::unique_ptr<FolderFiles> open(FileAccess access) {
        auto opened = FolderFiles::open(
            outside.path("home"), access,
            [this](std::string_view path) { refused.emplace_back(path); }, GetParam());
        return std::move(*opened);
    }
    void link(const std::string& target, const std::string& name) const {
        ASSERT_EQ(symlink(target.c_str(), outside.path("home/" + name).c_str()), 0);
    }
    /// Nothing can be done with a path, and nothing is changed.
    void expect_no_way(const std::string& path) {
        EXPECT_EQ(files->open_to_read(path), nullptr) << path;
        EXPECT_EQ(files->open_to_write(path, true), nullptr) << path;
        EXPECT_EQ(files->open_to_write(path, false), nullptr) << path;
        EXPECT_EQ(files->list(path), std::nullopt) << path;
        EXPECT_FALSE(files->remove(path)) << path;
        EXPECT_FALSE(files->make_folder(path)) << path;
        EXPECT_EQ(outside.read("secret"), "secret") << path;
        EXPECT_EQ(outside.read("home-private/secret"), "secret") << path;
        EXPECT_EQ(outside.size(), 3) << path << ": home, home-private, secret";
    }
    void expect_outside(const std::string& path) {
        refused.clear();
        EXPECT_EQ(files->status(path).kind, Kind::Outside) << path;
        EXPECT_EQ(refused, std::vector{path}) << "is told of";
        expect_no_way(path);
    }

    TemporaryFolder outside;
    std::vector<std::string> refused;
    std::unique_ptr<FolderFiles> files;
};

INSTANTIATE_TEST_SUITE_P(Lookups, FolderFilesTest, testing::Values(Lookup::Kernel, Lookup::Walk),
                         [](const auto& lookup) {
                             return lookup.param == Lookup::Kernel ? "Kernel" : "Walk";
                         });

TEST_P(FolderFilesTest, ReadWriteAndRemoveFiles) {
    EXPECT_EQ(read_all(*files, "f"), "eff");
    EXPECT_EQ(read_all(*files, "sub/g"), "gee");
    EXPECT_TRUE(write_to(*files, "new", "text"));
    EXPECT_EQ(outside.read("home/new"), "text");
    EXPECT_TRUE(write_to(*files, "new", "x"));
    EXPECT_EQ(outside.read("home/new"), "x") << "no tail of what was longer";
    EXPECT_EQ(write(*files->open_to_write("new", true), "y"), 1u);
    EXPECT_EQ(outside.read("home/new"), "xy");
    EXPECT_TRUE(files->remove("new"));
    EXPECT_FALSE(outside.has("home/new"));
    EXPECT_FALSE(files->remove("new"));
    EXPECT_FALSE(files->remove("sub"));
    EXPECT_TRUE(refused.empty());
}

TEST_P(FolderFilesTest, HandEveryWriteToTheSystem) {
    const auto file = files->open_to_write("new", false);
    write(*file, "a");
    EXPECT_EQ(outside.read("home/new"), "a");
    write(*file, "b");
    EXPECT_EQ(outside.read("home/new"), "ab");
}

TEST_P(FolderFilesTest, GiveNewFilesTheUsualPermissions) {
    const mode_t before = umask(0027);
    write_to(*files, "new", "");
    files->make_folder("folder");
    umask(before);
    struct stat status{};
    stat(outside.path("home/new").c_str(), &status);
    EXPECT_EQ(status.st_mode & 07777, 0640u);
    stat(outside.path("home/folder").c_str(), &status);
    EXPECT_EQ(status.st_mode & 07777, 0750u);
}

TEST_P(FolderFilesTest, UnderstandEverySpellingOfAPathInside) {
    const std::string home = outside.path("home");
    for (const std::string& path :
         {std::string("f"), std::string("./f"), std::string(".//f"), std::string("sub/../f"),
          std::string("sub/deep/../.././f"), home + "/f", home + "//sub/../f"}) {
        EXPECT_EQ(files->status(path), (FileStatus{.kind = Kind::File, .size = 3})) << path;
        EXPECT_EQ(read_all(*files, path), "eff") << path;
    }
    for (const std::string& path : {std::string("."), std::string("./"), std::string("sub"),
                                    std::string("sub/"), std::string("sub//"), std::string("sub/."),
                                    std::string("sub/deep/.."), home, home + "/"}) {
        EXPECT_EQ(files->status(path).kind, Kind::Folder) << path;
        EXPECT_TRUE(files->list(path)) << path;
        EXPECT_TRUE(files->make_folder(path)) << path;
        EXPECT_EQ(files->open_to_read(path), nullptr) << path;
        EXPECT_EQ(files->open_to_write(path, false), nullptr) << path;
        EXPECT_FALSE(files->remove(path)) << path;
    }
    EXPECT_TRUE(refused.empty());
}

TEST_P(FolderFilesTest, FindNothingWhereNothingIs) {
    for (const std::string& path :
         {std::string(), std::string("missing"), std::string("missing/../f"), std::string("f/"),
          std::string("f/."), std::string("f/.."), std::string("f/x"), std::string(256, 'x'),
          std::string(256, 'x') + "/../f", std::string("f\0", 2), std::string("sub/g\0/x", 8)}) {
        EXPECT_EQ(files->status(path).kind, Kind::Missing) << path;
        EXPECT_EQ(files->open_to_read(path), nullptr) << path;
        EXPECT_EQ(files->list(path), std::nullopt) << path;
        EXPECT_FALSE(files->remove(path)) << path;
    }
    for (const char* path : {"", "missing/", "missing/x", "missing/../x", "f/", "f/x"}) {
        EXPECT_EQ(files->open_to_write(path, false), nullptr) << path;
    }
    EXPECT_FALSE(outside.has("home/missing"));
    EXPECT_FALSE(outside.has("home/x"));
    EXPECT_EQ(read_all(*files, "f"), "eff");
    EXPECT_TRUE(refused.empty());
}

TEST_P(FolderFilesTest, MakeFoldersWhoseParentsExist) {
    EXPECT_TRUE(files->make_folder("sub/new/"));
    EXPECT_TRUE(std::filesystem::is_directory(outside.path("home/sub/new")));
    EXPECT_TRUE(files->make_folder("sub/new"));
    EXPECT_TRUE(files->make_folder(outside.path("home/absolute")));
    EXPECT_TRUE(std::filesystem::is_directory(outside.path("home/absolute")));
    EXPECT_FALSE(files->make_folder("missing/new"));
    EXPECT_FALSE(files->make_folder("missing/.."));
    EXPECT_FALSE(files->make_folder("f"));
    EXPECT_FALSE(files->make_folder("f/"));
    EXPECT_FALSE(files->make_folder(""));
}

TEST_P(FolderFilesTest, AreNotLeftByDots) {
    for (const char* path : {"..", "../", "../secret", "../home/f", "sub/../../secret",
                             "sub/deep/../../../secret", "./.././secret", "../home-private/secret",
                             "../home-private", "missing/../../secret", "f/../../secret"}) {
        expect_outside(path);
    }
    EXPECT_FALSE(outside.has("home/missing"));
}

TEST_P(FolderFilesTest, AreNotLeftByAbsolutePaths) {
    for (const std::string& path :
         {std::string("/"), std::string("//"), std::string("/etc/passwd"), std::string("/missing"),
          outside.path(), outside.path("secret"), outside.path("home-private/secret"),
          outside.path("home/../secret"), "/" + outside.path("home/f"),
          std::string("/proc/self/root/etc/passwd")}) {
        expect_outside(path);
    }
}

TEST_P(FolderFilesTest, AreNotLeftByLinks) {
    link("../secret", "relative");
    link(outside.path("secret"), "absolute");
    link("..", "up");
    link(outside.path(), "folder");
    link("../missing", "dangling");
    link(outside.path("missing"), "dangling-absolute");
    link("/proc/self/root", "root");
    link("relative", "chain");
    for (const char* path :
         {"relative", "absolute", "up", "folder", "dangling", "dangling-absolute", "root", "chain",
          "up/secret", "up/home/f", "folder/secret", "folder/missing", "sub/../up/secret",
          "root/etc/passwd"}) {
        expect_outside(path);
    }
    EXPECT_TRUE(std::filesystem::is_symlink(outside.path("home/relative")));
}

TEST_P(FolderFilesTest, AreNotLeftByTheLinksOfProcesses) {
    const FileDescriptor secret(::open(outside.path("secret").c_str(), O_RDONLY | O_CLOEXEC));
    auto proc = FolderFiles::open("/proc/self/fd", FileAccess::ReadWrite, {}, GetParam());
    ASSERT_TRUE(proc);
    EXPECT_EQ((*proc)->open_to_read(std::to_string(secret.get())), nullptr);
}

TEST_P(FolderFilesTest, FollowLinksThatStayInside) {
    link("f", "link");
    link("sub", "folder");
    link("../f", "sub/up");
    link("new", "dangling");
    if (GetParam() == Lookup::Walk) {
        for (const char* path : {"link", "folder/g", "sub/up", "dangling"}) {
            expect_outside(path);  // to be sure
        }
        return;
    }
    EXPECT_EQ(read_all(*files, "link"), "eff");
    EXPECT_EQ(read_all(*files, "folder/g"), "gee");
    EXPECT_EQ(read_all(*files, "sub/up"), "eff");
    EXPECT_TRUE(write_to(*files, "link", "changed"));
    EXPECT_EQ(outside.read("home/f"), "changed");
    EXPECT_TRUE(write_to(*files, "dangling", "text"));
    EXPECT_EQ(outside.read("home/new"), "text");
    EXPECT_TRUE(files->remove("link"));
    EXPECT_TRUE(outside.has("home/f")) << "only the link is removed";
}

TEST_P(FolderFilesTest, EndAtLinksThatGoInCircles) {
    link("b", "a");
    link("a", "b");
    EXPECT_NE(files->status("a").kind, Kind::File);
    expect_no_way("a");
    expect_no_way("a/x");
}

TEST_P(FolderFilesTest, ListNamesInOrderWithWhatTheyAre) {
    outside.write("home/a b", "");
    outside.write("home/\xff", "12345");
    outside.write("home/Z", "");
    EXPECT_EQ(files->list("."),
              (std::vector<FileEntry>{{"Z", {.kind = Kind::File}},
                                      {"a b", {.kind = Kind::File}},
                                      {"f", {.kind = Kind::File, .size = 3}},
                                      {"sub", {.kind = Kind::Folder}},
                                      {"\xff", {.kind = Kind::File, .size = 5}}}));
    EXPECT_EQ(files->list("sub/deep"), std::vector<FileEntry>{});
    EXPECT_EQ(files->list("f"), std::nullopt);
}

TEST_P(FolderFilesTest, ListLinksAsWhatTheyLeadTo) {
    link("../f", "sub/inside");
    link("deep", "sub/folder");
    link("../../secret", "sub/outside");
    link("missing", "sub/dangling");
    const bool follows = GetParam() == Lookup::Kernel;
    const FileStatus unknown = {.kind = Kind::Unknown};
    const FileStatus file = {.kind = Kind::File, .size = 3};
    EXPECT_EQ(
        files->list("sub"),
        (std::vector<FileEntry>{{"dangling", unknown},
                                {"deep", {.kind = Kind::Folder}},
                                {"folder", follows ? FileStatus{.kind = Kind::Folder} : unknown},
                                {"g", file},
                                {"inside", follows ? file : unknown},
                                {"outside", unknown}}));
    EXPECT_TRUE(refused.empty()) << "a look at a folder is no attempt to leave it";
}

TEST_P(FolderFilesTest, ListNoMoreThanTheirLimit) {
    std::filesystem::create_directory(outside.path("home/many"));
    const FileDescriptor many(::open(outside.path("home/many").c_str(), O_PATH | O_CLOEXEC));
    // Hard links are quickly made; a file may have 65000 of them.
    for (std::size_t i = 0; i <= varvara::kMaxFolderEntries; ++i) {
        ASSERT_EQ(linkat(AT_FDCWD, outside.path(i % 2 == 0 ? "home/f" : "home/sub/g").c_str(),
                         many.get(), std::to_string(i).c_str(), 0),
                  0);
    }
    EXPECT_EQ(files->list("many")->size(), varvara::kMaxFolderEntries);
}

TEST_P(FolderFilesTest, LeavePipesSocketsAndDevicesAlone) {
    ASSERT_EQ(mkfifo(outside.path("home/pipe").c_str(), 0600), 0);
    const FileDescriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::snprintf(address.sun_path, sizeof(address.sun_path), "%s",
                  outside.path("home/socket").c_str());
    ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    std::vector<std::string> paths = {"pipe", "socket"};
    if (mknod(outside.path("home/device").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0) {
        paths.emplace_back("device");
    }
    for (const std::string& path : paths) {
        EXPECT_EQ(files->status(path).kind, Kind::Unknown) << path;
        expect_no_way(path);  // and does not wait
        EXPECT_TRUE(outside.has("home/" + path));
    }
}

TEST_P(FolderFilesTest, LetAReaderSeeNothingAndChangeNothing) {
    files = open(FileAccess::ReadOnly);
    EXPECT_EQ(read_all(*files, "f"), "eff");
    EXPECT_EQ(files->open_to_write("f", false), nullptr);
    EXPECT_EQ(files->open_to_write("f", true), nullptr);
    EXPECT_EQ(files->open_to_write("new", false), nullptr);
    EXPECT_FALSE(files->remove("f"));
    EXPECT_FALSE(files->make_folder("new"));
    EXPECT_TRUE(files->make_folder("sub")) << "it exists";
    EXPECT_EQ(outside.read("home/f"), "eff");
    EXPECT_FALSE(outside.has("home/new"));
}

TEST_P(FolderFilesTest, FailWhereTheUserHasNoRight) {
    chmod(outside.path("home/f").c_str(), 0000);
    chmod(outside.path("home/sub").c_str(), 0000);
    chmod(outside.path("home").c_str(), 0555);
    chmod(outside.path().c_str(), 0755);
    {
        const Unprivileged unprivileged;
        EXPECT_EQ(files->status("f").kind, Kind::File);
        EXPECT_EQ(files->open_to_read("f"), nullptr);
        EXPECT_EQ(files->open_to_write("f", true), nullptr);
        EXPECT_EQ(files->open_to_write("new", false), nullptr);
        EXPECT_FALSE(files->remove("f"));
        EXPECT_FALSE(files->make_folder("new"));
        EXPECT_EQ(files->status("sub/g").kind, Kind::Unknown);
        EXPECT_EQ(files->list("sub"), std::nullopt);
        EXPECT_EQ(files->list(".")->size(), 2u);
    }
    chmod(outside.path("home").c_str(), 0755);
    chmod(outside.path("home/sub").c_str(), 0755);
}

TEST_P(FolderFilesTest, FailToWriteMoreThanThereIsRoomFor) {
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = signal(SIGXFSZ, SIG_IGN);
    const rlimit tight = {.rlim_cur = 5, .rlim_max = before.rlim_max};
    const auto file = files->open_to_write("new", false);
    setrlimit(RLIMIT_FSIZE, &tight);
    const std::size_t first = write(*file, "abc");
    const std::size_t second = write(*file, "def");
    const std::size_t third = write(*file, "g");
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    EXPECT_EQ(first, 3u);
    EXPECT_EQ(second, 2u);
    EXPECT_EQ(third, 0u);
}

TEST_P(FolderFilesTest, FailWhenTheFolderHasVanished) {
    std::filesystem::remove_all(outside.path("home"));
    EXPECT_EQ(files->open_to_read("f"), nullptr);
    EXPECT_EQ(files->open_to_write("new", false), nullptr);
    EXPECT_FALSE(files->make_folder("new"));
    EXPECT_EQ(files->status("f").kind, Kind::Missing);
    EXPECT_FALSE(outside.has("home"));
}

TEST_P(FolderFilesTest, StayWithAFolderThatIsRenamed) {
    std::filesystem::rename(outside.path("home"), outside.path("moved"));
    std::filesystem::create_directory(outside.path("home"));
    EXPECT_EQ(read_all(*files, "f"), "eff");
    EXPECT_EQ(read_all(*files, outside.path("moved/f")), "eff");
    EXPECT_EQ(files->status(outside.path("home")).kind, Kind::Outside);
}

/// Somebody replaces a folder by a link, again and again, while the program uses it.
TEST_P(FolderFilesTest, AreNotLeftWhenAFolderIsSwappedForALink) {
    outside.write("home/sub/secret", "harmless");
    outside.write("home/sub/victim", "harmless");
    outside.write("home-private/victim", "victim");
    link("../home-private", "trap");
    std::atomic<bool> done = false;
    std::jthread swapper([&] {
        while (!done) {
            renameat2(AT_FDCWD, outside.path("home/sub").c_str(), AT_FDCWD,
                      outside.path("home/trap").c_str(), RENAME_EXCHANGE);
        }
    });
    // On a busy machine the other thread may lose its processor while the link is in place: go on
    // until the folder has been there, too.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    int reached = 0;
    for (int i = 0; i < 3000 || (reached == 0 && std::chrono::steady_clock::now() < deadline);
         ++i) {
        const std::string text = read_all(*files, "sub/secret");
        EXPECT_NE(text, "secret");
        reached += text == "harmless" ? 1 : 0;
        write_to(*files, "sub/victim", "harmless");
        write_to(*files, "sub/new", "");
        files->make_folder("sub/folder");
        files->remove("sub/new");
    }
    done = true;
    swapper.join();
    EXPECT_GT(reached, 0);
    EXPECT_EQ(outside.read("home-private/victim"), "victim");
    EXPECT_FALSE(outside.has("home-private/new"));
    EXPECT_FALSE(outside.has("home-private/folder"));
}

/// The same with a file and a pipe: nothing waits for somebody at the other end.
TEST_P(FolderFilesTest, DoNotWaitWhenAFileIsSwappedForAPipe) {
    ASSERT_EQ(mkfifo(outside.path("home/pipe").c_str(), 0600), 0);
    std::atomic<bool> done = false;
    std::jthread swapper([&] {
        while (!done) {
            renameat2(AT_FDCWD, outside.path("home/f").c_str(), AT_FDCWD,
                      outside.path("home/pipe").c_str(), RENAME_EXCHANGE);
        }
    });
    for (int i = 0; i < 1000; ++i) {
        read_all(*files, "f");
        write_to(*files, "f", "text");
    }
    done = true;
}

TEST(FolderFiles, SayWhyAFolderCannotBeUsed) {
    const TemporaryFolder folder;
    const auto missing = FolderFiles::open(folder.path("missing"), FileAccess::ReadWrite);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, base::ErrorCode::NotFound);
    EXPECT_EQ(missing.error().detail,
              "cannot use the folder '" + folder.path("missing") + "': No such file or directory");
    const auto a_file = FolderFiles::open(folder.write("file", ""), FileAccess::ReadWrite);
    ASSERT_FALSE(a_file);
    EXPECT_EQ(a_file.error().code, base::ErrorCode::NotReadable);
}

}  // namespace
}  // namespace host
