#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/result.hpp"
#include "host/posix.hpp"

namespace host {

/// Notices when files change: when they are written, replaced, removed, or come to be. The kernel
/// tells of it, so nothing is done while nothing happens.
///
/// A save counts once: when the writer closes the file or puts it in its place, or else when
/// nothing more has happened for `kQuiet`. An editor may remove a file and put another one there; a
/// file may be gone for a while, and so may the folders on the way to it.
class FileWatch {
public:
    static constexpr std::chrono::milliseconds kQuiet{50};

    /// Errors: Unsupported, if the kernel cannot watch files or has no more room for it.
    static base::Result<FileWatch> create();

    /// Watches these files from now on, and no others. They need not exist. Those that were watched
    /// before are still compared with what they were when `changed` last looked, so that nothing is
    /// missed in between.
    /// Errors: Unsupported as above; NotReadable, if a folder may not be read. All that can be
    /// watched is watched then.
    base::Result<void> watch(std::span<const std::string> paths);

    /// Becomes readable when `changed` should be called.
    int fd() const { return poll_.get(); }
    /// Whether a file has changed since the last time. Never waits.
    bool changed();

private:
    /// What a file is; nothing if there is none.
    struct FileState {
        dev_t device;
        ino_t number;
        mode_t mode;
        off_t size;
        std::time_t seconds;
        long nanoseconds;
        friend bool operator==(const FileState&, const FileState&) = default;
    };
    /// A folder that the kernel watches, and what matters in it.
    struct Folder {
        std::set<std::string, std::less<>> files;
        std::set<std::string, std::less<>> missing_folders;  ///< on the way to files
    };
    struct Events {
        bool finished = false;  ///< a file is as its writer wants it
        bool going_on = false;  ///< more may follow
        bool moved = false;     ///< folders are not where they were
    };

    FileWatch(FileDescriptor notify, FileDescriptor timer, FileDescriptor poll);

    static std::optional<FileState> state_of(const std::string& path);
    /// Watches the folder of each file, or what there is of the way to it.
    base::Result<void> watch_folders();
    base::Result<void> watch_folder_of(const std::string& path, std::map<int, Folder>& folders);
    Events read_events();
    void start_timer(std::chrono::milliseconds delay);
    /// Whether it has run out.
    bool read_timer();
    /// Whether a file is another than before.
    bool look();

    FileDescriptor notify_;
    FileDescriptor timer_;
    FileDescriptor poll_;  ///< for both
    std::map<std::string, std::optional<FileState>> files_;
    std::map<int, Folder> folders_;  ///< by the kernel's number
};

}  // namespace host
