#include "front/controls.hpp"

#include <algorithm>
#include <utility>

#include "varvara/mouse.hpp"

namespace front {
namespace {

using varvara::Event;

/// How long a button is held by a key that nobody reports to go up: longer than from one repeat of
/// the key to the next.
constexpr std::chrono::milliseconds kMoment{120};

constexpr std::uint8_t kBackspace = 0x08;
constexpr std::uint8_t kTab = 0x09;
constexpr std::uint8_t kEnter = 0x0d;
constexpr std::uint8_t kEscape = 0x1b;
constexpr std::uint8_t kDelete = 0x7f;

/// The character of a key that types none that could be read, whatever is held; 0: it has none.
std::uint8_t control_character(Key key) {
    switch (key) {
        case Key::Backspace: return kBackspace;
        case Key::Tab: return kTab;
        case Key::Enter: return kEnter;
        case Key::Escape: return kEscape;
        case Key::Delete: return kDelete;
        default: return 0;
    }
}

/// The character that a key types while Ctrl is held, when it gives no text; 0: none.
std::uint8_t plain_character(Key key, bool shift) {
    if (key >= Key::A && key <= Key::Z) {
        const int letter = static_cast<int>(key) - static_cast<int>(Key::A);
        return static_cast<std::uint8_t>((shift ? 'A' : 'a') + letter);
    }
    if (key >= Key::Digit0 && key <= Key::Digit9) {
        return static_cast<std::uint8_t>('0' + static_cast<int>(key) -
                                         static_cast<int>(Key::Digit0));
    }
    switch (key) {
        case Key::Space: return ' ';
        case Key::Minus: return '-';
        case Key::Equals: return '=';
        case Key::Comma: return ',';
        case Key::Period: return '.';
        case Key::Slash: return '/';
        case Key::Semicolon: return ';';
        case Key::Quote: return '\'';
        case Key::LeftBracket: return '[';
        case Key::RightBracket: return ']';
        case Key::Backslash: return '\\';
        case Key::Backquote: return '`';
        default: return 0;
    }
}

Event key_event(std::uint8_t character) {
    return {.kind = Event::Kind::Key, .value = character};
}

std::uint8_t mouse_bit(std::uint8_t button) {
    switch (button) {
        case 0: return varvara::Mouse::LeftButton;
        case 1: return varvara::Mouse::MiddleButton;
        default: return varvara::Mouse::RightButton;
    }
}

}  // namespace

void Controls::add_events(const Input& input, std::vector<Event>& events) {
    using Kind = Input::Kind;
    switch (input.kind) {
        case Kind::KeyDown: key_down(input, events); break;
        case Kind::KeyUp:
            button_types_ = false;
            if (const auto button = keys_.button_of(input.key)) {
                release(*button, events);
            }
            break;
        case Kind::Text:
            if (std::exchange(button_types_, false)) {
                break;
            }
            for (const char byte : input.text) {
                events.push_back(key_event(static_cast<std::uint8_t>(byte)));
            }
            break;
        case Kind::Paste: add_typing(input.text, events); break;
        case Kind::MouseMove: move_mouse(input, events); break;
        case Kind::MouseDown:
        case Kind::MouseUp: {
            move_mouse(input, events);
            const std::uint8_t bit = mouse_bit(input.button);
            const bool down = input.kind == Kind::MouseDown;
            held_.mouse = static_cast<std::uint8_t>(down ? held_.mouse | bit : held_.mouse & ~bit);
            events.push_back(
                {.kind = down ? Event::Kind::MousePress : Event::Kind::MouseRelease, .value = bit});
            break;
        }
        case Kind::Wheel:
            events.push_back({.kind = Event::Kind::Scroll,
                              .x = static_cast<std::int16_t>(input.x),
                              .y = static_cast<std::int16_t>(input.y)});
            break;
        case Kind::PadDown:
        case Kind::PadUp: {
            const KeyMap::Button button = {
                .pad = input.pad, .bit = pads_.bit_of(input.pad % PadMap::kPads, input.pad_button)};
            if (button.bit != 0) {
                input.kind == Kind::PadDown ? press(button, events) : release(button, events);
            }
            break;
        }
        case Kind::PadGone:
            release({.pad = input.pad, .bit = held_.pads.at(input.pad % PadMap::kPads)}, events);
            break;
        case Kind::FocusLost: {
            const Held before = std::exchange(held_, {});
            moments_.clear();
            add_changes(before, events);
            break;
        }
        default: break;
    }
}

void Controls::key_down(const Input& input, std::vector<Event>& events) {
    const bool ctrl = (input.modifiers & Ctrl) != 0;
    const std::uint8_t plain = plain_character(input.key, (input.modifiers & Shift) != 0);
    if (!keys_go_up_ && ctrl && plain != 0) {
        // Nobody said that Ctrl went down: the program sees the button all the same.
        if (const auto button = keys_.button_of(Key::LeftCtrl)) {
            press_for_a_moment(*button, events);
        }
    }
    const auto button = keys_.button_of(input.key);
    button_types_ = button && plain != 0;
    if (button) {
        keys_go_up_ ? press(*button, events) : press_for_a_moment(*button, events);
        return;
    }
    if (const std::uint8_t character = control_character(input.key)) {
        events.push_back(key_event(character));
    } else if (ctrl && plain != 0) {
        events.push_back(key_event(plain));
    }
}

void Controls::press(KeyMap::Button button, std::vector<Event>& events) {
    std::uint8_t& held = held_.pads.at(button.pad % PadMap::kPads);
    held = static_cast<std::uint8_t>(held | button.bit);
    events.push_back({.kind = Event::Kind::Press, .value = button.bit, .pad = button.pad});
}

void Controls::press_for_a_moment(KeyMap::Button button, std::vector<Event>& events) {
    press(button, events);
    const Time until = std::chrono::steady_clock::now() + kMoment;
    const auto held = std::ranges::find(moments_, button, &Moment::button);
    if (held != moments_.end()) {
        held->until = until;
    } else {
        moments_.push_back({button, until});
    }
}

void Controls::release(KeyMap::Button button, std::vector<Event>& events) {
    std::uint8_t& held = held_.pads.at(button.pad % PadMap::kPads);
    if ((held & button.bit) == 0) {
        return;
    }
    held = static_cast<std::uint8_t>(held & ~button.bit);
    events.push_back({.kind = Event::Kind::Release, .value = button.bit, .pad = button.pad});
}

std::optional<Controls::Time> Controls::next_release() const {
    const auto first = std::ranges::min_element(moments_, {}, &Moment::until);
    return first == moments_.end() ? std::nullopt : std::optional(first->until);
}

void Controls::add_releases(Time now, std::vector<Event>& events) {
    for (const Moment& moment : moments_) {
        if (moment.until <= now) {
            release(moment.button, events);
        }
    }
    std::erase_if(moments_, [&](const Moment& moment) { return moment.until <= now; });
}

/// To the picture's pixel under the pointer, or the nearest one.
void Controls::move_mouse(const Input& input, std::vector<Event>& events) {
    const Point point = to_picture(at_, {.x = input.x, .y = input.y});
    const auto inside = [](int at, unsigned size) {
        return static_cast<std::int16_t>(
            std::clamp(at, 0, std::max(1, static_cast<int>(size)) - 1));
    };
    const Event move = {.kind = Event::Kind::MouseMove,
                        .x = inside(point.x, size_.width),
                        .y = inside(point.y, size_.height)};
    if (move != mouse_) {
        mouse_ = move;
        events.push_back(move);
    }
}

void Controls::add_changes(const Held& before, std::vector<Event>& events) const {
    const auto change = [&](std::uint8_t was, std::uint8_t is, Event::Kind down, Event::Kind up,
                            std::uint8_t pad) {
        for (unsigned bit = 1; bit < 0x100; bit <<= 1) {
            if (((was ^ is) & bit) != 0) {
                events.push_back({.kind = (is & bit) != 0 ? down : up,
                                  .value = static_cast<std::uint8_t>(bit),
                                  .pad = pad});
            }
        }
    };
    for (std::size_t pad = 0; pad < held_.pads.size(); ++pad) {
        change(before.pads.at(pad), held_.pads.at(pad), Event::Kind::Press, Event::Kind::Release,
               static_cast<std::uint8_t>(pad));
    }
    change(before.mouse, held_.mouse, Event::Kind::MousePress, Event::Kind::MouseRelease, 0);
}

void add_typing(std::string_view text, std::vector<Event>& events) {
    char before = 0;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (c == '\r' || (c == '\n' && before != '\r')) {
            events.push_back(key_event(kEnter));
        } else if (byte == kTab || (byte >= 0x20 && byte != kDelete)) {
            events.push_back(key_event(byte));
        }
        before = c;
    }
}

}  // namespace front
