#pragma once

#include <SDL.h>

namespace front::sdl {

/// Whether a window on an X display is in the care of a window manager. Without one, nobody makes
/// it fill the screen but ourselves. True on other displays.
bool has_window_manager(SDL_Window* window);

}  // namespace front::sdl
