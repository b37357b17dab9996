#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "host/posix.hpp"
#include "varvara/hosts.hpp"

namespace host {

enum class FileAccess : std::uint8_t { None, ReadOnly, ReadWrite };

/// A folder of the computer, as programs see it: regular files and folders in it, and nothing else.
///
/// Whether a path stays in the folder is not checked in advance: the system call that opens it
/// enforces it, so nothing that changes meanwhile can help a program out. Links are followed as
/// long as they stay inside. An absolute path is fine if it begins with the folder's own.
/// docs/sandbox.md tells what that covers.
class FolderFiles final : public varvara::FileSystem {
public:
    /// How a path is looked up.
    enum class Lookup : std::uint8_t {
        /// By openat2, or by `Walk` if this kernel has no such call.
        Kernel,
        /// Name by name, following no link at all.
        Walk,
    };
    /// Is told of paths that lead out of the folder whenever a program uses one.
    using OnOutside = std::function<void(std::string_view path)>;

    /// access: not None. Errors: NotFound, NotReadable.
    static base::Result<std::unique_ptr<FolderFiles>> open(const std::string& folder,
                                                           FileAccess access,
                                                           OnOutside on_outside = {},
                                                           Lookup lookup = Lookup::Kernel);

    /// What it came down to.
    Lookup lookup() const { return lookup_; }

    varvara::FileStatus status(std::string_view path) noexcept override;
    std::unique_ptr<varvara::OpenFile> open_to_read(std::string_view path) noexcept override;
    std::unique_ptr<varvara::OpenFile> open_to_write(std::string_view path,
                                                     bool append) noexcept override;
    std::optional<std::vector<varvara::FileEntry>> list(std::string_view path) noexcept override;
    bool make_folder(std::string_view path) noexcept override;
    bool remove(std::string_view path) noexcept override;

private:
    FolderFiles(FileDescriptor root, FileAccess access, OnOutside on_outside, Lookup lookup);

    /// As open(2), but never outside: that fails with EXDEV.
    FileDescriptor open_inside(const std::string& path, int flags, mode_t mode = 0) const;
    /// The same, and tells `on_outside`.
    FileDescriptor reach(std::string_view path, int flags, mode_t mode = 0) const;
    /// The folder that the last name of a path is in, and that name.
    struct Spot {
        FileDescriptor folder;
        std::string name;
    };
    /// Nothing: there is no such folder, or the path has no name at its end.
    std::optional<Spot> spot_of(std::string_view path) const;
    varvara::FileStatus examine(const FileDescriptor& reached) const;
    varvara::FileEntry entry(std::string_view folder, int folder_fd, const char* name) const;
    /// The path itself, or for an absolute one what comes after the folder's own path.
    std::string relative(std::string_view path) const;

    FileDescriptor root_;
    FileAccess access_;
    OnOutside on_outside_;
    Lookup lookup_;
};

}  // namespace host
