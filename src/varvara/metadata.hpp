#pragma once

#include <cstdint>
#include <optional>
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

    std::string text;  ///< lines: name, description, author, date, by custom; at most 255 bytes
    std::vector<Extension> extensions;

    /// The first line: what to call the program, say on a window.
    std::string_view title() const;
};

/// Reads the block at `address`; it may wrap at ffff. Nothing if its version is not 00.
/// A text that does not end within 256 bytes is cut there and has no extensions.
std::optional<Metadata> parse_metadata(const uxn::Ram& ram, std::uint16_t address);

}  // namespace varvara
