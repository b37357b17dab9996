#include "tal/lexicon.hpp"

#include <algorithm>
#include <vector>

#include "uxn/opcode.hpp"

namespace tal {
namespace {

/// The mnemonics without mode letters, by their first letter.
class Mnemonics {
public:
    Mnemonics() {
        for (unsigned base = 1; base < 0x20; ++base) {
            add(static_cast<std::uint8_t>(base));
        }
        add(uxn::byte_of(uxn::Op::LIT));
    }

    std::optional<std::uint8_t> find(std::string_view text) const {
        if (text.size() < 3 || text[0] < 'A' || text[0] > 'Z') {
            return std::nullopt;
        }
        for (const Row& row : by_letter_[static_cast<std::size_t>(text[0] - 'A')]) {
            if (row.name[1] == text[1] && row.name[2] == text[2]) {
                return row.byte;
            }
        }
        return std::nullopt;
    }

private:
    struct Row {
        std::string_view name;
        std::uint8_t byte;
    };

    void add(std::uint8_t byte) {
        const std::string_view name = uxn::kOpcodeInfo[byte].name;
        by_letter_[static_cast<std::size_t>(name[0] - 'A')].push_back({name, byte});
    }

    std::array<std::vector<Row>, 26> by_letter_;
};

const Mnemonics& mnemonics() {
    static const Mnemonics table;
    return table;
}

}  // namespace

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_hex_digit);
}

std::uint16_t number_value(std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits) {
        const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
        value = (value << 4 | static_cast<unsigned>(digit)) & 0xffff;
    }
    return static_cast<std::uint16_t>(value);
}

std::optional<std::uint8_t> parse_opcode(std::string_view text) {
    if (text == "BRK") {
        return uxn::byte_of(uxn::Op::BRK);
    }
    const std::optional<std::uint8_t> base = mnemonics().find(text);
    if (!base) {
        return std::nullopt;
    }
    unsigned byte = *base;
    for (const char letter : text.substr(3)) {
        switch (letter) {
            case '2': byte |= 0x20; break;
            case 'r': byte |= 0x40; break;
            case 'k': byte |= 0x80; break;
            default: return std::nullopt;
        }
    }
    return static_cast<std::uint8_t>(byte);
}

bool begins_like_opcode(std::string_view text) {
    return text.starts_with("BRK") || mnemonics().find(text).has_value();
}

std::optional<ReferenceForm> reference_form(char rune) {
    constexpr std::uint8_t kLit = uxn::byte_of(uxn::Op::LIT);
    constexpr std::uint8_t kLit2 = uxn::byte_of(uxn::Op::LIT2);
    switch (rune) {
        case ',': return ReferenceForm{kLit, Encoding::Relative};
        case '_': return ReferenceForm{std::nullopt, Encoding::Relative};
        case '.': return ReferenceForm{kLit, Encoding::ZeroPage};
        case '-': return ReferenceForm{std::nullopt, Encoding::ZeroPage};
        case ';': return ReferenceForm{kLit2, Encoding::Absolute};
        case '=': return ReferenceForm{std::nullopt, Encoding::Absolute};
        case '!': return ReferenceForm{uxn::byte_of(uxn::Op::JMI), Encoding::Offset};
        case '?': return ReferenceForm{uxn::byte_of(uxn::Op::JCI), Encoding::Offset};
        default: return std::nullopt;
    }
}

NameFault check_name(std::string_view full_name) {
    if (full_name.empty()) {
        return NameFault::Empty;
    }
    if (is_rune(full_name[0])) {
        return NameFault::Rune;
    }
    if (is_number(full_name)) {
        return NameFault::Number;
    }
    return parse_opcode(full_name) ? NameFault::Opcode : NameFault::None;
}

}  // namespace tal
