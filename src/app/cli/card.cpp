#include "app/cli/card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "app/cli/program_name.hpp"
#include "host/files.hpp"
#include "varvara/varvara.hpp"

namespace cli {
namespace {

using Kind = varvara::FileStatus::Kind;

constexpr unsigned kScreenDevice = 2;

/// At most `limit` bytes of a file. Nothing: it cannot be read.
std::optional<std::string> read_some(varvara::FileSystem& folder, std::string_view path,
                                     std::size_t limit) {
    const auto file = folder.open_to_read(path);
    if (file == nullptr) {
        return std::nullopt;
    }
    std::string contents(limit, '\0');
    contents.resize(
        file->read({reinterpret_cast<std::uint8_t*>(contents.data()), contents.size()}));
    return contents;
}

/// Serves regular files of a folder, up to a size in all. Remembers whether more was wanted: then
/// nothing can be said of the program.
class FolderLoader final : public tal::SourceLoader {
public:
    explicit FolderLoader(varvara::FileSystem& folder) : folder_(folder) {}

    bool refused() const { return refused_; }

    base::Result<std::string> load(std::string_view path) override {
        const varvara::FileStatus status = folder_.status(path);
        if (status.kind == Kind::Missing) {
            return base::fail(base::ErrorCode::NotFound, "there is no " + std::string(path));
        }
        if (status.kind != Kind::File || status.size > room_) {
            refused_ = status.kind != Kind::Folder;
            return base::fail(base::ErrorCode::NotReadable, "cannot read " + std::string(path));
        }
        auto text = read_some(folder_, path, static_cast<std::size_t>(status.size));
        if (!text) {
            return base::fail(base::ErrorCode::NotReadable, "cannot read " + std::string(path));
        }
        room_ -= text->size();
        return std::move(*text);
    }

private:
    varvara::FileSystem& folder_;
    std::size_t room_ = CardMaker::kMaxSourceSize;
    bool refused_ = false;
};

Card broken(std::string line) {
    return {.title = {}, .line = std::move(line), .icon = {}, .broken = true};
}

Card card_of(std::span<const std::uint8_t> rom) {
    Card card;
    const auto metadata = varvara::metadata_of(rom);
    if (!metadata) {
        return card;
    }
    card.title = metadata->title();
    card.line = metadata->line(1);
    card.icon = varvara::icon_of(rom, *metadata);
    if (!card.icon) {
        card.icon = varvara::icon_of(rom, *metadata, true);
    }
    const auto devices = metadata->extension(varvara::Metadata::kDevices);
    card.terminal_only = devices && (*devices >> kScreenDevice & 1) == 0;
    return card;
}

Card card_of(const tal::Assembly& assembly) {
    const auto error =
        std::ranges::find(assembly.diagnostics, tal::Severity::Error, &tal::Diagnostic::severity);
    if (error == assembly.diagnostics.end()) {
        return card_of(assembly.rom);
    }
    return broken(error->line == 0 ? error->message
                                   : fmt::format("line {}: {}", error->line, error->message));
}

}  // namespace

Card CardMaker::of_file(varvara::FileSystem& folder, const std::string& path) {
    if (is_source(path)) {
        return of_source(folder, path);
    }
    const varvara::FileStatus status = folder.status(path);
    if (status.kind == Kind::File && status.size > varvara::kMaxRomSize) {
        return broken("too large for a ROM");
    }
    // The first bank is all that metadata can be in.
    const auto rom = read_some(folder, path, uxn::kRamSize);
    if (!rom) {
        return broken("cannot be read");
    }
    if (rom->empty()) {
        return broken("empty");
    }
    Card card = card_of(host::as_bytes(*rom));
    if (card.line.empty()) {
        card.line = fmt::format("{} bytes", status.size);
    }
    return card;
}

Card CardMaker::of_source(varvara::FileSystem& folder, const std::string& path) {
    Card plain;
    plain.line = "Uxntal source";
    if (spent_ > kTime) {
        return plain;
    }
    const auto start = std::chrono::steady_clock::now();
    FolderLoader loader(folder);
    Card card = card_of(tal::assemble(path, loader));
    spent_ += std::chrono::steady_clock::now() - start;
    if (card.broken && loader.refused()) {
        return plain;
    }
    if (card.line.empty()) {
        card.line = plain.line;
    }
    return card;
}

Card CardMaker::of_demo(const Demo& demo) {
    return card_of(assemble_demo(demo));
}

}  // namespace cli
