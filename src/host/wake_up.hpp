#pragma once

#include <chrono>
#include <optional>

#include "host/posix.hpp"

namespace host {

/// Lets a thread sleep until another one, or a signal handler, wakes it up.
class WakeUp {
public:
    WakeUp();

    /// Ends a `wait`, or the next one. From any thread or signal handler.
    void ring() const noexcept;
    /// Until it rings, `fd` (if not -1) can be read, or `until` has come. True: it can be read.
    bool wait(int fd, std::optional<std::chrono::steady_clock::time_point> until) const;
    int descriptor() const { return bell_.get(); }

private:
    FileDescriptor bell_;
};

}  // namespace host
