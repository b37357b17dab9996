#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "host/posix.hpp"

namespace front::sdl {

/// Says when game pads have something to tell, so that nobody has to ask them: SDL 2 itself looks a
/// thousand times a second while one is plugged in. It listens to the kernel's devices beside SDL,
/// on a thread that sleeps until one of them stirs.
class PadWatch {
public:
    /// `stirred` is called on that thread: a pad was moved, plugged in or unplugged.
    explicit PadWatch(std::function<void()> stirred);
    ~PadWatch();
    PadWatch(const PadWatch&) = delete;
    PadWatch& operator=(const PadWatch&) = delete;

    /// Listens to the device at `path` under that number. False if it cannot be listened to.
    bool add(int id, const char* path);
    void remove(int id);

private:
    /// Open as long as anybody uses it: `remove` may come while the thread listens.
    using Device = std::shared_ptr<host::FileDescriptor>;

    void run();
    void nudge();
    std::map<int, Device> pads();

    const std::function<void()> stirred_;
    host::FileDescriptor nudged_;   ///< an eventfd: the pads have changed, or it ends
    host::FileDescriptor plugged_;  ///< inotify, of the folder of devices
    std::mutex mutex_;
    std::map<int, Device> pads_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace front::sdl
