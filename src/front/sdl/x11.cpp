#include "front/sdl/x11.hpp"

#include <SDL_syswm.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xproto.h>

#include <optional>

namespace front::sdl {
namespace {

struct X11Window {
    ::Display* display;
    ::Window window;
};

std::optional<X11Window> x11_window(SDL_Window* window) {
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window, &info) == SDL_FALSE || info.subsystem != SDL_SYSWM_X11) {
        return std::nullopt;
    }
    return X11Window{info.info.x11.display, info.info.x11.window};
}

XErrorHandler other_errors = nullptr;

int handle_error(::Display* display, XErrorEvent* error) {
    const bool late = error->error_code == BadWindow && error->request_code == X_SendEvent;
    return late || other_errors == nullptr ? 0 : other_errors(display, error);
}

}  // namespace

bool has_window_manager(SDL_Window* window) {
    const auto x11 = x11_window(window);
    if (!x11) {
        return true;
    }
    ::Display* display = x11->display;
    const Atom check = XInternAtom(display, "_NET_SUPPORTING_WM_CHECK", False);
    Atom type = None;
    int format = 0;
    unsigned long count = 0;
    unsigned long rest = 0;
    unsigned char* value = nullptr;
    XGetWindowProperty(display, DefaultRootWindow(display), check, 0, 1, False, XA_WINDOW, &type,
                       &format, &count, &rest, &value);
    if (value != nullptr) {
        XFree(value);
    }
    return count == 1;
}

void set_x11_title(SDL_Window* window, const std::string& utf8) {
    const auto x11 = x11_window(window);
    if (!x11) {
        return;
    }
    const Atom type = XInternAtom(x11->display, "UTF8_STRING", False);
    for (const char* name : {"_NET_WM_NAME", "_NET_WM_ICON_NAME"}) {
        XChangeProperty(x11->display, x11->window, XInternAtom(x11->display, name, False), type, 8,
                        PropModeReplace, reinterpret_cast<const unsigned char*>(utf8.data()),
                        static_cast<int>(utf8.size()));
    }
    XFlush(x11->display);
}

void ignore_messages_to_closed_windows() {
    if (const XErrorHandler before = XSetErrorHandler(handle_error); before != handle_error) {
        other_errors = before;
    }
}

}  // namespace front::sdl
