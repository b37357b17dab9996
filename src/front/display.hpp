#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "front/key.hpp"
#include "front/overlay.hpp"
#include "varvara/screen_layers.hpp"

/// What a front end for people asks of the place it is shown in: a window, or a terminal. All that
/// is decided is decided above this interface; what is below it only shows and reports.
namespace front {

struct Size {
    unsigned width = 0;
    unsigned height = 0;

    friend bool operator==(const Size&, const Size&) = default;
};

/// Something that the user did.
struct Input {
    enum class Kind : std::uint8_t {
        KeyDown,    ///< `key`, `modifiers`, `repeat`
        KeyUp,      ///< `key`, `modifiers`
        Text,       ///< `text` was typed, in UTF-8; after the KeyDown that made it, if one did
        MouseMove,  ///< to `x`, `y`, in pixels of the display
        MouseDown,  ///< `button` 0 left, 1 middle, 2 right; at `x`, `y`
        MouseUp,    ///< likewise
        MouseLeft,  ///< the pointer is no longer over the display
        Wheel,      ///< `x` steps to the right, `y` steps toward the user
        PadDown,    ///< `pad` 0 to 3, `pad_button`
        PadUp,      ///< likewise
        PadGone,    ///< `pad` was unplugged: none of its buttons is held any more
        FocusLost,  ///< no key is held any more
        Drop,       ///< a file: `text` is its path
        Paste,      ///< `text`, which the display delivers by itself (a terminal's own paste)
        Resized,    ///< `Display::size` has changed
        Exposed,    ///< what was shown may be gone
        Close,      ///< the user wants it closed
    };
    Kind kind = Kind::Exposed;
    Key key = Key::None;
    Modifiers modifiers = 0;
    bool repeat = false;
    std::uint8_t button = 0;
    std::uint8_t pad = 0;
    PadButton pad_button = PadButton::South;
    int x = 0;
    int y = 0;
    std::string text;
};

struct Point {
    int x = 0;
    int y = 0;

    friend bool operator==(const Point&, const Point&) = default;
};

/// Where a picture is on a display: each of its pixels is `zoom` by `zoom` there; or, on a display
/// too small for it, `shrink` by `shrink` of them are one there. One of the two is 1.
struct Placement {
    unsigned zoom = 1;
    int x = 0;  ///< of its upper left corner, in pixels of the display; may be negative
    int y = 0;
    unsigned shrink = 1;

    friend bool operator==(const Placement&, const Placement&) = default;
};

/// The pixel of a picture that is shown at a pixel of the display, or the middle one of those.
/// Beside the picture it is one that the picture does not have.
constexpr Point to_picture(const Placement& at, Point display) {
    const auto along = [&](int distance) {
        const int zoom = static_cast<int>(at.zoom);
        const int shrink = static_cast<int>(at.shrink);
        const int whole = distance >= 0 ? distance / zoom : -1 - (-1 - distance) / zoom;
        return whole * shrink + shrink / 2;
    };
    return {.x = along(display.x - at.x), .y = along(display.y - at.y)};
}

/// What is to be shown now.
struct Frame {
    std::span<const std::uint32_t> pixels;  ///< 0x00RRGGBB, row by row
    Size size;                              ///< of the picture
    varvara::Rows changed;                  ///< rows that differ from the last frame shown
    Placement at;
    const Overlay& overlay;
    bool everything =
        false;  ///< placement, size or overlay have changed, or the display was exposed
};

/// A window, or a terminal that is used as one. All calls on one thread, `wake` excepted.
class Display {
public:
    virtual ~Display() = default;

    /// Appends what has happened since the last call; if nothing has, waits for it or for `wake`,
    /// at most for `timeout` (nothing: for ever).
    virtual void wait(std::optional<std::chrono::nanoseconds> timeout,
                      std::vector<Input>& inputs) = 0;
    /// Ends a `wait`, or the next one. From any thread.
    virtual void wake() noexcept = 0;

    /// How many pixels there are to show something in.
    virtual Size size() const = 0;
    /// Where it makes sense to show a picture of this size. A window places it in its middle, at
    /// the largest whole zoom that fits but no larger than `zoom` (0: as large as fits).
    virtual Placement place(Size picture, unsigned zoom) const = 0;
    virtual void show(const Frame& frame) = 0;

    /// Makes the display as large as that, if it can be and the user has not made it fill the
    /// screen. The answer comes as Resized.
    virtual void resize(Size) {}
    /// The largest size that `resize` can give it now.
    virtual Size room() const { return size(); }
    virtual void set_title(std::string_view) {}
    /// width * height pixels of 0xAARRGGBB.
    virtual void set_icon(Size, std::span<const std::uint32_t>) {}
    virtual void show_pointer(bool) {}
    virtual void set_full_screen(bool) {}
    virtual void set_border(bool) {}
    /// Text from the clipboard, in UTF-8; empty if there is none.
    virtual std::string clipboard() { return {}; }
    /// Whether keys are reported when they go up, and modifiers by themselves: otherwise a button
    /// is held for a moment only.
    virtual bool reports_key_up() const { return true; }
    /// Whether it reads the same terminal as programs' standard input.
    virtual bool reads_console() const { return false; }
    /// Whether `size` follows `resize`; otherwise zooming changes the picture alone.
    virtual bool can_resize() const { return false; }
};

/// Of all sound in front of people: the rate at which every sample is the reference's.
inline constexpr unsigned kSoundRateHz = 44100;

/// Fills `samples`, interleaved stereo, left first. Called on a thread of the sound's own.
using Mixer = std::function<void(std::span<std::int16_t> samples)>;

/// A sound card.
class Sound {
public:
    virtual ~Sound() = default;
    /// Starts or stops asking the mixer. When stopped, it costs nothing.
    virtual void play(bool on) noexcept = 0;
};

/// How a display is to begin.
struct DisplayOptions {
    std::string title;
    Size size;
    bool full_screen = false;
    bool border = true;
};

/// What the window's module exports as `leveret_window_module`, so that nobody loads a library for
/// windows who does not open one.
struct WindowModule {
    /// Must be `kWindowModuleVersion` of the program that loads it.
    const char* version;
    base::Result<std::unique_ptr<Display>> (*open_window)(const DisplayOptions& options);
    /// `rate_hz` samples a second for each side, whatever the device takes. An error says why there
    /// is no sound, and not that there is none.
    base::Result<std::unique_ptr<Sound>> (*open_sound)(unsigned rate_hz, Mixer mixer);
};
inline constexpr const char* kWindowModuleVersion = "leveret-window 1";
inline constexpr const char* kWindowModuleEntry = "leveret_window_module";
using WindowModuleEntry = const WindowModule* (*)();

}  // namespace front
