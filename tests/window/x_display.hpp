#pragma once

#include <X11/keysym.h>
#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/png.hpp"

// Xlib itself stays outside: it has macros for words such as None.
struct _XDisplay;

/// A screen to open windows on, and a user who sits at it.
namespace window_test {

/// How long anything may take that has to happen: far longer than on the slowest machine.
inline constexpr std::chrono::seconds kPatience(30);

/// Asks again and again until it is so; false if it never is.
bool eventually(const std::function<bool()>& is_so);

/// A window of somebody's on an `XDisplay`.
struct XWindow {
    unsigned long id = 0;  ///< a Window of Xlib's
    int x = 0;             ///< on the screen
    int y = 0;
    unsigned width = 0;
    unsigned height = 0;
};

/// An X server of our own (Xvfb), without a window manager, and a client that plays the user. It
/// ends with this object. Whatever goes wrong in it is an exception.
class XDisplay {
public:
    /// Whether there is an Xvfb here.
    static bool available();

    explicit XDisplay(unsigned width = 1280, unsigned height = 1024, unsigned depth = 24);
    ~XDisplay();
    XDisplay(const XDisplay&) = delete;
    XDisplay& operator=(const XDisplay&) = delete;

    /// What DISPLAY has to be for programs that are to appear here.
    const std::string& name() const { return name_; }

    // --- what can be seen ---

    /// All windows that can be seen, in the order they lie on each other.
    std::vector<XWindow> windows() const;
    /// Waits for a window. Throws if none appears.
    XWindow wait_for_window();
    /// The same window as it is now; nothing if it is gone.
    std::optional<XWindow> now(const XWindow& window) const;
    bool wait_for_size(const XWindow& window, unsigned width, unsigned height) const;
    /// Waits until no window can be seen.
    bool wait_for_no_window() const;
    /// What is in a window, as far as it is on the screen; 0x00RRGGBB at a depth of 24 bits.
    host::Picture picture(const XWindow& window) const;
    std::uint32_t pixel(const XWindow& window, int x, int y) const;
    /// Waits until a pixel has a colour.
    bool wait_for_pixel(const XWindow& window, int x, int y, std::uint32_t colour) const;
    /// Waits until a window shows exactly that.
    bool wait_for_picture(const XWindow& window, const host::Picture& picture) const;
    /// The whole screen into a file, to look at.
    void save_screen(const std::string& png) const;
    /// Text, or the bytes, of a property; empty if it is not there.
    std::string property(const XWindow& window, const char* name) const;
    /// The numbers of a property.
    std::vector<std::uint32_t> numbers(const XWindow& window, const char* name) const;
    /// Whether the pointer that is shown now has any pixel to be seen.
    bool pointer_visible() const;

    // --- what a user does ---

    /// A key by its name in X11/keysymdef.h: XK_Return.
    void key_down(unsigned long key);
    void key_up(unsigned long key);
    void press(unsigned long key);
    /// A key while others are held.
    void press(const std::vector<unsigned long>& held, unsigned long key);
    /// Gives the keyboard one more key, for a letter that it does not have.
    void add_key(unsigned long key);
    /// Text that an American keyboard can type, and newlines.
    void type(std::string_view text);
    /// The pointer, to a place in a window.
    void move(const XWindow& window, int x, int y);
    /// 1 left, 2 middle, 3 right, 4 to 7 the wheel up, down, left, right.
    void button_down(unsigned button);
    void button_up(unsigned button);
    void click(unsigned button);

    // --- what a window manager or another program does ---

    void resize(const XWindow& window, unsigned width, unsigned height);
    void place(const XWindow& window, int x, int y);
    void focus(const XWindow& window);
    /// Takes the keyboard away from everybody.
    void unfocus();
    /// Asks it to close, as the button in its title would.
    void close(const XWindow& window);
    /// As a window that is minimised.
    void hide(const XWindow& window);
    void unhide(const XWindow& window);
    /// Covers it for a moment.
    void cover(const XWindow& window);
    /// Drops something on it, by the protocol of drag and drop (XDND). mime: text/uri-list, say.
    /// False if nobody takes it.
    bool drop(const XWindow& window, const char* mime, std::string_view data);
    bool drop_file(const XWindow& window, const std::string& path);
    /// Puts a text into the clipboard, and hands it out from a thread of its own until the end.
    void set_clipboard(std::string_view text);

private:
    struct Clipboard;

    unsigned code(unsigned long key) const;
    void send(const XWindow& window, const char* message, const std::array<long, 5>& data);

    pid_t server_ = -1;
    std::string name_;
    _XDisplay* display_ = nullptr;
    std::unique_ptr<Clipboard> clipboard_;
};

}  // namespace window_test
