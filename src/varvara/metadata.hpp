#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uxn/machine.hpp"

namespace varvara {

/// What a program says of itself. Purely informative, and not to be trusted: any bytes may be here.
/// Source: spec/varvara.md, section 2.4.
struct Metadata {
    struct Extension {
        std::uint8_t id;
        std::uint16_t value;
        friend bool operator==(const Extension&, const Extension&) = default;
    };
    /// Ids of extensions. Two more are known: the version of Varvara, and a menu.
    static constexpr std::uint8_t kDevices = 0x41;    ///< bit n: device n is needed
    static constexpr std::uint8_t kIcon = 0x83;       ///< address of 24 by 24 pixels, 2bpp
    static constexpr std::uint8_t kLargeIcon = 0x88;  ///< address of 64 by 64 pixels, 1bpp

    std::string text;  ///< lines: name, description, author, date, by custom; at most 255 bytes
    std::vector<Extension> extensions;

    /// A line of the text, from 0 on; empty if there is none.
    std::string_view line(unsigned number) const;
    /// The first line: what to call the program, say on a window.
    std::string_view title() const { return line(0); }
    /// The value of the first extension with this id. None of them counts if there are some that
    /// nobody knows: a program may have no extensions, and anything at all where they would be.
    std::optional<std::uint16_t> extension(std::uint8_t id) const;
};

/// Reads the block at `address`; it may wrap at ffff. Nothing if its version is not 00.
/// A text that does not end within 256 bytes is cut there and has no extensions.
std::optional<Metadata> parse_metadata(const uxn::Ram& ram, std::uint16_t address);

/// What a ROM says of itself, without being run: if it begins, as is the custom, by announcing its
/// metadata. The block is as in memory after loading.
std::optional<Metadata> metadata_of(std::span<const std::uint8_t> rom);

/// A program's picture of itself.
struct Icon {
    unsigned size = 0;  ///< width and height in pixels: 24 or 64
    std::vector<std::uint8_t>
        pixels;  ///< row by row, each a colour: 0 to 3, or 0 and 1 of 64 by 64

    friend bool operator==(const Icon&, const Icon&) = default;
};

/// The icon that `metadata` points to; with `large`, the one of 64 by 64 pixels. Data may wrap at
/// ffff. Nothing if there is none, or it is of one colour throughout.
std::optional<Icon> icon_of(const uxn::Ram& ram, const Metadata& metadata, bool large = false);
/// The same of a ROM that has not been loaded.
std::optional<Icon> icon_of(std::span<const std::uint8_t> rom, const Metadata& metadata,
                            bool large = false);

}  // namespace varvara
