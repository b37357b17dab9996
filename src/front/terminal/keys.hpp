#pragma once

#include <cstdint>

#include "front/key.hpp"

/// How terminals number keys.
namespace front::terminal {

/// The key that types this character when nothing else is held, on any layout.
Key key_of_character(char32_t character);

/// The key of a number in kitty's keyboard protocol: a character, or a place in the private use
/// area. xterm's modifyOtherKeys uses the same for what is a character.
Key key_of_code(std::uint32_t code);

/// The key of CSI NUMBER ~.
Key key_of_tilde(unsigned number);

/// The key of CSI LETTER, and of SS3 LETTER.
Key key_of_letter(char letter);

/// The key of SS3 LETTER that is on the keypad, and the character that it types, or 0.
struct KeypadKey {
    Key key = Key::None;
    char text = 0;
};
KeypadKey keypad_key_of_letter(char letter);

/// Modifiers as xterm and kitty number them: one more than the sum of shift 1, alt 2, ctrl 4,
/// super 8; others are passed over.
Modifiers modifiers_of(unsigned number);

}  // namespace front::terminal
