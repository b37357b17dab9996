#include "tal/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace tal {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Marks that are drawn over the character before them, and characters with no picture.
constexpr auto kZeroWidth = std::to_array<Range>({
    {0x0300, 0x036f},
    {0x200b, 0x200d},
    {0x20d0, 0x20ff},
    {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f},
});

// East Asian wide and full-width blocks, and emoji.
constexpr auto kDoubleWidth = std::to_array<Range>({
    {0x1100, 0x115f},
    {0x2e80, 0xa4cf},
    {0xac00, 0xd7a3},
    {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},
    {0xff00, 0xff60},
    {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
});

// Controls, line separators, and marks that change the direction of the text around them.
constexpr auto kUnprintable = std::to_array<Range>({
    {0x0000, 0x001f},
    {0x007f, 0x009f},
    {0x061c, 0x061c},
    {0x200e, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe0fff},
});

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t value) {
    return std::ranges::any_of(
        ranges, [value](const Range& r) { return value >= r.first && value <= r.last; });
}

}  // namespace

CodePoint decode_code_point(std::string_view text, std::size_t at) {
    const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(at);
    const CodePoint broken{lead, 1, false};
    if (lead < 0x80) {
        return {lead, 1, true};
    }
    std::size_t bytes = 0;
    char32_t value = 0;
    char32_t least = 0;
    if ((lead & 0xe0) == 0xc0) {
        bytes = 2, value = lead & 0x1f, least = 0x80;
    } else if ((lead & 0xf0) == 0xe0) {
        bytes = 3, value = lead & 0x0f, least = 0x800;
    } else if ((lead & 0xf8) == 0xf0) {
        bytes = 4, value = lead & 0x07, least = 0x10000;
    } else {
        return broken;
    }
    if (text.size() - at < bytes) {
        return broken;
    }
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80) {
            return broken;
        }
        value = value << 6 | (byte(at + i) & 0x3f);
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < least || value > 0x10ffff || surrogate) {
        return broken;
    }
    return {value, bytes, true};
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        // Lines of many megabytes exist, if only in tests; most bytes are ASCII.
        std::uint64_t block = 0;
        if (text.size() - at >= sizeof block) {
            std::memcpy(&block, text.data() + at, sizeof block);
            if ((block & 0x8080808080808080) == 0) {
                at += sizeof block;
                count += sizeof block;
                continue;
            }
        }
        at += decode_code_point(text, at).bytes;
        ++count;
    }
    return count;
}

unsigned cell_width(char32_t value) {
    if (value < 0x300) {
        return 1;
    }
    if (contains(kZeroWidth, value)) {
        return 0;
    }
    return contains(kDoubleWidth, value) ? 2 : 1;
}

std::string printable(const CodePoint& point, std::string_view bytes) {
    if (!point.valid || (point.value < 0x80 && contains(kUnprintable, point.value))) {
        return std::string("\\x").append(to_hex(point.value, 2));
    }
    if (contains(kUnprintable, point.value)) {
        return std::string("\\u{").append(to_hex(point.value, 4)).append("}");
    }
    return std::string(bytes);
}

std::string printable(std::string_view text, std::size_t max_code_points) {
    std::string out;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        if (count == max_code_points) {
            return out + "...";
        }
        const CodePoint point = decode_code_point(text, at);
        out += printable(point, text.substr(at, point.bytes));
        at += point.bytes;
    }
    return out;
}

std::string quote(std::string_view name) {
    return quote("", name);
}

std::string quote(std::string_view rune, std::string_view name) {
    return std::string("`").append(rune).append(printable(name, 64)).append("`");
}

std::string to_hex(std::uint64_t value, std::size_t least_digits) {
    std::string digits;
    while (value != 0 || digits.size() < least_digits) {
        digits.insert(digits.begin(), "0123456789abcdef"[value & 0xf]);
        value >>= 4;
    }
    return digits;
}

}  // namespace tal
