#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "varvara/hosts.hpp"
#include "varvara/memory_files.hpp"

namespace web {

/// The files of the computer, in memory, and which of them the program has changed.
class WatchedFiles final : public varvara::FileSystem {
public:
    /// What all files may take together, in bytes.
    static constexpr std::uint64_t kQuota = std::uint64_t{64} << 20;

    /// For the page: what it puts there is no change. A path that ends in '/' is a folder.
    bool put(std::string_view path, std::string_view contents);
    bool take_away(std::string_view path) { return files_.remove(path); }
    /// Nothing if it is no file.
    std::optional<std::string> contents(std::string_view path);
    varvara::MemoryFiles::Tree tree() const { return files_.tree(); }

    /// The paths of what was changed since the last call, each once.
    std::set<std::string> take_changes();

    varvara::FileStatus status(std::string_view path) noexcept override;
    std::unique_ptr<varvara::OpenFile> open_to_read(std::string_view path) noexcept override;
    std::unique_ptr<varvara::OpenFile> open_to_write(std::string_view path,
                                                     bool append) noexcept override;
    std::optional<std::vector<varvara::FileEntry>> list(std::string_view path) noexcept override;
    bool make_folder(std::string_view path) noexcept override;
    bool remove(std::string_view path) noexcept override;

private:
    class Handle;

    varvara::MemoryFiles files_{kQuota};
    std::set<std::string> changes_;
};

}  // namespace web
