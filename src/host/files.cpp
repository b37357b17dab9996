#include "host/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "host/posix.hpp"

namespace host {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> fail_to_write(const std::string& path) {
    return fail_with_errno(ErrorCode::NotWritable, "cannot write", path);
}

bool write_all(int fd, std::string_view contents) {
    while (!contents.empty()) {
        const ssize_t written = ::write(fd, contents.data(), contents.size());
        if (written >= 0) {
            contents.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

base::Result<void> write_directly(const std::string& path, std::string_view contents) {
    FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.valid() || !write_all(file.get(), contents) || !file.close()) {
        return fail_to_write(path);
    }
    return {};
}

/// /dev/stdout may lead to a regular file, which is the shell's to replace, not ours.
bool names_a_stream(std::string_view path) {
    return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") ||
           path.starts_with("/proc/");
}

/// The file that `path` leads to through links, as far as it exists.
std::string resolve_links(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> target(realpath(path.c_str(), nullptr),
                                                             &std::free);
    return target ? std::string(target.get()) : path;
}

struct TemporaryFile {
    FileDescriptor file{-1};
    std::string path;
};

/// Creates a file in the folder of `path`, where renaming is atomic, under a name that is free.
TemporaryFile create_beside(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string start = path.substr(0, slash == std::string::npos ? 0 : slash + 1) +
                              ".leveret-" + std::to_string(getpid()) + "-";
    for (int number = 0;; ++number) {
        std::string name = start + std::to_string(number) + ".tmp";
        FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (file.valid() || errno != EEXIST || number == 100) {
            return {std::move(file), std::move(name)};
        }
    }
}

}  // namespace

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
    struct stat status{};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return base::fail(ErrorCode::NotAFile, "cannot write '" + path + "': it is a folder");
    }
    if (exists && (!S_ISREG(status.st_mode) || names_a_stream(path))) {
        return write_directly(path, contents);
    }
    if (exists && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) {
        return fail_to_write(path);  // renaming would replace even a read-only file
    }
    const std::string target = resolve_links(path);
    TemporaryFile temporary = create_beside(target);
    FileDescriptor& file = temporary.file;
    if (!file.valid()) {
        return fail_to_write(path);
    }
    const auto give_up = [&] {
        const int number = errno;
        unlink(temporary.path.c_str());
        errno = number;
        return fail_to_write(path);
    };
    if (exists && fchmod(file.get(), status.st_mode & 07777) != 0) {
        return give_up();
    }
    if (!write_all(file.get(), contents) || !file.close() ||
        rename(temporary.path.c_str(), target.c_str()) != 0) {
        return give_up();
    }
    return {};
}

base::Result<void> check_writable(const std::string& path) {
    struct stat status{};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return base::fail(ErrorCode::NotAFile, "cannot write '" + path + "': it is a folder");
    }
    const bool stream = exists && (!S_ISREG(status.st_mode) || names_a_stream(path));
    if ((exists && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) ||
        (!stream && faccessat(AT_FDCWD, folder_of(path).c_str(), W_OK | X_OK, AT_EACCESS) != 0)) {
        return fail_to_write(path);
    }
    return {};
}

std::string folder_of(const std::string& path) {
    const std::string real = resolve_links(path);
    const std::size_t slash = real.rfind('/');
    return slash == std::string::npos ? "." : real.substr(0, slash + 1);
}

bool same_file(const std::string& a, const std::string& b) {
    struct stat status_a{};
    struct stat status_b{};
    return stat(a.c_str(), &status_a) == 0 && stat(b.c_str(), &status_b) == 0 &&
           S_ISREG(status_a.st_mode) && status_a.st_dev == status_b.st_dev &&
           status_a.st_ino == status_b.st_ino;
}

}  // namespace host
