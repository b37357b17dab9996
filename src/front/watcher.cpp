#include "front/watcher.hpp"

#include <utility>

namespace front {

base::Result<std::unique_ptr<Watcher>> Watcher::start(std::function<void()> on_change) {
    auto watch = host::FileWatch::create();
    if (!watch) {
        return std::unexpected(watch.error());
    }
    return std::unique_ptr<Watcher>(new Watcher(std::move(*watch), std::move(on_change)));
}

Watcher::Watcher(host::FileWatch watch, std::function<void()> on_change)
    : watch_(std::move(watch)), on_change_(std::move(on_change)), thread_([this] { run(); }) {}

Watcher::~Watcher() {
    stopping_ = true;
    wake_up_.ring();
    thread_.join();
}

void Watcher::watch(std::vector<std::string> paths) {
    {
        const std::scoped_lock lock(mutex_);
        paths_ = std::move(paths);
    }
    wake_up_.ring();
}

void Watcher::run() {
    while (!stopping_) {
        std::optional<std::vector<std::string>> paths;
        {
            const std::scoped_lock lock(mutex_);
            paths.swap(paths_);
        }
        if (paths) {
            // A folder that cannot be watched is no reason not to watch the others.
            [[maybe_unused]] const auto watched = watch_.watch(*paths);
            on_change_();
        }
        if (wake_up_.wait(watch_.fd(), std::nullopt) && watch_.changed()) {
            on_change_();
        }
    }
}

}  // namespace front
