// Any bytes are what a terminal sends: text that comes out is valid UTF-8, it does not matter where
// the bytes are cut, and what is open ends after a while.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.hpp"
#include "front/terminal/input_parser.hpp"
#include "tal/utf8.hpp"

namespace {

using front::Input;
using front::terminal::InputParser;
using front::terminal::Parsed;
using Kind = Input::Kind;

bool same(const Input& a, const Input& b) {
    return a.kind == b.kind && a.key == b.key && a.modifiers == b.modifiers &&
           a.repeat == b.repeat && a.button == b.button && a.x == b.x && a.y == b.y &&
           a.text == b.text;
}

void check_same(const Parsed& a, const Parsed& b) {
    fuzz::check(a.inputs.size() == b.inputs.size() && a.reports.size() == b.reports.size(),
                "as much is parsed wherever the bytes are cut");
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        fuzz::check(same(a.inputs[i], b.inputs[i]), "inputs are the same wherever bytes are cut");
    }
    for (std::size_t i = 0; i < a.reports.size(); ++i) {
        fuzz::check(a.reports[i].kind == b.reports[i].kind &&
                        a.reports[i].numbers == b.reports[i].numbers &&
                        a.reports[i].text == b.reports[i].text,
                    "reports are the same wherever bytes are cut");
    }
}

void check_text(const Input& input) {
    for (std::size_t at = 0; at < input.text.size();) {
        const tal::CodePoint point = tal::decode_code_point(input.text, at);
        fuzz::check(point.valid, "text is UTF-8");
        const bool line = input.kind == Kind::Paste && (point.value == '\n' || point.value == '\t');
        fuzz::check(line || (point.value >= 0x20 && point.value != 0x7f),
                    "text has no control characters");
        at += point.bytes;
    }
}

void check_input(const Input& input) {
    switch (input.kind) {
        case Kind::KeyDown:
        case Kind::KeyUp:
            fuzz::check(input.key != front::Key::None && !front::name_of(input.key).empty(),
                        "a key has a name");
            break;
        case Kind::Text:
        case Kind::Paste: fuzz::check(!input.text.empty(), "text is something"); break;
        case Kind::MouseDown:
        case Kind::MouseUp:
            fuzz::check(input.button <= 2, "there are three buttons");
            [[fallthrough]];
        case Kind::MouseMove:
            fuzz::check(input.x >= 0 && input.y >= 0, "places are not negative");
            break;
        case Kind::MouseLeft:
        case Kind::FocusLost: break;
        case Kind::Wheel:
            fuzz::check(input.x * input.x + input.y * input.y == 1, "a wheel turns one step");
            break;
        default: fuzz::check(false, "a terminal reports nothing else");
    }
    check_text(input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Parsed parsed;
    InputParser whole;
    whole.feed(bytes, parsed);
    Parsed pieces;
    InputParser cut;
    for (const char byte : bytes) {
        cut.feed({&byte, 1}, pieces);
    }
    check_same(parsed, pieces);
    fuzz::check(whole.patience() == cut.patience(), "as much is open wherever bytes are cut");
    whole.give_up(parsed);
    fuzz::check(!whole.patience(), "nothing is open after a while");
    for (const Input& input : parsed.inputs) {
        check_input(input);
    }
    const std::size_t before = parsed.inputs.size();
    whole.feed("\x1b[A", parsed);
    fuzz::check(parsed.inputs.size() == before + 1 && parsed.inputs.back().key == front::Key::Up,
                "whatever came before, a key is a key");
    return 0;
}
