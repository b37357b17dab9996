#include "front/terminal/keys.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace front::terminal {
namespace {

struct Numbered {
    std::uint32_t number;
    Key key;
};

constexpr Numbered kCharacters[] = {
    {'\t', Key::Tab},        {'\r', Key::Enter},       {0x1b, Key::Escape},
    {' ', Key::Space},       {0x7f, Key::Backspace},   {'-', Key::Minus},
    {'=', Key::Equals},      {',', Key::Comma},        {'.', Key::Period},
    {'/', Key::Slash},       {';', Key::Semicolon},    {'\'', Key::Quote},
    {'[', Key::LeftBracket}, {']', Key::RightBracket}, {'\\', Key::Backslash},
    {'`', Key::Backquote},
};

/// kitty's keyboard protocol, "functional key definitions". Those of the keypad count as the keys
/// that do the same.
constexpr Numbered kFunctional[] = {
    {57359, Key::ScrollLock}, {57361, Key::PrintScreen}, {57362, Key::Pause},
    {57363, Key::Menu},       {57409, Key::Period},      {57410, Key::Slash},
    {57412, Key::Minus},      {57414, Key::Enter},       {57415, Key::Equals},
    {57416, Key::Comma},      {57417, Key::Left},        {57418, Key::Right},
    {57419, Key::Up},         {57420, Key::Down},        {57421, Key::PageUp},
    {57422, Key::PageDown},   {57423, Key::Home},        {57424, Key::End},
    {57425, Key::Insert},     {57426, Key::Delete},      {57441, Key::LeftShift},
    {57442, Key::LeftCtrl},   {57443, Key::LeftAlt},     {57444, Key::Super},
    {57447, Key::RightShift}, {57448, Key::RightCtrl},   {57449, Key::RightAlt},
    {57450, Key::Super},
};

/// VT220 and xterm; 7 and 8 are rxvt's.
constexpr Numbered kTildes[] = {
    {1, Key::Home},     {2, Key::Insert}, {3, Key::Delete}, {4, Key::End},  {5, Key::PageUp},
    {6, Key::PageDown}, {7, Key::Home},   {8, Key::End},    {11, Key::F1},  {12, Key::F2},
    {13, Key::F3},      {14, Key::F4},    {15, Key::F5},    {17, Key::F6},  {18, Key::F7},
    {19, Key::F8},      {20, Key::F9},    {21, Key::F10},   {23, Key::F11}, {24, Key::F12},
    {29, Key::Menu},
};

constexpr Numbered kLetters[] = {
    {'A', Key::Up},   {'B', Key::Down}, {'C', Key::Right}, {'D', Key::Left}, {'F', Key::End},
    {'H', Key::Home}, {'P', Key::F1},   {'Q', Key::F2},    {'R', Key::F3},   {'S', Key::F4},
};

Key find(const auto& list, std::uint32_t number) {
    const auto found = std::ranges::find(list, number, &Numbered::number);
    return found == std::end(list) ? Key::None : found->key;
}

Key offset(Key first, std::uint32_t by) {
    return static_cast<Key>(static_cast<std::uint32_t>(first) + by);
}

}  // namespace

Key key_of_character(char32_t character) {
    if (character >= 'a' && character <= 'z') {
        return offset(Key::A, character - 'a');
    }
    if (character >= 'A' && character <= 'Z') {
        return offset(Key::A, character - 'A');
    }
    if (character >= '0' && character <= '9') {
        return offset(Key::Digit0, character - '0');
    }
    return find(kCharacters, character);
}

Key key_of_code(std::uint32_t code) {
    constexpr std::uint32_t kKeypad0 = 57399;
    if (code >= kKeypad0 && code <= kKeypad0 + 9) {
        return offset(Key::Digit0, code - kKeypad0);
    }
    const Key key = key_of_character(code);
    return key == Key::None ? find(kFunctional, code) : key;
}

Key key_of_tilde(unsigned number) {
    return find(kTildes, number);
}

Key key_of_letter(char letter) {
    return find(kLetters, static_cast<unsigned char>(letter));
}

KeypadKey keypad_key_of_letter(char letter) {
    if (letter == 'M') {
        return {.key = Key::Enter};
    }
    // The VT100's: each is a character 64 further on.
    if (letter >= 'j' && letter <= 'y') {
        const char character = static_cast<char>(letter - 'j' + '*');
        return {.key = key_of_character(static_cast<unsigned char>(character)), .text = character};
    }
    return letter == 'X' ? KeypadKey{.key = Key::Equals, .text = '='} : KeypadKey{};
}

Modifiers modifiers_of(unsigned number) {
    const unsigned bits = number == 0 ? 0 : number - 1;
    Modifiers modifiers = 0;
    for (const auto& [bit, modifier] :
         {std::pair{1u, Shift}, std::pair{2u, Alt}, std::pair{4u, Ctrl}, std::pair{8u, Super}}) {
        if ((bits & bit) != 0) {
            modifiers |= modifier;
        }
    }
    return modifiers;
}

}  // namespace front::terminal
