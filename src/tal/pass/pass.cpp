#include "tal/pass/pass.hpp"

#include <utility>

#include "tal/utf8.hpp"
#include "uxn/opcode.hpp"

namespace tal {
namespace {

constexpr std::string_view kFirstScope = "RESET";  // as in drifblim; uxnasm calls it on-reset

std::string number_hint(std::string_view digits, std::string_view rune) {
    std::string lower(digits);
    for (char& c : lower) {
        c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (lower.starts_with("0x")) {
        lower.erase(0, 2);
    }
    if (!is_number(lower)) {
        return rune.empty()
                   ? ""
                   : "`#` is for numbers; the address of a label is written " + quote(";", digits);
    }
    if (lower.size() > 4) {
        return "a short holds no more than ffff";
    }
    if (lower.size() % 2 != 0) {
        lower.insert(lower.begin(), '0');
    }
    return "write " + quote(rune, lower);
}

}  // namespace

Pass::Pass(SourceLoader& loader, const Options& options)
    : loader_(loader), options_(options), reporter_(map_, names_), image_(options.origins) {
    set_scope(kFirstScope);
}

Assembly Pass::run(std::string_view path) {
    const base::Result<std::uint32_t> source = load(std::string(path));
    if (!source) {
        reporter_.add_general(Severity::Error, Category::SourceMissing, std::string(path),
                              source.error().detail);
    } else {
        read_file(map_.add_frame({.source = *source}));
        resolve();
    }
    return finish();
}

void Pass::read_file(std::uint32_t frame) {
    const std::uint32_t outer_frame = frame_;
    const char* const outer_text = text_;
    const Place outer_place = image_.place();
    const std::string_view text = map_.sources()[map_.frame(frame).source].text();
    frame_ = frame;
    text_ = text.data();
    TokenReader reader(text);
    for (std::string_view token = reader.next(); !token.empty(); token = reader.next()) {
        image_.set_place(place_of(token));
        if (token[0] == '(') {
            skip_comment(reader, token);
        } else if (!check_length(token)) {
            continue;
        } else if (token[0] == '%') {
            define_macro(reader, token);
        } else {
            interpret(token);
        }
    }
    frame_ = outer_frame;
    text_ = outer_text;
    image_.set_place(outer_place);
}

void Pass::interpret(std::string_view token) {
    const char rune = token[0];
    const std::string_view rest = token.substr(1);
    switch (rune) {
        case '@': return define_label(token);
        case '&': return define_sublabel(token);
        case '#': return literal(token);
        case '"': return string(token);
        case '|':
        case '$': return pad(token);
        case '{': return refer(kCallForm, token, token);
        case '}': return close_block(token);
        case '~': return include(token);
        case ',':
        case '_':
        case '.':
        case '-':
        case ';':
        case '=':
        case '!':
        case '?':
            if (const std::optional<ReferenceForm> form = reference_form(rune)) {
                refer(*form, rest, token);
            }
            return;
        case '[':
        case ']':
            if (!rest.empty()) {
                reporter_.warn({Category::BracketGlued, place_of(token),
                                quote(token) + " is ignored as a whole",
                                "put a space after the bracket"});
            }
            return;
        case ')':
            reporter_.warn({Category::ParenthesisStray, place_of(token),
                            quote(token) + " closes no comment and is ignored"});
            return;
        default: return word(token);
    }
}

bool Pass::check_length(std::string_view token) {
    if (token.size() <= kPortableTokenBytes) [[likely]] {
        return true;
    }
    if (token.size() <= kMaxTokenBytes) {
        reporter_.warn({Category::TokenUnportable, place_of(token),
                        "this token has " + std::to_string(token.size()) +
                            " bytes; other assemblers stop at " +
                            std::to_string(kPortableTokenBytes)});
        return true;
    }
    reporter_.error({Category::TokenTooLong, place_of(token),
                     "this token has " + std::to_string(token.size()) + " bytes; the limit is " +
                         std::to_string(kMaxTokenBytes)});
    return false;
}

void Pass::literal(std::string_view token) {
    const std::string_view digits = token.substr(1);
    if (digits.empty()) {
        reporter_.error({Category::NameInvalid, place_of(token), "`#` needs a number after it"});
        return;
    }
    if (!is_number(digits) || (digits.size() != 2 && digits.size() != 4)) {
        reporter_.error(
            {Category::NumberInvalid, place_of(token),
             quote(token) + " is no literal: it takes two or four hexadecimal digits in lower case",
             number_hint(digits, "#")});
        return;
    }
    emit(uxn::byte_of(digits.size() == 2 ? uxn::Op::LIT : uxn::Op::LIT2), token);
    raw_number(digits);
}

void Pass::raw_number(std::string_view token) {
    const std::uint16_t value = number_value(token);
    if (token.size() == 4) {
        emit(static_cast<std::uint8_t>(value >> 8), token);
    } else if (token.size() != 2) {
        reporter_.error({Category::NumberInvalid, place_of(token),
                         quote(token) + " is no number: it takes two or four digits",
                         number_hint(token, "")});
        return;
    }
    emit(static_cast<std::uint8_t>(value & 0xff), token);
}

void Pass::string(std::string_view token) {
    if (token.size() == 1) {
        reporter_.error({Category::NameInvalid, place_of(token), "`\"` needs a text after it",
                         "a space is written as its code, 20"});
    }
    for (const char c : token.substr(1)) {
        emit(static_cast<std::uint8_t>(c), token);
    }
}

void Pass::pad(std::string_view token) {
    const std::string_view amount = token.substr(1);
    std::uint16_t value = 0;
    if (is_number(amount)) {
        value = number_value(amount);
    } else if (amount.empty()) {
        reporter_.error({Category::NameInvalid, place_of(token),
                         quote(token) + " needs a number or a label after it"});
        return;
    } else {
        const NameId id = names_.intern(name_ref(amount));
        Name& name = names_[id];
        if (name.kind != NameKind::Label) {
            late_paddings_.push_back(
                {place_of(token), id, static_cast<std::uint32_t>(scopes_.size() - 1)});
            return;
        }
        name.used = true;
        value = name.address;
    }
    image_.set_address(token[0] == '$' ? image_.address() + value : value);
    zero_page_reported_ = outside_reported_ = overwrite_reported_ = false;
}

void Pass::word(std::string_view token) {
    if (is_number(token)) {
        return raw_number(token);
    }
    if (const std::optional<std::uint8_t> opcode = parse_opcode(token)) {
        return emit(*opcode, token);
    }
    const NameId id = names_.intern(name_ref(token));
    if (names_[id].kind == NameKind::Macro) {
        return expand(id, token);
    }
    if (token[0] == ':' && token.size() > 1) {
        reporter_.warn({Category::RuneDeprecated, place_of(token),
                        "the rune `:` is from before 2023 and unknown to other assemblers",
                        "write " + quote("=", token.substr(1))});
        return refer({std::nullopt, Encoding::Absolute}, token.substr(1), token);
    }
    refer_to(kCallForm, id, token);
}

void Pass::refer(const ReferenceForm& form, std::string_view name, std::string_view token) {
    if (name.empty()) {
        reporter_.error({Category::NameInvalid, place_of(token),
                         quote(token) + " needs the name of a label after it"});
        return;
    }
    refer_to(form, name[0] == '{' ? open_block(name, token) : names_.intern(name_ref(name)), token);
}

void Pass::refer_to(const ReferenceForm& form, NameId id, std::string_view token) {
    const Place place = place_of(token);
    Name& name = names_[id];
    if (!name.used) {
        name.used = true;
        name.first_use = place;
    }
    if (form.opcode) {
        emit(*form.opcode, token);
    }
    const std::uint64_t address = image_.address();
    for (unsigned i = 0; i < operand_bytes(form.encoding); ++i) {
        emit(0, token);
    }
    references_.push_back(
        {.name = id,
         .place = place,
         .scope = static_cast<std::uint32_t>(scopes_.size() - 1),
         .address = address < Image::kSize ? static_cast<std::uint32_t>(address) : Image::kSize,
         .encoding = form.encoding,
         .literal = form.opcode.has_value(),
         .muted = zero_page_reported_});
}

void Pass::emit(std::uint8_t byte, std::string_view token) {
    const Image::Trouble trouble = image_.put(byte, references_.size());
    if (trouble == Image::Trouble::None) [[likely]] {
        return;
    }
    const std::string address = to_hex(image_.address() - 1, 4);
    const auto once = [](bool& reported) { return !std::exchange(reported, true); };
    if (trouble == Image::Trouble::ZeroPage && once(zero_page_reported_)) {
        reporter_.error({Category::ZeroPageWrite, place_of(token),
                         "a byte that is not zero is written in the zero page, at " + address,
                         "a ROM begins at |0100; the zero page is laid out by padding only"});
    } else if (trouble == Image::Trouble::Outside && once(outside_reported_)) {
        reporter_.error({Category::OutsideMemory, place_of(token),
                         "a byte is written outside memory, at " + address});
    } else if (trouble == Image::Trouble::Overwrite && once(overwrite_reported_)) {
        reporter_.warn({Category::Overwrite, place_of(token),
                        "this replaces what was assembled at " + address + " before"});
    }
}

}  // namespace tal
