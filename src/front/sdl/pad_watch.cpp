#include "front/sdl/pad_watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

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
    : stirred_(std::move(stirred)),
      nudged_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      plugged_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    inotify_add_watch(plugged_.get(), kDevices, IN_CREATE | IN_DELETE | IN_ATTRIB);
    thread_ = std::thread([this] { run(); });
}

PadWatch::~PadWatch() {
    ending_ = true;
    nudge();
    thread_.join();
}

bool PadWatch::add(int id, const char* path) {
    const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    {
        const std::scoped_lock lock(mutex_);
        pads_[id] = std::make_shared<host::FileDescriptor>(file);
    }
    nudge();
    return true;
}

void PadWatch::remove(int id) {
    {
        const std::scoped_lock lock(mutex_);
        pads_.erase(id);
    }
    nudge();
}

void PadWatch::nudge() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(nudged_.get(), &one, sizeof one);
}

std::map<int, PadWatch::Device> PadWatch::pads() {
    const std::scoped_lock lock(mutex_);
    return pads_;
}

void PadWatch::run() {
    int settling = 0;
    while (!ending_) {
        const std::map<int, Device> pads = this->pads();
        std::vector<pollfd> files = {{nudged_.get(), POLLIN, 0}, {plugged_.get(), POLLIN, 0}};
        for (const auto& [id, device] : pads) {
            files.push_back({device->get(), POLLIN, 0});
        }
        const int ready = poll(files.data(), files.size(), settling > 0 ? kSettleMs : -1);
        if (ready < 0) {
            continue;
        }
        bool stirs = ready == 0;
        settling -= ready == 0 ? 1 : 0;
        drain(nudged_.get());
        if (files[1].revents != 0) {
            drain(plugged_.get());
            settling = kSettleCalls;
            stirs = true;
        }
        auto polled = files.begin() + 2;
        for (const auto& [id, device] : pads) {
            if ((polled++)->revents == 0) {
                continue;
            }
            stirs = true;
            if (!drain(device->get())) {
                const std::scoped_lock lock(mutex_);
                if (const auto pad = pads_.find(id); pad != pads_.end() && pad->second == device) {
                    pads_.erase(pad);
                }
            }
        }
        if (stirs) {
            stirred_();
        }
    }
}

}  // namespace front::sdl
