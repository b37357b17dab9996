#include "host/folder_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <climits>
#include <utility>

#include "varvara/file_path.hpp"

namespace host {
namespace {

using varvara::FileEntry;
using varvara::FileStatus;
using Kind = FileStatus::Kind;

/// Only looks: opening has no effect on whatever is there.
constexpr int kLook = O_PATH | O_CLOEXEC;
/// What was swapped for a pipe or a terminal after the look must not make the program wait.
constexpr int kPlain = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

FileStatus status_of(const struct stat& status) {
    if (S_ISREG(status.st_mode)) {
        return {.kind = Kind::File, .size = static_cast<std::uint64_t>(status.st_size)};
    }
    return {.kind = S_ISDIR(status.st_mode) ? Kind::Folder : Kind::Unknown};
}

FileStatus status_of_errno() {
    switch (errno) {
        case EXDEV: return {.kind = Kind::Outside};
        case ENOENT:
        case ENOTDIR:
        case ENAMETOOLONG: return {.kind = Kind::Missing};
        default: return {.kind = Kind::Unknown};
    }
}

FileDescriptor fail(int error) {
    errno = error;
    return {};
}

FileDescriptor open_beneath(int root, const char* path, int flags, mode_t mode) {
    open_how how{};
    how.flags = static_cast<unsigned>(flags);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long fd = -1;
    // EAGAIN: something was renamed meanwhile, and the kernel could not be sure about a "..".
    for (int attempts = 0; attempts < 100; ++attempts) {
        fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) {
            break;
        }
    }
    return FileDescriptor(static_cast<int>(fd));
}

bool kernel_can_look_up(int root) {
    return open_beneath(root, ".", kLook, 0).valid();
}

FileDescriptor open_no_link(int folder, const std::string& name, int flags, mode_t mode) {
    struct stat status{};
    if (fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISLNK(status.st_mode)) {
        return fail(EXDEV);
    }
    return FileDescriptor(openat(folder, name.c_str(), flags | O_NOFOLLOW, mode));
}

/// Holds every folder on the way, so that ".." means the one it came from, whatever has been moved
/// since.
FileDescriptor walk(int root, const varvara::FilePath& path, int flags, mode_t mode) {
    std::vector<FileDescriptor> way;
    const auto here = [&] { return way.empty() ? root : way.back().get(); };
    for (std::size_t i = 0; i < path.names.size(); ++i) {
        const std::string name(path.names[i]);
        if (name == "..") {
            way.pop_back();
            continue;
        }
        if (i + 1 == path.names.size()) {
            if (!path.folder) {
                return open_no_link(here(), name, flags, mode);
            }
            if ((flags & O_CREAT) != 0) {
                return fail(EISDIR);
            }
            return open_no_link(here(), name, flags | O_DIRECTORY, mode);
        }
        FileDescriptor folder = open_no_link(here(), name, kLook | O_DIRECTORY, 0);
        if (!folder.valid()) {
            return folder;
        }
        way.push_back(std::move(folder));
    }
    return FileDescriptor(openat(here(), ".", flags, mode));
}

class HostFile final : public varvara::OpenFile {
public:
    explicit HostFile(FileDescriptor file) : file_(std::move(file)) {}

    std::size_t read(std::span<std::uint8_t> bytes) noexcept override {
        return transfer(bytes, ::read);
    }
    std::size_t write(std::span<const std::uint8_t> bytes) noexcept override {
        return transfer(bytes, ::write);
    }

private:
    template <class Byte, class Call>
    std::size_t transfer(std::span<Byte> bytes, Call call) noexcept {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t count = call(file_.get(), bytes.data() + done, bytes.size() - done);
            if (count > 0) {
                done += static_cast<std::size_t>(count);
            } else if (count == 0 || errno != EINTR) {
                break;
            }
        }
        return done;
    }

    FileDescriptor file_;
};

}  // namespace

base::Result<std::unique_ptr<FolderFiles>> FolderFiles::open(const std::string& folder,
                                                             FileAccess access,
                                                             OnOutside on_outside, Lookup lookup) {
    FileDescriptor root(::open(folder.c_str(), kLook | O_DIRECTORY));
    if (!root.valid()) {
        const auto code =
            errno == ENOENT ? base::ErrorCode::NotFound : base::ErrorCode::NotReadable;
        return fail_with_errno(code, "cannot use the folder", folder);
    }
    if (lookup == Lookup::Kernel && !kernel_can_look_up(root.get())) {
        lookup = Lookup::Walk;
    }
    return std::unique_ptr<FolderFiles>(
        new FolderFiles(std::move(root), access, std::move(on_outside), lookup));
}

FolderFiles::FolderFiles(FileDescriptor root, FileAccess access, OnOutside on_outside,
                         Lookup lookup)
    : root_(std::move(root)),
      access_(access),
      on_outside_(std::move(on_outside)),
      lookup_(lookup) {}

std::string FolderFiles::relative(std::string_view path) const {
    if (!path.starts_with('/')) {
        return std::string(path);
    }
    std::array<char, PATH_MAX> buffer;
    const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(root_.get())).c_str(),
                                  buffer.data(), buffer.size());
    std::string_view root(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (root == "/") {
        root = "";
    }
    if (size <= 0 || !path.starts_with(root) ||
        (path.size() > root.size() && path[root.size()] != '/')) {
        return std::string(path);
    }
    const std::size_t rest = path.find_first_not_of('/', root.size());
    return rest == std::string_view::npos ? "." : std::string(path.substr(rest));
}

FileDescriptor FolderFiles::open_inside(const std::string& path, int flags, mode_t mode) const {
    const auto names = varvara::parse_path(path);
    if (!names) {
        return fail(ENOENT);
    }
    if (names->outside) {
        return fail(EXDEV);
    }
    return lookup_ == Lookup::Kernel ? open_beneath(root_.get(), path.c_str(), flags, mode)
                                     : walk(root_.get(), *names, flags, mode);
}

FileDescriptor FolderFiles::reach(std::string_view path, int flags, mode_t mode) const {
    FileDescriptor file = open_inside(relative(path), flags, mode);
    if (!file.valid() && errno == EXDEV && on_outside_) {
        on_outside_(path);
        errno = EXDEV;
    }
    return file;
}

std::optional<FolderFiles::Spot> FolderFiles::spot_of(std::string_view path) const {
    const std::string inside = relative(path);
    const auto names = varvara::parse_path(inside);
    if (!names || names->names.empty() || names->names.back() == "..") {
        return std::nullopt;
    }
    FileDescriptor folder = reach(names->parent(inside), kLook | O_DIRECTORY);
    if (!folder.valid()) {
        return std::nullopt;
    }
    return Spot{.folder = std::move(folder), .name = std::string(names->names.back())};
}

FileStatus FolderFiles::examine(const FileDescriptor& reached) const {
    struct stat status{};
    return reached.valid() && fstat(reached.get(), &status) == 0 ? status_of(status)
                                                                 : status_of_errno();
}

FileStatus FolderFiles::status(std::string_view path) noexcept {
    return examine(reach(path, kLook));
}

std::unique_ptr<varvara::OpenFile> FolderFiles::open_to_read(std::string_view path) noexcept {
    if (status(path).kind != Kind::File) {
        return nullptr;
    }
    FileDescriptor file = reach(path, O_RDONLY | kPlain);
    if (examine(file).kind != Kind::File) {
        return nullptr;
    }
    return std::make_unique<HostFile>(std::move(file));
}

std::unique_ptr<varvara::OpenFile> FolderFiles::open_to_write(std::string_view path,
                                                              bool append) noexcept {
    if (access_ != FileAccess::ReadWrite) {
        return nullptr;
    }
    const Kind before = status(path).kind;
    if (before != Kind::File && before != Kind::Missing) {
        return nullptr;
    }
    FileDescriptor file = reach(path, O_WRONLY | O_CREAT | (append ? O_APPEND : 0) | kPlain, 0666);
    if (examine(file).kind != Kind::File || (!append && ftruncate(file.get(), 0) != 0)) {
        return nullptr;
    }
    return std::make_unique<HostFile>(std::move(file));
}

FileEntry FolderFiles::entry(std::string_view folder, int folder_fd, const char* name) const {
    struct stat status{};
    if (fstatat(folder_fd, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
        return {.name = name, .status = {.kind = Kind::Unknown}};
    }
    if (!S_ISLNK(status.st_mode)) {
        return {.name = name, .status = status_of(status)};
    }
    FileStatus target = examine(open_inside(std::string(folder) + "/" + name, kLook));
    if (target.kind == Kind::Outside || target.kind == Kind::Missing) {
        target.kind = Kind::Unknown;  // the link is there
    }
    return {.name = name, .status = target};
}

std::optional<std::vector<FileEntry>> FolderFiles::list(std::string_view path) noexcept {
    FileDescriptor folder = reach(path, O_RDONLY | O_DIRECTORY | kPlain);
    if (!folder.valid()) {
        return std::nullopt;
    }
    const std::unique_ptr<DIR, decltype([](DIR* open) { closedir(open); })> stream(
        fdopendir(folder.get()));
    if (stream == nullptr) {
        return std::nullopt;
    }
    const int fd = folder.release();  // the stream's now
    const std::string from = relative(path);
    std::vector<FileEntry> entries;
    while (entries.size() < varvara::kMaxFolderEntries) {
        const dirent* next = readdir(stream.get());
        if (next == nullptr) {
            break;
        }
        const std::string_view name = next->d_name;
        if (name != "." && name != "..") {
            entries.push_back(entry(from, fd, next->d_name));
        }
    }
    std::ranges::sort(entries, {}, &FileEntry::name);
    return entries;
}

bool FolderFiles::make_folder(std::string_view path) noexcept {
    const Kind before = status(path).kind;
    if (before != Kind::Missing || access_ != FileAccess::ReadWrite) {
        return before == Kind::Folder;
    }
    if (const auto spot = spot_of(path)) {
        mkdirat(spot->folder.get(), spot->name.c_str(), 0777);
    }
    return status(path).kind == Kind::Folder;  // somebody else's is as good
}

bool FolderFiles::remove(std::string_view path) noexcept {
    if (access_ != FileAccess::ReadWrite || status(path).kind != Kind::File) {
        return false;
    }
    const auto spot = spot_of(path);
    return spot && unlinkat(spot->folder.get(), spot->name.c_str(), 0) == 0;
}

}  // namespace host
