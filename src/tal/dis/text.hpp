#pragma once

#include <cstdint>

#include "tal/dis/program.hpp"

namespace tal::dis {

/// A byte that a text may hold: visible, a space, a tab or the end of a line.
constexpr bool is_text_byte(std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\t';
}

/// How many bytes from `from` on, at most up to `to`, are text for people: words with spaces and
/// line ends. 0 if they rather are not; sprites have their letters too, but seldom vowels among
/// them. The 00 at the end of a text is not part of it.
std::uint32_t text_length(const Program& program, std::uint32_t from, std::uint32_t to);

/// Whether a text begins there, by its first few words.
bool begins_text(const Program& program, std::uint32_t address);

}  // namespace tal::dis
