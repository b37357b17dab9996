#include "host/confine.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstdint>
#include <ctime>

#include "host/posix.hpp"

namespace host {
namespace {

// Newer versions of Landlock have more than the headers that this has to be built with.

struct Ruleset {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scope = 0;
};

constexpr std::uint64_t kAllOfVersion1 = (1U << 13) - 1;  // of files
constexpr std::uint64_t kMoveAndLink = 1U << 13;          // version 2
constexpr std::uint64_t kTruncate = 1U << 14;             // 3
constexpr std::uint64_t kBindAndConnectTcp = 3;           // 4, of the network
constexpr std::uint64_t kDeviceControl = 1U << 15;        // 5, of files
constexpr std::uint64_t kAbstractSocketsAndSignals = 3;   // 6, of the scope

constexpr std::uint64_t kReading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWriting = kReading | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate |
                                   LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE;

Ruleset everything_in(long version) {
    Ruleset all;
    all.files = kAllOfVersion1;
    all.files |= version >= 2 ? kMoveAndLink : 0;
    all.files |= version >= 3 ? kTruncate : 0;
    all.network = version >= 4 ? kBindAndConnectTcp : 0;
    all.files |= version >= 5 ? kDeviceControl : 0;
    all.scope = version >= 6 ? kAbstractSocketsAndSignals : 0;
    return all;
}

base::Result<bool> refused() {
    return fail_with_errno(base::ErrorCode::Unsupported, "cannot confine the process with",
                           "landlock");
}

}  // namespace

base::Result<bool> confine(const std::string& folder, FileAccess access,
                           std::span<const std::string> writable_folders) {
    tzset();
    const long version =
        syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return false;
    }
    const Ruleset all = everything_in(version);
    const FileDescriptor rules(
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0)));
    if (!rules.valid()) {
        return refused();
    }

    const auto allow = [&](const std::string& path, std::uint64_t rights) -> base::Result<void> {
        const FileDescriptor place(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!place.valid()) {
            const auto code =
                errno == ENOENT ? base::ErrorCode::NotFound : base::ErrorCode::NotReadable;
            return fail_with_errno(code, "cannot use the folder", path);
        }
        landlock_path_beneath_attr rule{};
        rule.allowed_access = rights & all.files;
        rule.parent_fd = place.get();
        if (syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) !=
            0) {
            return std::unexpected(refused().error());
        }
        return {};
    };
    if (access != FileAccess::None) {
        const auto added = allow(folder, access == FileAccess::ReadWrite ? kWriting : kReading);
        if (!added) {
            return std::unexpected(added.error());
        }
    }
    for (const std::string& path : writable_folders) {
        if (const auto added = allow(path, kWriting); !added) {
            return std::unexpected(added.error());
        }
    }
#ifdef LEVERET_LEAK_CHECK
    if (const auto added = allow("/proc", kReading); !added) {  // what the check at exit looks at
        return std::unexpected(added.error());
    }
#endif

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
        return refused();
    }
    return true;
}

}  // namespace host
