#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

/// What the sources of this folder share.
namespace host {

/// Closes itself.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    ~FileDescriptor() { close(); }
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
    FileDescriptor& operator=(FileDescriptor&&) = delete;

    bool valid() const { return fd_ >= 0; }
    int get() const { return fd_; }
    /// Somebody else closes it from now on.
    int release() { return std::exchange(fd_, -1); }
    /// False, with errno, when what was written could not be kept.
    bool close() { return fd_ < 0 || ::close(release()) == 0; }

private:
    int fd_ = -1;
};

/// "DOING 'PATH': " and what errno means.
inline std::unexpected<base::Error> fail_with_errno(base::ErrorCode code, std::string_view doing,
                                                    const std::string& path) {
    const int number = errno;
    return base::fail(code, std::string(doing) + " '" + path + "': " + std::strerror(number));
}

}  // namespace host
