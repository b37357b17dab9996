#include "host/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "host/files.hpp"
#include "host/posix.hpp"

namespace host {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> fail_to_write(const std::string& path) {
    return fail_with_errno(ErrorCode::NotWritable, "cannot write", path);
}

std::unexpected<base::Error> fail_for_folder(const std::string& path) {
    return base::fail(ErrorCode::NotAFile, "cannot write '" + path + "': it is a folder");
}

/// /dev/stdout may lead to a regular file, which is the shell's to replace, not ours.
bool names_a_stream(std::string_view path) {
    return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") ||
           path.starts_with("/proc/");
}

/// Whether what is at `path` is written to as it is.
bool is_stream_at(std::string_view path, const struct stat& status) {
    return !S_ISREG(status.st_mode) || names_a_stream(path);
}

/// The file that `path` leads to through links, as far as it exists.
std::string resolve_links(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> target(realpath(path.c_str(), nullptr),
                                                             &std::free);
    return target ? std::string(target.get()) : path;
}

struct TemporaryFile {
    FileDescriptor file;
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

NewFile::NewFile(FileDescriptor file, std::string path, std::string temporary_path,
                 std::string target)
    : file_(std::move(file)),
      path_(std::move(path)),
      temporary_path_(std::move(temporary_path)),
      target_(std::move(target)) {}

NewFile::NewFile(NewFile&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      temporary_path_(std::exchange(other.temporary_path_, {})),
      target_(std::move(other.target_)) {}

NewFile::~NewFile() {
    if (!temporary_path_.empty()) {
        unlink(temporary_path_.c_str());
    }
}

base::Result<NewFile> NewFile::create(std::string path) {
    struct stat status{};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return fail_for_folder(path);
    }
    if (exists && is_stream_at(path, status)) {
        FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!file.valid()) {
            return fail_to_write(path);
        }
        return NewFile(std::move(file), std::move(path), {}, {});
    }
    if (exists && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) {
        return fail_to_write(path);  // renaming would replace even a read-only file
    }
    std::string target = resolve_links(path);
    TemporaryFile temporary = create_beside(target);
    if (!temporary.file.valid()) {
        return fail_to_write(path);
    }
    NewFile file(std::move(temporary.file), std::move(path), std::move(temporary.path),
                 std::move(target));
    if (exists && fchmod(file.file_.get(), status.st_mode & 07777) != 0) {
        return fail_to_write(file.path_);
    }
    return file;
}

base::Result<void> NewFile::write(std::string_view contents) {
    while (!contents.empty()) {
        const ssize_t written = ::write(file_.get(), contents.data(), contents.size());
        if (written >= 0) {
            contents.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return fail_to_write(path_);
        }
    }
    return {};
}

base::Result<void> NewFile::rewrite(std::int64_t offset, std::string_view contents) {
    const auto seek = [&](std::int64_t to, int from) {
        return lseek(file_.get(), static_cast<off_t>(to), from) >= 0;
    };
    if (!seek(offset, SEEK_SET)) {
        return fail_to_write(path_);
    }
    if (auto result = write(contents); !result) {
        return result;
    }
    return seek(0, SEEK_END) ? base::Result<void>() : fail_to_write(path_);
}

base::Result<void> NewFile::cut(std::int64_t size) {
    const auto end = static_cast<off_t>(size);
    if (ftruncate(file_.get(), end) != 0 || lseek(file_.get(), end, SEEK_SET) < 0) {
        return fail_to_write(path_);
    }
    return {};
}

base::Result<void> NewFile::commit() {
    if (!file_.close() ||
        (!temporary_path_.empty() && rename(temporary_path_.c_str(), target_.c_str()) != 0)) {
        return fail_to_write(path_);
    }
    temporary_path_.clear();
    return {};
}

base::Result<void> check_writable(const std::string& path) {
    struct stat status{};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return fail_for_folder(path);
    }
    const auto may = [](const std::string& what, int how) {
        return faccessat(AT_FDCWD, what.c_str(), how, AT_EACCESS) == 0;
    };
    if ((exists && !may(path, W_OK)) ||
        (!(exists && is_stream_at(path, status)) && !may(folder_of(path), W_OK | X_OK))) {
        return fail_to_write(path);
    }
    return {};
}

std::string folder_of(const std::string& path) {
    const std::string real = resolve_links(path);
    const std::size_t slash = real.rfind('/');
    return slash == std::string::npos ? "." : real.substr(0, slash + 1);
}

}  // namespace host
