#include "front/bindings.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"

namespace front {
namespace {

using varvara::Controller;

struct ModifierName {
    std::string_view name;
    Modifiers bit;
};
/// In the order in which they are printed; the first name of a bit is the one.
constexpr std::array kModifierNames = {ModifierName{"Ctrl", Ctrl}, ModifierName{"Control", Ctrl},
                                       ModifierName{"Alt", Alt}, ModifierName{"Shift", Shift},
                                       ModifierName{"Super", Super}};

constexpr std::string_view kSeparators = "-+";

/// The modifier that a key is.
Modifiers modifier_of(Key key) {
    switch (key) {
        case Key::LeftCtrl:
        case Key::RightCtrl: return Ctrl;
        case Key::LeftAlt:
        case Key::RightAlt: return Alt;
        case Key::LeftShift:
        case Key::RightShift: return Shift;
        case Key::Super: return Super;
        default: return 0;
    }
}

Modifiers modifier_named(std::string_view name) {
    const auto found = std::ranges::find_if(kModifierNames, [&](const ModifierName& modifier) {
        return std::ranges::equal(modifier.name, name, {}, base::lower, base::lower);
    });
    return found == kModifierNames.end() ? Modifiers{0} : found->bit;
}

/// Where the default keys of the first controller are.
constexpr std::array kDefaultKeys = {std::pair(Key::LeftCtrl, Controller::A),
                                     std::pair(Key::LeftAlt, Controller::B),
                                     std::pair(Key::LeftShift, Controller::Select),
                                     std::pair(Key::Home, Controller::Start),
                                     std::pair(Key::Up, Controller::Up),
                                     std::pair(Key::Down, Controller::Down),
                                     std::pair(Key::Left, Controller::Left),
                                     std::pair(Key::Right, Controller::Right)};

/// What pads have for buttons unless told otherwise.
constexpr std::array kDefaultPadButtons = {std::pair(PadButton::South, Controller::A),
                                           std::pair(PadButton::East, Controller::B),
                                           std::pair(PadButton::West, Controller::Select),
                                           std::pair(PadButton::North, Controller::Start),
                                           std::pair(PadButton::Back, Controller::Select),
                                           std::pair(PadButton::Start, Controller::Start),
                                           std::pair(PadButton::DpadUp, Controller::Up),
                                           std::pair(PadButton::DpadDown, Controller::Down),
                                           std::pair(PadButton::DpadLeft, Controller::Left),
                                           std::pair(PadButton::DpadRight, Controller::Right),
                                           std::pair(PadButton::StickUp, Controller::Up),
                                           std::pair(PadButton::StickDown, Controller::Down),
                                           std::pair(PadButton::StickLeft, Controller::Left),
                                           std::pair(PadButton::StickRight, Controller::Right)};

}  // namespace

Chord chord_of(Key key, Modifiers modifiers) {
    return {key, static_cast<Modifiers>(modifiers & ~modifier_of(key))};
}

std::string print(Chord chord) {
    std::string text;
    Modifiers left = chord.modifiers;
    for (const ModifierName& modifier : kModifierNames) {
        if ((left & modifier.bit) != 0) {
            text += modifier.name;
            text += '-';
            left &= static_cast<Modifiers>(~modifier.bit);
        }
    }
    return text.append(name_of(chord.key));
}

std::optional<Chord> parse_chord(std::string_view text) {
    Modifiers modifiers = 0;
    for (std::size_t at = text.find_first_of(kSeparators); at != std::string_view::npos;
         at = text.find_first_of(kSeparators)) {
        const Modifiers modifier = modifier_named(text.substr(0, at));
        if (modifier == 0) {
            return std::nullopt;
        }
        modifiers |= modifier;
        text.remove_prefix(at + 1);
    }
    const auto key = key_named(text);
    return key ? std::optional(chord_of(*key, modifiers)) : std::nullopt;
}

Bindings::Bindings(KeyPreset preset) : preset_(preset) {
    for (std::size_t i = 0; i < kActions; ++i) {
        const auto action = static_cast<Action>(i);
        const ActionInfo& row = info(action);
        std::string_view chords = preset == KeyPreset::Uxn32 ? row.uxn32 : row.official;
        while (!chords.empty()) {
            const std::size_t end = std::min(chords.find(' '), chords.size());
            if (const auto chord = parse_chord(chords.substr(0, end))) {
                bind(action, *chord);
            }
            chords.remove_prefix(std::min(end + 1, chords.size()));
        }
    }
}

std::optional<Action> Bindings::action_of(Chord chord) const {
    const auto found = std::ranges::find_if(chords_, [&](const std::vector<Chord>& chords) {
        return std::ranges::find(chords, chord) != chords.end();
    });
    return found == chords_.end() ? std::nullopt
                                  : std::optional(static_cast<Action>(found - chords_.begin()));
}

std::span<const Chord> Bindings::chords_of(Action action) const {
    return chords_[static_cast<std::size_t>(action)];
}

void Bindings::bind(Action action, Chord chord) {
    unbind(chord);
    chords_[static_cast<std::size_t>(action)].push_back(chord);
}

void Bindings::unbind(Chord chord) {
    for (std::vector<Chord>& chords : chords_) {
        std::erase(chords, chord);
    }
}

void Bindings::set(Action action, std::span<const Chord> chords) {
    chords_[static_cast<std::size_t>(action)].clear();
    for (const Chord chord : chords) {
        bind(action, chord);
    }
}

KeyMap::KeyMap() {
    for (const auto& [key, bit] : kDefaultKeys) {
        buttons_[static_cast<std::size_t>(key)] = {0, bit};
    }
}

std::optional<KeyMap::Button> KeyMap::button_of(Key key) const {
    const Button& button = buttons_[static_cast<std::size_t>(key)];
    return button.bit == 0 ? std::nullopt : std::optional(button);
}

std::vector<Key> KeyMap::keys_of(Button button) const {
    std::vector<Key> keys;
    for (std::size_t i = 0; i < kKeys; ++i) {
        if (buttons_[i] == button) {
            keys.push_back(static_cast<Key>(i));
        }
    }
    return keys;
}

void KeyMap::set(Button button, std::span<const Key> keys) {
    std::ranges::replace(buttons_, button, Button{});
    for (const Key key : keys) {
        if (key != Key::None) {
            buttons_[static_cast<std::size_t>(key)] = button;
        }
    }
}

PadMap::PadMap() {
    for (auto& bits : bits_) {
        for (const auto& [button, bit] : kDefaultPadButtons) {
            bits[static_cast<std::size_t>(button)] = bit;
        }
    }
}

}  // namespace front
