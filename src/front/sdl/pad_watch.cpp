#include "front/sdl/pad_watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace front::sdl {
namespace {

constexpr const char* kDevices = "/dev/input";

/// A device that has just appeared is not ready at once: somebody has to look at it, and to say who
/// may use it. So there are a few more calls after that.
constexpr int kSettleMs = 200;
constexpr int kSettleCalls = 10;

/// Reads away what is there. False if the device is gone.
bool drain(int file) {
    std::array<std::byte, 4096> buffer;
    for (;;) {
        const ssize_t got = read(file, buffer.data(), buffer.size());
        if (got > 0 || (got < 0 && errno == EINTR)) {
            continue;
        }
        return got < 0 && errno == EAGAIN;
    }
}

}  // namespace

PadWatch::PadWatch(std::function<void()> stirred)
    : stirred_(std::move(stirred)), nudged_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    plugged_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (plugged_ >= 0) {
        inotify_add_watch(plugged_, kDevices, IN_CREATE | IN_DELETE | IN_ATTRIB);
    }
    thread_ = std::thread([this] { run(); });
}

PadWatch::~PadWatch() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    nudge();
    thread_.join();
    for (const auto& [id, file] : pads_) {
        close(file);
    }
    close(nudged_);
    if (plugged_ >= 0) {
        close(plugged_);
    }
}

bool PadWatch::add(int id, const char* path) {
    const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    {
        const std::scoped_lock lock(mutex_);
        pads_[id] = file;
    }
    nudge();
    return true;
}

void PadWatch::remove(int id) {
    const std::scoped_lock lock(mutex_);
    if (const auto pad = pads_.find(id); pad != pads_.end()) {
        close(pad->second);
        pads_.erase(pad);
    }
    nudge();
}

void PadWatch::nudge() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(nudged_, &one, sizeof one);
}

void PadWatch::run() {
    int settling = 0;
    for (;;) {
        std::vector<pollfd> files = {{nudged_, POLLIN, 0}, {plugged_, POLLIN, 0}};
        {
            const std::scoped_lock lock(mutex_);
            if (ending_) {
                return;
            }
            for (const auto& [id, file] : pads_) {
                files.push_back({file, POLLIN, 0});
            }
        }
        const int ready = poll(files.data(), files.size(), settling > 0 ? kSettleMs : -1);
        if (ready < 0) {
            continue;
        }
        if (ready == 0) {
            --settling;
        }
        const std::scoped_lock lock(mutex_);
        drain(nudged_);
        if (files[1].revents != 0) {
            drain(plugged_);
            settling = kSettleCalls;
        }
        bool stirs = ready == 0 || files[1].revents != 0;
        for (auto pad = pads_.begin(); pad != pads_.end();) {
            const auto polled = std::ranges::find(files, pad->second, &pollfd::fd);
            const bool active = polled != files.end() && polled->revents != 0;
            stirs = stirs || active;
            if (active && !drain(pad->second)) {
                close(pad->second);
                pad = pads_.erase(pad);
            } else {
                ++pad;
            }
        }
        if (stirs) {
            stirred_();
        }
    }
}

}  // namespace front::sdl
