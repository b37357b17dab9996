#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "varvara/hosts.hpp"

namespace host {

/// Writes a program's output to two file descriptors. Both streams go through one buffer, which is
/// emptied when the stream changes: what was written first appears first, whichever stream it took.
/// Expects SIGPIPE to be ignored.
class ConsolePump final : public varvara::ConsoleSink {
public:
    ConsolePump(int output_fd, int error_fd) : fds_{output_fd, error_fd} {}

    bool write(varvara::Stream stream, std::string_view bytes) noexcept override;
    bool flush() noexcept override;

    /// The errno of the write that failed for good, after which nothing is written any more; EPIPE:
    /// the reader has gone. 0: none has failed.
    int failure() const { return failure_; }

private:
    int write_out(int fd, std::string_view bytes) noexcept;

    std::array<int, 2> fds_;
    varvara::Stream stream_ = varvara::Stream::Output;
    std::size_t used_ = 0;
    int failure_ = 0;
    std::array<char, 16384> buffer_;
};

/// Reads a program's input from a file descriptor, in blocks as large as there are bytes at hand.
class ConsoleReader final : public varvara::ConsoleInput {
public:
    explicit ConsoleReader(int fd) : fd_(fd) {}

    std::span<const std::uint8_t> next() noexcept override;

private:
    int fd_;
    bool ended_ = false;
    std::array<std::uint8_t, 16384> buffer_;
};

}  // namespace host
