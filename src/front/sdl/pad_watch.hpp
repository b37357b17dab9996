#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

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
    void run();
    void nudge();

    const std::function<void()> stirred_;
    int nudged_ = -1;   ///< an eventfd: the pads have changed, or it ends
    int plugged_ = -1;  ///< inotify, of the folder of devices; -1 where there is none
    std::mutex mutex_;
    std::map<int, int> pads_;  ///< files by number
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace front::sdl
