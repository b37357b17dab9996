#pragma once

#include <SDL.h>

#include <string>

namespace front::sdl {

/// Whether a window on an X display is in the care of a window manager. Without one, nobody makes
/// it fill the screen but ourselves. True on other displays.
bool has_window_manager(SDL_Window* window);

/// The title of a window on an X display, which SDL sets only if the process has the right locale.
void set_x11_title(SDL_Window* window, const std::string& utf8);

/// Other threads wake the one that waits by a message to its window, over a connection of their own
/// (SDL's), and the window may be gone when the message is read. Without this, that ends the
/// process. To be called before SDL opens the display.
void ignore_messages_to_closed_windows();

}  // namespace front::sdl
