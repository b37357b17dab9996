#include "x_display.hpp"

#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xfixes.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace window_test {
namespace {

using std::chrono::steady_clock;

template <class T>
struct XFreed {
    void operator()(T* thing) const {
        if (thing != nullptr) {
            XFree(thing);
        }
    }
};
template <class T>
using XOwned = std::unique_ptr<T, XFreed<T>>;

/// A window may go at any moment, and whoever asks for it then gets an error.
std::atomic<bool> failed = false;

int note_error(::Display* /*display*/, XErrorEvent* /*event*/) {
    failed = true;
    return 0;
}

std::string find_program(const char* name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin" : path;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        const std::string candidate = std::string(rest.substr(0, end)) + "/" + name;
        if (access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

/// Reads a line that another process writes; empty if it does not in time.
std::string read_line(int file) {
    std::string line;
    const auto deadline = steady_clock::now() + kPatience;
    while (steady_clock::now() < deadline) {
        pollfd ready = {file, POLLIN, 0};
        if (poll(&ready, 1, 100) <= 0) {
            continue;
        }
        char c = 0;
        if (read(file, &c, 1) <= 0) {
            return {};
        }
        if (c == '\n') {
            return line;
        }
        line += c;
    }
    return {};
}

/// The contents of a property, and how many bits each of its items has.
std::pair<std::string, int> read_property(::Display* display, ::Window window, Atom name) {
    Atom type = None;
    int format = 0;
    unsigned long count = 0;
    unsigned long rest = 0;
    unsigned char* value = nullptr;
    constexpr long kMost = 1L << 20;
    if (XGetWindowProperty(display, window, name, 0, kMost, False, AnyPropertyType, &type, &format,
                           &count, &rest, &value) != Success) {
        return {};
    }
    const XOwned<unsigned char> owned(value);
    // Xlib keeps items of 32 bits in longs.
    const std::size_t width = format == 32 ? sizeof(long) : static_cast<std::size_t>(format) / 8;
    return {std::string(reinterpret_cast<const char*>(value), count * width), format};
}

}  // namespace

bool eventually(const std::function<bool()>& is_so) {
    const auto deadline = steady_clock::now() + kPatience;
    while (!is_so()) {
        if (steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/// The owner of the clipboard: a client with a connection of its own.
struct XDisplay::Clipboard {
    explicit Clipboard(const std::string& display_name, std::string_view content) : text(content) {
        display = XOpenDisplay(display_name.c_str());
        window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
        XSetSelectionOwner(display, XInternAtom(display, "CLIPBOARD", False), window, CurrentTime);
        XSync(display, False);
        thread = std::thread([this] { run(); });
    }
    ~Clipboard() {
        ending = true;
        thread.join();
        XCloseDisplay(display);
    }

    void run() {
        while (!ending) {
            pollfd ready = {ConnectionNumber(display), POLLIN, 0};
            if (XPending(display) == 0) {
                poll(&ready, 1, 20);
                continue;
            }
            XEvent event;
            XNextEvent(display, &event);
            if (event.type == SelectionRequest) {
                answer(event.xselectionrequest);
            }
        }
    }

    void answer(const XSelectionRequestEvent& request) {
        XEvent reply = {};
        reply.xselection.type = SelectionNotify;
        reply.xselection.requestor = request.requestor;
        reply.xselection.selection = request.selection;
        reply.xselection.target = request.target;
        reply.xselection.time = request.time;
        const Atom utf8 = XInternAtom(display, "UTF8_STRING", False);
        const Atom targets = XInternAtom(display, "TARGETS", False);
        if (request.target == targets) {
            XChangeProperty(display, request.requestor, request.property, XA_ATOM, 32,
                            PropModeReplace, reinterpret_cast<const unsigned char*>(&utf8), 1);
            reply.xselection.property = request.property;
        } else if (request.target == utf8) {
            XChangeProperty(display, request.requestor, request.property, utf8, 8, PropModeReplace,
                            reinterpret_cast<const unsigned char*>(text.data()),
                            static_cast<int>(text.size()));
            reply.xselection.property = request.property;
        }
        XSendEvent(display, request.requestor, False, NoEventMask, &reply);
        XFlush(display);
    }

    std::string text;
    ::Display* display = nullptr;
    ::Window window = None;
    std::atomic<bool> ending = false;
    std::thread thread;
};

bool XDisplay::available() {
    return !find_program("Xvfb").empty();
}

XDisplay::XDisplay(unsigned width, unsigned height, unsigned depth) {
    const std::string program = find_program("Xvfb");
    std::array<int, 2> ends{};
    if (program.empty() || pipe(ends.data()) != 0) {
        throw std::runtime_error("no Xvfb");
    }
    const std::string screen =
        std::to_string(width) + "x" + std::to_string(height) + "x" + std::to_string(depth);
    const std::string fd = std::to_string(ends[1]);
    const pid_t parent = getpid();
    server_ = fork();
    if (server_ == 0) {
        // It dies with the test, however that ends.
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) {
            _exit(1);
        }
        const int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        ::close(ends[0]);
        execl(program.c_str(), "Xvfb", "-displayfd", fd.c_str(), "-screen", "0", screen.c_str(),
              "-nolisten", "tcp", "-noreset", static_cast<char*>(nullptr));
        _exit(127);
    }
    ::close(ends[1]);
    const std::string number = read_line(ends[0]);
    ::close(ends[0]);
    if (!number.empty()) {
        name_ = ":" + number;
        XSetErrorHandler(note_error);
        display_ = XOpenDisplay(name_.c_str());
    }
    if (display_ == nullptr) {
        kill(server_, SIGTERM);
        waitpid(server_, nullptr, 0);
        throw std::runtime_error("Xvfb does not start");
    }
    // Any desktop knows these hints, and some clients look whether anybody does.
    XInternAtom(display_, "_MOTIF_WM_HINTS", False);
    XSync(display_, False);
}

XDisplay::~XDisplay() {
    clipboard_.reset();
    XCloseDisplay(display_);
    kill(server_, SIGTERM);
    waitpid(server_, nullptr, 0);
}

std::vector<XWindow> XDisplay::windows() const {
    ::Window root = None;
    ::Window parent = None;
    ::Window* children = nullptr;
    unsigned count = 0;
    if (XQueryTree(display_, DefaultRootWindow(display_), &root, &parent, &children, &count) == 0) {
        return {};
    }
    const XOwned<::Window> owned(children);
    std::vector<XWindow> found;
    for (unsigned i = 0; i < count; ++i) {
        if (const auto window = now({.id = children[i]})) {
            found.push_back(*window);
        }
    }
    return found;
}

std::optional<XWindow> XDisplay::now(const XWindow& window) const {
    failed = false;
    XWindowAttributes attributes;
    if (XGetWindowAttributes(display_, window.id, &attributes) == 0 || failed ||
        attributes.map_state != IsViewable) {
        return std::nullopt;
    }
    return XWindow{window.id, attributes.x, attributes.y, static_cast<unsigned>(attributes.width),
                   static_cast<unsigned>(attributes.height)};
}

XWindow XDisplay::wait_for_window() {
    std::vector<XWindow> found;
    if (!eventually([&] {
            found = windows();
            return !found.empty();
        })) {
        throw std::runtime_error("no window appears");
    }
    return found.back();
}

bool XDisplay::wait_for_size(const XWindow& window, unsigned width, unsigned height) const {
    return eventually([&] {
        const auto is = now(window);
        return is && is->width == width && is->height == height;
    });
}

bool XDisplay::wait_for_no_window() const {
    return eventually([&] { return windows().empty(); });
}

host::Picture XDisplay::picture(const XWindow& window) const {
    const ::Window root = DefaultRootWindow(display_);
    XWindowAttributes screen;
    XGetWindowAttributes(display_, root, &screen);
    const XWindow is = now(window).value_or(window);
    // From the root, cut off at the screen's edges, so that a window may reach over them.
    const int left = std::max(is.x, 0);
    const int top = std::max(is.y, 0);
    const int right = std::min(is.x + static_cast<int>(is.width), screen.width);
    const int bottom = std::min(is.y + static_cast<int>(is.height), screen.height);
    if (left >= right || top >= bottom) {
        return {};
    }
    host::Picture result = {
        static_cast<unsigned>(right - left), static_cast<unsigned>(bottom - top), {}};
    XImage* image =
        XGetImage(display_, root, left, top, result.width, result.height, AllPlanes, ZPixmap);
    if (image == nullptr) {
        return {};
    }
    result.pixels.reserve(std::size_t{result.width} * result.height);
    for (int y = 0; y < image->height; ++y) {
        for (int x = 0; x < image->width; ++x) {
            result.pixels.push_back(static_cast<std::uint32_t>(XGetPixel(image, x, y) & 0xffffff));
        }
    }
    XDestroyImage(image);
    return result;
}

std::uint32_t XDisplay::pixel(const XWindow& window, int x, int y) const {
    const host::Picture all = picture(window);
    const std::size_t index = static_cast<std::size_t>(y) * all.width + static_cast<std::size_t>(x);
    return index < all.pixels.size() ? all.pixels[index] : 0xffffffff;
}

bool XDisplay::wait_for_pixel(const XWindow& window, int x, int y, std::uint32_t colour) const {
    return eventually([&] { return pixel(window, x, y) == colour; });
}

bool XDisplay::wait_for_picture(const XWindow& window, const host::Picture& wanted) const {
    return eventually([&] { return picture(window) == wanted; });
}

void XDisplay::save_screen(const std::string& png) const {
    const auto saved = host::write_png(png, picture({.id = DefaultRootWindow(display_)}));
    if (!saved) {
        throw std::runtime_error(saved.error().detail);
    }
}

std::string XDisplay::property(const XWindow& window, const char* name) const {
    return read_property(display_, window.id, XInternAtom(display_, name, False)).first;
}

std::vector<std::uint32_t> XDisplay::numbers(const XWindow& window, const char* name) const {
    const auto [bytes, format] =
        read_property(display_, window.id, XInternAtom(display_, name, False));
    std::vector<std::uint32_t> result;
    if (format == 32) {
        for (std::size_t at = 0; at + sizeof(long) <= bytes.size(); at += sizeof(long)) {
            unsigned long item = 0;
            std::copy_n(bytes.data() + at, sizeof item, reinterpret_cast<char*>(&item));
            result.push_back(static_cast<std::uint32_t>(item));
        }
    }
    return result;
}

bool XDisplay::pointer_visible() const {
    const XOwned<XFixesCursorImage> image(XFixesGetCursorImage(display_));
    if (image == nullptr) {
        return false;
    }
    const std::size_t count = std::size_t{image->width} * image->height;
    return std::any_of(image->pixels, image->pixels + count,
                       [](unsigned long pixel) { return (pixel >> 24 & 0xff) != 0; });
}

unsigned XDisplay::code(KeySym key) const {
    const KeyCode code = XKeysymToKeycode(display_, key);
    if (code == 0) {
        throw std::runtime_error("the keyboard has no such key");
    }
    return code;
}

void XDisplay::key_down(KeySym key) {
    // No finger is faster. SDL takes a key that goes down within 2 ms of going up for a held one.
    constexpr unsigned long kDelayMs = 5;
    XTestFakeKeyEvent(display_, code(key), True, kDelayMs);
    XSync(display_, False);
}

void XDisplay::key_up(KeySym key) {
    XTestFakeKeyEvent(display_, code(key), False, CurrentTime);
    XSync(display_, False);
}

void XDisplay::press(KeySym key) {
    key_down(key);
    key_up(key);
}

void XDisplay::press(const std::vector<KeySym>& held, KeySym key) {
    for (const KeySym each : held) {
        key_down(each);
    }
    press(key);
    for (auto each = held.rbegin(); each != held.rend(); ++each) {
        key_up(*each);
    }
}

void XDisplay::add_key(KeySym key) {
    int first = 0;
    int last = 0;
    int width = 0;
    XDisplayKeycodes(display_, &first, &last);
    for (int code = last; code >= first; --code) {
        const XOwned<KeySym> before(
            XGetKeyboardMapping(display_, static_cast<KeyCode>(code), 1, &width));
        if (std::all_of(before.get(), before.get() + width,
                        [](KeySym each) { return each == NoSymbol; })) {
            XChangeKeyboardMapping(display_, code, 1, &key, 1);
            XSync(display_, False);
            // So that this client looks at the keyboard again as well.
            XEvent event;
            while (XPending(display_) > 0) {
                XNextEvent(display_, &event);
                if (event.type == MappingNotify) {
                    XRefreshKeyboardMapping(&event.xmapping);
                }
            }
            return;
        }
    }
    throw std::runtime_error("the keyboard is full");
}

void XDisplay::type(std::string_view text) {
    for (const char c : text) {
        const KeySym key = c == '\n' ? XK_Return : static_cast<KeySym>(c);
        const bool shifted =
            XkbKeycodeToKeysym(display_, static_cast<KeyCode>(code(key)), 0, 0) != key;
        if (shifted) {
            press({XK_Shift_L}, key);
        } else {
            press(key);
        }
    }
}

void XDisplay::move(const XWindow& window, int x, int y) {
    const XWindow is = now(window).value_or(window);
    XTestFakeMotionEvent(display_, -1, is.x + x, is.y + y, CurrentTime);
    XSync(display_, False);
}

void XDisplay::button_down(unsigned button) {
    XTestFakeButtonEvent(display_, button, True, CurrentTime);
    XSync(display_, False);
}

void XDisplay::button_up(unsigned button) {
    XTestFakeButtonEvent(display_, button, False, CurrentTime);
    XSync(display_, False);
}

void XDisplay::click(unsigned button) {
    button_down(button);
    button_up(button);
}

void XDisplay::resize(const XWindow& window, unsigned width, unsigned height) {
    XResizeWindow(display_, window.id, width, height);
    XSync(display_, False);
}

void XDisplay::place(const XWindow& window, int x, int y) {
    XMoveWindow(display_, window.id, x, y);
    XSync(display_, False);
}

void XDisplay::focus(const XWindow& window) {
    XSetInputFocus(display_, window.id, RevertToNone, CurrentTime);
    XSync(display_, False);
}

void XDisplay::unfocus() {
    XSetInputFocus(display_, None, RevertToNone, CurrentTime);
    XSync(display_, False);
}

void XDisplay::send(const XWindow& window, const char* message, const std::array<long, 5>& data) {
    XEvent event = {};
    event.xclient.type = ClientMessage;
    event.xclient.display = display_;
    event.xclient.window = window.id;
    event.xclient.message_type = XInternAtom(display_, message, False);
    event.xclient.format = 32;
    std::ranges::copy(data, event.xclient.data.l);
    XSendEvent(display_, window.id, False, NoEventMask, &event);
    XSync(display_, False);
}

void XDisplay::close(const XWindow& window) {
    const auto ask = static_cast<long>(XInternAtom(display_, "WM_DELETE_WINDOW", False));
    send(window, "WM_PROTOCOLS", {ask, CurrentTime, 0, 0, 0});
}

void XDisplay::hide(const XWindow& window) {
    XUnmapWindow(display_, window.id);
    XSync(display_, False);
}

void XDisplay::unhide(const XWindow& window) {
    XMapWindow(display_, window.id);
    XSync(display_, False);
}

void XDisplay::cover(const XWindow& window) {
    const XWindow is = now(window).value_or(window);
    const ::Window lid = XCreateSimpleWindow(display_, DefaultRootWindow(display_), is.x, is.y,
                                             is.width, is.height, 0, 0, 0xabcdef);
    XMapRaised(display_, lid);
    XSync(display_, False);
    XDestroyWindow(display_, lid);
    XSync(display_, False);
}

bool XDisplay::drop(const XWindow& window, const char* mime, std::string_view data) {
    const ::Window source =
        XCreateSimpleWindow(display_, DefaultRootWindow(display_), 0, 0, 1, 1, 0, 0, 0);
    const Atom selection = XInternAtom(display_, "XdndSelection", False);
    const Atom type = XInternAtom(display_, mime, False);
    const auto copy = static_cast<long>(XInternAtom(display_, "XdndActionCopy", False));
    const Atom status = XInternAtom(display_, "XdndStatus", False);
    const Atom finished = XInternAtom(display_, "XdndFinished", False);
    const auto from = static_cast<long>(source);
    const XWindow is = now(window).value_or(window);
    XSetSelectionOwner(display_, selection, source, CurrentTime);
    send(window, "XdndEnter", {from, 5L << 24, static_cast<long>(type), 0, 0});
    send(window, "XdndPosition",
         {from, 0, static_cast<long>(is.x + 1) << 16 | (is.y + 1), CurrentTime, copy});
    bool done = false;
    bool accepted = false;
    eventually([&] {
        while (XPending(display_) > 0) {
            XEvent event;
            XNextEvent(display_, &event);
            if (event.type == ClientMessage && event.xclient.message_type == status) {
                if ((event.xclient.data.l[1] & 1) == 0) {
                    done = true;
                } else if (!std::exchange(accepted, true)) {
                    send(window, "XdndDrop", {from, 0, CurrentTime, 0, 0});
                }
            } else if (event.type == ClientMessage && event.xclient.message_type == finished) {
                done = true;
            } else if (event.type == SelectionRequest) {
                const XSelectionRequestEvent& request = event.xselectionrequest;
                XChangeProperty(display_, request.requestor, request.property, type, 8,
                                PropModeReplace,
                                reinterpret_cast<const unsigned char*>(data.data()),
                                static_cast<int>(data.size()));
                XEvent reply = {};
                reply.xselection.type = SelectionNotify;
                reply.xselection.requestor = request.requestor;
                reply.xselection.selection = request.selection;
                reply.xselection.target = request.target;
                reply.xselection.property = request.property;
                reply.xselection.time = request.time;
                XSendEvent(display_, request.requestor, False, NoEventMask, &reply);
                XFlush(display_);
            }
        }
        return done;
    });
    XDestroyWindow(display_, source);
    XSync(display_, False);
    return done && accepted;
}

bool XDisplay::drop_file(const XWindow& window, const std::string& path) {
    return drop(window, "text/uri-list", "file://" + path + "\r\n");
}

void XDisplay::set_clipboard(std::string_view text) {
    clipboard_.reset();
    clipboard_ = std::make_unique<Clipboard>(name_, text);
}

}  // namespace window_test
