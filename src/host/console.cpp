#include "host/console.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "host/signals.hpp"

namespace host {
namespace {

/// Waits until a descriptor can go on, at most so long; -1 means forever.
bool wait_for(int fd, short events, int timeout_ms) {
    pollfd entry = {.fd = fd, .events = events, .revents = 0};
    return poll(&entry, 1, timeout_ms) > 0;
}

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace

bool ConsolePump::write(varvara::Stream stream, std::string_view bytes) noexcept {
    if (stream != stream_) {
        flush();
        stream_ = stream;
    }
    while (!bytes.empty() && failure_ == 0) {
        const std::size_t count = std::min(bytes.size(), buffer_.size() - used_);
        std::memcpy(buffer_.data() + used_, bytes.data(), count);
        used_ += count;
        bytes.remove_prefix(count);
        if (used_ == buffer_.size()) {
            flush();
        }
    }
    return failure_ == 0;
}

bool ConsolePump::flush() noexcept {
    const std::string_view bytes(buffer_.data(), std::exchange(used_, 0));
    if (failure_ == 0) {
        const int error = write_out(fds_[std::to_underlying(stream_)], bytes);
        // When standard error fails there is nowhere to complain to: the program goes on.
        if (stream_ == varvara::Stream::Output || error == EPIPE) {
            failure_ = error;
        }
    }
    return failure_ == 0;
}

int ConsolePump::write_out(int fd, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const BlockingCall blocking;
        std::size_t count = bytes.size();
        if (blocking.interrupted()) {
            // The last words of an interrupted program, as far as there is room for them.
            count = std::min<std::size_t>(count, PIPE_BUF);
            if (!wait_for(fd, POLLOUT, 0)) {
                return 0;
            }
        }
        const ssize_t written = ::write(fd, bytes.data(), count);
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (would_block(errno)) {
            wait_for(fd, POLLOUT, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

std::span<const std::uint8_t> ConsoleReader::next() noexcept {
    while (!ended_) {
        const BlockingCall blocking;
        if (blocking.interrupted()) {
            break;
        }
        const ssize_t count = ::read(fd_, buffer_.data(), buffer_.size());
        if (count > 0) {
            return std::span(buffer_).first(static_cast<std::size_t>(count));
        }
        if (count < 0 && would_block(errno)) {
            wait_for(fd_, POLLIN, -1);
        } else if (count == 0 || errno != EINTR) {
            ended_ = true;  // an error too: there is nothing more to read
        }
    }
    return {};
}

}  // namespace host
