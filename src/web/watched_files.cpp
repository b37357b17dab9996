#include "web/watched_files.hpp"

#include <span>
#include <utility>

#include "varvara/file_path.hpp"

namespace web {
namespace {

/// The one name of what a program may call by many, and has just used.
std::string canonical(std::string_view text) {
    const auto path = varvara::parse_path(text);
    return path ? path->plain() : std::string();
}

}  // namespace

class WatchedFiles::Handle final : public varvara::OpenFile {
public:
    Handle(std::set<std::string>& changes, std::string path,
           std::unique_ptr<varvara::OpenFile> file)
        : changes_(changes), path_(std::move(path)), file_(std::move(file)) {}

    std::size_t read(std::span<std::uint8_t> bytes) noexcept override { return file_->read(bytes); }
    std::size_t write(std::span<const std::uint8_t> bytes) noexcept override {
        changes_.insert(path_);
        return file_->write(bytes);
    }

private:
    std::set<std::string>& changes_;
    std::string path_;
    std::unique_ptr<varvara::OpenFile> file_;
};

bool WatchedFiles::put(std::string_view path, std::string_view contents) {
    return path.ends_with('/') ? files_.put_folder(path) : files_.put_file(path, contents);
}

std::optional<std::string> WatchedFiles::contents(std::string_view path) {
    const varvara::FileStatus found = files_.status(path);
    const auto file = files_.open_to_read(path);
    if (found.kind != varvara::FileStatus::Kind::File || file == nullptr) {
        return std::nullopt;
    }
    std::string bytes(static_cast<std::size_t>(found.size), '\0');
    bytes.resize(file->read({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}));
    return bytes;
}

std::set<std::string> WatchedFiles::take_changes() {
    return std::exchange(changes_, {});
}

varvara::FileStatus WatchedFiles::status(std::string_view path) noexcept {
    return files_.status(path);
}

std::unique_ptr<varvara::OpenFile> WatchedFiles::open_to_read(std::string_view path) noexcept {
    return files_.open_to_read(path);
}

std::unique_ptr<varvara::OpenFile> WatchedFiles::open_to_write(std::string_view path,
                                                               bool append) noexcept {
    auto file = files_.open_to_write(path, append);
    if (file == nullptr) {
        return nullptr;
    }
    std::string name = canonical(path);
    changes_.insert(name);
    return std::make_unique<Handle>(changes_, std::move(name), std::move(file));
}

std::optional<std::vector<varvara::FileEntry>> WatchedFiles::list(std::string_view path) noexcept {
    return files_.list(path);
}

bool WatchedFiles::make_folder(std::string_view path) noexcept {
    const bool is_there = files_.make_folder(path);
    if (is_there && !canonical(path).empty()) {
        changes_.insert(canonical(path) + '/');
    }
    return is_there;
}

bool WatchedFiles::remove(std::string_view path) noexcept {
    const bool removed = files_.remove(path);
    if (removed) {
        changes_.insert(canonical(path));
    }
    return removed;
}

}  // namespace web
