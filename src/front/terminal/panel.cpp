#include "front/terminal/panel.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "front/fold.hpp"
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

Letter measure(std::string_view text, std::size_t at) {
    const tal::CodePoint point = tal::decode_code_point(text, at);
    return {.bytes = point.bytes, .columns = point.valid ? tal::cell_width(point.value) : 1};
}

/// How much text goes into a line.
unsigned room_for_text(const Cells& cells) {
    return cells.columns() > 2 * kMargin ? cells.columns() - 2 * kMargin : 1;
}

void put_line(Cells& cells, unsigned column, unsigned row, unsigned width, std::string_view text,
              Cell cell) {
    put_text(cells, column, row, width, {}, cell);
    if (width > 2 * kMargin) {
        put_text(cells, column + kMargin, row, width - 2 * kMargin, text, cell);
    }
}

void put_panel(Cells& cells, const Overlay& overlay, Depth depth) {
    const std::vector<Overlay::Line> panel =
        fold(overlay.panel, room_for_text(cells), cells.rows(), measure);
    const unsigned lines = static_cast<unsigned>(panel.size());
    unsigned width = 0;
    for (const Overlay::Line& line : panel) {
        width = std::max(width, width_of(line.text, measure));
    }
    width = std::min(width + 2 * kMargin, cells.columns());
    unsigned parts = (lines + cells.rows() - 1) / cells.rows();
    parts = std::min(parts, std::max(cells.columns() / width, 1u));
    const unsigned height = std::min((lines + parts - 1) / parts, cells.rows());
    const unsigned left = (cells.columns() - parts * width) / 2;
    const unsigned top = (cells.rows() - height) / 2;
    for (unsigned i = 0; i < parts * height; ++i) {
        const Overlay::Line line = i < lines ? panel[i] : Overlay::Line{};
        put_line(cells, left + i / height * width, top + i % height, width, line.text,
                 cell_of(line.style, depth));
    }
}

void put_notice(Cells& cells, std::string_view notice, Depth depth) {
    const std::vector<std::string> lines =
        fold(notice, room_for_text(cells), std::max(1U, cells.rows() / 2), measure);
    unsigned width = 0;
    for (const std::string& line : lines) {
        width = std::max(width, width_of(line, measure));
    }
    width = std::min(width + 2 * kMargin, cells.columns());
    unsigned row = cells.rows() - static_cast<unsigned>(lines.size());
    for (const std::string& line : lines) {
        put_line(cells, (cells.columns() - width) / 2, row++, width, line,
                 cell_of(Style::Plain, depth));
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
        put_notice(cells, overlay.notice, depth);
    }
}

}  // namespace front::terminal
