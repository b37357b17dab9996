// What is not code: texts, numbers, zeros.

#include <utility>

#include "tal/dis/text.hpp"
#include "tal/dis/writer.hpp"
#include "tal/utf8.hpp"

namespace tal::dis {
namespace {

constexpr std::uint32_t kRowBytes = 16;
constexpr std::uint32_t kManyZeros = 32;      // better counted than read, if they fill rows
constexpr std::uint32_t kTooManyZeros = 128;  // in any case
constexpr std::size_t kTextWidth = 34;        // may be exceeded by a word
constexpr std::size_t kLongestString = 40;    // official assemblers stop at 47

constexpr bool is_visible(std::uint8_t byte) {
    return byte > 0x20 && byte < 0x7f;
}

/// Whether the field of this kind in a metadata block is an address: of an icon or a menu.
constexpr bool holds_address(std::uint8_t id) {
    return id == 0x83 || id == 0x88 || id == 0xa0;
}

std::uint32_t zeros_at(const Program& program, std::uint32_t from, std::uint32_t to) {
    std::uint32_t end = from;
    while (end < to && program[end] == 0) {
        ++end;
    }
    return end - from;
}

}  // namespace

std::string Writer::bytes(std::uint32_t from, std::uint32_t to) const {
    std::string text;
    for (std::uint32_t at = from; at < to; ++at) {
        text += (at != from && (at - from) % 2 == 0 ? " " : "") + to_hex(program_[at], 2);
    }
    return text;
}

void Writer::write_data(std::uint32_t from, std::uint32_t to) {
    std::uint32_t at = from;
    if ((references_.uses[from] & kMetadata) != 0) {
        at = write_metadata(from, to);
    } else if (is_table(from, to)) {
        for (; at < to; at += 2) {
            layout_.token({reference("=", *labels_.find(program_.short_at(at), scope_)), at, 2});
        }
        layout_.end_line();
    }
    std::uint32_t bytes_from = at;
    while (at < to) {
        // If a run of visible bytes is no text, its rest is none either.
        const bool begins = at == from || !is_text_byte(program_[at - 1]);
        const std::uint32_t text = begins ? text_length(program_, at, to) : 0;
        if (text == 0) {
            ++at;
            continue;
        }
        write_bytes(bytes_from, at);
        // The 00 behind a text belongs to it.
        const std::uint32_t end = at + text;
        const std::uint32_t next = end < to && program_[end] == 0 ? end + 1 : end;
        write_text(at, next);
        bytes_from = at = next;
    }
    write_bytes(bytes_from, to);
}

/// Rows of shorts, as sprites and tables are usually written.
void Writer::write_bytes(std::uint32_t from, std::uint32_t to) {
    std::uint32_t at = from;
    while (at < to) {
        const std::uint32_t zeros = zeros_at(program_, at, to);
        // Rows go on at the same distance, for the eyes of whoever looks for sprites in them.
        const std::uint32_t rows = zeros - zeros % kRowBytes;
        if (zeros == to - from || zeros >= kTooManyZeros) {
            layout_.row({"$" + to_hex(zeros, 1), at, zeros});
            at += zeros;
        } else if (rows >= kManyZeros) {
            layout_.row({"$" + to_hex(rows, 1), at, rows});
            at += rows;
        } else {
            std::uint32_t end = at + 1;
            while (end < to && end - at < kRowBytes &&
                   (program_[end] != 0 || zeros_at(program_, end, to) < kTooManyZeros)) {
                ++end;
            }
            layout_.row({bytes(at, end), at, end - at});
            at = end;
        }
    }
}

/// Strings with the codes between them; a row ends with a line of the text, or when it is long.
void Writer::write_text(std::uint32_t from, std::uint32_t to) {
    std::string row;
    std::uint32_t row_from = from;
    std::uint32_t end = from;
    for (std::uint32_t at = from; at < to; at = end) {
        const std::uint8_t first = program_[at];
        const bool visible = is_visible(first);
        do {
            ++end;
        } while (end < to && end - at < kLongestString &&
                 (visible ? is_visible(program_[end]) : program_[end] == first));
        row += row.empty() ? "" : " ";
        if (visible) {
            row += '"';
            for (std::uint32_t i = at; i < end; ++i) {
                row += static_cast<char>(program_[i]);
            }
        } else {
            row += bytes(at, end);
        }
        const bool line_ends = first == '\n' && end < to && program_[end] != 0;
        const bool word_ends = !visible || end - at == kLongestString;
        if (end == to || line_ends || (word_ends && row.size() > kTextWidth)) {
            layout_.row({std::exchange(row, {}), row_from, end - row_from});
            row_from = end;
        }
    }
}

/// A version, a text up to a 00, and a list of fields of three bytes. Returns where it ends, or
/// `from` if it looks different.
std::uint32_t Writer::write_metadata(std::uint32_t from, std::uint32_t to) {
    std::uint32_t end = from + 1;
    while (end < to && program_[end] != 0) {
        ++end;
    }
    if (program_[from] != 0 || end >= to || end == from + 1) {
        return from;
    }
    write_text(from, end + 1);
    ++end;
    const std::uint32_t fields = end < to ? program_[end] : 0;
    if (fields == 0 || end + 1 + 3 * fields > to) {
        return end;
    }
    layout_.row({bytes(end, end + 1), end, 1});
    for (std::uint32_t i = 0; i < fields; ++i) {
        const std::uint32_t field = end + 1 + 3 * i;
        const std::uint16_t value = program_.short_at(field + 1);
        const Label* const label = holds_address(program_[field]) ? labels_.find(value) : nullptr;
        layout_.row({bytes(field, field + 1) + " " +
                         (label != nullptr ? reference("=", *label) : to_hex(value, 4)),
                     field, 3});
    }
    return end + 1 + 3 * fields;
}

/// With symbols: whether the data can be read as addresses of labels only, one at least.
bool Writer::is_table(std::uint32_t from, std::uint32_t to) const {
    if ((to - from) % 2 != 0) {
        return false;
    }
    for (std::uint32_t at = from; at < to; at += 2) {
        const std::uint16_t value = program_.short_at(at);
        if (value < kProgramStart || (value & 0xff) == 0 || labels_.find(value) == nullptr) {
            return false;
        }
    }
    return true;
}

}  // namespace tal::dis
