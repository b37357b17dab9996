#include "front/terminal/painter.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "front/terminal/kitty.hpp"
#include "front/terminal/panel.hpp"
#include "front/terminal/sixel.hpp"

namespace front::terminal {
namespace {

/// Rows of cells that are sent together when something has changed in them.
constexpr unsigned kBand = 2;

}  // namespace

Painter::Painter(const Medium& medium) : medium_(medium) {}

std::string Painter::paint(const Frame& frame) {
    const Geometry& geometry = medium_.geometry;
    const View view = view_of(frame.size, frame.at, geometry.pixels());
    std::string out;
    if (!known_ || view.at != view_.at || view.size != view_.size) {
        clear(out);
    }
    const bool everything = frame.everything || !known_ || view != view_;
    view_ = view;
    known_ = true;
    const varvara::Rows rows = everything ? varvara::Rows{.begin = 0, .end = view.size.height}
                                          : rows_in_view(frame.changed, frame.at, view);
    draw(frame, view, rows, image_);

    const Cells wanted = cells_of(frame);
    if (geometry.method != Method::Blocks) {
        append_pictures(out, wanted);
    }
    append_changes(out, shown_, wanted, medium_.depth);
    if (medium_.synchronized && !out.empty()) {
        out.insert(0, "\x1b[?2026h");
        out += "\x1b[?2026l";
    }
    return out;
}

void Painter::clear(std::string& out) {
    out += "\x1b[0m\x1b[2J";
    if (medium_.geometry.method == Method::Kitty) {
        append_kitty_clear(out);
    }
    shown_ = Cells(medium_.geometry.columns, medium_.geometry.rows);
    shown_image_ = {};
}

Cells Painter::cells_of(const Frame& frame) const {
    Cells cells(medium_.geometry.columns, medium_.geometry.rows);
    if (medium_.geometry.method == Method::Blocks) {
        const unsigned left = static_cast<unsigned>(view_.at.x);
        const unsigned top = static_cast<unsigned>(view_.at.y);
        const unsigned bottom = top + view_.size.height;
        const auto colour = [&](unsigned x, unsigned y) {
            const bool inside = y >= top && y < bottom;
            return medium_.depth.colour(
                inside ? image_.pixels[std::size_t{y - top} * view_.size.width + x] : 0);
        };
        for (unsigned y = top - top % 2; y < bottom; y += 2) {
            for (unsigned x = 0; x < view_.size.width; ++x) {
                cells.at(left + x, y / 2) = half_blocks(colour(x, y), colour(x, y + 1));
            }
        }
    }
    put_overlay(cells, frame.overlay, medium_.depth);
    return cells;
}

/// Appends the bands of the picture that the terminal does not show yet.
void Painter::append_pictures(std::string& out, const Cells& wanted) {
    const bool sixel = medium_.geometry.method == Method::Sixel;
    const Size cell = medium_.geometry.cell;
    const unsigned column = static_cast<unsigned>(view_.at.x) / cell.width;
    const unsigned first_row = static_cast<unsigned>(view_.at.y) / cell.height;
    const unsigned bands = (image_.size.height + kBand * cell.height - 1) / (kBand * cell.height);
    std::vector<bool> stale(bands, shown_image_.size != image_.size);
    if (sixel) {
        // Text is written into the picture, and blanks wipe it out: they come before it.
        for (unsigned band = 0; band < bands; ++band) {
            const unsigned row = first_row + band * kBand;
            stale[band] = stale[band] || uncovers(wanted, row, row + kBand);
        }
        append_changes(out, shown_, wanted, medium_.depth, Which::Blank);
    }
    if (shown_image_.size != image_.size) {
        shown_image_ = image_;
    }
    for (unsigned band = 0; band < bands; ++band) {
        const unsigned top = band * kBand * cell.height;
        const varvara::Rows rows{.begin = top,
                                 .end = std::min(top + kBand * cell.height, image_.size.height)};
        const auto pixels = image_.rows(rows);
        if (!stale[band] && std::ranges::equal(pixels, std::as_const(shown_image_).rows(rows))) {
            continue;
        }
        const Size size{.width = image_.size.width, .height = rows.end - rows.begin};
        std::ranges::copy(
            pixels, shown_image_.pixels.begin() + static_cast<std::ptrdiff_t>(top) * size.width);
        const unsigned row = first_row + band * kBand;
        append_cursor(out, column, row);
        if (!sixel) {
            append_kitty(out, pixels, size, 1 + band);
            continue;
        }
        append_sixel(out, pixels, size, medium_.sixel_colours);
        for (unsigned y = row; y < std::min(row + kBand, wanted.rows()); ++y) {
            for (unsigned x = 0; x < wanted.columns(); ++x) {
                if (wanted.at(x, y) != kBlank) {
                    shown_.at(x, y).glyph = Cell::kUnknown;
                }
            }
        }
    }
}

/// Whether something in these rows was written over the picture and is to go.
bool Painter::uncovers(const Cells& wanted, unsigned row, unsigned end) const {
    for (; row < std::min(end, wanted.rows()); ++row) {
        for (unsigned column = 0; column < wanted.columns(); ++column) {
            if (wanted.at(column, row) == kBlank && shown_.at(column, row) != kBlank) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace front::terminal
