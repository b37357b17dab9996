#include "front/compose.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "front/fold.hpp"

namespace front {
namespace {

constexpr std::uint32_t kAround = 0x000000;

// Letters: five pixels wide, seven high (eight with what hangs below the line), and a gap.
constexpr unsigned kLetterWidth = 6;
constexpr unsigned kLetterHeight = 8;
constexpr unsigned kLineHeight = 11;
constexpr unsigned kPadding = 6;  ///< around the text of a panel

/// Space to tilde, and a box: eight rows each, bit 7 leftmost.
constexpr std::uint8_t kGlyphs[] = {
#include "front/font_glyphs.inc"
};
static_assert(sizeof kGlyphs == std::size_t{'~' - ' ' + 2} * kLetterHeight);

const std::uint8_t* glyph(char c) {
    const std::size_t index =
        c >= ' ' && c <= '~' ? static_cast<std::size_t>(c - ' ') : '~' - ' ' + 1;
    return &kGlyphs[index * kLetterHeight];
}

/// Whether this byte of UTF-8 begins a letter.
bool begins_letter(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// Every letter of UTF-8 is one of the font's, or a box.
Letter measure(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && !begins_letter(text[end])) {
        ++end;
    }
    return {.bytes = end - at, .columns = begins_letter(text[at]) ? 1U : 0U};
}

std::uint32_t colour(Overlay::Line::Style style) {
    using enum Overlay::Line::Style;
    switch (style) {
        case Plain: return 0xf2f2f2;
        case Heading: return 0xffd479;
        case Error: return 0xff7b72;
        case Faint: return 0xa0a0a8;
    }
    return 0xf2f2f2;
}

/// What is under a panel, still to be seen.
std::uint32_t darkened(std::uint32_t pixel) {
    return (pixel >> 3 & 0x1f1f1f) + 0x0c0c10;
}

/// Some text on a dark ground, somewhere on a surface.
struct Panel {
    unsigned zoom = 1;
    unsigned left = 0;
    unsigned top = 0;
    unsigned right = 0;
    unsigned bottom = 0;
    std::vector<Overlay::Line> lines;
};

/// How large text may be: twice its size on most screens, more on very fine ones.
unsigned largest_zoom(Size size) {
    return std::max(2U, size.height / 540);
}

/// The largest zoom at which something of that size, in unzoomed pixels, fits.
unsigned text_zoom(Size text, Size size) {
    const unsigned fits = std::min(size.width / text.width, size.height / text.height);
    return std::clamp(fits, 1U, largest_zoom(size));
}

/// How many letters go into a line of a panel that is as wide as the surface, unzoomed.
unsigned columns_in(Size size) {
    return std::max(1U, (size.width - std::min(size.width, 2 * kPadding)) / kLetterWidth);
}

/// How many lines, where the last one needs no distance to the next.
unsigned rows_in(unsigned height, unsigned padding) {
    return (height + kLineHeight - kLetterHeight - std::min(height, padding)) / kLineHeight;
}

/// The panel in the middle of a surface whose lowest rows, from `bottom` on, are in use.
Panel middle_panel(std::span<const Overlay::Line> wanted, Size size, unsigned bottom) {
    std::vector<Overlay::Line> lines =
        fold(wanted, columns_in(size), rows_in(bottom, 2 * kPadding), measure);
    unsigned columns = 0;
    for (const Overlay::Line& line : lines) {
        columns = std::max(columns, width_of(line.text, measure));
    }
    const auto rows = static_cast<unsigned>(std::min<std::size_t>(lines.size(), size.height));
    const Size text = {columns * kLetterWidth + 2 * kPadding, rows * kLineHeight + 2 * kPadding};
    const unsigned zoom = text_zoom(text, {size.width, bottom});
    const unsigned width = std::min(text.width * zoom, size.width);
    const unsigned height = std::min(text.height * zoom, bottom);
    const unsigned left = (size.width - width) / 2;
    const unsigned top = (bottom - height) / 2;
    return {zoom, left, top, left + width, top + height, std::move(lines)};
}

/// The strip at the lower edge of a surface, up to half of it.
Panel notice_strip(std::string_view notice, Size size) {
    unsigned columns = 0;
    std::vector<Overlay::Line> lines;
    const unsigned most = std::max(1U, rows_in(size.height / 2, kPadding));
    for (std::string& line : fold(notice, columns_in(size), most, measure)) {
        columns = std::max(columns, width_of(line, measure));
        lines.push_back({.text = std::move(line)});
    }
    const auto rows = static_cast<unsigned>(lines.size());
    const Size text = {columns * kLetterWidth + 2 * kPadding,
                       (rows - 1) * kLineHeight + kLetterHeight + kPadding};
    const unsigned zoom = text_zoom(text, {size.width, size.height / 2});
    const unsigned height = std::min(text.height * zoom, size.height);
    return {zoom, 0, size.height - height, size.width, size.height, std::move(lines)};
}

/// The row of a letter's pixels that is `y` rows below the upper edge of its line.
void draw_letters(std::string_view text, unsigned y, std::uint32_t ink, unsigned zoom,
                  std::span<std::uint32_t> row) {
    const std::size_t width = std::size_t{kLetterWidth} * zoom;
    std::size_t x = 0;
    for (const char c : text) {
        if (!begins_letter(c)) {
            continue;
        }
        if (x + width > row.size()) {
            return;
        }
        unsigned bits = glyph(c)[y];
        for (std::size_t at = x; bits != 0; at += zoom, bits = bits << 1 & 0xff) {
            if ((bits & 0x80) != 0) {
                std::ranges::fill(row.subspan(at, zoom), ink);
            }
        }
        x += width;
    }
}

/// What a panel has in row `y` of the surface, drawn over it.
void draw_panel_row(const Panel& panel, unsigned y, unsigned padding_above,
                    std::span<std::uint32_t> row) {
    if (y < panel.top || y >= panel.bottom) {
        return;
    }
    const auto ground = row.subspan(panel.left, panel.right - panel.left);
    std::ranges::transform(ground, ground.begin(), darkened);
    const unsigned inside = (y - panel.top) / panel.zoom;
    const std::size_t margin = std::size_t{kPadding} * panel.zoom;
    if (inside < padding_above || ground.size() < 2 * margin) {
        return;
    }
    const std::size_t line = (inside - padding_above) / kLineHeight;
    const unsigned below = (inside - padding_above) % kLineHeight;
    if (line < panel.lines.size() && below < kLetterHeight) {
        const Overlay::Line& text = panel.lines[line];
        draw_letters(text.text, below, colour(text.style), panel.zoom,
                     ground.subspan(margin, ground.size() - 2 * margin));
    }
}

void draw_overlay(const Overlay& overlay, varvara::Rows rows, const Surface& surface) {
    unsigned bottom = surface.size.height;
    Panel strip;
    if (!overlay.notice.empty()) {
        strip = notice_strip(overlay.notice, surface.size);
        bottom = strip.top;
    }
    Panel panel;
    if (!overlay.panel.empty()) {
        panel = middle_panel(overlay.panel, surface.size, bottom);
    }
    for (unsigned y = rows.begin; y < rows.end; ++y) {
        const auto row = surface.pixels.subspan(y * surface.stride, surface.size.width);
        draw_panel_row(panel, y, kPadding, row);
        draw_panel_row(strip, y, kPadding / 2, row);
    }
}

template <unsigned zoom>
void enlarge(const std::uint32_t* from, std::size_t count, std::uint32_t* to) {
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < zoom; ++k) {
            to[i * zoom + k] = from[i];
        }
    }
}

/// Each pixel `zoom` times. The usual zooms are loops that the compiler knows.
void enlarge(const std::uint32_t* from, std::size_t count, unsigned zoom, std::uint32_t* to) {
    switch (zoom) {
        case 1: std::copy_n(from, count, to); return;
        case 2: enlarge<2>(from, count, to); return;
        case 3: enlarge<3>(from, count, to); return;
        case 4: enlarge<4>(from, count, to); return;
        default:
            for (std::size_t i = 0; i < count; ++i) {
                to = std::fill_n(to, zoom, from[i]);
            }
    }
}

/// What of something that begins at `at` and is `count` times `zoom` long can be seen in 0 to
/// `limit`.
struct Extent {
    std::int64_t begin;
    std::int64_t end;

    Extent(int at, unsigned count, unsigned zoom, unsigned limit)
        : begin(std::clamp<std::int64_t>(at, 0, limit)),
          end(std::clamp<std::int64_t>(at + std::int64_t{count} * zoom, 0, limit)) {}
};

/// The row of a picture into a row of the surface, with what is around it.
void draw_row(std::span<const std::uint32_t> picture, const Placement& at, Extent visible,
              std::span<std::uint32_t> row) {
    std::fill(row.begin(), row.begin() + visible.begin, kAround);
    std::fill(row.begin() + visible.end, row.end(), kAround);
    const auto column = [&](std::int64_t x) {
        return static_cast<std::size_t>((x - at.x) / at.zoom);
    };
    // A pixel of the picture may be cut by the surface's edges.
    std::int64_t x = visible.begin;
    for (; x < visible.end && (x - at.x) % at.zoom != 0; ++x) {
        row[static_cast<std::size_t>(x)] = picture[column(x)];
    }
    const std::int64_t whole = (visible.end - x) / at.zoom;
    if (whole > 0) {
        enlarge(&picture[column(x)], static_cast<std::size_t>(whole), at.zoom,
                &row[static_cast<std::size_t>(x)]);
        x += whole * at.zoom;
    }
    for (; x < visible.end; ++x) {
        row[static_cast<std::size_t>(x)] = picture[column(x)];
    }
}

void draw_picture(const Frame& frame, varvara::Rows rows, const Surface& surface) {
    const Placement& at = frame.at;
    const Extent across(at.x, frame.size.width, at.zoom, surface.size.width);
    const Extent down(at.y, frame.size.height, at.zoom, surface.size.height);
    std::size_t last = frame.size.height;  // which row of the picture was drawn last
    for (unsigned y = rows.begin; y < rows.end; ++y) {
        const auto row = surface.pixels.subspan(y * surface.stride, surface.size.width);
        if (y < down.begin || y >= down.end) {
            std::ranges::fill(row, kAround);
            continue;
        }
        const auto from = static_cast<std::size_t>((y - std::int64_t{at.y}) / at.zoom);
        if (from == last) {
            std::copy_n(row.data() - surface.stride, row.size(), row.data());
        } else {
            draw_row(frame.pixels.subspan(from * frame.size.width, frame.size.width), at, across,
                     row);
        }
        last = from;
    }
}

/// The rows of a surface that have to be drawn for a frame.
varvara::Rows stale_rows(const Frame& frame, Size size) {
    if (frame.everything) {
        return {0, size.height};
    }
    const auto row = [&](unsigned y) {
        return static_cast<unsigned>(
            std::clamp<std::int64_t>(frame.at.y + std::int64_t{y} * frame.at.zoom, 0, size.height));
    };
    const varvara::Rows rows = {row(frame.changed.begin), row(frame.changed.end)};
    return rows.begin < rows.end ? rows : varvara::Rows{};
}

}  // namespace

Placement place(Size picture, Size window, unsigned zoom) {
    if (picture.width == 0 || picture.height == 0) {
        return {};
    }
    const unsigned fits =
        std::max(1U, std::min(window.width / picture.width, window.height / picture.height));
    const unsigned used = zoom == 0 ? fits : std::min(zoom, fits);
    const auto begin = [&](unsigned length, unsigned of) {
        return length * used < of ? static_cast<int>((of - length * used) / 2) : 0;
    };
    return {.zoom = used,
            .x = begin(picture.width, window.width),
            .y = begin(picture.height, window.height)};
}

varvara::Rows compose(const Frame& frame, const Surface& surface) {
    const varvara::Rows rows = stale_rows(frame, surface.size);
    draw_picture(frame, rows, surface);
    if (!frame.overlay.empty()) {
        draw_overlay(frame.overlay, rows, surface);
    }
    return rows;
}

}  // namespace front
