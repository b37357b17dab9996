#include "front/terminal/capabilities.hpp"

#include <algorithm>
#include <array>

namespace front::terminal {
namespace {

constexpr unsigned kSynchronized = 2026;
constexpr unsigned kPixelMouse = 1016;

/// An answer about a mode: 1 and 2, it is on or off; 3, on for good.
bool is_known_mode(unsigned state) {
    return state >= 1 && state <= 3;
}

}  // namespace

std::string_view capability_queries() {
    return "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  // a picture of one pixel, not shown
           "\x1b[?u"                                     // kitty's keyboard protocol
           "\x1b[?2026$p"                                // synchronized output
           "\x1b[?1016$p"                                // mouse in pixels
           "\x1b[16t\x1b[14t"                            // sizes of a cell and of all
           "\x1b[?1;1;0S"                                // colours of a sixel picture
           "\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m"       // is 24-bit colour kept?
           "\x1b[>0q"                                    // its name
           "\x1b[5n"                                     // status
           "\x1b[c";                                     // attributes
}

std::string_view size_queries() {
    return "\x1b[16t\x1b[14t";
}

void learn(Capabilities& capabilities, const Report& report) {
    const auto number = [&](std::size_t at) {
        return at < report.numbers.size() ? report.numbers[at] : 0;
    };
    const Size size{.width = number(1), .height = number(0)};
    switch (report.kind) {
        case Report::Kind::Attributes:
            capabilities.complete = true;
            if (!report.numbers.empty()) {
                // The first number is the terminal's kind.
                capabilities.sixel |= std::find(report.numbers.begin() + 1, report.numbers.end(),
                                                4u) != report.numbers.end();
            }
            break;
        case Report::Kind::Status: capabilities.status = true; break;
        case Report::Kind::KeyboardFlags: capabilities.keyboard = true; break;
        case Report::Kind::Mode:
            if (number(0) == kSynchronized) {
                capabilities.synchronized = is_known_mode(number(1));
            } else if (number(0) == kPixelMouse) {
                capabilities.pixel_mouse = is_known_mode(number(1));
            }
            break;
        case Report::Kind::CellSize: capabilities.cell = size; break;
        case Report::Kind::AreaSize: capabilities.area = size; break;
        case Report::Kind::SixelColours:
            if (number(0) == 1 && number(1) == 0 && number(2) >= 2) {
                capabilities.sixel_colours = std::min(number(2), 256u);
            }
            break;
        case Report::Kind::Graphics: capabilities.kitty |= report.text.ends_with(";OK"); break;
        case Report::Kind::Setting:
            // With colons or semicolons, and with or without an empty number for the colour space.
            for (const std::string_view kept : {"48:2:1:2:3", "48:2::1:2:3", "48;2;1;2;3"}) {
                capabilities.true_colour |= report.text.find(kept) != std::string::npos;
            }
            break;
        case Report::Kind::Name: capabilities.true_colour |= report.text.starts_with("tmux"); break;
    }
}

bool promises_true_colour(const char* term, const char* colorterm, bool in_tmux) {
    const std::string_view colours = colorterm == nullptr ? "" : colorterm;
    if (in_tmux || colours == "truecolor" || colours == "24bit") {
        return true;
    }
    const std::string_view name = term == nullptr ? "" : term;
    constexpr std::array kCapable = {"direct",    "truecolor", "24bit",   "kitty",  "foot",
                                     "alacritty", "ghostty",   "wezterm", "contour"};
    return std::ranges::any_of(
        kCapable, [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace front::terminal
