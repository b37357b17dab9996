#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "front/display.hpp"

/// Pictures and overlays made into the pixels of a window.
namespace front {

/// The pixels of a window.
struct Surface {
    std::span<std::uint32_t> pixels;  ///< 0x00RRGGBB, row by row; those between two rows stay
    std::size_t stride = 0;           ///< pixels from one row to the next
    Size size;
};

/// Where a picture goes in a window: in its middle, at the largest whole zoom that fits but no
/// larger than `zoom` (0: as large as fits). What does not fit even at zoom 1 is lost at the right
/// and below, as in any window that is made smaller: menus are at the top.
Placement place(Size picture, Size window, unsigned zoom);

/// Makes the surface show the frame: the rows of its picture that changed, or everything, with its
/// overlay on top. Around the picture it is black, which is what a screen is where there is
/// nothing, and stays the same whatever colours the program has. Returns the rows of the surface
/// that were written; all others must still be what the last call left there.
varvara::Rows compose(const Frame& frame, const Surface& surface);

}  // namespace front
