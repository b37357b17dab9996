// A shared library that claims to be a module for windows, of another version.

#include "front/display.hpp"

extern "C" const front::WindowModule* leveret_window_module() {
    static constexpr front::WindowModule kModule = {"leveret-window 0", nullptr, nullptr};
    return &kModule;
}
