#include "front/display.hpp"
#include "front/sdl/sound.hpp"
#include "front/sdl/window.hpp"

/// Whom the program asks for windows: kWindowModuleEntry.
extern "C" [[gnu::visibility("default")]] const front::WindowModule* leveret_window_module() {
    static constexpr front::WindowModule kModule = {
        front::kWindowModuleVersion, front::sdl::open_window, front::sdl::open_sound};
    return &kModule;
}
