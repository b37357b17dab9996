#pragma once

#include <optional>

#include "front/display.hpp"

namespace front::terminal {

/// How pixels get to the terminal.
enum class Method : std::uint8_t { Blocks, Sixel, Kitty };

/// How large a terminal is.
struct Geometry {
    unsigned columns = 80;
    unsigned rows = 24;
    Size cell{.width = 8, .height = 16};  ///< in pixels
    Method method = Method::Blocks;

    /// A cell in pixels of the display: as half blocks, a cell is two pixels, one above the other.
    Size unit() const { return method == Method::Blocks ? Size{1, 2} : cell; }
    /// Pixels of the display. Below sixels a row is left free: they make some terminals scroll.
    Size pixels() const;

    friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// In the middle, at the largest whole zoom that fits but no larger than `zoom` (0: as large as
/// fits), at the corner of a cell. A picture that is too large is shrunk by a whole factor; or,
/// with `scroll`, shown as it is from that pixel on.
Placement place(const Geometry& geometry, Size picture, unsigned zoom, std::optional<Point> scroll);

}  // namespace front::terminal
