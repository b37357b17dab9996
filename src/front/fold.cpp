#include "front/fold.hpp"

#include <algorithm>
#include <utility>

namespace front {
namespace {

constexpr std::string_view kLeftOut = "...";

/// How many bytes of the text go into its first line, and how many are used up with it.
struct Cut {
    std::size_t line;
    std::size_t used;
};

Cut first_line(std::string_view text, unsigned columns, Measure measure) {
    unsigned width = 0;
    Cut at_a_gap = {0, 0};
    bool begun = false;  // not only spaces so far: without a word there is nothing to end a line
    for (std::size_t at = 0; at < text.size();) {
        const Letter letter = measure(text, at);
        if (begun && text[at] == ' ') {
            at_a_gap = {at, at + 1};
        }
        if (at > 0 && width + letter.columns > columns) {
            return at_a_gap.used > 0 ? at_a_gap : Cut{at, at};
        }
        begun |= text[at] != ' ';
        width += letter.columns;
        at += letter.bytes;
        if (text[at - 1] == '/') {
            at_a_gap = {at, at};
        }
    }
    return {text.size(), text.size()};
}

std::vector<std::string> fold(std::string_view text, unsigned columns, Measure measure) {
    std::vector<std::string> lines;
    do {
        const Cut cut = first_line(text, columns, measure);
        lines.emplace_back(text.substr(0, cut.line));
        text.remove_prefix(cut.used);
    } while (!text.empty());
    return lines;
}

/// The place in an error of a file that begins with its path, after the folder.
std::string_view without_folder(std::string_view error) {
    const std::string_view place = error.substr(0, error.find(": "));
    const std::size_t slash = place.rfind('/');
    return slash == std::string_view::npos ? error : error.substr(slash + 1);
}

}  // namespace

unsigned width_of(std::string_view text, Measure measure) {
    unsigned width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Letter letter = measure(text, at);
        width += letter.columns;
        at += letter.bytes;
    }
    return width;
}

std::vector<std::string> fold(std::string_view text, unsigned columns, std::size_t most,
                              Measure measure) {
    std::vector<std::string> lines = fold(text, columns, measure);
    if (lines.size() <= most) {
        return lines;
    }
    std::vector<std::size_t> letters;  // where they begin
    for (std::size_t at = 0; at < text.size(); at += measure(text, at).bytes) {
        letters.push_back(at);
    }
    for (std::size_t kept = std::min(letters.size() - 1, most * columns); kept > 0; --kept) {
        const std::size_t head = kept / 3;
        const std::size_t tail = letters[letters.size() - (kept - head)];
        std::string shorter(text.substr(0, letters[head]));
        shorter.append(kLeftOut).append(text.substr(tail));
        lines = fold(shorter, columns, measure);
        if (lines.size() <= most) {
            return lines;
        }
    }
    lines.resize(std::min(lines.size(), most));
    return lines;
}

std::vector<Overlay::Line> fold(std::span<const Overlay::Line> lines, unsigned columns,
                                std::size_t rows, Measure measure) {
    std::vector<Overlay::Line> folded;
    for (const bool whole : {true, false}) {
        folded.clear();
        for (const Overlay::Line& line : lines) {
            if (line.aligned) {
                folded.push_back(line);
                continue;
            }
            const bool shorter = !whole && line.style == Overlay::Line::Style::Error;
            for (std::string& text :
                 fold(shorter ? without_folder(line.text) : line.text, columns, measure)) {
                folded.push_back({.text = std::move(text), .style = line.style});
            }
        }
        if (folded.size() <= rows) {
            break;
        }
    }
    return folded;
}

}  // namespace front
