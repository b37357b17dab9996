// What the tests of the terminal run inside tmux: shows a picture, and says in a notice what has
// happened last.
//
//     terminal_probe WIDTH HEIGHT [auto|kitty|sixel|blocks] [scroll]
//
// Keys: q ends it, e calls exit, x throws, z has it crash, h has it hang, p shows a panel, n the
// next picture.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "front/terminal/terminal.hpp"
#include "terminal/pattern.hpp"

namespace {

using front::Input;
using Kind = Input::Kind;

std::string describe(const Input& input) {
    const auto place = [&] { return std::to_string(input.x) + "," + std::to_string(input.y); };
    const auto key = [&] {
        std::string text;
        for (const auto& [bit, name] : {std::pair{front::Ctrl, "Ctrl+"},
                                        {front::Alt, "Alt+"},
                                        {front::Shift, "Shift+"},
                                        {front::Super, "Super+"}}) {
            text += (input.modifiers & bit) != 0 ? name : "";
        }
        return text + std::string(front::name_of(input.key));
    };
    switch (input.kind) {
        case Kind::KeyDown: return "key " + key();
        case Kind::KeyUp: return "up " + key();
        case Kind::Text: return "text '" + input.text + "'";
        case Kind::MouseMove: return "move " + place();
        case Kind::MouseDown: return "down " + std::to_string(input.button) + " " + place();
        case Kind::MouseUp: return "release " + std::to_string(input.button) + " " + place();
        case Kind::MouseLeft: return "left";
        case Kind::Wheel: return "wheel " + place();
        case Kind::FocusLost: return "focus lost";
        case Kind::Paste: return "paste '" + input.text + "'";
        case Kind::Resized: return "resized";
        case Kind::Exposed: return "exposed";
        case Kind::Close: return "close";
        default: return "?";
    }
}

struct Probe {
    front::Display& display;
    front::Size size;
    unsigned number = 0;
    front::Overlay overlay = {};
    std::string trail = {};

    void show() const {
        const std::vector<std::uint32_t> pixels = terminal_test::pattern(size, number);
        display.show({.pixels = pixels,
                      .size = size,
                      .changed = {.begin = 0, .end = size.height},
                      .at = display.place(size, 1),
                      .overlay = overlay,
                      .everything = true});
    }

    /// False when it is to end.
    bool take(const Input& input) {
        trail += (trail.empty() ? "" : "; ") + describe(input);
        if (trail.size() > 60 || input.kind == Kind::Resized) {  // one line, however narrow it is
            trail = describe(input);
        }
        overlay.notice = trail;
        if (input.kind == Kind::Text && input.text == "e") {
            std::exit(3);
        } else if (input.kind == Kind::Text && input.text == "x") {
            throw std::runtime_error("as it was told");
        } else if (input.kind == Kind::Text && input.text == "z") {
            volatile int* nowhere = nullptr;
            *nowhere = 1;  // NOLINT: that is what is wanted
        } else if (input.kind == Kind::Text && input.text == "h") {
            overlay.notice = "hangs";
            show();
            for (;;) {
                pause();
            }
        } else if (input.kind == Kind::Text && input.text == "p") {
            overlay.panel = {{.text = "A panel", .style = front::Overlay::Line::Style::Heading},
                             {.text = "with two lines"}};
        } else if (input.kind == Kind::Text && input.text == "n") {
            ++number;
            overlay.panel.clear();
        }
        return input.kind != Kind::Close && !(input.kind == Kind::Text && input.text == "q");
    }
};

front::TerminalOptions options_of(int count, char** words) {
    using Pictures = front::TerminalOptions::Pictures;
    front::TerminalOptions options;
    options.title = "probe";
    for (int i = 3; i < count; ++i) {
        const std::string word = words[i];
        options.pictures = word == "kitty"    ? Pictures::Kitty
                           : word == "sixel"  ? Pictures::Sixel
                           : word == "blocks" ? Pictures::Blocks
                                              : options.pictures;
        options.scroll |= word == "scroll";
    }
    return options;
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::fprintf(stderr, "usage: terminal_probe WIDTH HEIGHT [METHOD] [scroll]\n");
        return 2;
    }
    auto display = front::open_terminal(options_of(count, words));
    if (!display) {
        std::fprintf(stderr, "%s\n", display.error().detail.c_str());
        return 1;
    }
    Probe probe{.display = **display,
                .size = {.width = static_cast<unsigned>(std::atoi(words[1])),
                         .height = static_cast<unsigned>(std::atoi(words[2]))}};
    std::vector<Input> inputs;
    for (bool on = true; on;) {
        probe.show();
        (*display)->wait(std::nullopt, inputs);
        for (const Input& input : inputs) {
            on = on && probe.take(input);
        }
        inputs.clear();
    }
    return 0;
}
