#include "front/terminal/panel.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "tal/utf8.hpp"

namespace front::terminal {
namespace {

using Style = Overlay::Line::Style;

/// Between the text and the edge of what it is written on.
constexpr unsigned kMargin = 1;

Cell cell_of(Style style, Depth depth) {
    constexpr std::uint32_t kPaper = 0x202020;
    const std::uint32_t ink = style == Style::Error   ? 0xff7070
                              : style == Style::Faint ? 0x909090
                                                      : 0xe8e8e8;
    return {.glyph = U' ',
            .foreground = depth.colour(ink),
            .background = depth.colour(kPaper),
            .bold = style == Style::Heading};
}

unsigned width_of(std::string_view text) {
    unsigned width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const tal::CodePoint point = tal::decode_code_point(text, at);
        width += point.valid ? tal::cell_width(point.value) : 1;
        at += point.bytes;
    }
    return width;
}

void put_line(Cells& cells, unsigned column, unsigned row, unsigned width, std::string_view text,
              Cell cell) {
    put_text(cells, column, row, width, {}, cell);
    if (width > 2 * kMargin) {
        put_text(cells, column + kMargin, row, width - 2 * kMargin, text, cell);
    }
}

void put_panel(Cells& cells, const Overlay& overlay, Depth depth) {
    const unsigned lines = static_cast<unsigned>(overlay.panel.size());
    unsigned width = 0;
    for (const Overlay::Line& line : overlay.panel) {
        width = std::max(width, width_of(line.text));
    }
    width = std::min(width + 2 * kMargin, cells.columns());
    unsigned parts = (lines + cells.rows() - 1) / cells.rows();
    parts = std::min(parts, std::max(cells.columns() / width, 1u));
    const unsigned height = std::min((lines + parts - 1) / parts, cells.rows());
    const unsigned left = (cells.columns() - parts * width) / 2;
    const unsigned top = (cells.rows() - height) / 2;
    for (unsigned i = 0; i < parts * height; ++i) {
        const Overlay::Line line = i < lines ? overlay.panel[i] : Overlay::Line{};
        put_line(cells, left + i / height * width, top + i % height, width, line.text,
                 cell_of(line.style, depth));
    }
}

}  // namespace

void put_overlay(Cells& cells, const Overlay& overlay, Depth depth) {
    if (cells.columns() == 0 || cells.rows() == 0) {
        return;
    }
    if (!overlay.panel.empty()) {
        put_panel(cells, overlay, depth);
    }
    if (!overlay.notice.empty()) {
        const unsigned width = std::min(width_of(overlay.notice) + 2 * kMargin, cells.columns());
        put_line(cells, (cells.columns() - width) / 2, cells.rows() - 1, width, overlay.notice,
                 cell_of(Style::Plain, depth));
    }
}

}  // namespace front::terminal
