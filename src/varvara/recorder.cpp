#include "varvara/recorder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "varvara/file_path.hpp"

namespace varvara {
namespace {

using EventKind = Event::Kind;

/// What is read of a file into a recording.
constexpr std::size_t kMaxContents = std::size_t{64} << 20;

/// What stands for contents that a recording does not know: of one file, and of all together.
constexpr std::uint64_t kMaxUnknown = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxAllUnknown = std::uint64_t{1} << 26;

bool is_bytes(EventKind kind) {
    return kind == EventKind::Input || kind == EventKind::Key;
}

/// As FilePath::plain; empty for what is no path.
std::string plain(std::string_view path) {
    const auto parsed = parse_path(path);
    return parsed ? parsed->plain() : std::string();
}

}  // namespace

Recorder::Recorder(const Script& settings, FileSystem& files)
    : files_(files), text_(print_settings(settings)) {}

void Recorder::event(const Event& event) {
    const bool same = row_count_ > 0 && row_count_ < UINT32_MAX &&
                      (is_bytes(event.kind) ? event.kind == row_.kind : event == row_);
    if (!same) {
        end_row();
        row_ = event;
    }
    ++row_count_;
    if (is_bytes(event.kind)) {
        row_bytes_ += static_cast<char>(event.value);
    }
}

void Recorder::drop(std::string name, std::string contents) {
    end_row();
    const std::size_t size = contents.size();
    text_ += print_file("drop",
                        {.name = std::move(name), .size = size, .contents = std::move(contents)});
}

void Recorder::check(const Digest& digest) {
    const bool news = last_check_ != digest;
    last_check_ = digest;
    check_is_due_ = true;
    if (news || ++unchanged_ == kFrameRateHz) {
        print_due_check();
    }
}

std::string Recorder::text() {
    print_due_check();
    return text_;
}

void Recorder::print_due_check() {
    end_row();
    if (check_is_due_ && last_check_) {
        text_ += print_check(*last_check_);
    }
    check_is_due_ = false;
    unchanged_ = 0;
}

void Recorder::end_row() {
    if (row_count_ > 0) {
        text_ += is_bytes(row_.kind) ? print_bytes(row_.kind, row_bytes_)
                                     : print_event(row_, row_count_);
    }
    row_count_ = 0;
    row_bytes_.clear();
}

/// Notes that something is there. What is missing need not be noted.
void Recorder::note(std::string_view path, const FileStatus& status) {
    std::string name = plain(path);
    const bool there =
        status.kind == FileStatus::Kind::File || status.kind == FileStatus::Kind::Folder;
    if (!there || name.empty() || settled_.contains(name) || !seen_.insert(name).second) {
        return;
    }
    end_row();
    text_ += print_file("file", {.name = std::move(name),
                                 .folder = status.kind == FileStatus::Kind::Folder,
                                 .size = status.size});
}

/// Notes the folders that a path leaves again: without them it would lead nowhere.
void Recorder::note_way(std::string_view path) {
    const auto parsed = parse_path(path);
    if (!parsed || parsed->outside) {
        return;
    }
    for (const std::string_view name : parsed->names) {
        if (name == "..") {
            const auto before = path.substr(0, static_cast<std::size_t>(name.data() - path.data()));
            note(before, files_.status(before));
        }
    }
}

void Recorder::note_contents(std::string_view path) {
    std::string name = plain(path);
    if (settled_.contains(name)) {
        return;
    }
    const std::unique_ptr<OpenFile> file = files_.open_to_read(path);
    if (file == nullptr) {
        return;
    }
    settled_.insert(name);
    std::string contents;
    std::array<std::uint8_t, 16384> block;
    while (contents.size() < kMaxContents) {
        const std::size_t size = file->read(block);
        if (size == 0) {
            break;
        }
        contents.append(reinterpret_cast<const char*>(block.data()), size);
    }
    end_row();
    const std::size_t size = contents.size();
    text_ += print_file("file",
                        {.name = std::move(name), .size = size, .contents = std::move(contents)});
}

FileStatus Recorder::status(std::string_view path) noexcept {
    note_way(path);
    const FileStatus status = files_.status(path);
    note(path, status);
    return status;
}

std::unique_ptr<OpenFile> Recorder::open_to_read(std::string_view path) noexcept {
    note_way(path);
    note_contents(path);
    return files_.open_to_read(path);
}

std::unique_ptr<OpenFile> Recorder::open_to_write(std::string_view path, bool append) noexcept {
    note_way(path);
    if (append) {
        note_contents(path);
    }
    auto file = files_.open_to_write(path, append);
    if (file != nullptr) {
        settled_.insert(plain(path));
    } else {
        note(path, files_.status(path));  // a folder, perhaps
    }
    return file;
}

std::optional<std::vector<FileEntry>> Recorder::list(std::string_view path) noexcept {
    note_way(path);
    auto entries = files_.list(path);
    if (entries) {
        note(path, {.kind = FileStatus::Kind::Folder});
        for (const FileEntry& entry : *entries) {
            note(std::string(path) + '/' + entry.name, entry.status);
        }
    }
    return entries;
}

bool Recorder::make_folder(std::string_view path) noexcept {
    note_way(path);
    note(path, files_.status(path));
    const bool is_there = files_.make_folder(path);
    if (is_there) {
        settled_.insert(plain(path));
    }
    return is_there;
}

bool Recorder::remove(std::string_view path) noexcept {
    note_way(path);
    note(path, files_.status(path));
    const bool removed = files_.remove(path);
    if (removed) {
        settled_.insert(plain(path));
    }
    return removed;
}

MemoryFiles files_of(const Script& recording) {
    MemoryFiles files;
    std::uint64_t left = kMaxAllUnknown;
    for (const ScriptFile& file : recording.files) {
        if (file.folder) {
            files.put_folder(file.name);
        } else if (file.contents) {
            files.put_file(file.name, *file.contents);
        } else if (files.status(file.name).kind == FileStatus::Kind::Missing) {
            const std::uint64_t size = std::min({file.size, kMaxUnknown, left});
            left -= size;
            files.put_file(file.name, std::string(static_cast<std::size_t>(size), '\0'));
        }
    }
    return files;
}

}  // namespace varvara
