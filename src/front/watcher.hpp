#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "host/wake_up.hpp"
#include "host/watch.hpp"

namespace front {

/// Watches files on a thread of its own, and calls back from there when one has changed.
class Watcher {
public:
    /// Errors: as of host::FileWatch.
    static base::Result<std::unique_ptr<Watcher>> start(std::function<void()> on_change);
    ~Watcher();
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// These files from now on. Calls back once when they are watched, since they may have changed
    /// after they were read.
    void watch(std::vector<std::string> paths);

private:
    Watcher(host::FileWatch watch, std::function<void()> on_change);
    void run();

    host::FileWatch watch_;
    std::function<void()> on_change_;
    host::WakeUp wake_up_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::optional<std::vector<std::string>> paths_;  ///< to be watched, not yet known to the thread
    std::thread thread_;
};

}  // namespace front
