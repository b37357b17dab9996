#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tal {

/// One step through a byte string: a code point, or one byte that is not part of any.
struct CodePoint {
    char32_t value = 0;  ///< the byte itself where `valid` is false
    std::size_t bytes = 1;
    bool valid = false;
};

/// The code point at byte `at`, which must be inside `text`. Overlong forms, surrogates, values
/// beyond 10ffff and broken sequences give one invalid byte, so that every string can be walked.
CodePoint decode_code_point(std::string_view text, std::size_t at);

/// How many steps of `decode_code_point` it takes to walk `text`.
std::size_t count_code_points(std::string_view text);

/// Cells that a terminal gives to a printable code point: 0, 1 or 2.
unsigned cell_width(char32_t value);

/// `text` as it can be shown to people: control characters, characters that reorder text and bytes
/// that are not UTF-8 are written as \x1b or \u{202e}. Never longer than about `max_code_points`.
std::string printable(std::string_view text, std::size_t max_code_points = 80);

/// One step of `printable`.
std::string printable(const CodePoint& point, std::string_view bytes);

/// A name between backquotes, printable and shortened.
std::string quote(std::string_view name);

/// A name as it is written after a rune, between backquotes.
std::string quote(std::string_view rune, std::string_view name);

/// A number in lower-case hexadecimal.
std::string to_hex(std::uint64_t value, std::size_t least_digits);

}  // namespace tal
