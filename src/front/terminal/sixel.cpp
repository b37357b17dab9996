#include "front/terminal/sixel.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "front/terminal/image.hpp"

namespace front::terminal {
namespace {

constexpr unsigned kStrip = 6;  ///< rows that are written together: a bit of each sixel

void append_number(std::string& out, std::size_t number) {
    out += std::to_string(number);
}

void append_palette(std::string& out, std::span<const std::uint32_t> colours) {
    for (std::size_t i = 0; i < colours.size(); ++i) {
        out += '#';
        append_number(out, i);
        out += ";2";
        for (const unsigned shift : {16u, 8u, 0u}) {
            out += ';';
            append_number(out, ((colours[i] >> shift & 0xff) * 100 + 127) / 255);
        }
    }
}

/// As many times the same sixel.
void append_run(std::string& out, std::uint8_t sixel, std::size_t count) {
    constexpr std::size_t kWorthIt = 4;
    if (count >= kWorthIt) {
        out += '!';
        append_number(out, count);
        count = 1;
    }
    out.append(count, static_cast<char>('?' + sixel));
}

void append_row(std::string& out, std::span<const std::uint8_t> sixels) {
    // What is blank at the end needs no saying.
    std::size_t end = sixels.size();
    while (end > 0 && sixels[end - 1] == 0) {
        --end;
    }
    for (std::size_t i = 0; i < end;) {
        std::size_t same = i + 1;
        while (same < end && sixels[same] == sixels[i]) {
            ++same;
        }
        append_run(out, sixels[i], same - i);
        i = same;
    }
}

}  // namespace

void append_sixel(std::string& out, std::span<const std::uint32_t> pixels, Size size,
                  unsigned most_colours) {
    const Indexed picture = index_colours(pixels, most_colours);
    out += "\x1bP0;1;0q\"1;1;";
    append_number(out, size.width);
    out += ';';
    append_number(out, size.height);
    append_palette(out, picture.colours);
    // For each colour a row of sixels: which pixels of the strip have it.
    std::vector<std::uint8_t> sixels(picture.colours.size() * size.width);
    std::vector<bool> used(picture.colours.size());
    for (unsigned top = 0; top < size.height; top += kStrip) {
        if (top > 0) {
            out += '-';
        }
        std::ranges::fill(sixels, 0);
        std::fill(used.begin(), used.end(), false);
        for (unsigned y = top; y < std::min(top + kStrip, size.height); ++y) {
            for (unsigned x = 0; x < size.width; ++x) {
                const std::uint8_t colour = picture.pixels[std::size_t{y} * size.width + x];
                sixels[std::size_t{colour} * size.width + x] |=
                    static_cast<std::uint8_t>(1u << (y - top));
                used[colour] = true;
            }
        }
        const char* separator = "";
        for (std::size_t colour = 0; colour < used.size(); ++colour) {
            if (used[colour]) {
                out += separator;
                out += '#';
                append_number(out, colour);
                append_row(out, std::span(sixels).subspan(colour * size.width, size.width));
                separator = "$";
            }
        }
    }
    out += "\x1b\\";
}

}  // namespace front::terminal
