#pragma once

#include <string>

namespace front::terminal {

/// Appends a code point, of at most 21 bits, in the form that UTF-8 has for it.
inline void append_utf8(std::string& text, char32_t code) {
    const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
    const auto rest = [&](unsigned shift) { byte(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | code >> 6);
        rest(0);
    } else if (code < 0x10000) {
        byte(0xe0 | code >> 12);
        rest(6);
        rest(0);
    } else {
        byte(0xf0 | code >> 18);
        rest(12);
        rest(6);
        rest(0);
    }
}

}  // namespace front::terminal
