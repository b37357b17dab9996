#include "front/terminal/input_parser.hpp"

#include <algorithm>
#include <utility>

#include "front/terminal/append_utf8.hpp"
#include "front/terminal/keys.hpp"
#include "tal/utf8.hpp"

namespace front::terminal {
namespace {

using Kind = Input::Kind;
using std::chrono::milliseconds;

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteEnd = "\x1b[201~";
constexpr std::size_t kLongestSequence = 4096;
/// A longer paste comes in pieces.
constexpr std::size_t kLongestPaste = std::size_t{1} << 16;

/// An Escape alone, and ESC [ as Alt with a bracket, are told from the beginning of a sequence by
/// what does not follow. Long enough for what a network cuts in two, too short to be noticed.
constexpr milliseconds kKeyPatience{50};
/// For what can only be a sequence.
constexpr milliseconds kSequencePatience{1000};

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

bool is_final(char c) {
    return c >= '@' && c <= '~';
}

void append_key(Parsed& parsed, Key key, Modifiers modifiers, Kind kind = Kind::KeyDown,
                bool repeat = false) {
    if (key != Key::None) {
        parsed.inputs.push_back(
            {.kind = kind, .key = key, .modifiers = modifiers, .repeat = repeat, .text = {}});
    }
}

void append_text(Parsed& parsed, std::string text) {
    parsed.inputs.push_back({.kind = Kind::Text, .text = std::move(text)});
}

/// Numbers between semicolons, each with more numbers after colons. What is left out is 0.
using Parameters = std::vector<std::vector<unsigned>>;

Parameters read_parameters(std::string_view body) {
    constexpr unsigned kMost = 10'000'000;
    Parameters parameters{{0}};
    for (const char c : body) {
        if (c == ';') {
            parameters.push_back({0});
        } else if (c == ':') {
            parameters.back().push_back(0);
        } else if (c >= '0' && c <= '9') {
            unsigned& number = parameters.back().back();
            number = std::min(10 * number + static_cast<unsigned>(c - '0'), kMost);
        }
    }
    return parameters;
}

/// A number, or what it is if it was left out.
unsigned number_at(const Parameters& parameters, std::size_t at, std::size_t part,
                   unsigned otherwise) {
    const bool there = at < parameters.size() && part < parameters[at].size();
    return there && parameters[at][part] != 0 ? parameters[at][part] : otherwise;
}

std::vector<unsigned> first_parts(const Parameters& parameters) {
    std::vector<unsigned> numbers;
    for (const auto& parameter : parameters) {
        numbers.push_back(parameter.front());
    }
    return numbers;
}

/// The text that a key typed, by kitty's keyboard protocol: code points.
std::string typed_text(const Parameters& parameters) {
    constexpr std::size_t kText = 2;
    std::string text;
    if (parameters.size() > kText) {
        for (const unsigned code : parameters[kText]) {
            std::string encoded;
            append_utf8(encoded, std::min(code, 0x1fffffu));
            if (tal::decode_code_point(encoded, 0).valid && !is_control(encoded[0])) {
                text += encoded;
            }
        }
    }
    return text;
}

/// Keys with the modifiers and events of kitty's keyboard protocol, which are xterm's and more.
void append_event(Parsed& parsed, Key key, const Parameters& parameters) {
    const Modifiers modifiers = modifiers_of(number_at(parameters, 1, 0, 1));
    const unsigned event = number_at(parameters, 1, 1, 1);
    if (event == 3) {
        append_key(parsed, key, modifiers, Kind::KeyUp);
        return;
    }
    append_key(parsed, key, modifiers, Kind::KeyDown, event == 2);
    if (std::string text = typed_text(parameters); !text.empty()) {
        append_text(parsed, std::move(text));
    }
}

Key key_of_codes(const Parameters& parameters) {
    const Key key = key_of_code(number_at(parameters, 0, 0, 0));
    // The third number is the key of the same place on a Latin keyboard.
    return key == Key::None ? key_of_code(number_at(parameters, 0, 2, 0)) : key;
}

/// What may be typed: valid UTF-8, the terminal's ends of lines made our own, no controls.
std::string clean_paste(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const tal::CodePoint point = tal::decode_code_point(bytes, at);
        const char c = bytes[at];
        if (c == '\r') {
            text += '\n';
        } else if (point.valid && !(is_control(c) && c != '\n' && c != '\t') &&
                   !(c == '\n' && at > 0 && bytes[at - 1] == '\r')) {
            text += bytes.substr(at, point.bytes);
        }
        at += point.bytes;
    }
    return text;
}

/// How many bytes a code point has that begins with this one; 0 if none does.
std::size_t length_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

void InputParser::feed(std::string_view bytes, Parsed& parsed) {
    for (const char byte : bytes) {
        feed(byte, parsed);
    }
}

void InputParser::feed(char byte, Parsed& parsed) {
    switch (state_) {
        case State::Ground: take_ground(byte, 0, parsed); break;
        case State::Escape: take_escape(byte, parsed); break;
        case State::ControlSequence: take_control_sequence(byte, parsed); break;
        case State::SingleShift: take_single_shift(byte, parsed); break;
        case State::String:
        case State::StringEscape: take_string(byte, parsed); break;
        case State::LinuxFunction: take_linux_function(byte, parsed); break;
        case State::OldMouse: take_old_mouse(byte, parsed); break;
        case State::Paste: take_paste(byte, parsed); break;
    }
}

std::optional<milliseconds> InputParser::patience() const {
    switch (state_) {
        case State::Ground: return std::nullopt;
        case State::Escape: return kKeyPatience;
        case State::ControlSequence:
        case State::SingleShift:
        case State::String: return body_.empty() ? kKeyPatience : kSequencePatience;
        default: return kSequencePatience;
    }
}

void InputParser::give_up(Parsed& parsed) {
    const State state = state_;
    if (state == State::Paste) {
        end_paste(body_.size(), parsed);
    }
    const bool alone = body_.empty();
    begin(State::Ground);
    if (state == State::Escape) {
        append_key(parsed, Key::Escape, 0);
    } else if (alone && (state == State::ControlSequence || state == State::SingleShift ||
                         state == State::String)) {
        take_ground(introducer_, Alt, parsed);
    }
}

void InputParser::begin(State state, char introducer) {
    state_ = state;
    body_.clear();
    if (introducer != 0) {
        introducer_ = introducer;
    }
}

void InputParser::take_ground(char byte, Modifiers modifiers, Parsed& parsed) {
    const auto code = static_cast<unsigned char>(byte);
    if (code >= 0x80) {
        take_text(byte, parsed);
        return;
    }
    body_.clear();
    if (byte == kEscape) {
        begin(State::Escape);
    } else if (byte == erase_ || byte == '\x7f') {
        append_key(parsed, Key::Backspace, modifiers);
    } else if (byte == '\t' || byte == '\r') {
        append_key(parsed, key_of_character(code), modifiers);
    } else if (code < 0x20) {
        // Control characters are 64 below the capital letters and what follows them. Two of those
        // have no key of their own: what else sends them has.
        const unsigned plain = code + 0x40;
        const Key key = code == 0      ? Key::Space
                        : code == 0x1e ? Key::Digit6
                        : code == 0x1f ? Key::Slash
                                       : key_of_character(plain);
        append_key(parsed, key, modifiers | Ctrl);
    } else {
        const bool capital = byte >= 'A' && byte <= 'Z';
        append_key(parsed, key_of_character(code), modifiers | (capital ? Shift : 0));
        if (modifiers == 0) {
            append_text(parsed, {byte});
        }
    }
}

/// Text beyond ASCII, a byte at a time.
void InputParser::take_text(char byte, Parsed& parsed) {
    if (!is_continuation(byte)) {
        body_.clear();
    } else if (body_.empty()) {
        return;
    }
    body_ += byte;
    const std::size_t length = length_of(body_[0]);
    if (body_.size() >= length) {
        // C1 controls are nothing that one types.
        const tal::CodePoint point = tal::decode_code_point(body_, 0);
        if (point.valid && point.value >= 0xa0) {
            append_text(parsed, body_);
        }
        body_.clear();
    }
}

void InputParser::take_escape(char byte, Parsed& parsed) {
    switch (byte) {
        case '[': begin(State::ControlSequence, byte); break;
        case 'O': begin(State::SingleShift, byte); break;
        case 'P':
        case ']':
        case '_': begin(State::String, byte); break;
        case kEscape:
            append_key(parsed, Key::Escape, 0);
            begin(State::Escape);
            break;
        default: begin(State::Ground); take_ground(byte, Alt, parsed);
    }
}

void InputParser::take_control_sequence(char byte, Parsed& parsed) {
    if (is_control(byte) || static_cast<unsigned char>(byte) >= 0x80) {
        begin(State::Ground);
        take_ground(byte, 0, parsed);
    } else if (body_.empty() && byte == '[') {
        begin(State::LinuxFunction);
    } else if (body_.empty() && byte == 'M') {
        begin(State::OldMouse);
    } else if (is_final(byte)) {
        end_control_sequence(byte, parsed);
    } else if (body_.size() < kLongestSequence) {
        body_ += byte;
    }
}

void InputParser::end_control_sequence(char final, Parsed& parsed) {
    const std::string body = std::exchange(body_, {});
    begin(State::Ground);
    const char prefix = !body.empty() && body[0] >= '<' && body[0] <= '?' ? body[0] : '\0';
    const char intermediate = !body.empty() && body.back() < '0' ? body.back() : '\0';
    const Parameters parameters = read_parameters(body);
    const auto report = [&](Report::Kind kind) {
        parsed.reports.push_back({.kind = kind, .numbers = first_parts(parameters), .text = {}});
    };
    const unsigned first = number_at(parameters, 0, 0, 0);
    if (prefix == '<') {
        if ((final == 'M' || final == 'm') && parameters.size() == 3) {
            mouse(first, static_cast<int>(number_at(parameters, 1, 0, 1)) - 1,
                  static_cast<int>(number_at(parameters, 2, 0, 1)) - 1, final == 'M', parsed);
        }
    } else if (prefix == '?') {
        if (final == 'c') {
            report(Report::Kind::Attributes);
        } else if (final == 'u') {
            report(Report::Kind::KeyboardFlags);
        } else if (final == 'y' && intermediate == '$') {
            report(Report::Kind::Mode);
        } else if (final == 'S') {
            report(Report::Kind::SixelColours);
        }
    } else if (prefix != 0 || intermediate != 0) {
        // An answer to something that nobody asked.
    } else if (final == '~' && first == 200) {
        begin(State::Paste);
    } else if (final == '~' && first == 27) {
        append_key(parsed, key_of_code(number_at(parameters, 2, 0, 0)),
                   modifiers_of(number_at(parameters, 1, 0, 1)));
    } else if (final == '~') {
        append_event(parsed, key_of_tilde(first), parameters);
    } else if (final == 'u') {
        append_event(parsed, key_of_codes(parameters), parameters);
    } else if (final == 'Z') {
        append_key(parsed, Key::Tab, Shift);
    } else if (final == 'O') {
        parsed.inputs.push_back({.kind = Kind::FocusLost, .text = {}});
    } else if (final == 't' && (first == 4 || first == 6) && parameters.size() == 3) {
        report(first == 4 ? Report::Kind::AreaSize : Report::Kind::CellSize);
        parsed.reports.back().numbers.erase(parsed.reports.back().numbers.begin());
    } else if (final == 'n' && first == 0) {
        report(Report::Kind::Status);
    } else if (first <= 1) {
        append_event(parsed, key_of_letter(final), parameters);
    }
}

void InputParser::take_single_shift(char byte, Parsed& parsed) {
    begin(State::Ground);
    if (!is_final(byte)) {
        take_ground(byte, 0, parsed);
        return;
    }
    const auto [key, text] = keypad_key_of_letter(byte);
    append_key(parsed, key == Key::None ? key_of_letter(byte) : key, 0);
    if (text != 0) {
        append_text(parsed, {text});
    }
}

void InputParser::take_linux_function(char byte, Parsed& parsed) {
    begin(State::Ground);
    if (!is_final(byte)) {
        take_ground(byte, 0, parsed);
    } else if (byte <= 'E') {
        constexpr unsigned kF1 = 11;
        append_key(parsed, key_of_tilde(kF1 + static_cast<unsigned>(byte - 'A')), 0);
    }
}

void InputParser::take_string(char byte, Parsed& parsed) {
    if (state_ == State::StringEscape) {
        if (byte == '\\') {
            end_string(parsed);
        } else {
            begin(State::Escape);
            take_escape(byte, parsed);
        }
    } else if (byte == kEscape) {
        state_ = State::StringEscape;
    } else if (byte == '\a' && introducer_ == ']') {
        begin(State::Ground);
    } else if (body_.size() < kLongestSequence) {
        body_ += byte;
    }
}

void InputParser::end_string(Parsed& parsed) {
    const std::string body = std::exchange(body_, {});
    begin(State::Ground);
    const auto report = [&](Report::Kind kind, std::size_t skip) {
        parsed.reports.push_back({.kind = kind, .numbers = {}, .text = body.substr(skip)});
    };
    if (introducer_ == '_' && body.starts_with('G')) {
        report(Report::Kind::Graphics, 1);
    } else if (introducer_ == 'P' && body.starts_with(">|")) {
        report(Report::Kind::Name, 2);
    } else if (introducer_ == 'P' && body.starts_with("1$r")) {
        report(Report::Kind::Setting, 3);
    }
}

void InputParser::take_old_mouse(char byte, Parsed& parsed) {
    if (is_control(byte) && byte != '\x7f') {
        begin(State::Ground);
        take_ground(byte, 0, parsed);
        return;
    }
    body_ += byte;
    if (body_.size() < 3) {
        return;
    }
    const auto value = [&](std::size_t at, int from) {
        return static_cast<int>(static_cast<unsigned char>(body_[at])) - from;
    };
    const int code = value(0, ' ');
    const int x = value(1, '!');
    const int y = value(2, '!');
    begin(State::Ground);
    if (code >= 0 && x >= 0 && y >= 0) {
        const bool up = (code & 0x63) == 3;  // which one, it does not say
        mouse(static_cast<unsigned>(up ? code - 3 + old_button_ : code), x, y, !up, parsed);
    }
}

void InputParser::mouse(unsigned code, int x, int y, bool down, Parsed& parsed) {
    constexpr unsigned kButton = 3;
    constexpr unsigned kMotion = 32;
    constexpr unsigned kWheel = 64;
    constexpr unsigned kOther = 128;
    constexpr unsigned kLeave = 256;
    Input input{.kind = Kind::MouseMove, .x = x, .y = y, .text = {}};
    for (const auto& [bit, modifier] : {std::pair{4u, Shift}, {8u, Alt}, {16u, Ctrl}}) {
        if ((code & bit) != 0) {
            input.modifiers |= modifier;
        }
    }
    const unsigned button = code & kButton;
    if ((code & kLeave) != 0) {
        input.kind = Kind::MouseLeft;
        input.x = input.y = 0;
    } else if ((code & kOther) != 0) {
        return;
    } else if ((code & kWheel) != 0) {
        if (!down) {
            return;
        }
        input.kind = Kind::Wheel;
        const int step = (button & 1) == 0 ? -1 : 1;
        input.x = button < 2 ? 0 : step;
        input.y = button < 2 ? step : 0;
    } else if ((code & kMotion) == 0) {
        if (button == 3) {
            return;
        }
        input.kind = down ? Kind::MouseDown : Kind::MouseUp;
        input.button = static_cast<std::uint8_t>(button);
        old_button_ = input.button;
    }
    parsed.inputs.push_back(std::move(input));
}

void InputParser::take_paste(char byte, Parsed& parsed) {
    body_ += byte;
    if (body_.ends_with(kPasteEnd)) {
        end_paste(body_.size() - kPasteEnd.size(), parsed);
        begin(State::Ground);
    } else if (body_.size() >= kLongestPaste) {
        // Between two code points, and not in what may be the end or half of a line's end.
        std::size_t size = body_.size() - kPasteEnd.size();
        while (is_continuation(body_[size]) && size > kLongestPaste / 2) {
            --size;
        }
        end_paste(body_[size - 1] == '\r' ? size - 1 : size, parsed);
    }
}

/// Delivers the first bytes of what was pasted.
void InputParser::end_paste(std::size_t size, Parsed& parsed) {
    std::string text = clean_paste(std::string_view(body_).substr(0, size));
    if (!text.empty()) {
        parsed.inputs.push_back({.kind = Kind::Paste, .text = std::move(text)});
    }
    body_.erase(0, size);
}

}  // namespace front::terminal
