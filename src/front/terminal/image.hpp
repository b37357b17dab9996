#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "front/display.hpp"

namespace front::terminal {

/// Pixels as a terminal shows them: scaled, and what is outside of it left out.
struct Image {
    Size size;
    std::vector<std::uint32_t> pixels;  ///< 0x00RRGGBB, row by row

    std::span<const std::uint32_t> rows(varvara::Rows rows) const {
        return std::span(pixels).subspan(std::size_t{rows.begin} * size.width,
                                         std::size_t{rows.end - rows.begin} * size.width);
    }
};

/// The part of a picture that is on a display.
struct View {
    Point at;     ///< of its upper left corner on the display
    Point begin;  ///< what is left out of the scaled picture, to the left and above
    Size size;

    friend bool operator==(const View&, const View&) = default;
};

View view_of(Size picture, const Placement& at, Size display);

/// The rows of a view that show these of a picture.
varvara::Rows rows_in_view(varvara::Rows rows, const Placement& at, const View& view);

/// Draws those rows of the view. Where many pixels become one, it is their average.
void draw(const Frame& frame, const View& view, varvara::Rows rows, Image& image);

/// Pixels as places in a list of at most 256 colours.
struct Indexed {
    std::vector<std::uint32_t> colours;
    std::vector<std::uint8_t> pixels;
};

/// If there are more colours than `most` (at least 8), similar ones become one.
Indexed index_colours(std::span<const std::uint32_t> pixels, std::size_t most);

}  // namespace front::terminal
