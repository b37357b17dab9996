#include "front/sdl/window.hpp"

#include <SDL.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "front/compose.hpp"
#include "front/sdl/keys.hpp"
#include "front/sdl/pads.hpp"
#include "front/sdl/subsystem.hpp"
#include "front/sdl/x11.hpp"

namespace front::sdl {
namespace {

/// How often pads are asked that nobody can listen to.
constexpr auto kPadPolling = std::chrono::milliseconds(8);

constexpr SDL_PixelFormatEnum kPixels = SDL_PIXELFORMAT_RGB888;  // 0x00RRGGBB in 32 bits

int round_up_to_ms(std::chrono::nanoseconds time) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(time).count();
    return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 1'000'000'000));
}

unsigned positive(int value) {
    return static_cast<unsigned>(std::max(value, 0));
}

class Window final : public Display {
public:
    explicit Window(Subsystem video) : video_(std::move(video)) {}
    ~Window() override {
        pads_.reset();
        SDL_FreeSurface(converted_);
        if (window_ != nullptr) {
            SDL_DestroyWindow(window_);
        }
    }

    /// If not, SDL_GetError says why.
    bool open(const DisplayOptions& options);

    void wait(std::optional<std::chrono::nanoseconds> timeout, std::vector<Input>& inputs) override;
    void wake() noexcept override;
    Size size() const override;
    Placement place(Size picture, unsigned zoom) const override {
        return front::place(picture, size(), zoom);
    }
    void show(const Frame& frame) override;
    void resize(Size size) override;
    Size room() const override;
    void set_title(std::string_view title) override {
        const std::string text(title);
        SDL_SetWindowTitle(window_, text.c_str());
        set_x11_title(window_, text);
    }
    void set_icon(Size size, std::span<const std::uint32_t> pixels) override;
    void show_pointer(bool visible) override { SDL_ShowCursor(visible ? SDL_ENABLE : SDL_DISABLE); }
    void set_full_screen(bool full) override;
    void set_border(bool border) override {
        SDL_SetWindowBordered(window_, border ? SDL_TRUE : SDL_FALSE);
    }
    std::string clipboard() override;
    bool can_resize() const override { return true; }

private:
    void handle(SDL_Event& event, std::vector<Input>& inputs);
    void handle_window(const SDL_WindowEvent& event, std::vector<Input>& inputs);
    void handle_drop(SDL_DropEvent& event, std::vector<Input>& inputs);
    /// A position that SDL reports, in pixels.
    Input at(Input::Kind kind, int x, int y) const;
    /// The window's size in the units that it is positioned in: those of SDL.
    Size size_in_points() const;
    /// What of the screen it may fill, its frame not counted; nothing: it keeps the size it has.
    std::optional<SDL_Rect> room_in_points() const;
    void fill_screen(bool full);
    void push(Uint32 type) noexcept;

    Subsystem video_;
    SDL_Window* window_ = nullptr;
    Keys keys_;
    std::optional<Pads> pads_;
    Uint32 wake_event_ = 0;
    Uint32 pads_event_ = 0;
    std::atomic<bool> woken_{false};
    std::atomic<bool> pads_stirred_{false};

    bool shown_ = false;
    bool full_screen_ = false;
    bool managed_ = true;  ///< there is a window manager
    SDL_Rect before_full_screen_ = {};
    const void* last_pixels_ = nullptr;  ///< what was drawn in
    Size last_size_;
    /// Of displays whose pixels are not ours.
    SDL_Surface* converted_ = nullptr;
    std::string dropped_text_;
};

bool Window::open(const DisplayOptions& options) {
    const Uint32 events = SDL_RegisterEvents(2);
    if (events == static_cast<Uint32>(-1)) {
        return false;
    }
    wake_event_ = events;
    pads_event_ = events + 1;
    Uint32 flags = SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
    flags |= options.border ? 0 : Uint32{SDL_WINDOW_BORDERLESS};
    window_ = SDL_CreateWindow("", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, 1, 1, flags);
    if (window_ == nullptr) {
        return false;
    }
    managed_ = has_window_manager(window_);
    set_title(options.title);
    resize(options.size);
    set_full_screen(options.full_screen);
    SDL_StartTextInput();
    return SDL_GetWindowSurface(window_) != nullptr;
}

void Window::push(Uint32 type) noexcept {
    SDL_Event event = {};
    event.type = type;
    SDL_PushEvent(&event);
}

void Window::wake() noexcept {
    if (!woken_.exchange(true)) {
        push(wake_event_);
    }
}

void Window::wait(std::optional<std::chrono::nanoseconds> timeout, std::vector<Input>& inputs) {
    if (shown_ && !pads_) {
        // Not before something is shown: it takes a while to look for them.
        pads_.emplace([this] {
            if (!pads_stirred_.exchange(true)) {
                push(pads_event_);
            }
        });
    }
    if (pads_ && pads_->need_polling()) {
        pads_->update();
        timeout = timeout ? std::min<std::chrono::nanoseconds>(*timeout, kPadPolling) : kPadPolling;
    }
    SDL_Event event;
    if (SDL_WaitEventTimeout(&event, timeout ? round_up_to_ms(*timeout) : -1) == 0) {
        return;
    }
    do {
        handle(event, inputs);
    } while (SDL_PollEvent(&event) != 0);
}

Input Window::at(Input::Kind kind, int x, int y) const {
    const Size pixels = size();
    const Size points = size_in_points();
    const auto scaled = [](int value, unsigned to, unsigned from) {
        return from == 0 ? value : static_cast<int>(value * std::int64_t{to} / from);
    };
    return {.kind = kind,
            .x = scaled(x, pixels.width, points.width),
            .y = scaled(y, pixels.height, points.height),
            .text = {}};
}

void Window::handle(SDL_Event& event, std::vector<Input>& inputs) {
    using enum Input::Kind;
    switch (event.type) {
        case SDL_KEYDOWN: {
            const Key key = keys_.down(event.key.keysym);
            inputs.push_back({.kind = KeyDown,
                              .key = key,
                              .modifiers = modifiers(event.key.keysym.mod, key),
                              .repeat = event.key.repeat != 0,
                              .text = {}});
            break;
        }
        case SDL_KEYUP: {
            const Key key = keys_.up(event.key.keysym);
            inputs.push_back({.kind = KeyUp,
                              .key = key,
                              .modifiers = modifiers(event.key.keysym.mod, key),
                              .text = {}});
            break;
        }
        case SDL_TEXTINPUT: inputs.push_back({.kind = Text, .text = event.text.text}); break;
        case SDL_MOUSEMOTION:
            inputs.push_back(at(MouseMove, event.motion.x, event.motion.y));
            break;
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
            if (event.button.button >= SDL_BUTTON_LEFT && event.button.button <= SDL_BUTTON_RIGHT) {
                inputs.push_back(at(event.type == SDL_MOUSEBUTTONDOWN ? MouseDown : MouseUp,
                                    event.button.x, event.button.y));
                inputs.back().button = static_cast<std::uint8_t>(event.button.button - 1);
            }
            break;
        case SDL_MOUSEWHEEL:
            // "Natural" scrolling is what the user has asked for, so it is left as it comes.
            if (event.wheel.x != 0 || event.wheel.y != 0) {
                inputs.push_back(
                    {.kind = Wheel, .x = event.wheel.x, .y = -event.wheel.y, .text = {}});
            }
            break;
        case SDL_WINDOWEVENT: handle_window(event.window, inputs); break;
        case SDL_DROPBEGIN:
        case SDL_DROPFILE:
        case SDL_DROPTEXT:
        case SDL_DROPCOMPLETE: handle_drop(event.drop, inputs); break;
        case SDL_QUIT: inputs.push_back({.kind = Close, .text = {}}); break;
        default:
            if (event.type == wake_event_) {
                woken_ = false;
            } else if (pads_ && event.type == pads_event_) {
                pads_stirred_ = false;
                pads_->update();
            } else if (pads_) {
                pads_->handle(event, inputs);
            }
    }
}

void Window::handle_window(const SDL_WindowEvent& event, std::vector<Input>& inputs) {
    const auto add = [&](Input::Kind kind) { inputs.push_back({.kind = kind, .text = {}}); };
    switch (event.event) {
        case SDL_WINDOWEVENT_SIZE_CHANGED: {
            last_pixels_ = nullptr;
            // Where an input method shows what it offers.
            const Size points = size_in_points();
            const SDL_Rect corner = {0, static_cast<int>(points.height), 1, 1};
            SDL_SetTextInputRect(&corner);
            add(Input::Kind::Resized);
            break;
        }
        case SDL_WINDOWEVENT_EXPOSED: add(Input::Kind::Exposed); break;
        case SDL_WINDOWEVENT_FOCUS_LOST: add(Input::Kind::FocusLost); break;
        case SDL_WINDOWEVENT_LEAVE: add(Input::Kind::MouseLeft); break;
        case SDL_WINDOWEVENT_CLOSE: add(Input::Kind::Close); break;
        default: break;
    }
}

void Window::handle_drop(SDL_DropEvent& event, std::vector<Input>& inputs) {
    const std::string text = event.file == nullptr ? "" : event.file;
    SDL_free(std::exchange(event.file, nullptr));
    switch (event.type) {
        case SDL_DROPBEGIN: dropped_text_.clear(); break;
        case SDL_DROPFILE: inputs.push_back({.kind = Input::Kind::Drop, .text = text}); break;
        case SDL_DROPTEXT:  // line by line
            dropped_text_ += dropped_text_.empty() ? text : '\n' + text;
            break;
        default:
            if (!dropped_text_.empty()) {
                inputs.push_back(
                    {.kind = Input::Kind::Paste, .text = std::exchange(dropped_text_, {})});
            }
    }
}

Size Window::size() const {
    int width = 0;
    int height = 0;
    SDL_GetWindowSizeInPixels(window_, &width, &height);
    return {positive(width), positive(height)};
}

Size Window::size_in_points() const {
    int width = 0;
    int height = 0;
    SDL_GetWindowSize(window_, &width, &height);
    return {positive(width), positive(height)};
}

void Window::show(const Frame& frame) {
    if (!shown_) {
        shown_ = true;
        SDL_ShowWindow(window_);
    }
    if ((SDL_GetWindowFlags(window_) & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED)) != 0) {
        last_pixels_ = nullptr;  // nobody sees it, so what changes now is missing there later
        return;
    }
    SDL_Surface* screen = SDL_GetWindowSurface(window_);
    if (screen == nullptr) {
        return;
    }
    const Size size = {positive(screen->w), positive(screen->h)};
    const bool direct = screen->format->format == kPixels;
    if (!direct && (converted_ == nullptr || last_size_ != size)) {
        SDL_FreeSurface(converted_);
        converted_ = SDL_CreateRGBSurfaceWithFormat(0, screen->w, screen->h, 32, kPixels);
        if (converted_ == nullptr) {
            return;
        }
        last_pixels_ = nullptr;
    }
    SDL_Surface* canvas = direct ? screen : converted_;
    const std::size_t stride = static_cast<std::size_t>(canvas->pitch) / sizeof(std::uint32_t);
    Frame drawn = frame;
    drawn.everything = frame.everything || last_pixels_ != screen->pixels || last_size_ != size;
    last_pixels_ = screen->pixels;
    last_size_ = size;
    const varvara::Rows rows = compose(
        drawn, {{static_cast<std::uint32_t*>(canvas->pixels), stride * size.height}, stride, size});
    if (rows.begin == rows.end) {
        return;
    }
    SDL_Rect changed = {0, static_cast<int>(rows.begin), screen->w,
                        static_cast<int>(rows.end - rows.begin)};
    if (!direct) {
        SDL_BlitSurface(canvas, &changed, screen, &changed);
    }
    SDL_UpdateWindowSurfaceRects(window_, &changed, 1);
}

std::optional<SDL_Rect> Window::room_in_points() const {
    SDL_Rect room;
    if (full_screen_ || (SDL_GetWindowFlags(window_) & SDL_WINDOW_MAXIMIZED) != 0 ||
        SDL_GetDisplayUsableBounds(std::max(0, SDL_GetWindowDisplayIndex(window_)), &room) != 0) {
        return std::nullopt;
    }
    int top = 0;
    int left = 0;
    int bottom = 0;
    int right = 0;
    SDL_GetWindowBordersSize(window_, &top, &left, &bottom, &right);
    return SDL_Rect{room.x + left, room.y + top, std::max(1, room.w - left - right),
                    std::max(1, room.h - top - bottom)};
}

Size Window::room() const {
    const auto room = room_in_points();
    const Size pixels = size();
    if (!room) {
        return pixels;
    }
    const Size points = size_in_points();
    const auto length = [](int most, unsigned in_points, unsigned in_pixels) {
        return static_cast<unsigned>(std::uint64_t{positive(most)} * in_pixels /
                                     std::max(1U, in_points));
    };
    return {length(room->w, points.width, pixels.width),
            length(room->h, points.height, pixels.height)};
}

void Window::resize(Size wanted) {
    const auto room = room_in_points();
    if (!room) {
        return;
    }
    const Size pixels = size();
    const Size points = size_in_points();
    const auto length = [](unsigned wanted_pixels, unsigned in_points, unsigned in_pixels,
                           int most) {
        const std::int64_t divisor = std::max(1U, in_pixels);
        const std::int64_t in_full = std::int64_t{wanted_pixels} * in_points;
        return static_cast<int>(
            std::clamp<std::int64_t>((in_full + divisor - 1) / divisor, 1, most));
    };
    const int width = length(wanted.width, points.width, pixels.width, room->w);
    const int height = length(wanted.height, points.height, pixels.height, room->h);
    if (Size{positive(width), positive(height)} == points) {
        return;
    }
    SDL_SetWindowSize(window_, width, height);
    if (!shown_) {
        SDL_SetWindowPosition(window_, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
        return;
    }
    // What has grown over the edge of the screen comes back.
    int x = 0;
    int y = 0;
    SDL_GetWindowPosition(window_, &x, &y);
    const int new_x = std::max(room->x, std::min(x, room->x + room->w - width));
    const int new_y = std::max(room->y, std::min(y, room->y + room->h - height));
    if (new_x != x || new_y != y) {
        SDL_SetWindowPosition(window_, new_x, new_y);
    }
}

void Window::set_full_screen(bool full) {
    if (full == full_screen_) {
        return;
    }
    full_screen_ = full;
    if (managed_) {
        SDL_SetWindowFullscreen(window_, full ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    } else {
        fill_screen(full);
    }
}

void Window::fill_screen(bool full) {
    SDL_Rect place = before_full_screen_;
    if (full) {
        SDL_Rect& now = before_full_screen_;
        SDL_GetWindowPosition(window_, &now.x, &now.y);
        SDL_GetWindowSize(window_, &now.w, &now.h);
        if (SDL_GetDisplayBounds(std::max(0, SDL_GetWindowDisplayIndex(window_)), &place) != 0) {
            return;
        }
    }
    SDL_SetWindowPosition(window_, place.x, place.y);
    SDL_SetWindowSize(window_, place.w, place.h);
}

void Window::set_icon(Size size, std::span<const std::uint32_t> pixels) {
    if (pixels.size() != std::size_t{size.width} * size.height || pixels.empty()) {
        return;
    }
    // SDL only reads them.
    SDL_Surface* icon = SDL_CreateRGBSurfaceWithFormatFrom(
        const_cast<std::uint32_t*>(pixels.data()), static_cast<int>(size.width),
        static_cast<int>(size.height), 32, static_cast<int>(size.width * sizeof(std::uint32_t)),
        SDL_PIXELFORMAT_ARGB8888);
    if (icon != nullptr) {
        SDL_SetWindowIcon(window_, icon);
        SDL_FreeSurface(icon);
    }
}

std::string Window::clipboard() {
    char* text = SDL_GetClipboardText();
    std::string copy = text == nullptr ? "" : text;
    SDL_free(text);
    return copy;
}

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

/// What is meant by "the display" here.
std::string display_name() {
    for (const char* variable : {"SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"}) {
        if (is_set(variable)) {
            return std::string(variable) + "=" + std::getenv(variable);
        }
    }
    return {};
}

base::Result<std::unique_ptr<Display>> fail(const std::string& why) {
    return base::fail(base::ErrorCode::Unsupported, "cannot open a window: " + why);
}

}  // namespace

base::Result<std::unique_ptr<Display>> open_window(const DisplayOptions& options) {
    if (display_name().empty()) {
        return fail("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)");
    }
    SDL_SetMainReady();
    SDL_SetHint(SDL_HINT_APP_NAME, "Leveret");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    // Not the bare console, which would take the whole screen of a computer that one is logged in
    // to.
    const bool x11 = is_set("DISPLAY");
    const bool wayland = is_set("WAYLAND_DISPLAY");
    SDL_SetHint(SDL_HINT_VIDEODRIVER, !wayland ? "x11" : x11 ? "x11,wayland" : "wayland");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "0");
    SDL_SetHint(SDL_HINT_IME_SHOW_UI, "1");
    // The click that brings a window to the front is a click, too.
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    // Pads are asked when they have stirred (Pads), through the kernel's drivers, which can tell.
    SDL_SetHint(SDL_HINT_AUTO_UPDATE_JOYSTICKS, "0");
    SDL_SetHint(SDL_HINT_JOYSTICK_HIDAPI, "0");
    ignore_messages_to_closed_windows();
    Subsystem video(SDL_INIT_VIDEO);
    if (!video) {
        return fail(display_name() + " does not answer (" + SDL_GetError() + ")");
    }
    if (SDL_GetCurrentVideoDriver() == std::string_view("x11")) {
        // Shared memory: the picture is the processor's work anyway, and OpenGL takes long to
        // start.
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    }
    auto window = std::make_unique<Window>(std::move(video));
    if (!window->open(options)) {
        return fail(SDL_GetError());
    }
    return window;
}

}  // namespace front::sdl
