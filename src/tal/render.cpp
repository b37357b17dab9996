// Diagnostics as text.

#include <algorithm>
#include <vector>

#include "tal/diagnostic.hpp"
#include "tal/utf8.hpp"

namespace tal {
namespace {

constexpr std::size_t kTabCells = 4;
constexpr std::size_t kWindowCells = 100;  // of a source line
constexpr std::size_t kCellsBefore = 60;   // kept before the caret when the line is wider
constexpr std::string_view kMargin = "    ";

/// Colour sequences, all empty for plain text.
struct Palette {
    std::string_view place, error, warning, note, caret, off;
};
constexpr Palette kPlain{};
constexpr Palette kAnsi{"\x1b[1m",    "\x1b[1;31m", "\x1b[1;35m",
                        "\x1b[1;36m", "\x1b[1;32m", "\x1b[0m"};

std::string_view colour_of(Severity severity, const Palette& palette) {
    switch (severity) {
        case Severity::Error: return palette.error;
        case Severity::Warning: return palette.warning;
        case Severity::Note: return palette.note;
    }
    return "";
}

/// A code point of the source line as it is shown.
struct Cell {
    std::string text;
    std::size_t at;  // first cell
    std::size_t width;
};

struct ShownLine {
    std::vector<Cell> cells;
    std::size_t width = 0;
    std::size_t mark_first = 0;  // cells of the token
    std::size_t mark_width = 0;
};

ShownLine lay_out(const Diagnostic& diagnostic) {
    ShownLine line;
    const std::string_view source = diagnostic.source_line;
    std::size_t marked = 0;
    for (std::size_t byte = 0; byte < source.size();) {
        const CodePoint point = decode_code_point(source, byte);
        const std::string_view bytes = source.substr(byte, point.bytes);
        Cell cell{printable(point, bytes), line.width, 0};
        if (bytes == "\t") {
            cell.width = kTabCells - line.width % kTabCells;
            cell.text.assign(cell.width, ' ');
        } else {
            cell.width = cell.text == bytes ? cell_width(point.value) : cell.text.size();
        }
        if (byte >= diagnostic.source_offset && marked < diagnostic.length) {
            if (marked++ == 0) {
                line.mark_first = cell.at;
            }
            line.mark_width += cell.width;
        }
        line.width += cell.width;
        line.cells.push_back(std::move(cell));
        byte += point.bytes;
    }
    if (marked == 0) {
        line.mark_first = line.width;  // the token is at the end of the line, or has no length
    }
    return line;
}

void append_source(std::string& out, const Diagnostic& diagnostic, const Palette& palette) {
    const ShownLine line = lay_out(diagnostic);
    std::size_t from = 0;
    std::size_t to = line.width;
    if (line.width > kWindowCells) {
        from = line.mark_first > kCellsBefore ? line.mark_first - kCellsBefore : 0;
        to = std::min(line.width, from + kWindowCells);
    }
    const std::string_view before = from != 0 || diagnostic.cut_before ? "..." : "";
    const std::string_view after = to != line.width || diagnostic.cut_after ? "..." : "";

    std::string text;
    std::size_t first_shown = to;
    std::size_t end_shown = from;
    for (const Cell& cell : line.cells) {
        if (cell.at >= from && cell.at + cell.width <= to) {
            text += cell.text;
            first_shown = std::min(first_shown, cell.at);
            end_shown = cell.at + cell.width;
        }
    }
    while (text.ends_with(' ') && after.empty()) {
        text.pop_back();
    }
    const std::size_t lead = line.mark_first - std::min(first_shown, line.mark_first);
    const std::size_t end = std::min(line.mark_first + line.mark_width, end_shown);
    const std::size_t marks = end > line.mark_first ? end - line.mark_first : 1;
    out.append(kMargin).append(before).append(text).append(after).append("\n");
    out.append(kMargin).append(before.size() + lead, ' ');
    out.append(palette.caret).append("^").append(marks - 1, '~').append(palette.off).append("\n");
}

std::string place_text(const std::string& file, std::uint32_t line, std::uint32_t column) {
    std::string out = printable(file, 400);
    if (line != 0) {
        out.append(":").append(std::to_string(line)).append(":").append(std::to_string(column));
    }
    return out.empty() ? out : out + ": ";
}

}  // namespace

std::string render(const Diagnostic& diagnostic, bool colour) {
    const Palette& palette = colour ? kAnsi : kPlain;
    std::string out;
    out.append(palette.place);
    out.append(place_text(diagnostic.file, diagnostic.line, diagnostic.column));
    out.append(palette.off).append(colour_of(diagnostic.severity, palette));
    out.append(name_of(diagnostic.severity)).append(": ").append(palette.off);
    out.append(diagnostic.message).append("\n");
    if (diagnostic.line != 0) {
        append_source(out, diagnostic, palette);
    }
    if (!diagnostic.hint.empty()) {
        out.append(kMargin).append(palette.note).append("hint: ").append(palette.off);
        out.append(diagnostic.hint).append("\n");
    }
    for (const RelatedNote& note : diagnostic.notes) {
        out.append(kMargin).append(palette.note).append("note: ").append(palette.off);
        out.append(place_text(note.file, note.line, note.column)).append(note.message).append("\n");
    }
    return out;
}

}  // namespace tal
