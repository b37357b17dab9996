#pragma once

namespace base {

/// The small letter, of a letter of ASCII; other bytes stay what they are, those of UTF-8 too.
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace base
