#pragma once

#include <string_view>

#include "front/display.hpp"
#include "front/terminal/input_parser.hpp"

namespace front::terminal {

/// What a terminal can do, as far as it has said so.
struct Capabilities {
    bool kitty = false;  ///< kitty's graphics protocol
    bool sixel = false;
    bool keyboard = false;      ///< kitty's keyboard protocol
    bool synchronized = false;  ///< takes a frame as a whole (private mode 2026)
    bool pixel_mouse = false;   ///< private mode 1016
    bool status = false;        ///< answers DSR
    bool true_colour = false;
    bool complete = false;  ///< it has answered the last question
    unsigned sixel_colours = 256;
    Size cell;  ///< in pixels; 0 by 0 if unknown
    Size area;  ///< of all cells, likewise

    friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

/// Asks for all of that. Every terminal answers the last question, so there is an end to waiting.
std::string_view capability_queries();
/// Asks for the sizes alone.
std::string_view size_queries();

void learn(Capabilities& capabilities, const Report& report);

/// Whether the variables TERM and COLORTERM, null where unset, promise 24-bit colour. `in_tmux`:
/// TMUX is set; it takes all colours and makes of them what the terminal around it has.
bool promises_true_colour(const char* term, const char* colorterm, bool in_tmux);

}  // namespace front::terminal
