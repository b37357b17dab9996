#include "front/key_list.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace front {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kColumnWidth = (kKeyListWidth - kGap) / 2;
constexpr std::size_t kKeyWidth = 13;  // "Ctrl-Shift-F8"

/// Lines below a heading, or below none.
struct Block {
    std::string heading;
    std::vector<std::string> rows;

    void add(std::string_view key, std::string_view what) {
        std::string row(key);
        row.append(row.size() < kKeyWidth ? kKeyWidth - row.size() : 0, ' ');
        rows.push_back(row.append(1, ' ').append(what));
    }
};

std::string cut(std::string text, std::size_t width) {
    text.resize(std::min(text.size(), width));
    return text;
}

Block block_of(ActionGroup group, std::string heading, const Bindings& bindings) {
    Block block{std::move(heading), {}};
    for (std::size_t i = 0; i < kActions; ++i) {
        const auto action = static_cast<Action>(i);
        if (info(action).group != group) {
            continue;
        }
        const std::string_view what = info(action).about;
        if (bindings.chords_of(action).empty()) {
            block.add("(no key)", what);
        }
        for (const Chord chord : bindings.chords_of(action)) {
            block.add(print(chord), what);
        }
    }
    return block;
}

/// Four of the buttons of a controller.
Block block_of(std::uint8_t pad, std::size_t first, std::string heading, const KeyMap& buttons) {
    Block block{std::move(heading), {}};
    for (std::size_t i = first; i < first + 4; ++i) {
        for (const Key key : buttons.keys_of({pad, kButtonNames[i].bit})) {
            block.add(name_of(key), kButtonNames[i].name);
        }
    }
    return block;
}

void put_beside(const Block& left, const Block& right, std::vector<Overlay::Line>& lines) {
    using Style = Overlay::Line::Style;
    const auto put = [&](const std::string& a, const std::string& b, Style style) {
        std::string text = cut(a, kColumnWidth);
        if (!b.empty()) {
            text.resize(kColumnWidth + kGap, ' ');
            text += cut(b, kColumnWidth);
        }
        lines.push_back({.text = std::move(text), .style = style, .aligned = true});
    };
    put(left.heading, right.heading, Style::Heading);
    for (std::size_t i = 0; i < std::max(left.rows.size(), right.rows.size()); ++i) {
        put(i < left.rows.size() ? left.rows[i] : "", i < right.rows.size() ? right.rows[i] : "",
            Style::Plain);
    }
}

}  // namespace

std::vector<Overlay::Line> key_list(const Bindings& bindings, const KeyMap& buttons) {
    std::vector<Overlay::Line> lines;
    put_beside(block_of(ActionGroup::Program, "Program", bindings),
               block_of(ActionGroup::Show, "Picture and sound", bindings), lines);
    put_beside(block_of(ActionGroup::Keep, "Save", bindings),
               block_of(ActionGroup::Time, "Time", bindings), lines);
    for (std::uint8_t pad = 0; pad < PadMap::kPads; ++pad) {
        const std::string number = pad == 0 ? "" : " of controller " + std::to_string(pad + 1);
        const Block left = block_of(pad, 0, "Buttons" + number, buttons);
        const Block right = block_of(pad, 4, "", buttons);
        if (!left.rows.empty() || !right.rows.empty()) {
            put_beside(left, right, lines);
        }
    }
    return lines;
}

}  // namespace front
