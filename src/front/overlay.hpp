#pragma once

#include <string>
#include <vector>

namespace front {

/// What Leveret itself says, over the program's picture: lists of keys, errors of the assembler,
/// short notices. Text only, so that a window can draw it and a terminal print it.
struct Overlay {
    struct Line {
        enum class Style : unsigned char { Plain, Heading, Error, Faint };
        std::string text;  ///< UTF-8; one line, or more where the display is too narrow for it
        Style style = Style::Plain;
        bool aligned = false;  ///< its columns mean something: it is cut where the display ends
    };

    std::vector<Line> panel;  ///< in the middle, as long as it is asked for; empty: none
    std::string notice;       ///< at the lower edge, for a moment; empty: none

    bool empty() const { return panel.empty() && notice.empty(); }
};

}  // namespace front
