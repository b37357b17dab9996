#pragma once

#include <cstdint>
#include <string>

namespace varvara {

/// Appends `byte` as two lower-case hexadecimal digits.
inline void append_hex(std::string& text, std::uint8_t byte) {
    static constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0x0f];
}

}  // namespace varvara
