// The window's module, driven by real X events.

#include <gtest/gtest.h>

#include <future>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "front/compose.hpp"
#include "module.hpp"

namespace window_test {
namespace {

using front::Display;
using front::DisplayOptions;
using front::Frame;
using front::Input;
using front::Key;
using front::Overlay;
using front::Placement;
using front::Size;
using enum Input::Kind;

const front::WindowModule& module() {
    return *front::load_window_module(LEVERET_WINDOW_MODULE).value();
}

/// A picture whose pixels all differ from their neighbours.
host::Picture colourful(Size size) {
    host::Picture picture = {size.width, size.height, {}};
    for (unsigned y = 0; y < size.height; ++y) {
        for (unsigned x = 0; x < size.width; ++x) {
            picture.pixels.push_back((x * 37 % 256) << 16 | (y * 61 % 256) << 8 | (x + y) % 256);
        }
    }
    return picture;
}

/// What a window of that size has to look like.
host::Picture enlarged(const host::Picture& picture, Placement at, Size window) {
    host::Picture result = {window.width, window.height, {}};
    for (int y = 0; y < static_cast<int>(window.height); ++y) {
        for (int x = 0; x < static_cast<int>(window.width); ++x) {
            const int zoom = static_cast<int>(at.zoom);
            const bool inside = x >= at.x && y >= at.y &&
                                x < at.x + zoom * static_cast<int>(picture.width) &&
                                y < at.y + zoom * static_cast<int>(picture.height);
            const auto index = static_cast<std::size_t>((y - at.y) / zoom) * picture.width +
                               static_cast<std::size_t>((x - at.x) / zoom);
            result.pixels.push_back(inside ? picture.pixels[index] : 0);
        }
    }
    return result;
}

class WindowTest : public testing::Test {
protected:
    static constexpr Size kSize = {100, 80};

    void SetUp() override {
        if (!XDisplay::available()) {
            GTEST_SKIP() << "Xvfb is not installed";
        }
        user_.emplace();
        where_.emplace("DISPLAY", user_->name().c_str());
    }

    void open(const DisplayOptions& options) {
        auto opened = module().open_window(options);
        ASSERT_TRUE(opened) << opened.error().detail;
        display_ = std::move(*opened);
    }
    /// With a picture in it, and ready for the user.
    void open_and_show(Size size = kSize) {
        open({.title = "Program", .size = size});
        show(colourful(size), 0);
        window_ = user_->wait_for_window();
        user_->move(window_, 1, 1);
        settle();
    }
    void show(const host::Picture& picture, unsigned zoom, const Overlay& overlay = {}) {
        const Size size = {picture.width, picture.height};
        display_->show({picture.pixels, size, {}, display_->place(size, zoom), overlay, true});
    }
    /// Takes what has happened so far.
    void settle() {
        std::vector<Input> inputs;
        do {
            inputs.clear();
            display_->wait(std::chrono::milliseconds(100), inputs);
        } while (!inputs.empty());
    }
    /// The same while the user does something that needs an answer of the window.
    template <class Action>
    std::vector<Input> during(Action action) {
        auto done = std::async(std::launch::async, action);
        return inputs_until(*display_, [&](const auto& /*inputs*/) {
            return done.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        });
    }

    std::optional<XDisplay> user_;
    std::optional<Environment> where_;
    std::unique_ptr<Display> display_;
    XWindow window_;
};

TEST_F(WindowTest, IsAsLargeAsAskedAndNotSeenBeforeItShowsSomething) {
    open({.title = "Program", .size = {200, 150}});
    EXPECT_EQ(display_->size(), (Size{200, 150}));
    EXPECT_TRUE(user_->windows().empty());
    const host::Picture picture = colourful({200, 150});
    show(picture, 0);
    window_ = user_->wait_for_window();
    EXPECT_EQ(window_.width, 200U);
    EXPECT_EQ(window_.height, 150U);
    EXPECT_TRUE(user_->wait_for_picture(window_, picture));
}

TEST_F(WindowTest, ShowsExactPixelsAtEachZoom) {
    const Size window = {320, 200};
    open({.title = "Program", .size = window});
    const host::Picture picture = colourful({100, 60});
    for (const unsigned zoom : {1U, 2U, 3U}) {
        const Placement at = display_->place({100, 60}, zoom);
        EXPECT_EQ(at, (Placement{zoom, static_cast<int>(320 - 100 * zoom) / 2,
                                 static_cast<int>(200 - 60 * zoom) / 2}));
        show(picture, zoom);
        window_ = user_->wait_for_window();
        EXPECT_TRUE(user_->wait_for_picture(window_, enlarged(picture, at, window)))
            << "zoom " << zoom;
    }
    EXPECT_EQ(display_->place({100, 60}, 0).zoom, 3U);
}

TEST_F(WindowTest, ShowsRowsThatChanged) {
    open_and_show();
    host::Picture picture = colourful(kSize);
    std::fill_n(picture.pixels.begin() + 100 * 20, 100 * 2, 0xff0000);
    const Overlay none;
    display_->show({picture.pixels, kSize, {20, 22}, display_->place(kSize, 0), none, false});
    EXPECT_TRUE(user_->wait_for_picture(window_, picture));
}

TEST_F(WindowTest, DrawsOverlaysOverThePicture) {
    open_and_show({400, 300});
    const host::Picture picture = colourful({400, 300});
    const Overlay overlay = {.panel = {{"Keys", Overlay::Line::Style::Heading}, {"F1  zoom"}},
                             .notice = "saved"};
    show(picture, 1, overlay);
    host::Picture expected = picture;
    const auto at = display_->place({400, 300}, 1);
    front::compose({picture.pixels, {400, 300}, {}, at, overlay, true},
                   {expected.pixels, 400, {400, 300}});
    EXPECT_NE(expected, picture);
    EXPECT_TRUE(user_->wait_for_picture(window_, expected));
    show(picture, 1);
    EXPECT_TRUE(user_->wait_for_picture(window_, picture)) << "and takes them away";
}

TEST_F(WindowTest, ReportsKeysGoingDownAndUp) {
    open_and_show();
    user_->key_down(XK_F1);
    const auto down = wait_for(*display_, KeyDown);
    ASSERT_EQ(down.size(), 1U);
    EXPECT_EQ(down[0].key, Key::F1);
    EXPECT_EQ(down[0].modifiers, 0);
    EXPECT_FALSE(down[0].repeat);
    user_->key_up(XK_F1);
    const auto up = wait_for(*display_, KeyUp);
    ASSERT_EQ(up.size(), 1U);
    EXPECT_EQ(up[0].key, Key::F1);
    EXPECT_TRUE(display_->reports_key_up());
}

TEST_F(WindowTest, NamesEveryKey) {
    open_and_show();
    const std::vector<std::pair<unsigned long, Key>> keys = {
        {XK_a, Key::A},
        {XK_z, Key::Z},
        {XK_0, Key::Digit0},
        {XK_9, Key::Digit9},
        {XK_F12, Key::F12},
        {XK_Up, Key::Up},
        {XK_Down, Key::Down},
        {XK_Left, Key::Left},
        {XK_Right, Key::Right},
        {XK_Home, Key::Home},
        {XK_End, Key::End},
        {XK_Prior, Key::PageUp},
        {XK_Next, Key::PageDown},
        {XK_Insert, Key::Insert},
        {XK_Delete, Key::Delete},
        {XK_BackSpace, Key::Backspace},
        {XK_Tab, Key::Tab},
        {XK_Return, Key::Enter},
        {XK_Escape, Key::Escape},
        {XK_space, Key::Space},
        {XK_Control_L, Key::LeftCtrl},
        {XK_Control_R, Key::RightCtrl},
        {XK_Alt_L, Key::LeftAlt},
        {XK_Shift_L, Key::LeftShift},
        {XK_Shift_R, Key::RightShift},
        {XK_Super_L, Key::Super},
        {XK_Menu, Key::Menu},
        {XK_Pause, Key::Pause},
        {XK_minus, Key::Minus},
        {XK_equal, Key::Equals},
        {XK_comma, Key::Comma},
        {XK_period, Key::Period},
        {XK_slash, Key::Slash},
        {XK_semicolon, Key::Semicolon},
        {XK_apostrophe, Key::Quote},
        {XK_bracketleft, Key::LeftBracket},
        {XK_bracketright, Key::RightBracket},
        {XK_backslash, Key::Backslash},
        {XK_grave, Key::Backquote},
        {XK_KP_Enter, Key::Enter},
        {XK_KP_Up, Key::Up},  // Num Lock is off
    };
    for (const auto& [pressed, key] : keys) {
        user_->press(pressed);
        const auto inputs =
            inputs_until(*display_, [](const auto& all) { return !of_kind(all, KeyUp).empty(); });
        ASSERT_EQ(of_kind(inputs, KeyDown).size(), 1U) << name_of(key);
        EXPECT_EQ(of_kind(inputs, KeyDown)[0].key, key) << name_of(key);
        EXPECT_EQ(of_kind(inputs, KeyDown)[0].modifiers, 0) << name_of(key);
        EXPECT_EQ(of_kind(inputs, KeyUp)[0].key, key) << name_of(key);
    }
}

TEST_F(WindowTest, ReportsModifiersThatAreHeld) {
    open_and_show();
    user_->press({XK_Control_L, XK_Shift_L}, XK_h);
    const auto keys = wait_for(*display_, KeyDown, 3);
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_EQ(keys[0].key, Key::LeftCtrl);
    EXPECT_EQ(keys[0].modifiers, 0) << "it is not held with itself";
    EXPECT_EQ(keys[1].key, Key::LeftShift);
    EXPECT_EQ(keys[1].modifiers, front::Ctrl);
    EXPECT_EQ(keys[2].key, Key::H);
    EXPECT_EQ(keys[2].modifiers, front::Ctrl | front::Shift);
    user_->press({XK_Alt_L}, XK_F4);
    const auto more = wait_for(*display_, KeyDown, 2);
    ASSERT_EQ(more.size(), 2U);
    EXPECT_EQ(more[1].modifiers, front::Alt);
}

TEST_F(WindowTest, ReportsRepeats) {
    open_and_show();
    user_->key_down(XK_Down);
    const auto keys = wait_for(*display_, KeyDown, 3);
    user_->key_up(XK_Down);
    ASSERT_GE(keys.size(), 3U);
    EXPECT_FALSE(keys[0].repeat);
    EXPECT_TRUE(keys[1].repeat);
    EXPECT_TRUE(keys[2].repeat);
}

TEST_F(WindowTest, ReportsTextAfterTheKeyThatMadeIt) {
    open_and_show();
    user_->type("aZ?\n");
    const auto inputs = inputs_until(*display_, [](const auto& all) {
        const auto down = of_kind(all, KeyDown);
        return !down.empty() && down.back().key == Key::Enter;
    });
    std::string text;
    Key last = Key::None;
    for (const Input& input : inputs) {
        if (input.kind == KeyDown) {
            last = input.key;
        } else if (input.kind == Text) {
            text += std::string(name_of(last)) + input.text + " ";
        }
    }
    EXPECT_EQ(text, "Aa ZZ Slash? ");
}

TEST_F(WindowTest, ReportsThePointerInPixels) {
    open_and_show();
    user_->move(window_, 31, 41);
    const auto moves = wait_for(*display_, MouseMove);
    ASSERT_FALSE(moves.empty());
    EXPECT_EQ(moves.back().x, 31);
    EXPECT_EQ(moves.back().y, 41);
    for (const unsigned button : {1U, 2U, 3U}) {
        user_->click(button);
        const auto inputs =
            inputs_until(*display_, [](const auto& all) { return !of_kind(all, MouseUp).empty(); });
        const auto down = of_kind(inputs, MouseDown);
        ASSERT_EQ(down.size(), 1U);
        EXPECT_EQ(down[0].button, button - 1);
        EXPECT_EQ(down[0].x, 31);
        EXPECT_EQ(down[0].y, 41);
        EXPECT_EQ(of_kind(inputs, MouseUp)[0].button, button - 1);
    }
}

TEST_F(WindowTest, ReportsThatThePointerHasLeft) {
    open_and_show();
    user_->move(window_, -20, -20);
    EXPECT_EQ(wait_for(*display_, MouseLeft).size(), 1U);
}

TEST_F(WindowTest, KeepsReportingADragOutsideOfIt) {
    open_and_show();
    user_->button_down(1);
    user_->move(window_, -20, 10);
    const auto moves = wait_for(*display_, MouseMove);
    ASSERT_FALSE(moves.empty());
    EXPECT_EQ(moves.back().x, -20);
    user_->button_up(1);
    EXPECT_EQ(wait_for(*display_, MouseUp).size(), 1U);
}

TEST_F(WindowTest, ReportsTheWheelInBothDirections) {
    open_and_show();
    const std::vector<std::array<int, 3>> steps = {{4, 0, -1}, {5, 0, 1}, {6, -1, 0}, {7, 1, 0}};
    for (const auto& [button, x, y] : steps) {
        user_->click(static_cast<unsigned>(button));
        const auto wheel = wait_for(*display_, Wheel);
        ASSERT_EQ(wheel.size(), 1U);
        EXPECT_EQ(wheel[0].x, x);
        EXPECT_EQ(wheel[0].y, y);
    }
}

TEST_F(WindowTest, ReportsDroppedFiles) {
    open_and_show();
    bool taken = false;
    const auto inputs =
        during([&] { taken = user_->drop_file(window_, "/tmp/a%20program%C3%BC.rom"); });
    EXPECT_TRUE(taken);
    const auto drops = of_kind(inputs, Drop);
    ASSERT_EQ(drops.size(), 1U);
    EXPECT_EQ(drops[0].text, "/tmp/a program\xc3\xbc.rom");
}

TEST_F(WindowTest, ReportsDroppedTextAsAPaste) {
    open_and_show();
    const auto inputs = during([&] { user_->drop(window_, "text/plain", "two\nlines"); });
    const auto pastes = of_kind(inputs, Paste);
    ASSERT_EQ(pastes.size(), 1U);
    EXPECT_EQ(pastes[0].text, "two\nlines");
}

TEST_F(WindowTest, ReportsALostFocusAndReleasesWhatWasHeld) {
    open_and_show();
    user_->key_down(XK_x);
    wait_for(*display_, KeyDown);
    user_->unfocus();
    EXPECT_EQ(wait_for(*display_, FocusLost).size(), 1U);
    user_->key_up(XK_x);
}

TEST_F(WindowTest, FollowsAResize) {
    open_and_show();
    user_->resize(window_, 333, 222);
    EXPECT_FALSE(wait_for(*display_, Resized).empty());
    EXPECT_EQ(display_->size(), (Size{333, 222}));
    const host::Picture picture = colourful(kSize);
    show(picture, 0);
    EXPECT_TRUE(user_->wait_for_picture(window_, enlarged(picture, {2, 66, 31}, {333, 222})));
}

TEST_F(WindowTest, DrawsEverythingAfterAResizeEvenIfOnlyRowsHaveChanged) {
    open_and_show();
    user_->resize(window_, 120, 100);
    wait_for(*display_, Resized);
    const host::Picture picture = colourful(kSize);
    const Overlay none;
    const Placement at = display_->place(kSize, 0);
    display_->show({picture.pixels, kSize, {4, 5}, at, none, false});
    EXPECT_TRUE(user_->wait_for_picture(window_, enlarged(picture, at, {120, 100})));
}

TEST_F(WindowTest, LivesThroughAnySize) {
    open_and_show();
    const host::Picture picture = colourful(kSize);
    const Overlay overlay = {.panel = {{"some text"}}, .notice = "a notice"};
    for (const Size size : {Size{1, 1}, Size{1, 500}, Size{500, 1}, Size{4000, 3000}}) {
        user_->resize(window_, size.width, size.height);
        wait_for(*display_, Resized);
        EXPECT_EQ(display_->size(), size);
        show(picture, 0, overlay);
    }
    user_->resize(window_, 100, 80);
    wait_for(*display_, Resized);
    show(picture, 0);
    EXPECT_TRUE(user_->wait_for_picture(window_, picture));
}

TEST_F(WindowTest, TakesAnotherSize) {
    open_and_show();
    EXPECT_TRUE(display_->can_resize());
    display_->resize({300, 240});
    EXPECT_FALSE(wait_for(*display_, Resized).empty());
    EXPECT_EQ(display_->size(), (Size{300, 240}));
    EXPECT_TRUE(user_->wait_for_size(window_, 300, 240));
}

TEST_F(WindowTest, NeverGrowsOverTheScreen) {
    open_and_show();
    display_->resize({5000, 200});
    wait_for(*display_, Resized);
    EXPECT_EQ(display_->size(), (Size{1280, 200}));
    EXPECT_TRUE(eventually([&] {
        const auto now = user_->now(window_);
        return now && now->x == 0 && now->width == 1280;
    }));
}

TEST_F(WindowTest, ReportsThatItWasCovered) {
    open_and_show();
    user_->cover(window_);
    EXPECT_FALSE(wait_for(*display_, Exposed).empty());
    const host::Picture picture = colourful(kSize);
    show(picture, 0);
    EXPECT_TRUE(user_->wait_for_picture(window_, picture));
}

TEST_F(WindowTest, ShowsWhatHasChangedWhileItWasMinimised) {
    open_and_show();
    user_->hide(window_);
    settle();
    host::Picture picture = colourful(kSize);
    const Overlay none;
    for (unsigned row = 10; row < 20; ++row) {
        picture.pixels[row * kSize.width] = 0xff0000;
        display_->show({picture.pixels, kSize, {row, row + 1}, {}, none, false});
    }
    user_->unhide(window_);
    EXPECT_FALSE(wait_for(*display_, Exposed).empty());
    display_->show({picture.pixels, kSize, {20, 21}, {}, none, false});
    EXPECT_TRUE(user_->wait_for_picture(window_, picture));
}

TEST_F(WindowTest, ReportsThatItIsToBeClosedOnce) {
    open_and_show();
    user_->close(window_);
    EXPECT_EQ(wait_for(*display_, Close).size(), 1U);
    std::vector<Input> inputs;
    display_->wait(std::chrono::milliseconds(50), inputs);
    EXPECT_TRUE(of_kind(inputs, Close).empty());
    EXPECT_TRUE(user_->now(window_)) << "it is not for the window to decide";
    display_.reset();
    EXPECT_TRUE(user_->wait_for_no_window());
}

TEST_F(WindowTest, FillsTheScreenAndComesBack) {
    open_and_show();
    const XWindow before = user_->now(window_).value();
    display_->set_full_screen(true);
    wait_for(*display_, Resized);
    EXPECT_EQ(display_->size(), (Size{1280, 1024}));
    const host::Picture picture = colourful(kSize);
    show(picture, 0);
    EXPECT_TRUE(user_->wait_for_picture(window_, enlarged(picture, {12, 40, 32}, {1280, 1024})));
    display_->resize({50, 50});
    EXPECT_EQ(display_->size(), (Size{1280, 1024})) << "a program that resizes does not end it";
    display_->set_full_screen(false);
    EXPECT_TRUE(user_->wait_for_size(window_, kSize.width, kSize.height));
    EXPECT_EQ(user_->now(window_)->x, before.x);
    EXPECT_EQ(user_->now(window_)->y, before.y);
}

TEST_F(WindowTest, BeginsWithTheWholeScreenIfAsked) {
    open({.title = "Program", .size = kSize, .full_screen = true});
    show(colourful(kSize), 0);
    window_ = user_->wait_for_window();
    EXPECT_TRUE(user_->wait_for_size(window_, 1280, 1024));
    display_->set_full_screen(false);
    EXPECT_TRUE(user_->wait_for_size(window_, kSize.width, kSize.height));
}

TEST_F(WindowTest, HasATitleAndAClassForTheDesktop) {
    open_and_show();
    EXPECT_EQ(user_->property(window_, "_NET_WM_NAME"), "Program");
    EXPECT_EQ(user_->property(window_, "WM_NAME"), "Program");
    display_->set_title(
        "Gr\xc3\xbc\xc3\x9f"
        "e \xe2\x80\x93 Leveret");
    EXPECT_TRUE(eventually([&] {
        return user_->property(window_, "_NET_WM_NAME") ==
               "Gr\xc3\xbc\xc3\x9f"
               "e \xe2\x80\x93 Leveret";
    })) << user_->property(window_, "_NET_WM_NAME");
    EXPECT_FALSE(user_->property(window_, "WM_CLASS").empty());
}

TEST_F(WindowTest, HasAnIcon) {
    open_and_show();
    std::vector<std::uint32_t> icon(24 * 24);
    std::iota(icon.begin(), icon.end(), 0xff001000);
    display_->set_icon({24, 24}, icon);
    std::vector<std::uint32_t> expected = {24, 24};
    expected.insert(expected.end(), icon.begin(), icon.end());
    EXPECT_TRUE(eventually([&] { return user_->numbers(window_, "_NET_WM_ICON") == expected; }));
    display_->set_icon({0, 0}, {});
    display_->set_icon({100, 100}, icon);  // too few pixels: left alone
}

TEST_F(WindowTest, HasNoBorderIfAsked) {
    open_and_show();
    display_->set_border(false);
    // Motif's hints, which every window manager understands: the third says "no decorations".
    const auto undecorated = [&] {
        const auto hints = user_->numbers(window_, "_MOTIF_WM_HINTS");
        return hints.size() >= 3 && hints[2] == 0;
    };
    EXPECT_TRUE(eventually(undecorated));
    display_->set_border(true);
    EXPECT_TRUE(eventually([&] { return !undecorated(); }));
}

TEST_F(WindowTest, HidesAndShowsThePointer) {
    open_and_show();
    display_->show_pointer(false);
    EXPECT_TRUE(eventually([&] { return !user_->pointer_visible(); }));
    display_->show_pointer(true);
    EXPECT_TRUE(eventually([&] { return user_->pointer_visible(); }));
}

TEST_F(WindowTest, ReadsTheClipboardOfOthers) {
    open_and_show();
    EXPECT_EQ(display_->clipboard(), "");
    user_->set_clipboard("#18 DEO\n( \xc3\xa9 )");
    EXPECT_EQ(display_->clipboard(), "#18 DEO\n( \xc3\xa9 )");
}

TEST_F(WindowTest, WaitsUntilAnotherThreadWakesIt) {
    open_and_show();
    std::atomic<bool> woken = false;
    std::jthread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        woken = true;
        display_->wake();
    });
    // However often it returns for other reasons, it does return for this one.
    std::vector<Input> inputs;
    while (!woken) {
        display_->wait(std::nullopt, inputs);
    }
}

TEST_F(WindowTest, IsWokenBeforehand) {
    open_and_show();
    for (int round = 0; round < 100; ++round) {
        display_->wake();
        display_->wake();
        std::vector<Input> inputs;
        display_->wait(std::nullopt, inputs);
    }
}

TEST_F(WindowTest, ShowsItsColoursOnAScreenWithOther) {
    user_.reset();
    user_.emplace(640U, 480U, 16U);
    where_.reset();
    where_.emplace("DISPLAY", user_->name().c_str());
    open({.title = "Program", .size = {4, 1}});
    const host::Picture picture = {4, 1, {0xff0000, 0x00ff00, 0x0000ff, 0xffffff}};
    const host::Picture expected = {4, 1, {0xf800, 0x07e0, 0x001f, 0xffff}};  // 5, 6, 5 bits
    show(picture, 0);
    window_ = user_->wait_for_window();
    EXPECT_TRUE(user_->wait_for_picture(window_, expected));
    user_->resize(window_, 8, 2);
    wait_for(*display_, Resized);
    show(picture, 0);
    EXPECT_TRUE(user_->wait_for_pixel(window_, 7, 1, 0xffff));
}

TEST_F(WindowTest, OpensOneAfterTheOther) {
    for (int round = 0; round < 3; ++round) {
        open_and_show();
        display_.reset();
        EXPECT_TRUE(user_->wait_for_no_window());
    }
}

TEST(NoWindow, IsAnErrorThatNamesTheDisplay) {
    const Environment none("DISPLAY", nullptr);
    const Environment no_wayland("WAYLAND_DISPLAY", nullptr);
    const Environment any_driver("SDL_VIDEODRIVER", nullptr);
    const auto nowhere = module().open_window({.title = "Program", .size = {10, 10}});
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().detail,
              "cannot open a window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is "
              "set)");
    const Environment dead("DISPLAY", ":63999");
    const auto silent = module().open_window({.title = "Program", .size = {10, 10}});
    ASSERT_FALSE(silent);
    EXPECT_NE(silent.error().detail.find("DISPLAY=:63999 does not answer"), std::string::npos)
        << silent.error().detail;
}

}  // namespace
}  // namespace window_test
