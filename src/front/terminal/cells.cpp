#include "front/terminal/cells.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "front/terminal/append_utf8.hpp"
#include "tal/utf8.hpp"

namespace front::terminal {
namespace {

constexpr char32_t kUpperHalf = U'\u2580';
constexpr char32_t kLowerHalf = U'\u2584';

/// The style that the terminal writes in, and what changes it.
class Pen {
public:
    Pen(std::string& out, Depth depth) : out_(out), depth_(depth) {}

    /// The same picture may take fewer words the other way up.
    Cell turned(const Cell& cell) const {
        if (cell.glyph == kUpperHalf && started_ && cell.foreground == style_.background &&
            cell.background == style_.foreground) {
            Cell other = cell;
            other.glyph = kLowerHalf;
            std::swap(other.foreground, other.background);
            return other;
        }
        return cell;
    }

    void set(const Cell& cell) {
        std::string codes;
        if (!started_ || cell.bold != style_.bold) {
            codes = cell.bold ? ";0;1" : ";0";
            style_ = kBlank;
            style_.bold = cell.bold;
            started_ = true;
        }
        // Nobody sees a space's foreground.
        if (cell.glyph != U' ' && cell.foreground != style_.foreground) {
            append_colour(codes, "38", "39", cell.foreground);
            style_.foreground = cell.foreground;
        }
        if (cell.background != style_.background) {
            append_colour(codes, "48", "49", cell.background);
            style_.background = cell.background;
        }
        if (!codes.empty()) {
            out_ += "\x1b[";
            out_ += std::string_view(codes).substr(1);
            out_ += 'm';
        }
    }

private:
    void append_colour(std::string& codes, const char* set, const char* reset,
                       Colour colour) const {
        codes += ';';
        if (colour == kOwnColour) {
            codes += reset;
        } else if (depth_.true_colour) {
            codes += set;
            codes += ";2;" + std::to_string(colour >> 16 & 0xff) + ';' +
                     std::to_string(colour >> 8 & 0xff) + ';' + std::to_string(colour & 0xff);
        } else {
            codes += set;
            codes += ";5;" + std::to_string(colour);
        }
    }

    std::string& out_;
    Depth depth_;
    Cell style_;
    bool started_ = false;
};

/// Controls do something and marks that combine have no cell: neither is shown.
char32_t shown_glyph(const tal::CodePoint& point) {
    const bool control = point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0);
    return point.valid && !control ? point.value : U'?';
}

}  // namespace

Colour nearest_of_256(std::uint32_t rgb) {
    constexpr std::array kLevels = {0, 95, 135, 175, 215, 255};
    const std::array channels = {static_cast<int>(rgb >> 16 & 0xff),
                                 static_cast<int>(rgb >> 8 & 0xff), static_cast<int>(rgb & 0xff)};
    int cube = 0;
    int cube_distance = 0;
    int sum = 0;
    for (const int channel : channels) {
        const auto nearest = std::ranges::min_element(
            kLevels, {}, [&](int level) { return std::abs(level - channel); });
        cube = 6 * cube + static_cast<int>(nearest - kLevels.begin());
        cube_distance += (*nearest - channel) * (*nearest - channel);
        sum += channel;
    }
    const int grey = std::clamp((sum / 3 - 8 + 5) / 10, 0, 23);
    int grey_distance = 0;
    for (const int channel : channels) {
        grey_distance += (8 + 10 * grey - channel) * (8 + 10 * grey - channel);
    }
    return static_cast<Colour>(grey_distance < cube_distance ? 232 + grey : 16 + cube);
}

void put_text(Cells& cells, unsigned column, unsigned row, unsigned width, std::string_view text,
              Cell cell) {
    const unsigned end = std::min(column + width, cells.columns());
    if (row >= cells.rows()) {
        return;
    }
    for (std::size_t at = 0; at < text.size();) {
        const tal::CodePoint point = tal::decode_code_point(text, at);
        at += point.bytes;
        const char32_t glyph = shown_glyph(point);
        const unsigned glyph_width = tal::cell_width(glyph);
        if (glyph_width == 0) {
            continue;
        }
        if (column + glyph_width > end) {
            break;
        }
        cell.glyph = glyph;
        cells.at(column++, row) = cell;
        if (glyph_width == 2) {
            cell.glyph = Cell::kSecondHalf;
            cells.at(column++, row) = cell;
        }
    }
    cell.glyph = U' ';
    for (; column < end; ++column) {
        cells.at(column, row) = cell;
    }
}

Cell half_blocks(Colour upper, Colour lower) {
    if (upper == lower) {
        return {.background = upper};
    }
    return {.glyph = kUpperHalf, .foreground = upper, .background = lower};
}

void append_cursor(std::string& out, unsigned column, unsigned row) {
    out += "\x1b[" + std::to_string(row + 1) + ';' + std::to_string(column + 1) + 'H';
}

void append_changes(std::string& out, Cells& shown, const Cells& wanted, Depth depth, Which which) {
    Pen pen(out, depth);
    for (unsigned row = 0; row < wanted.rows(); ++row) {
        unsigned cursor = wanted.columns();  // where the next character would go, if in this row
        for (unsigned column = 0; column < wanted.columns(); ++column) {
            const Cell& cell = wanted.at(column, row);
            if (cell == shown.at(column, row) || (which == Which::Blank && cell != kBlank)) {
                continue;
            }
            shown.at(column, row) = cell;
            if (cell.glyph == Cell::kSecondHalf) {
                continue;
            }
            if (cursor != column) {
                append_cursor(out, column, row);
            }
            const Cell written = pen.turned(cell);
            pen.set(written);
            append_utf8(out, written.glyph);
            // Not all agree how wide characters are.
            cursor =
                written.glyph < 0x80 || written.glyph == kUpperHalf || written.glyph == kLowerHalf
                    ? column + 1
                    : wanted.columns();
        }
    }
}

}  // namespace front::terminal
