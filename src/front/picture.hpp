#pragma once

#include <cstdint>
#include <span>

#include "front/display.hpp"
#include "varvara/screen_layers.hpp"

namespace front {

/// What a screen shows, in two ways.
struct Picture {
    std::span<const std::uint32_t> pixels;  ///< 0x00RRGGBB each, row by row
    Size size;
    std::span<const varvara::TileBits> tiles;  ///< as `Layers::combine` gives them
    varvara::Palette palette;                  ///< of the tiles
};

}  // namespace front
