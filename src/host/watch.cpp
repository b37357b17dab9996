#include "host/watch.hpp"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace host {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

/// What tells that a folder is no longer where it was.
constexpr std::uint32_t kItself = IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kFinished = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kGoingOn = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM;

std::unexpected<base::Error> cannot_watch() {
    return base::fail(ErrorCode::Unsupported,
                      std::string("cannot watch files: ") + std::strerror(errno));
}

}  // namespace

base::Result<FileWatch> FileWatch::create() {
    FileDescriptor notify(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    FileDescriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    FileDescriptor poll(epoll_create1(EPOLL_CLOEXEC));
    for (const int fd : {notify.get(), timer.get()}) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        if (epoll_ctl(poll.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
            return cannot_watch();
        }
    }
    return FileWatch(std::move(notify), std::move(timer), std::move(poll));
}

FileWatch::FileWatch(FileDescriptor notify, FileDescriptor timer, FileDescriptor poll)
    : notify_(std::move(notify)), timer_(std::move(timer)), poll_(std::move(poll)) {}

base::Result<void> FileWatch::watch(std::span<const std::string> paths) {
    std::map<std::string, std::optional<FileState>> files;
    for (const std::string& path : paths) {
        std::error_code error;
        const std::string absolute = fs::absolute(path, error).lexically_normal().string();
        if (error || absolute.empty()) {
            continue;
        }
        const auto before = files_.find(absolute);
        files[absolute] = before == files_.end() ? state_of(absolute) : before->second;
    }
    files_ = std::move(files);
    auto result = watch_folders();
    // What happened before the folders were watched was not told: have a look.
    start_timer(kQuiet);
    return result;
}

base::Result<void> FileWatch::watch_folders() {
    base::Result<void> result;
    std::map<int, Folder> folders;
    for (const auto& [path, state] : files_) {
        std::vector<std::string> ways = {path};
        std::error_code error;
        // Through links, the file is written somewhere else.
        if (std::string target = fs::canonical(path, error).string(); !error && target != path) {
            ways.push_back(std::move(target));
        }
        for (const std::string& way : ways) {
            if (auto watched = watch_folder_of(way, folders); !watched) {
                result = std::move(watched);
            }
        }
    }
    for (const auto& [number, folder] : folders_) {
        if (!folders.contains(number)) {
            inotify_rm_watch(notify_.get(), number);
        }
    }
    folders_ = std::move(folders);
    return result;
}

base::Result<void> FileWatch::watch_folder_of(const std::string& path,
                                              std::map<int, Folder>& folders) {
    const auto add = [&](const fs::path& folder, std::uint32_t events) {
        const int number =
            inotify_add_watch(notify_.get(), folder.c_str(), events | IN_ONLYDIR | IN_MASK_ADD);
        return number < 0 ? nullptr : &folders[number];
    };
    const fs::path file(path);
    fs::path folder = file.root_path();
    for (const fs::path& name : file.parent_path().relative_path()) {
        const fs::path inner = folder / name;
        if (add(inner, kItself) == nullptr && (errno == ENOENT || errno == ENOTDIR)) {
            if (Folder* const outer = add(folder, IN_CREATE | IN_MOVED_TO)) {
                outer->missing_folders.insert(name.string());
            }
            // It may have come in between.
            if (add(inner, kItself) == nullptr) {
                return {};
            }
        }
        folder = inner;
    }
    if (Folder* const found = add(folder, kFinished | kGoingOn)) {
        found->files.insert(file.filename().string());
        return {};
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        return {};  // only just; the folder around it tells
    }
    return errno == ENOSPC || errno == ENOMEM
               ? cannot_watch()
               : fail_with_errno(ErrorCode::NotReadable, "cannot watch", folder.string());
}

bool FileWatch::changed() {
    const bool quiet = read_timer();
    const Events events = read_events();
    if (events.moved && !watch_folders()) {
        // What cannot be watched any more is not told of; there is nobody to say so to.
    }
    if (events.finished || quiet) {
        start_timer(std::chrono::milliseconds(events.moved ? kQuiet.count() : 0));
        return look() || events.finished;
    }
    if (events.going_on || events.moved) {
        start_timer(kQuiet);
    }
    return false;
}

FileWatch::Events FileWatch::read_events() {
    Events events;
    alignas(inotify_event) std::array<char, 4096> buffer;
    while (true) {
        const ssize_t count = ::read(notify_.get(), buffer.data(), buffer.size());
        if (count <= 0) {
            return events;
        }
        inotify_event event;
        for (std::size_t at = 0; at < static_cast<std::size_t>(count);
             at += sizeof event + event.len) {
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const std::string_view name =
                event.len == 0 ? "" : std::string_view(buffer.data() + at + sizeof event);
            if ((event.mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT | IN_Q_OVERFLOW)) != 0) {
                events.moved = true;
                continue;
            }
            const auto folder = folders_.find(event.wd);
            if (folder == folders_.end()) {
                continue;
            }
            events.moved |= folder->second.missing_folders.contains(name);
            if (folder->second.files.contains(name)) {
                events.finished |= (event.mask & kFinished) != 0;
                events.going_on |= (event.mask & kGoingOn) != 0;
            }
        }
    }
}

void FileWatch::start_timer(std::chrono::milliseconds delay) {
    const itimerspec when{.it_interval = {},
                          .it_value = {.tv_sec = 0, .tv_nsec = delay.count() * 1'000'000}};
    timerfd_settime(timer_.get(), 0, &when, nullptr);
}

bool FileWatch::read_timer() {
    std::uint64_t times = 0;
    return ::read(timer_.get(), &times, sizeof times) == sizeof times;
}

std::optional<FileWatch::FileState> FileWatch::state_of(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return FileState{.device = status.st_dev,
                     .number = status.st_ino,
                     .mode = status.st_mode,
                     .size = status.st_size,
                     .seconds = status.st_mtim.tv_sec,
                     .nanoseconds = status.st_mtim.tv_nsec};
}

bool FileWatch::look() {
    bool different = false;
    for (auto& [path, state] : files_) {
        const std::optional<FileState> now = state_of(path);
        different |= now != state;
        state = now;
    }
    return different;
}

}  // namespace host
