// What a program can reach through the File devices: real programs on the binary. The escapes are
// those that other emulators are known to have let through.

#include <gtest/gtest.h>
#include <linux/landlock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "process.hpp"
#include "temporary_folder.hpp"

namespace cli_test {
namespace {

/// A program in a folder of its own, with things beside the folder that are not its business.
class Sandbox : public testing::Test {
protected:
    Sandbox() {
        for (const char* name : {"roms", "roms/sub", "roms-private", "elsewhere"}) {
            std::filesystem::create_directory(outside.path(name));
        }
        outside.write("secret", "secret");
        outside.write("roms-private/secret", "secret");
        outside.write("roms/f", "eff");
        leveret({"asm", "-q", "--no-sym", program("files.tal"), outside.path("roms/files.rom")});
    }

    /// Runs files.rom with these operations.
    Outcome run(const std::vector<std::string>& operations,
                const std::vector<std::string>& options = {}) const {
        std::vector<std::string> arguments = options;
        arguments.push_back(outside.path("roms/files.rom"));
        arguments.insert(arguments.end(), operations.begin(), operations.end());
        return leveret(arguments, "", {.folder = outside.path("elsewhere")});
    }
    std::string output(const std::vector<std::string>& operations,
                       const std::vector<std::string>& options = {}) const {
        const Outcome outcome = run(operations, options);
        EXPECT_EQ(outcome.error, "");
        EXPECT_EQ(outcome.exit_code, 0);
        return outcome.output;
    }
    static std::string warning(const std::string& path) {
        return "leveret: warning: the program may not leave its folder: '" + path + "'\n";
    }
    /// Whatever the program tries with a path, nothing comes of it but a warning.
    void expect_no_way(const std::string& path) const {
        const Outcome outcome = run({"r" + path, "s" + path, "a" + path, "w" + path, "d" + path});
        EXPECT_EQ(outcome.output, "r 0000 \ns 0000 \na 0000\nw 0000\nd 0000\n") << path;
        EXPECT_EQ(outcome.error, warning(path));
        EXPECT_EQ(outcome.exit_code, 0);
        expect_untouched();
    }
    void expect_untouched() const {
        EXPECT_EQ(outside.read("secret"), "secret");
        EXPECT_EQ(outside.read("roms-private/secret"), "secret");
        EXPECT_EQ(outside.size(), 4);
        EXPECT_TRUE(std::filesystem::is_empty(outside.path("elsewhere")));
    }

    TemporaryFolder outside;
};

TEST_F(Sandbox, LetsAProgramUseTheFolderItIsIn) {
    EXPECT_EQ(output({"rf", "sf", "wnew/file", "rnew/file", "anew/file", "rnew/file", "snew",
                      "wnew/folder/", "rnew", "dnew/file", "snew/file"}),
              "r 0003 eff\ns 0004 0003\nw 0003\nr 0003 new\na 0003\nr 0006 newnew\n"
              "s 0004 ----\nw 0001\nr 0017 0006 file\n---- folder/\n\nd 0001\n"
              "s 0004 !!!!\n");
    expect_untouched();
}

TEST_F(Sandbox, FindsThatFolderHoweverTheProgramIsNamed) {
    const auto in = [&](const std::string& folder, const std::string& name) {
        return leveret({name, "rf"}, "", {.folder = outside.path(folder)}).output;
    };
    EXPECT_EQ(in("roms", "files.rom"), "r 0003 eff\n");
    EXPECT_EQ(in("roms", "./files.rom"), "r 0003 eff\n");
    EXPECT_EQ(in("", "roms/files.rom"), "r 0003 eff\n");
    EXPECT_EQ(in("elsewhere", "../roms/files.rom"), "r 0003 eff\n");
    std::filesystem::copy(program("files.tal"), outside.path("roms/source.tal"));
    EXPECT_EQ(in("", "roms/source.tal"), "r 0003 eff\n");
}

TEST_F(Sandbox, GivesAProgramFromAStreamNoFiles) {
    std::ifstream rom(outside.path("roms/files.rom"), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(rom), {}};
    EXPECT_EQ(leveret({"/dev/stdin", "r.", "snull"}, bytes).output, "r 0000 \ns 0004 !!!!\n");
}

TEST_F(Sandbox, LeavesNoOldTail) {
    outside.write("roms/save", "a long text from before");
    EXPECT_EQ(output({"wsave"}), "w 0003\n");
    EXPECT_EQ(outside.read("roms/save"), "new");
}

TEST_F(Sandbox, KeepsTheTwoDevicesApart) {
    EXPECT_EQ(output({"nf", "b", "rsub", "b", "b"}), "n \nb 0002 ef\nr 0000 \nb 0001 f\nb 0000 \n");
}

TEST_F(Sandbox, ReadsNoMoreThanThereIs) {
    EXPECT_EQ(output({"lf", "lmissing"}), "l 0003 eff.....\nl 0000 ........\n");
}

TEST_F(Sandbox, IsNotLeftByDots) {
    expect_no_way("../secret");
    expect_no_way("sub/../../secret");
    expect_no_way("./../secret");
    expect_no_way("..");
}

TEST_F(Sandbox, IsNotLeftForAFolderWhoseNameBeginsTheSame) {
    expect_no_way("../roms-private/secret");
    expect_no_way(outside.path("roms-private/secret"));
}

TEST_F(Sandbox, IsNotLeftByAbsolutePaths) {
    expect_no_way(outside.path("secret"));
    expect_no_way("/etc/passwd");
    expect_no_way("/");
}

TEST_F(Sandbox, IsNotLeftThroughMissingFolders) {
    expect_no_way("missing/../../secret");
    expect_no_way("missing/../../elsewhere/new");
    expect_no_way("missing/../../elsewhere/new/");
    EXPECT_FALSE(outside.has("roms/missing"));
}

TEST_F(Sandbox, IsNotLeftThroughAFolderCreatedAfterTheNameWasSet) {
    const std::string path = "nope/../../secret";
    const Outcome outcome = run({"n" + path, "wnope/file", "b", "x", "b"});
    EXPECT_EQ(outcome.output, "n \nw 0003\nb 0000 \nx 0000\nb 0000 \n");
    EXPECT_EQ(outcome.error, warning(path));
    expect_untouched();
}

TEST_F(Sandbox, IsNotLeftByLinks) {
    const auto link = [&](const std::string& target, const std::string& name) {
        ASSERT_EQ(symlink(target.c_str(), outside.path("roms/" + name).c_str()), 0);
    };
    link("../secret", "relative");
    link(outside.path("secret"), "absolute");
    link("..", "up");
    link(outside.path("elsewhere"), "folder");
    link("../elsewhere/missing", "dangling");
    expect_no_way("relative");
    expect_no_way("absolute");
    expect_no_way("up/secret");
    expect_no_way("up/elsewhere/new");
    expect_no_way("folder/new");
    expect_no_way("folder/new/");
    expect_no_way("dangling");
    expect_no_way("sub/../up/secret");
}

TEST_F(Sandbox, DoesNotTellWhatExistsOutside) {
    const auto result = [&](const std::string& path) {
        const std::string text = run({"s" + path, "r" + path, "d" + path}).output;
        return text;
    };
    EXPECT_EQ(result("../secret"), result("../missing"));
    EXPECT_EQ(result("../elsewhere"), result("../missing"));
    EXPECT_EQ(result("/etc/passwd"), result("/etc/missing"));
}

TEST_F(Sandbox, DoesNotWaitForPipes) {
    ASSERT_EQ(mkfifo(outside.path("roms/pipe").c_str(), 0600), 0);
    EXPECT_EQ(output({"rpipe", "spipe", "wpipe", "dpipe"}),
              "r 0000 \ns 0004 !!!!\nw 0000\nd 0000\n");
    EXPECT_TRUE(outside.has("roms/pipe"));
}

TEST_F(Sandbox, LetsAProgramGoOnWhenTheDiskIsFull) {
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
    const Outcome outcome = run({"wnew", "rf"});
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(outcome.output, "w 0000\nr 0003 eff\n");
    EXPECT_EQ(outcome.exit_code, 0);
}

TEST_F(Sandbox, WarnsOnceForEachNameAndInOrderWithTheOutput) {
    const ProcessOptions merged = {.merge_error = true};
    const Outcome outcome = leveret(
        {outside.path("roms/files.rom"), "rf", "r../a", "r../a", "s../b", "d../a"}, "", merged);
    EXPECT_EQ(outcome.output, "r 0003 eff\nr " + warning("../a") + "0000 \nr 0000 \ns " +
                                  warning("../b") + "0000 \nd 0000\n");
}

TEST_F(Sandbox, WarnsInPrintableCharactersAndNotForever) {
    EXPECT_EQ(run({"r../\x1b[31m"}).error.find('\x1b'), std::string::npos);
    std::vector<std::string> operations;
    for (int i = 0; i < 100; ++i) {
        operations.push_back("r../" + std::to_string(i));
    }
    const std::string error = run(operations).error;
    EXPECT_EQ(std::ranges::count(error, '\n'), 16);
    EXPECT_TRUE(error.ends_with("'../15'; no more such warnings\n")) << error;
}

TEST_F(Sandbox, MayBeReadOnly) {
    EXPECT_EQ(output({"rf", "sf", "wf", "anew", "df", "wsub/folder/"}, {"--files", "ro"}),
              "r 0003 eff\ns 0004 0003\nw 0000\na 0000\nd 0000\nw 0000\n");
    EXPECT_EQ(outside.read("roms/f"), "eff");
    EXPECT_FALSE(outside.has("roms/new"));
    EXPECT_FALSE(outside.has("roms/sub/folder"));
}

TEST_F(Sandbox, MayBeEmpty) {
    EXPECT_EQ(output({"rf", "sf", "r.", "wnew", "df"}, {"--files=none"}),
              "r 0000 \ns 0004 !!!!\nr 0000 \nw 0000\nd 0000\n");
    EXPECT_EQ(outside.read("roms/f"), "eff");
    EXPECT_FALSE(outside.has("roms/new"));
}

TEST_F(Sandbox, MayBeAnotherFolder) {
    const std::string elsewhere = outside.path("elsewhere");
    EXPECT_EQ(output({"sf", "wnew", "r" + elsewhere + "/new"}, {"--dir", "."}),
              "s 0004 !!!!\nw 0003\nr 0003 new\n");
    EXPECT_EQ(outside.read("elsewhere/new"), "new");
    EXPECT_EQ(output({"rnew", "wf"}, {"--dir=" + elsewhere, "--files", "ro"}),
              "r 0003 new\nw 0000\n");
}

TEST_F(Sandbox, RefusesOptionsThatMakeNoSense) {
    const auto expect_error = [&](const std::vector<std::string>& options, int code,
                                  const std::string& message) {
        const Outcome outcome = run({"rf"}, options);
        EXPECT_EQ(outcome.exit_code, code);
        EXPECT_EQ(outcome.output, "");
        EXPECT_EQ(outcome.error, "leveret: error: " + message);
    };
    expect_error({"--files", "all"}, 2,
                 "--files takes none, ro or rw, not 'all'\nTry 'leveret run --help'.\n");
    expect_error({"--files", ""}, 2,
                 "--files takes none, ro or rw, not ''\nTry 'leveret run --help'.\n");
    expect_error({"--dir", "missing"}, 1,
                 "cannot use the folder 'missing': No such file or directory\n");
    expect_error({"--dir", outside.path("secret")}, 1,
                 "cannot use the folder '" + outside.path("secret") + "': Not a directory\n");
}

TEST_F(Sandbox, IsHeldByTheKernelWhereItCan) {
    if (!emulator().empty()) {
        GTEST_SKIP() << "the process is an emulator's";
    }
    if (syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1) {
        GTEST_SKIP() << "this kernel has no Landlock";
    }
    Process process({outside.path("roms/files.rom"), "rf"});
    ASSERT_TRUE(process.wait_for_output("eff"));
    std::ifstream children("/proc/thread-self/children");
    std::string pid;
    if (!(children >> pid)) {
        GTEST_SKIP() << "this kernel does not list a process's children";
    }
    // The way into Landlock leads through this; nothing else here asks for it.
    std::ifstream status("/proc/" + pid + "/status");
    const std::string text{std::istreambuf_iterator<char>(status), {}};
    EXPECT_NE(text.find("NoNewPrivs:\t1\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace cli_test
