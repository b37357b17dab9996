#include "tal/dis/text.hpp"

#include <bitset>

namespace tal::dis {
namespace {

constexpr std::uint32_t kShort = 4;        // nothing but letters, with a 00 behind them
constexpr std::uint32_t kOpen = 6;         // without a 00
constexpr std::uint32_t kLongEnough = 12;  // for something other than words: digits, all letters

constexpr bool is_letter(std::uint8_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

constexpr bool is_vowel(std::uint8_t byte) {
    switch (byte | 0x20) {
        case 'a':
        case 'e':
        case 'i':
        case 'o':
        case 'u':
        case 'y': return is_letter(byte);
        default: return false;
    }
}

}  // namespace

std::uint32_t text_length(const Program& program, std::uint32_t from, std::uint32_t to) {
    std::uint32_t end = from;
    std::uint32_t letters = 0;
    std::uint32_t spaces = 0;
    std::uint32_t digits = 0;
    std::uint32_t repeated = 0;  // times that the last letter was there in a row
    bool has_vowel = false;
    bool stutters = false;
    std::bitset<256> different;
    for (; end < to && is_text_byte(program[end]); ++end) {
        const std::uint8_t byte = program[end];
        letters += is_letter(byte) ? 1 : 0;
        spaces += byte == ' ' || byte == '\n' ? 1 : 0;
        digits += byte >= '0' && byte <= '9' ? 1 : 0;
        has_vowel |= is_vowel(byte);
        repeated = end != from && byte == program[end - 1] ? repeated + 1 : 1;
        stutters |= is_letter(byte) && repeated > 2;
        different.set(byte);
    }
    const std::uint32_t length = end - from;
    const bool closed = program[end] == 0;
    bool is_text = false;
    if (length < kShort) {
        is_text = length > 1 && closed && letters == length && has_vowel;
    } else if (length < kOpen && !closed) {
        is_text = false;
    } else if (length >= kLongEnough && different.count() >= kLongEnough) {
        is_text = true;
    } else {
        const bool is_worded = 4 * (letters + spaces) >= 3 * length;
        const bool is_counted =
            5 * letters >= 2 * length && 10 * (letters + spaces + digits) >= 9 * length;
        is_text = has_vowel && !stutters && different.count() > 2 && (is_worded || is_counted);
    }
    return is_text ? length : 0;
}

bool begins_text(const Program& program, std::uint32_t address) {
    constexpr std::uint32_t kFewWords = 64;
    return text_length(program, address, std::min(address + kFewWords, program.end())) != 0;
}

}  // namespace tal::dis
