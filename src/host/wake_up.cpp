#include "host/wake_up.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>

namespace host {

WakeUp::WakeUp() : bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void WakeUp::ring() const noexcept {
    const int before = errno;  // a signal handler must leave it as it was
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(bell_.get(), &one, sizeof one);
    errno = before;
}

bool WakeUp::wait(int fd, std::optional<std::chrono::steady_clock::time_point> until) const {
    using std::chrono::nanoseconds;
    std::array entries = {pollfd{.fd = bell_.get(), .events = POLLIN, .revents = 0},
                          pollfd{.fd = fd, .events = POLLIN, .revents = 0}};
    timespec timeout{};
    if (until) {
        const nanoseconds left =
            std::max(nanoseconds(0), nanoseconds(*until - std::chrono::steady_clock::now()));
        timeout = {.tv_sec = static_cast<time_t>(left.count() / 1'000'000'000),
                   .tv_nsec = static_cast<long>(left.count() % 1'000'000'000)};
    }
    if (ppoll(entries.data(), entries.size(), until ? &timeout : nullptr, nullptr) <= 0) {
        return false;  // it is time, or a signal came
    }
    if (entries[0].revents != 0) {
        std::uint64_t rings = 0;
        [[maybe_unused]] const ssize_t read = ::read(bell_.get(), &rings, sizeof rings);
    }
    return entries[1].revents != 0;
}

}  // namespace host
