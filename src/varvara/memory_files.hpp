#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "varvara/hosts.hpp"

namespace varvara {

/// Files in memory, for runs that must leave no trace or start from a known state. Paths mean what
/// they mean on a disk. A copy is a snapshot of its own; files that are open stay with the
/// original.
class MemoryFiles final : public FileSystem {
public:
    /// All there is, by path ("notes", "sub/notes"): the contents of files; nothing for folders.
    using Tree = std::map<std::string, std::optional<std::string>>;

    /// What a file or folder takes besides its contents, in bytes of the quota.
    static constexpr std::uint64_t kEntrySize = 256;
    static constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

    /// quota: bytes that files and folders may take. What goes beyond it fails as on a full disk.
    explicit MemoryFiles(std::uint64_t quota = kUnlimited);
    MemoryFiles(const MemoryFiles& other);
    MemoryFiles& operator=(const MemoryFiles& other);
    ~MemoryFiles() override = default;

    /// Creates a file, or replaces its contents, and the folders on the way to it. False: the path
    /// is not one to a file, or the quota is used up; what was created on the way stays then.
    bool put_file(std::string_view path, std::string_view contents);
    /// Creates a folder and those on the way to it. False as above.
    bool put_folder(std::string_view path);
    Tree tree() const;

    FileStatus status(std::string_view path) noexcept override;
    std::unique_ptr<OpenFile> open_to_read(std::string_view path) noexcept override;
    std::unique_ptr<OpenFile> open_to_write(std::string_view path, bool append) noexcept override;
    std::optional<std::vector<FileEntry>> list(std::string_view path) noexcept override;
    bool make_folder(std::string_view path) noexcept override;
    bool remove(std::string_view path) noexcept override;

private:
    struct Space;
    struct Entry;
    class Handle;

    /// Where a path leads.
    struct Place {
        FileStatus::Kind kind = FileStatus::Kind::Missing;
        bool in_folder = false;  ///< that exists: if it is missing, it can be created,
        bool as_folder = false;  ///< as a folder only
        std::string key;
    };
    Place find(std::string_view path) const;
    FileStatus::Kind kind_of(const std::string& key) const;
    /// The new entry, or null if there is no space.
    std::shared_ptr<Entry> create(const std::string& key, bool folder);

    std::shared_ptr<Space> space_;
    /// By path, the folder itself ("") left out.
    std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace varvara
