#include "varvara/memory_files.hpp"

#include <algorithm>
#include <utility>

#include "varvara/file_path.hpp"

namespace varvara {

using FileKind = FileStatus::Kind;

/// What is left of the quota. Files that were removed while open give their part back when closed.
struct MemoryFiles::Space {
    std::uint64_t quota;
    std::uint64_t used = 0;

    /// How much of `size` there is room for; that is taken.
    std::uint64_t take(std::uint64_t size) {
        const std::uint64_t taken = std::min(size, quota - used);
        used += taken;
        return taken;
    }
};

struct MemoryFiles::Entry {
    Entry(std::shared_ptr<Space> from, bool is_folder)
        : space(std::move(from)), folder(is_folder) {}
    ~Entry() { space->used -= kEntrySize + contents.size(); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    void empty() {
        space->used -= contents.size();
        contents.clear();
    }
    /// Puts bytes at `at`, with zeros before them if that is beyond the end; how many.
    std::size_t write(std::size_t at, std::span<const std::uint8_t> bytes) {
        const std::size_t end = at + bytes.size();
        if (end > contents.size() && !bytes.empty()) {
            const std::uint64_t taken = space->take(end - contents.size());
            contents.resize(contents.size() + static_cast<std::size_t>(taken));
        }
        const std::size_t room = contents.size() - std::min(at, contents.size());
        const std::size_t count = std::min(bytes.size(), room);
        std::ranges::copy(bytes.first(count),
                          contents.begin() + static_cast<std::ptrdiff_t>(contents.size() - room));
        return count;
    }

    std::shared_ptr<Space> space;
    bool folder;
    std::string contents;
};

class MemoryFiles::Handle final : public OpenFile {
public:
    Handle(std::shared_ptr<Entry> entry, bool append) : entry_(std::move(entry)), append_(append) {}

    std::size_t read(std::span<std::uint8_t> bytes) noexcept override {
        const std::string_view contents = entry_->contents;
        const std::string_view left = contents.substr(std::min(at_, contents.size()));
        const std::size_t count = std::min(bytes.size(), left.size());
        std::ranges::copy(left.substr(0, count), bytes.begin());
        at_ += count;
        return count;
    }
    std::size_t write(std::span<const std::uint8_t> bytes) noexcept override {
        if (append_) {
            at_ = entry_->contents.size();
        }
        const std::size_t count = entry_->write(at_, bytes);
        at_ += count;
        return count;
    }

private:
    std::shared_ptr<Entry> entry_;
    bool append_;
    std::size_t at_ = 0;
};

MemoryFiles::MemoryFiles(std::uint64_t quota)
    : space_(std::make_shared<Space>(Space{.quota = quota})) {}

MemoryFiles::MemoryFiles(const MemoryFiles& other) : MemoryFiles(other.space_->quota) {
    for (const auto& [key, entry] : other.entries_) {
        const auto copy = create(key, entry->folder);
        copy->contents = entry->contents;
        space_->used += copy->contents.size();
    }
}

MemoryFiles& MemoryFiles::operator=(const MemoryFiles& other) {
    if (this != &other) {
        MemoryFiles copy(other);
        space_ = std::move(copy.space_);
        entries_ = std::move(copy.entries_);
    }
    return *this;
}

MemoryFiles::Place MemoryFiles::find(std::string_view text) const {
    const auto path = parse_path(text);
    Place place;
    if (!path) {
        return place;
    }
    if (path->outside) {
        place.kind = FileKind::Outside;
        return place;
    }
    std::string key;
    for (const std::string_view name : path->names) {
        if (kind_of(key) != FileKind::Folder) {
            return place;
        }
        if (name == "..") {
            key.resize(key.contains('/') ? key.rfind('/') : 0);
        } else {
            key.append(key.empty() ? "" : "/").append(name);
        }
    }
    const FileKind kind = kind_of(key);
    if (path->folder && kind == FileKind::File) {
        return place;
    }
    return {.kind = kind, .in_folder = true, .as_folder = path->folder, .key = std::move(key)};
}

FileStatus::Kind MemoryFiles::kind_of(const std::string& key) const {
    if (key.empty()) {
        return FileKind::Folder;
    }
    const auto entry = entries_.find(key);
    return entry == entries_.end() ? FileKind::Missing
           : entry->second->folder ? FileKind::Folder
                                   : FileKind::File;
}

std::shared_ptr<MemoryFiles::Entry> MemoryFiles::create(const std::string& key, bool folder) {
    if (space_->quota - space_->used < kEntrySize) {
        return nullptr;
    }
    space_->take(kEntrySize);
    return entries_[key] = std::make_shared<Entry>(space_, folder);
}

bool MemoryFiles::put_file(std::string_view path, std::string_view contents) {
    const auto parsed = parse_path(path);
    if (!parsed || parsed->names.empty() || !put_folder(parsed->parent(path))) {
        return false;
    }
    const auto file = open_to_write(path, false);
    return file != nullptr && file->write({reinterpret_cast<const std::uint8_t*>(contents.data()),
                                           contents.size()}) == contents.size();
}

bool MemoryFiles::put_folder(std::string_view path) {
    for (std::size_t end = path.find('/', 1); end < path.size(); end = path.find('/', end + 1)) {
        if (!make_folder(path.substr(0, end))) {
            return false;
        }
    }
    return make_folder(path);
}

MemoryFiles::Tree MemoryFiles::tree() const {
    Tree tree;
    for (const auto& [key, entry] : entries_) {
        tree[key] = entry->folder ? std::nullopt : std::optional(entry->contents);
    }
    return tree;
}

FileStatus MemoryFiles::status(std::string_view path) noexcept {
    const Place place = find(path);
    return {.kind = place.kind,
            .size = place.kind == FileKind::File ? entries_[place.key]->contents.size() : 0};
}

std::unique_ptr<OpenFile> MemoryFiles::open_to_read(std::string_view path) noexcept {
    const Place place = find(path);
    if (place.kind != FileKind::File) {
        return nullptr;
    }
    return std::make_unique<Handle>(entries_[place.key], false);
}

std::unique_ptr<OpenFile> MemoryFiles::open_to_write(std::string_view path, bool append) noexcept {
    const Place place = find(path);
    std::shared_ptr<Entry> entry;
    if (place.kind == FileKind::File) {
        entry = entries_[place.key];
    } else if (place.kind == FileKind::Missing && place.in_folder && !place.as_folder) {
        entry = create(place.key, false);
    }
    if (entry == nullptr) {
        return nullptr;
    }
    if (!append) {
        entry->empty();
    }
    return std::make_unique<Handle>(std::move(entry), append);
}

std::optional<std::vector<FileEntry>> MemoryFiles::list(std::string_view path) noexcept {
    const Place place = find(path);
    if (place.kind != FileKind::Folder) {
        return std::nullopt;
    }
    // All that is in a folder stands in one row, what is in its own folders too.
    const std::string start = place.key.empty() ? "" : place.key + "/";
    std::vector<FileEntry> entries;
    for (auto at = entries_.lower_bound(start); at != entries_.end(); ++at) {
        const auto& [key, entry] = *at;
        if (!key.starts_with(start) || entries.size() == kMaxFolderEntries) {
            break;
        }
        std::string name = key.substr(start.size());
        if (!name.contains('/')) {
            entries.push_back({.name = std::move(name),
                               .status = {.kind = entry->folder ? FileKind::Folder : FileKind::File,
                                          .size = entry->contents.size()}});
        }
    }
    return entries;
}

bool MemoryFiles::make_folder(std::string_view path) noexcept {
    const Place place = find(path);
    if (place.kind == FileKind::Missing && place.in_folder) {
        return create(place.key, true) != nullptr;
    }
    return place.kind == FileKind::Folder;
}

bool MemoryFiles::remove(std::string_view path) noexcept {
    const Place place = find(path);
    return place.kind == FileKind::File && entries_.erase(place.key) == 1;
}

}  // namespace varvara
