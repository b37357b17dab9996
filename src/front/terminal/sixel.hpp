#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "front/display.hpp"

namespace front::terminal {

/// Appends a picture as DEC's sixels, with its upper left corner at the cursor. Pixels are
/// 0x00RRGGBB; what the terminal gets of a colour is whole percents, and at most `most_colours` of
/// them.
void append_sixel(std::string& out, std::span<const std::uint32_t> pixels, Size size,
                  unsigned most_colours);

}  // namespace front::terminal
