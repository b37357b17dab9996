#include "front/sdl/keys.hpp"

#include <utility>

namespace front::sdl {
namespace {

/// The enumerators of letters, digits and function keys are in the order of SDL's.
Key after(Key first, SDL_Keycode code, SDL_Keycode first_code) {
    return static_cast<Key>(static_cast<int>(first) + (code - first_code));
}

/// A key of the number pad.
Key key_of_pad(SDL_Keycode code, bool num_lock) {
    switch (code) {
        case SDLK_KP_0: return num_lock ? Key::Digit0 : Key::Insert;
        case SDLK_KP_1: return num_lock ? Key::Digit1 : Key::End;
        case SDLK_KP_2: return num_lock ? Key::Digit2 : Key::Down;
        case SDLK_KP_3: return num_lock ? Key::Digit3 : Key::PageDown;
        case SDLK_KP_4: return num_lock ? Key::Digit4 : Key::Left;
        case SDLK_KP_5: return num_lock ? Key::Digit5 : Key::None;
        case SDLK_KP_6: return num_lock ? Key::Digit6 : Key::Right;
        case SDLK_KP_7: return num_lock ? Key::Digit7 : Key::Home;
        case SDLK_KP_8: return num_lock ? Key::Digit8 : Key::Up;
        case SDLK_KP_9: return num_lock ? Key::Digit9 : Key::PageUp;
        case SDLK_KP_PERIOD: return num_lock ? Key::Period : Key::Delete;
        case SDLK_KP_DIVIDE: return Key::Slash;
        case SDLK_KP_MINUS: return Key::Minus;
        case SDLK_KP_EQUALS: return Key::Equals;
        case SDLK_KP_ENTER: return Key::Enter;
        default: return Key::None;
    }
}

Key key_of(SDL_Keycode code, bool num_lock) {
    if (code >= SDLK_a && code <= SDLK_z) {
        return after(Key::A, code, SDLK_a);
    }
    if (code >= SDLK_0 && code <= SDLK_9) {
        return after(Key::Digit0, code, SDLK_0);
    }
    if (code >= SDLK_F1 && code <= SDLK_F12) {
        return after(Key::F1, code, SDLK_F1);
    }
    switch (code) {
        case SDLK_UP: return Key::Up;
        case SDLK_DOWN: return Key::Down;
        case SDLK_LEFT: return Key::Left;
        case SDLK_RIGHT: return Key::Right;
        case SDLK_HOME: return Key::Home;
        case SDLK_END: return Key::End;
        case SDLK_PAGEUP: return Key::PageUp;
        case SDLK_PAGEDOWN: return Key::PageDown;
        case SDLK_INSERT: return Key::Insert;
        case SDLK_DELETE: return Key::Delete;
        case SDLK_BACKSPACE: return Key::Backspace;
        case SDLK_TAB: return Key::Tab;
        case SDLK_RETURN: return Key::Enter;
        case SDLK_ESCAPE: return Key::Escape;
        case SDLK_SPACE: return Key::Space;
        case SDLK_LCTRL: return Key::LeftCtrl;
        case SDLK_RCTRL: return Key::RightCtrl;
        case SDLK_LALT: return Key::LeftAlt;
        case SDLK_RALT: return Key::RightAlt;
        case SDLK_LSHIFT: return Key::LeftShift;
        case SDLK_RSHIFT: return Key::RightShift;
        case SDLK_LGUI:
        case SDLK_RGUI: return Key::Super;
        case SDLK_APPLICATION:
        case SDLK_MENU: return Key::Menu;
        case SDLK_PAUSE: return Key::Pause;
        case SDLK_PRINTSCREEN: return Key::PrintScreen;
        case SDLK_SCROLLLOCK: return Key::ScrollLock;
        case SDLK_MINUS: return Key::Minus;
        case SDLK_EQUALS: return Key::Equals;
        case SDLK_COMMA: return Key::Comma;
        case SDLK_PERIOD: return Key::Period;
        case SDLK_SLASH: return Key::Slash;
        case SDLK_SEMICOLON: return Key::Semicolon;
        case SDLK_QUOTE: return Key::Quote;
        case SDLK_LEFTBRACKET: return Key::LeftBracket;
        case SDLK_RIGHTBRACKET: return Key::RightBracket;
        case SDLK_BACKSLASH: return Key::Backslash;
        case SDLK_BACKQUOTE: return Key::Backquote;
        default: return key_of_pad(code, num_lock);
    }
}

/// A key that types a letter which is in no name of ours, such as a Cyrillic one.
bool types_other_letter(SDL_Keycode code) {
    return code >= 0x80 && (code & SDLK_SCANCODE_MASK) == 0;
}

/// The letter that such a key has on an American keyboard, so that Ctrl-H works with any layout.
Key american_letter(SDL_Scancode scancode) {
    if (scancode >= SDL_SCANCODE_A && scancode <= SDL_SCANCODE_Z) {
        return after(Key::A, scancode, SDL_SCANCODE_A);
    }
    return Key::None;
}

}  // namespace

Key Keys::down(const SDL_Keysym& sym) {
    const Key key = types_other_letter(sym.sym) ? american_letter(sym.scancode)
                                                : key_of(sym.sym, (sym.mod & KMOD_NUM) != 0);
    if (sym.scancode >= 0 && sym.scancode < SDL_NUM_SCANCODES) {
        held_[sym.scancode] = key;
    }
    return key;
}

Key Keys::up(const SDL_Keysym& sym) {
    if (sym.scancode < 0 || sym.scancode >= SDL_NUM_SCANCODES) {
        return Key::None;
    }
    return std::exchange(held_[sym.scancode], Key::None);
}

Modifiers modifiers(Uint16 mod, Key key) {
    const auto held = [&](int mask, Modifier modifier, bool itself) {
        return static_cast<Modifiers>((mod & mask) != 0 && !itself ? modifier : 0);
    };
    return static_cast<Modifiers>(
        held(KMOD_CTRL, Ctrl, key == Key::LeftCtrl || key == Key::RightCtrl) |
        held(KMOD_ALT, Alt, key == Key::LeftAlt || key == Key::RightAlt) |
        held(KMOD_SHIFT, Shift, key == Key::LeftShift || key == Key::RightShift) |
        held(KMOD_GUI, Super, key == Key::Super));
}

}  // namespace front::sdl
