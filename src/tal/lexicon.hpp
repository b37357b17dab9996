#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tal {

/// Bytes 00 to 20 separate tokens, all others belong to them.
constexpr bool is_space(char c) {
    return static_cast<unsigned char>(c) <= 0x20;
}

constexpr bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// Lower-case hexadecimal digits and nothing else, at least one.
bool is_number(std::string_view text);

/// The value of a number, modulo 65536.
std::uint16_t number_value(std::string_view digits);

/// The opcode of a mnemonic with its mode letters in any order: `INC2rk`. BRK takes none; JCI, JMI
/// and JSI are no mnemonics.
std::optional<std::uint8_t> parse_opcode(std::string_view text);

/// Whether `text` begins with the three letters of a mnemonic.
bool begins_like_opcode(std::string_view text);

/// Characters that give a token its meaning and that no name may begin with.
constexpr bool is_rune(char c) {
    return std::string_view("|$@&,_.-;=!?#\"%~()[]{}").find(c) != std::string_view::npos;
}

/// How a reference is put into bytes.
enum class Encoding : std::uint8_t {
    Relative,  ///< one signed byte, counted from two bytes after itself
    ZeroPage,  ///< the low byte
    Absolute,  ///< the whole short
    Offset,    ///< a short, counted from two bytes after its first
};

/// What a reference rune emits: maybe an opcode, then the operand.
struct ReferenceForm {
    std::optional<std::uint8_t> opcode;
    Encoding encoding;
};

constexpr unsigned operand_bytes(Encoding encoding) {
    return encoding == Encoding::Relative || encoding == Encoding::ZeroPage ? 1 : 2;
}

/// The form of the runes `, _ . - ; = ! ?`; nothing for other characters.
std::optional<ReferenceForm> reference_form(char rune);

/// The form of a name without a rune: a call.
inline constexpr ReferenceForm kCallForm{0x60, Encoding::Offset};

/// Why a label or macro cannot have a name.
enum class NameFault : std::uint8_t { None, Empty, Number, Opcode, Rune };

/// Checks a full name: for `&add` in the scope `math` that is `math/add`.
NameFault check_name(std::string_view full_name);

/// Reads tokens from a text, which must have a byte 00 to 20 after its end (std::string has one).
class TokenReader {
public:
    explicit TokenReader(std::string_view text)
        : at_(text.data()), end_(text.data() + text.size()) {}

    /// The next token; empty at the end of the text.
    std::string_view next() {
        while (at_ != end_ && is_space(*at_)) {
            ++at_;
        }
        const char* const first = at_;
        while (!is_space(*at_)) {
            ++at_;
        }
        return {first, static_cast<std::size_t>(at_ - first)};
    }

private:
    const char* at_;
    const char* end_;
};

}  // namespace tal
