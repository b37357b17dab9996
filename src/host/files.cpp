#include "host/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "host/new_file.hpp"
#include "host/posix.hpp"

namespace host {
using base::ErrorCode;

base::Result<std::string> read_file(const std::string& path, std::size_t limit) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) {
        const bool missing = errno == ENOENT || errno == ENOTDIR;
        return fail_with_errno(missing ? ErrorCode::NotFound : ErrorCode::NotReadable,
                               "cannot read", path);
    }
    std::string contents;
    const auto too_large = [&] {
        return base::fail(ErrorCode::TooLarge, "'" + path + "' is too large: more than " +
                                                   std::to_string(limit) + " bytes");
    };
    struct stat status{};
    if (fstat(file.get(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            return base::fail(ErrorCode::NotAFile, "cannot read '" + path + "': it is a folder");
        }
        if (S_ISREG(status.st_mode)) {
            if (static_cast<std::uint64_t>(status.st_size) > limit) {
                return too_large();
            }
            contents.reserve(static_cast<std::size_t>(status.st_size) + 1);
        }
    }
    // Not one read of st_size bytes: pipes have no size, and files may grow.
    std::size_t used = 0;
    while (true) {
        contents.resize(std::max<std::size_t>(contents.capacity(), 4096));
        const ssize_t count = ::read(file.get(), contents.data() + used, contents.size() - used);
        if (count < 0 && errno != EINTR) {
            return fail_with_errno(ErrorCode::NotReadable, "cannot read", path);
        }
        if (count == 0) {
            contents.resize(used);
            return contents;
        }
        used += count > 0 ? static_cast<std::size_t>(count) : 0;
        if (used > limit) {
            return too_large();
        }
        if (used == contents.size()) {
            contents.reserve(2 * used);
        }
    }
}

base::Result<void> write_file(const std::string& path, std::string_view contents) {
    auto file = NewFile::create(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (auto written = file->write(contents); !written) {
        return written;
    }
    return file->commit();
}

base::Result<void> prepare_folder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error && !std::filesystem::is_directory(path)) {
        return base::fail(ErrorCode::NotWritable,
                          "cannot create the folder '" + path + "': " + error.message());
    }
    if (faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
        return fail_with_errno(ErrorCode::NotWritable, "cannot create files in", path);
    }
    return {};
}

bool same_file(const std::string& a, const std::string& b) {
    struct stat status_a{};
    struct stat status_b{};
    return stat(a.c_str(), &status_a) == 0 && stat(b.c_str(), &status_b) == 0 &&
           S_ISREG(status_a.st_mode) && status_a.st_dev == status_b.st_dev &&
           status_a.st_ino == status_b.st_ino;
}

}  // namespace host
