#include "varvara/metadata.hpp"

#include <algorithm>
#include <cstddef>

namespace varvara {
namespace {

constexpr unsigned kMaxText = 256;  ///< the NUL included
constexpr std::string_view kKnownExtensions = "\x41\x56\x83\x88\xa0";

/// Memory as it is after a ROM has been loaded.
class LoadedRom {
public:
    explicit LoadedRom(std::span<const std::uint8_t> rom) : rom_(rom) {}
    std::uint8_t operator[](std::uint16_t address) const {
        const std::size_t offset = std::size_t{address} - uxn::kResetVector;  // huge below 0100
        return offset < rom_.size() ? rom_[offset] : 0;
    }

private:
    std::span<const std::uint8_t> rom_;
};

template <class Memory>
std::optional<Metadata> parse(const Memory& memory, std::uint16_t address) {
    const auto next = [&] { return memory[address++]; };
    if (next() != 0) {
        return std::nullopt;
    }
    Metadata metadata;
    while (const std::uint8_t byte = next()) {
        if (metadata.text.size() == kMaxText - 1) {
            return metadata;
        }
        metadata.text += static_cast<char>(byte);
    }
    const unsigned count = next();
    for (unsigned i = 0; i < count; ++i) {
        const std::uint8_t id = next();
        const std::uint8_t high = next();
        const std::uint8_t low = next();
        metadata.extensions.push_back({id, static_cast<std::uint16_t>(high << 8 | low)});
    }
    return metadata;
}

/// Tiles of 8 by 8 pixels, row by row.
template <class Memory>
std::optional<Icon> read_icon(const Memory& memory, const Metadata& metadata, bool large) {
    const auto address = metadata.extension(large ? Metadata::kLargeIcon : Metadata::kIcon);
    if (!address) {
        return std::nullopt;
    }
    const unsigned size = large ? 64 : 24;
    const unsigned planes = large ? 1 : 2;
    Icon icon{.size = size, .pixels = {}};
    icon.pixels.reserve(std::size_t{size} * size);
    for (unsigned y = 0; y < size; ++y) {
        for (unsigned x = 0; x < size; ++x) {
            const unsigned tile = y / 8 * (size / 8) + x / 8;
            unsigned colour = 0;
            for (unsigned plane = 0; plane < planes; ++plane) {
                const unsigned at = *address + (tile * planes + plane) * 8 + y % 8;
                const unsigned row = memory[static_cast<std::uint16_t>(at)];
                colour |= (row >> (7 - x % 8) & 1) << plane;
            }
            icon.pixels.push_back(static_cast<std::uint8_t>(colour));
        }
    }
    if (std::ranges::count(icon.pixels, icon.pixels[0]) == std::ssize(icon.pixels)) {
        return std::nullopt;
    }
    return icon;
}

}  // namespace

std::string_view Metadata::line(unsigned number) const {
    std::string_view rest = text;
    for (; number > 0; --number) {
        const std::size_t end = rest.find('\n');
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return rest.substr(0, rest.find('\n'));
}

std::optional<std::uint16_t> Metadata::extension(std::uint8_t id) const {
    const auto is_known = [](const Extension& extension) {
        return kKnownExtensions.contains(static_cast<char>(extension.id));
    };
    if (!std::ranges::all_of(extensions, is_known)) {
        return std::nullopt;
    }
    const auto found = std::ranges::find(extensions, id, &Extension::id);
    return found == extensions.end() ? std::nullopt : std::optional(found->value);
}

std::optional<Metadata> parse_metadata(const uxn::Ram& ram, std::uint16_t address) {
    return parse(ram, address);
}

std::optional<Metadata> metadata_of(std::span<const std::uint8_t> rom) {
    if (rom.size() < 6 || rom[0] != 0xa0 || rom[3] != 0x80 || rom[4] != 0x06 || rom[5] != 0x37) {
        return std::nullopt;
    }
    return parse(LoadedRom(rom), static_cast<std::uint16_t>(rom[1] << 8 | rom[2]));
}

std::optional<Icon> icon_of(const uxn::Ram& ram, const Metadata& metadata, bool large) {
    return read_icon(ram, metadata, large);
}

std::optional<Icon> icon_of(std::span<const std::uint8_t> rom, const Metadata& metadata,
                            bool large) {
    return read_icon(LoadedRom(rom), metadata, large);
}

}  // namespace varvara
