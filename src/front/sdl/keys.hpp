#pragma once

#include <SDL.h>

#include <array>

#include "front/key.hpp"

namespace front::sdl {

/// What SDL calls a key, in our terms.
class Keys {
public:
    /// The key that went down.
    Key down(const SDL_Keysym& sym);
    /// The key that went up: what it was when it went down, whatever Num Lock or the layout are
    /// now.
    Key up(const SDL_Keysym& sym);

private:
    std::array<Key, SDL_NUM_SCANCODES> held_{};
};

/// The modifiers that are held with `key`; it is not held with itself.
Modifiers modifiers(Uint16 mod, Key key);

}  // namespace front::sdl
