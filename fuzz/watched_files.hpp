#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "varvara/file_path.hpp"
#include "varvara/hosts.hpp"
#include "varvara/memory_files.hpp"

namespace fuzz {

/// Hands on to other files, and notes what makes a run one that cannot be repeated in every way.
class WatchedFiles final : public varvara::FileSystem {
public:
    explicit WatchedFiles(varvara::FileSystem& files) : files_(files) {}

    /// More than the program can have used of any quota.
    std::uint64_t most_used() const { return most_used_; }
    /// A file was written to or removed while it was open elsewhere. A state does not tell how far
    /// its writer was then, nor holds what no path leads to any more.
    bool open_file_has_changed() const { return open_file_has_changed_; }

    varvara::FileStatus status(std::string_view path) noexcept override {
        return files_.status(path);
    }
    std::unique_ptr<varvara::OpenFile> open_to_read(std::string_view path) noexcept override {
        return watched(path, files_.open_to_read(path));
    }
    std::unique_ptr<varvara::OpenFile> open_to_write(std::string_view path,
                                                     bool append) noexcept override {
        most_used_ += varvara::MemoryFiles::kEntrySize;
        change(path);
        return watched(path, files_.open_to_write(path, append));
    }
    std::optional<std::vector<varvara::FileEntry>> list(std::string_view path) noexcept override {
        return files_.list(path);
    }
    bool make_folder(std::string_view path) noexcept override {
        most_used_ += varvara::MemoryFiles::kEntrySize;
        return files_.make_folder(path);
    }
    bool remove(std::string_view path) noexcept override {
        change(path);
        return files_.remove(path);
    }

private:
    class Handle final : public varvara::OpenFile {
    public:
        Handle(WatchedFiles& watch, std::string key, std::unique_ptr<varvara::OpenFile> file)
            : watch_(watch), key_(watch.open_.insert(std::move(key))), file_(std::move(file)) {}
        ~Handle() override { watch_.open_.erase(key_); }
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;

        std::size_t read(std::span<std::uint8_t> bytes) noexcept override {
            return file_->read(bytes);
        }
        std::size_t write(std::span<const std::uint8_t> bytes) noexcept override {
            watch_.most_used_ += bytes.size();
            return file_->write(bytes);
        }

    private:
        WatchedFiles& watch_;
        std::multiset<std::string>::iterator key_;
        std::unique_ptr<varvara::OpenFile> file_;
    };

    /// One spelling for all paths to a file.
    static std::string key_of(std::string_view path) {
        const auto parsed = varvara::parse_path(path);
        if (!parsed) {
            return {};
        }
        std::vector<std::string_view> names;
        for (const std::string_view name : parsed->names) {
            if (name != "..") {
                names.push_back(name);
            } else if (!names.empty()) {
                names.pop_back();
            }
        }
        std::string key;
        for (const std::string_view name : names) {
            key.append("/").append(name);
        }
        return key;
    }

    void change(std::string_view path) { open_file_has_changed_ |= open_.contains(key_of(path)); }

    std::unique_ptr<varvara::OpenFile> watched(std::string_view path,
                                               std::unique_ptr<varvara::OpenFile> file) {
        return file == nullptr ? nullptr
                               : std::make_unique<Handle>(*this, key_of(path), std::move(file));
    }

    varvara::FileSystem& files_;
    std::multiset<std::string> open_;
    std::uint64_t most_used_ = 0;
    bool open_file_has_changed_ = false;
};

}  // namespace fuzz
