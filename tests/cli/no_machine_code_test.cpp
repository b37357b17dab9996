// What becomes of the engine that makes machine code where no memory may be executed, as SELinux
// and others may have it.

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "process.hpp"
#include "temporary_folder.hpp"
#include "uxn/engines.hpp"

namespace cli_test {
namespace {

constexpr std::uint32_t low_half_of_argument(std::size_t number) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8 * number);
}

/// From now on no memory can be had that is shared, and executed. (Libraries are not shared in this
/// sense: they have to be loaded.)
void forbid_machine_code() {
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low_half_of_argument(2)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low_half_of_argument(3)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_SHARED, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
    };
    const sock_fprog program = {.len = std::size(filter), .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        _exit(125);
    }
}

class NoMachineCode : public testing::Test {
protected:
    NoMachineCode() {
        for (const uxn::EngineEntry& entry : uxn::engine_list()) {
            if (entry.observed != nullptr) {
                name = entry.name;
            }
        }
    }
    void SetUp() override {
        if (name.empty()) {
            GTEST_SKIP() << "this build has no engine that makes machine code";
        }
        if (!emulator().empty()) {
            GTEST_SKIP() << "emulators make machine code themselves";
        }
    }
    static Outcome run(const std::vector<std::string>& arguments, std::string_view input = {}) {
        return leveret(arguments, input, {.prepare = forbid_machine_code});
    }

    std::string name;
    const std::string why = "no memory may be executed here";
};

TEST_F(NoMachineCode, IsToldWhenEnginesAreListed) {
    EXPECT_NE(run({"engines"}).output.find(" not available  " + why + "\n"), std::string::npos);
    const auto list = nlohmann::json::parse(run({"engines", "--json"}).output);
    int found = 0;
    for (const auto& entry : list) {
        if (entry["name"] == name) {
            ++found;
            EXPECT_EQ(entry["available"], false);
            EXPECT_EQ(entry["default"], false);
            EXPECT_EQ(entry["why_not"], why);
        } else {
            EXPECT_NE(entry["why_not"], why);
        }
    }
    EXPECT_EQ(found, 1);
}

TEST_F(NoMachineCode, LeavesTheProgramToAnotherEngineWithAWarning) {
    const Outcome outcome = run({"run", "--engine", name, "--stats", program("hot.tal")}, "x");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, "ready\ndone\n");
    const std::string warning =
        "leveret: warning: engine '" + name + "' is not available: " + why + "; '";
    ASSERT_TRUE(outcome.error.starts_with(warning)) << outcome.error;
    const std::string other = outcome.error.substr(
        warning.size(), outcome.error.find('\'', warning.size()) - warning.size());
    EXPECT_NE(uxn::find_engine(other), nullptr) << other;
    EXPECT_NE(other, name);
    EXPECT_NE(outcome.error.find("\nengine                " + other + "\n"), std::string::npos)
        << outcome.error;
}

TEST_F(NoMachineCode, IsNoMatterUnlessAskedFor) {
    const Outcome outcome = run({program("hot.tal")}, "x");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.output, "ready\ndone\n");
    EXPECT_EQ(outcome.error, "");
}

TEST_F(NoMachineCode, CannotBeLookedAt) {
    const TemporaryFolder folder;
    const Outcome outcome =
        run({"run", "--jit-dump", folder.path("dump"), program("hot.tal")}, "x");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.error, "leveret: error: --jit-dump: engine '" + name +
                                 "' can make no machine code: " + why + "\n");
    EXPECT_FALSE(folder.has("dump"));
}

}  // namespace
}  // namespace cli_test
