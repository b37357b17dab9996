#include "app/cli/launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/cli/program_name.hpp"
#include "host/files.hpp"
#include "tal/utf8.hpp"
#include "varvara/varvara.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using StatusKind = varvara::FileStatus::Kind;

constexpr std::size_t kMaxEntries = 9999;

// The parts of a record, and of "about": docs/launcher.md.
constexpr std::size_t kTitleSize = 0x2e;
constexpr std::size_t kNameSize = 0x20;
constexpr std::size_t kLineSize = 0x40;
constexpr std::size_t kPlaceSize = 0x1c;
enum Flag : std::uint8_t { Broken = 1, TerminalOnly = 2, HasIcon = 4, IsSource = 8 };

constexpr unsigned kIconSize = 24;
constexpr std::size_t kIconBytes = 144;

unsigned char lower(char c) {
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/// By letters without regard to case, then by bytes.
bool comes_before(std::string_view a, std::string_view b) {
    const auto order = std::ranges::lexicographical_compare(a, b, {}, lower, lower);
    return order || (!std::ranges::lexicographical_compare(b, a, {}, lower, lower) && a < b);
}

void append_short(std::string& bytes, std::size_t value) {
    bytes += static_cast<char>(value >> 8);
    bytes += static_cast<char>(value);
}

/// What the program has letters for; 7f stands for anything else.
std::string as_ascii(std::string_view text) {
    std::string ascii;
    for (std::size_t at = 0; at < text.size();) {
        const tal::CodePoint point = tal::decode_code_point(text, at);
        ascii +=
            point.value >= 0x20 && point.value < 0x7f ? static_cast<char>(point.value) : '\x7f';
        at += point.bytes;
    }
    return ascii;
}

/// A text in `size` bytes, the 00 at its end included; one that is too long is cut there, or with
/// `keep_end` at its beginning.
void append_text(std::string& bytes, std::string_view text, std::size_t size,
                 bool keep_end = false) {
    std::string ascii = as_ascii(text);
    if (ascii.size() > size - 1) {
        const std::size_t kept = size - 1 - 2;
        ascii = keep_end ? ".." + ascii.substr(ascii.size() - kept) : ascii.substr(0, kept) + "..";
    }
    ascii.resize(size, '\0');
    bytes += ascii;
}

/// An icon of 64 by 64 pixels in 24 by 24: the more there is in a place, the higher the colour.
varvara::Icon shrink(const varvara::Icon& large) {
    varvara::Icon small{.size = kIconSize, .pixels = {}};
    const auto begin = [](unsigned at) { return at * 64 / kIconSize; };
    for (unsigned y = 0; y < kIconSize; ++y) {
        for (unsigned x = 0; x < kIconSize; ++x) {
            const unsigned area = (begin(x + 1) - begin(x)) * (begin(y + 1) - begin(y));
            unsigned sum = 0;
            for (unsigned from_y = begin(y); from_y < begin(y + 1); ++from_y) {
                for (unsigned from_x = begin(x); from_x < begin(x + 1); ++from_x) {
                    sum += large.pixels[std::size_t{from_y} * large.size + from_x];
                }
            }
            small.pixels.push_back(static_cast<std::uint8_t>((3 * sum + area / 2) / area));
        }
    }
    return small;
}

/// Three by three tiles with two planes each.
void append_icon(std::string& bytes, const varvara::Icon& icon) {
    for (unsigned tile = 0; tile < 9; ++tile) {
        for (unsigned plane = 0; plane < 2; ++plane) {
            for (unsigned y = tile / 3 * 8; y < tile / 3 * 8 + 8; ++y) {
                unsigned row = 0;
                for (unsigned x = tile % 3 * 8; x < tile % 3 * 8 + 8; ++x) {
                    const unsigned pixel = icon.pixels[std::size_t{y} * kIconSize + x];
                    row = row << 1 | (pixel >> plane & 1);
                }
                bytes += static_cast<char>(row);
            }
        }
    }
}

/// A number in exactly that many lower-case hexadecimal digits.
std::optional<unsigned> parse_hex(std::string_view text, std::size_t digits) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && text.size() == digits ? std::optional(value) : std::nullopt;
}

std::string join(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
}

std::string parent_of(const std::string& folder) {
    const std::size_t end = folder.rfind('/');
    return end == std::string::npos ? "" : folder.substr(0, end);
}

class MemoryFile final : public varvara::OpenFile {
public:
    explicit MemoryFile(std::string contents) : contents_(std::move(contents)) {}

    std::size_t read(std::span<std::uint8_t> bytes) noexcept override {
        const auto part = host::as_bytes(contents_).subspan(at_);
        const auto read = part.first(std::min(part.size(), bytes.size()));
        std::ranges::copy(read, bytes.begin());
        at_ += read.size();
        return read.size();
    }
    std::size_t write(std::span<const std::uint8_t>) noexcept override { return 0; }

private:
    std::string contents_;
    std::size_t at_ = 0;
};

}  // namespace

/// The files that exist for the launcher alone.
class Launcher::Files final : public varvara::FileSystem {
public:
    explicit Files(Launcher& launcher) : launcher_(launcher) {}

    varvara::FileStatus status(std::string_view path) noexcept override {
        const auto contents = launcher_.contents_of(path);
        return {.kind = contents ? StatusKind::File : StatusKind::Missing,
                .size = contents ? contents->size() : 0};
    }
    std::unique_ptr<varvara::OpenFile> open_to_read(std::string_view path) noexcept override {
        auto contents = launcher_.contents_of(path);
        return contents ? std::make_unique<MemoryFile>(std::move(*contents)) : nullptr;
    }
    std::unique_ptr<varvara::OpenFile> open_to_write(std::string_view path,
                                                     bool) noexcept override {
        return path == "choice" ? std::make_unique<ChoiceFile>(launcher_) : nullptr;
    }
    std::optional<std::vector<varvara::FileEntry>> list(std::string_view) noexcept override {
        return std::nullopt;
    }
    bool make_folder(std::string_view) noexcept override { return false; }
    bool remove(std::string_view) noexcept override { return false; }

private:
    class ChoiceFile final : public varvara::OpenFile {
    public:
        explicit ChoiceFile(Launcher& launcher) : launcher_(launcher) {}
        std::size_t read(std::span<std::uint8_t>) noexcept override { return 0; }
        std::size_t write(std::span<const std::uint8_t> bytes) noexcept override {
            if (bytes.size() != 3) {
                return 0;
            }
            launcher_.choose(bytes.first<3>());
            return 3;
        }

    private:
        Launcher& launcher_;
    };

    Launcher& launcher_;
};

Launcher::Launcher(std::string folder, std::vector<std::string> recent, Room room)
    : start_(folder.empty() ? "." : std::move(folder)),
      rom_(assemble_demo(kLauncher).rom),
      files_(std::make_unique<Files>(*this)) {
    come_back(std::move(recent), room);
    // What is most likely wanted: programs of one's own, or those that are there for everybody.
    const auto& entries = lists_[Folder].entries;
    const bool programs = std::ranges::any_of(
        entries, [](const Entry& entry) { return entry.kind == Entry::Kind::Program; });
    current_ = programs ? Folder : Demos;
}

Launcher::~Launcher() = default;

varvara::FileSystem& Launcher::files() {
    return *files_;
}

void Launcher::come_back(std::vector<std::string> recent, Room room) {
    const bool from_recent = choice_ && current_ == Recent;
    choice_.reset();
    room_ = room;
    cards_ = CardMaker();
    if (lists_[Demos].entries.empty()) {
        for (const Demo& demo : demos()) {
            lists_[Demos].entries.push_back(
                {.name = std::string(demo.name), .path = std::string(demo.name)});
        }
    }
    read_recent(std::move(recent));
    if (from_recent) {
        lists_[Recent].selected = 0;  // the program that was run is the newest now
    }
    if (auto files = host::FolderFiles::open(start_, host::FileAccess::ReadOnly)) {
        folder_files_ = std::move(*files);
    } else {
        folder_files_ = nullptr;
    }
    const Entries& before = lists_[Folder];
    const std::string standing_on =
        before.entries.empty() ? "" : before.entries[before.selected].path;
    read_folder();
    stand_on(Folder, standing_on);
}

void Launcher::read_recent(std::vector<std::string> paths) {
    auto& [entries, selected] = lists_[Recent];
    entries.clear();
    for (std::string& path : paths) {
        std::error_code ignored;
        if (is_program(path) && fs::is_regular_file(path, ignored)) {
            std::string name = fs::path(path).filename().string();
            entries.push_back({.name = std::move(name), .path = std::move(path)});
        }
    }
    selected = std::min(selected, entries.empty() ? 0 : entries.size() - 1);
}

std::vector<varvara::FileEntry> Launcher::files_inside() {
    while (folder_files_ != nullptr) {
        if (auto found = folder_files_->list(inside_.empty() ? "." : inside_)) {
            return std::move(*found);
        }
        if (inside_.empty()) {
            break;
        }
        inside_ = parent_of(inside_);
    }
    return {};
}

void Launcher::read_folder() {
    auto& [entries, selected] = lists_[Folder];
    entries.clear();
    selected = 0;
    std::vector<Entry> programs;
    for (const auto& [name, status] : files_inside()) {
        if (name.starts_with('.')) {
            continue;
        }
        if (status.kind == StatusKind::Folder) {
            entries.push_back(
                {.kind = Entry::Kind::Folder, .name = name, .path = join(inside_, name)});
        } else if (status.kind == StatusKind::File && is_program(name)) {
            programs.push_back({.name = name, .path = join(inside_, name)});
        }
    }
    std::ranges::sort(entries, comes_before, &Entry::name);
    std::ranges::sort(programs, comes_before, &Entry::name);
    if (!inside_.empty()) {
        entries.insert(
            entries.begin(),
            {.kind = Entry::Kind::FolderAbove, .name = "..", .path = parent_of(inside_)});
    }
    std::ranges::move(programs, std::back_inserter(entries));
    entries.resize(std::min(entries.size(), kMaxEntries));
}

void Launcher::enter(const std::string& folder, const std::string& standing_on) {
    inside_ = folder;
    read_folder();
    stand_on(Folder, standing_on);
}

void Launcher::stand_on(List list, std::string_view path) {
    auto& [entries, selected] = lists_[list];
    const auto found = std::ranges::find(entries, path, &Entry::path);
    if (!path.empty() && found != entries.end()) {
        selected = static_cast<std::size_t>(found - entries.begin());
    }
}

const Card& Launcher::card_of(List list, Entry& entry) {
    if (entry.card) {
        return *entry.card;
    }
    Card card;
    if (entry.kind != Entry::Kind::Program) {
        card.line = entry.kind == Entry::Kind::Folder ? "folder" : "the folder above";
    } else if (list == Demos) {
        card = cards_.of_demo(*find_demo(entry.path));
    } else if (list == Folder) {
        card = cards_.of_file(*folder_files_, entry.path);
    } else {
        auto folder = host::FolderFiles::open(fs::path(entry.path).parent_path().string(),
                                              host::FileAccess::ReadOnly);
        if (folder) {
            card = cards_.of_file(**folder, entry.name);
        } else {
            card = {.title = {}, .line = "cannot be read", .icon = {}, .broken = true};
        }
    }
    entry.card = std::move(card);
    return *entry.card;
}

std::optional<std::string> Launcher::contents_of(std::string_view path) {
    if (path == "begin") {
        return begin();
    }
    // NN/about, NN/letters, NN/IIII
    const std::size_t slash = path.find('/');
    const auto number = parse_hex(path.substr(0, slash), 2);
    if (slash == path.npos || !number) {
        return std::nullopt;
    }
    // The folder has a new number after each step into another one.
    const List list = *number == Recent ? Recent : *number == Demos ? Demos : Folder;
    const std::string_view name = path.substr(slash + 1);
    if (name == "about") {
        return about(list);
    }
    if (name == "letters") {
        return letters(list);
    }
    const auto index = parse_hex(name, 4);
    return index && *index < lists_[list].entries.size() ? std::optional(record(list, *index))
                                                         : std::nullopt;
}

std::string Launcher::begin() const {
    std::string bytes;
    bytes += static_cast<char>(current_);
    append_short(bytes, std::min(room_.width, 0xffffu));
    append_short(bytes, std::min(room_.height, 0xffffu));
    return bytes;
}

std::string Launcher::about(List list) const {
    const auto& [entries, selected] = lists_[list];
    std::string bytes;
    append_short(bytes, entries.size());
    append_short(bytes, selected);
    if (list == Folder) {
        std::error_code ignored;
        const fs::path start = fs::canonical(start_, ignored);
        const std::string name = start.has_filename() ? start.filename().string() : start_;
        append_text(bytes, inside_.empty() ? name : join(name, inside_), kPlaceSize, true);
    } else {
        append_text(bytes, list == Recent ? "Recent" : "Demos", kPlaceSize);
    }
    return bytes;
}

std::string Launcher::letters(List list) const {
    std::string bytes;
    for (const Entry& entry : lists_[list].entries) {
        bytes += static_cast<char>(lower(as_ascii(entry.name).front()));
    }
    return bytes;
}

std::string Launcher::record(List list, std::size_t index) {
    Entry& entry = lists_[list].entries[index];
    const Card& card = card_of(list, entry);
    const bool program = entry.kind == Entry::Kind::Program;
    const bool source = program && (list == Demos || is_source(entry.name));
    std::string bytes;
    bytes += static_cast<char>(entry.kind);
    bytes +=
        static_cast<char>((card.broken ? Broken : 0) | (card.terminal_only ? TerminalOnly : 0) |
                          (card.icon ? HasIcon : 0) | (source ? IsSource : 0));
    const bool titled = !as_ascii(card.title).empty();
    append_text(bytes, titled ? card.title : entry.name, kTitleSize);
    append_text(bytes,
                list == Recent             ? entry.path
                : list == Folder && titled ? entry.name
                                           : "",
                kNameSize, true);
    append_text(bytes, card.line, kLineSize);
    if (card.icon) {
        append_icon(bytes, card.icon->size == kIconSize ? *card.icon : shrink(*card.icon));
    } else {
        bytes.append(kIconBytes, '\0');
    }
    return bytes;
}

void Launcher::choose(std::span<const std::uint8_t, 3> bytes) {
    const auto list = bytes[0] == Recent ? Recent : bytes[0] == Demos ? Demos : Folder;
    auto& [entries, selected] = lists_[list];
    const std::size_t index = static_cast<std::size_t>(bytes[1] << 8 | bytes[2]);
    if (index >= entries.size()) {
        return;
    }
    current_ = list;
    selected = index;
    const Entry& entry = entries[index];
    if (entry.kind != Entry::Kind::Program) {
        enter(std::string(entry.path), entry.kind == Entry::Kind::FolderAbove ? inside_ : "");
        return;
    }
    if (list == Demos) {
        choice_ = {.kind = Choice::Kind::Demo, .name = entry.path};
    } else if (list == Recent || start_ == ".") {
        choice_ = {.kind = Choice::Kind::File, .name = entry.path};
    } else {
        choice_ = {.kind = Choice::Kind::File,
                   .name = start_ + (start_.ends_with('/') ? "" : "/") + entry.path};
    }
}

}  // namespace cli
