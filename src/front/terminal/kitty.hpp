#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "front/display.hpp"

namespace front::terminal {

/// Appends a picture in kitty's graphics protocol, with its upper left corner at the cursor, below
/// all text. It takes the place of the one that had the same id before. Pixels are 0x00RRGGBB.
void append_kitty(std::string& out, std::span<const std::uint32_t> pixels, Size size, unsigned id);

/// Appends what makes all such pictures vanish.
void append_kitty_clear(std::string& out);

}  // namespace front::terminal
