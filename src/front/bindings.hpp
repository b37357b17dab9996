#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "front/actions.hpp"
#include "front/key.hpp"
#include "varvara/controller.hpp"

/// Which keys and pad buttons do what.
namespace front {

/// A key with those held beside it; on which side of the keyboard makes no difference.
struct Chord {
    Key key = Key::None;
    Modifiers modifiers = 0;

    friend bool operator==(const Chord&, const Chord&) = default;
};

/// The chord of a key press. A modifier is not held beside itself.
Chord chord_of(Key key, Modifiers modifiers);
/// As in "Ctrl-Shift-O".
std::string print(Chord chord);
/// Without regard to case or the order of modifiers; "+" separates as well.
std::optional<Chord> parse_chord(std::string_view text);

/// A set of bindings to begin with.
enum class KeyPreset : std::uint8_t { Official, Uxn32 };
inline constexpr std::array<std::string_view, 2> kKeyPresetNames = {"official", "uxn32"};

/// What the front end does for which chord. A chord belongs to one action at most.
class Bindings {
public:
    explicit Bindings(KeyPreset preset = KeyPreset::Official);

    /// What it began with.
    KeyPreset preset() const { return preset_; }

    std::optional<Action> action_of(Chord chord) const;
    /// In the order in which they were bound.
    std::span<const Chord> chords_of(Action action) const;

    /// Takes the chord from the action that had it.
    void bind(Action action, Chord chord);
    void unbind(Chord chord);
    /// Binds these and no others.
    void set(Action action, std::span<const Chord> chords);

    friend bool operator==(const Bindings&, const Bindings&) = default;

private:
    KeyPreset preset_;
    std::array<std::vector<Chord>, kActions> chords_;
};

/// A controller's button by the name that settings use.
struct ButtonName {
    std::string_view name;
    std::uint8_t bit;  ///< of Controller::Button
};
inline constexpr std::array kButtonNames = {
#define VARVARA_BUTTON(name, bit) ButtonName{#name, bit},
#include "varvara/buttons.inc"
#undef VARVARA_BUTTON
};

/// Which keys are buttons of which controller. What else is held does not matter. Actions come
/// first: a key that is bound to one, alone, is no button.
class KeyMap {
public:
    struct Button {
        std::uint8_t pad = 0;  ///< 0 to 3
        std::uint8_t bit = 0;  ///< of Controller::Button

        friend bool operator==(const Button&, const Button&) = default;
    };

    /// The first controller as in the official emulators, none for the others.
    KeyMap();

    std::optional<Button> button_of(Key key) const;
    std::vector<Key> keys_of(Button button) const;
    /// These keys and no others; takes them from the buttons that had them.
    void set(Button button, std::span<const Key> keys);

    friend bool operator==(const KeyMap&, const KeyMap&) = default;

private:
    std::array<Button, kKeys> buttons_{};  // bit 0: none
};

/// What the buttons of game pads are on the controllers, pad 0 to 3 each on its own.
class PadMap {
public:
    static constexpr unsigned kPads = varvara::Controller::kPads;

    PadMap();

    /// A bit of Controller::Button, or 0.
    std::uint8_t bit_of(unsigned pad, PadButton button) const {
        return bits_[pad][static_cast<std::size_t>(button)];
    }
    void set(unsigned pad, PadButton button, std::uint8_t bit) {
        bits_[pad][static_cast<std::size_t>(button)] = bit;
    }

    friend bool operator==(const PadMap&, const PadMap&) = default;

private:
    std::array<std::array<std::uint8_t, kPadButtons>, kPads> bits_{};
};

}  // namespace front
