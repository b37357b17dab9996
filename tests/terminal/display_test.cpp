#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "front/terminal/terminal.hpp"
#include "terminal/fake_terminal.hpp"
#include "terminal/pattern.hpp"

namespace {

using front::Display;
using front::Input;
using front::Key;
using front::Placement;
using front::Point;
using front::Size;
using front::TerminalOptions;
using terminal_test::Abilities;
using terminal_test::FakeTerminal;
using terminal_test::pattern;
using Clock = std::chrono::steady_clock;
using Kind = Input::Kind;
using std::chrono::milliseconds;

/// Long enough for a busy machine and sanitizers; what is waited for normally takes milliseconds.
constexpr std::chrono::seconds kPatience{30};

/// A fake terminal at the other end of a real one.
class Pty {
public:
    explicit Pty(const Abilities& abilities, unsigned short columns = 80, unsigned short rows = 24,
                 bool deaf = false)
        : deaf_(deaf), terminal_(columns, rows, abilities) {
        master_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        grantpt(master_);
        unlockpt(master_);
        std::array<char, 128> name{};
        ptsname_r(master_, name.data(), name.size());
        name_ = name.data();
        slave_ = open(name_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        set_size(columns, rows);
        thread_ = std::thread([this] { serve(); });
    }
    ~Pty() {
        hang_up();
        close(slave_);
    }
    Pty(const Pty&) = delete;
    Pty& operator=(const Pty&) = delete;

    const std::string& name() const { return name_; }
    void send(std::string_view bytes) const {
        EXPECT_EQ(write(master_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    void set_size(unsigned short columns, unsigned short rows) const {
        const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
        ioctl(master_, TIOCSWINSZ, &size);
    }
    /// Stops reading, as a network that stands still.
    void hold(bool on) { held_ = on; }
    /// Begins to answer.
    void listen() { deaf_ = false; }
    void hang_up() {
        stop_ = true;
        if (thread_.joinable()) {
            thread_.join();
            close(master_);
        }
    }

    template <class Function>
    auto with(Function function) {
        const std::lock_guard lock(mutex_);
        return function(terminal_);
    }

    /// All flags and characters, as text.
    std::string settings() const {
        termios now{};
        tcgetattr(slave_, &now);
        std::string text = std::to_string(now.c_iflag) + " " + std::to_string(now.c_oflag) + " " +
                           std::to_string(now.c_cflag) + " " + std::to_string(now.c_lflag);
        for (const cc_t c : now.c_cc) {
            text += " " + std::to_string(c);
        }
        return text;
    }

private:
    void serve() {
        std::array<char, 4096> buffer{};
        while (!stop_) {
            pollfd entry{.fd = master_, .events = POLLIN, .revents = 0};
            if (held_ || poll(&entry, 1, 10) <= 0 || (entry.revents & POLLIN) == 0) {
                std::this_thread::sleep_for(milliseconds(1));
                continue;
            }
            const ssize_t count = read(master_, buffer.data(), buffer.size());
            const std::lock_guard lock(mutex_);
            if (count > 0) {
                terminal_.feed({buffer.data(), static_cast<std::size_t>(count)});
            }
            if (!deaf_) {
                const std::string replies = terminal_.take_replies();
                EXPECT_EQ(write(master_, replies.data(), replies.size()),
                          static_cast<ssize_t>(replies.size()));
            }
        }
    }

    int master_ = -1;
    int slave_ = -1;
    std::string name_;
    std::atomic<bool> held_ = false;
    std::atomic<bool> deaf_;
    std::atomic<bool> stop_ = false;
    std::mutex mutex_;
    FakeTerminal terminal_;
    std::thread thread_;
};

class TerminalDisplay : public testing::Test {
protected:
    void SetUp() override {
        setenv("TERM", "xterm-256color", 1);
        unsetenv("COLORTERM");
        unsetenv("TMUX");
    }

    static std::unique_ptr<Display> open(const Pty& pty, TerminalOptions options = {}) {
        options.device = pty.name();
        options.title = "a program";
        auto display = front::open_terminal(options);
        EXPECT_TRUE(display.has_value());
        return display ? *std::move(display) : nullptr;
    }

    /// Waits for inputs until that holds.
    static bool wait_until(Display& display, std::vector<Input>& inputs,
                           const std::function<bool()>& condition) {
        const auto deadline = Clock::now() + kPatience;
        while (!condition()) {
            if (Clock::now() > deadline) {
                return false;
            }
            display.wait(milliseconds(10), inputs);
        }
        return true;
    }

    static bool wait_for(Display& display, std::vector<Input>& inputs, Kind kind) {
        return wait_until(display, inputs, [&] {
            return std::ranges::find(inputs, kind, &Input::kind) != inputs.end();
        });
    }

    /// Shows it, as the front end would: again when it is told that what is there may be gone.
    static Placement show(Display& display, Pty& pty, const std::vector<std::uint32_t>& pixels,
                          Size size, const std::function<bool(FakeTerminal&)>& is_there) {
        const front::Overlay overlay;
        std::vector<Input> inputs;
        Placement at;
        const auto paint = [&] {
            at = display.place(size, 1);
            display.show({.pixels = pixels,
                          .size = size,
                          .changed = {},
                          .at = at,
                          .overlay = overlay,
                          .everything = true});
        };
        paint();
        EXPECT_TRUE(wait_until(display, inputs, [&] {
            for (const Input& input : std::exchange(inputs, {})) {
                if (input.kind == Kind::Exposed) {
                    paint();
                }
            }
            return pty.with(is_there);
        }));
        return at;
    }
};

/// Whether a fake terminal shows that picture there.
std::function<bool(FakeTerminal&)> shows(const std::vector<std::uint32_t>& pixels, Size size,
                                         Point at, bool blocks) {
    return [&pixels, size, at, blocks](FakeTerminal& terminal) {
        for (unsigned y = 0; y < size.height; ++y) {
            for (unsigned x = 0; x < size.width; ++x) {
                const unsigned px = x + static_cast<unsigned>(at.x);
                const unsigned py = y + static_cast<unsigned>(at.y);
                if ((blocks ? terminal.half_pixel(px, py) : terminal.pixel(px, py)) !=
                    pixels[std::size_t{y} * size.width + x]) {
                    return false;
                }
            }
        }
        return true;
    };
}

void expect_restored(Pty& pty, const std::string& settings) {
    EXPECT_EQ(pty.settings(), settings);
    const auto deadline = Clock::now() + kPatience;
    while (!pty.with([](FakeTerminal& t) { return t.mode(25) && !t.mode(1049); }) &&
           Clock::now() < deadline) {
        std::this_thread::sleep_for(milliseconds(5));
    }
    pty.with([](FakeTerminal& terminal) {
        EXPECT_FALSE(terminal.mode(1049)) << "the other screen";
        EXPECT_TRUE(terminal.mode(25)) << "the cursor";
        EXPECT_TRUE(terminal.mode(7)) << "wrapping";
        for (const unsigned mode : {1003u, 1004u, 1006u, 1016u, 2004u, 2026u}) {
            EXPECT_FALSE(terminal.mode(mode)) << mode;
        }
        EXPECT_EQ(terminal.title(), "shell");
        EXPECT_EQ(terminal.saved_titles(), 0u);
        EXPECT_EQ(terminal.keyboard_depth(), 0u);
        EXPECT_EQ(terminal.pictures(), 0u);
        EXPECT_EQ(terminal.complaints(), "");
    });
}

TEST_F(TerminalDisplay, TakesTheTerminalAndGivesItBack) {
    const Abilities all{
        .kitty = true, .sixel = true, .keyboard = true, .synchronized = true, .pixel_mouse = true};
    for (const Abilities& abilities : {Abilities{}, all}) {
        Pty pty(abilities);
        const std::string settings = pty.settings();
        auto display = open(pty);
        const auto pixels = pattern({40, 30});
        show(*display, pty, pixels, {40, 30}, [&](FakeTerminal& terminal) {
            return terminal.title() == "a program" && (!abilities.kitty || terminal.pictures() > 0);
        });
        EXPECT_NE(pty.settings(), settings);
        pty.with([&](FakeTerminal& terminal) {
            EXPECT_TRUE(terminal.mode(1049));
            EXPECT_FALSE(terminal.mode(25));
            EXPECT_TRUE(terminal.mode(1003));
            EXPECT_TRUE(terminal.mode(2004));
            EXPECT_EQ(terminal.mode(1016), abilities.pixel_mouse);
            EXPECT_EQ(terminal.keyboard_depth(), abilities.keyboard ? 1u : 0u);
        });
        display.reset();
        expect_restored(pty, settings);
    }
}

TEST_F(TerminalDisplay, ShowsPicturesInTheBestWayThatTheTerminalHas) {
    struct Case {
        Abilities abilities;
        TerminalOptions::Pictures pictures;
        Size size;
    };
    using enum TerminalOptions::Pictures;
    const Size cell{.width = 10, .height = 20};
    for (const Case& c : {Case{{}, Auto, {80, 48}},
                          Case{{.kitty = true, .sixel = true, .cell = cell}, Auto, {800, 480}},
                          Case{{.kitty = true, .sixel = true, .cell = cell}, Sixel, {800, 460}},
                          Case{{.kitty = true, .sixel = true, .cell = cell}, Blocks, {80, 48}},
                          Case{{.sixel = true, .cell = cell}, Auto, {800, 460}}}) {
        Pty pty(c.abilities);
        const auto display = open(pty, {.pictures = c.pictures});
        EXPECT_EQ(display->size(), c.size);
        const bool blocks = c.size.width == 80;
        std::vector<std::uint32_t> pixels(20u * 12, 0xff0000);
        std::ranges::fill(pixels.begin(), pixels.begin() + 100, 0x0000ff);
        const Placement at = display->place({20, 12}, 1);
        show(*display, pty, pixels, {20, 12},
             shows(pixels, {20, 12}, {.x = at.x, .y = at.y}, blocks));
        pty.with([](FakeTerminal& terminal) { EXPECT_EQ(terminal.complaints(), ""); });
    }
}

TEST_F(TerminalDisplay, AsksTheTerminalForItsColours) {
    for (const bool true_colour : {true, false}) {
        Pty pty({.true_colour = true_colour});
        const auto display = open(pty);
        const std::vector<std::uint32_t> pixels(16, 0x123456);
        const std::vector<std::uint32_t> expected(16, true_colour ? 0x123456 : 0x005f5f);
        const Placement at = display->place({4, 4}, 1);
        if (true_colour) {
            show(*display, pty, pixels, {4, 4}, shows(expected, {4, 4}, {at.x, at.y}, true));
        } else {
            // One of 256.
            show(*display, pty, pixels, {4, 4}, [&](FakeTerminal& terminal) {
                const auto shown =
                    terminal.half_pixel(static_cast<unsigned>(at.x), static_cast<unsigned>(at.y));
                return shown && *shown != 0x123456;
            });
        }
    }
}

TEST_F(TerminalDisplay, ReportsKeysTextAndMouse) {
    Pty pty({});
    const auto display = open(pty);
    EXPECT_FALSE(display->reports_key_up());
    std::vector<Input> inputs;
    pty.send("q\x1b[1;5A\x1b[<0;10;5M\x1b[O");
    ASSERT_TRUE(wait_for(*display, inputs, Kind::FocusLost));
    ASSERT_EQ(inputs.size(), 5u);
    EXPECT_EQ(inputs[0].key, Key::Q);
    EXPECT_EQ(inputs[1].text, "q");
    EXPECT_EQ(inputs[2].key, Key::Up);
    EXPECT_EQ(inputs[2].modifiers, front::Ctrl);
    EXPECT_EQ(inputs[3].kind, Kind::MouseDown);
    // In the middle of the cell, in pixels of the display.
    EXPECT_EQ(inputs[3].x, 9);
    EXPECT_EQ(inputs[3].y, 9);
}

TEST_F(TerminalDisplay, ReportsKeysThatGoUpWhereTheTerminalDoes) {
    Pty pty({.keyboard = true});
    const auto display = open(pty);
    EXPECT_TRUE(display->reports_key_up());
    std::vector<Input> inputs;
    pty.send("\x1b[97;1:3u");
    ASSERT_TRUE(wait_for(*display, inputs, Kind::KeyUp));
    EXPECT_EQ(inputs[0].key, Key::A);
}

TEST_F(TerminalDisplay, FindsTheMouseInPixelsWhereTheTerminalDoes) {
    for (const bool kitty : {false, true}) {
        for (const bool exact : {false, true}) {
            Pty pty({.kitty = kitty, .pixel_mouse = exact});
            const auto display = open(pty);
            std::vector<Input> inputs;
            pty.send("\x1b[<35;41;31M");  // counted from 1
            ASSERT_TRUE(wait_for(*display, inputs, Kind::MouseMove));
            const Point at{.x = inputs[0].x, .y = inputs[0].y};
            const Point expected = kitty   ? exact ? Point{40, 30} : Point{40 * 8 + 4, 30 * 16 + 8}
                                     : exact ? Point{5, 3}
                                           : Point{40, 61};
            EXPECT_EQ(at, expected) << kitty << exact;
        }
    }
}

TEST_F(TerminalDisplay, ReportsTheEscapeKeyWhenNothingFollows) {
    Pty pty({});
    const auto display = open(pty);
    std::vector<Input> inputs;
    pty.send("\x1b");
    display->wait(std::nullopt, inputs);
    ASSERT_EQ(inputs.size(), 1u);
    EXPECT_EQ(inputs[0].key, Key::Escape);
}

TEST_F(TerminalDisplay, KeepsWhatWasTypedBeforeItWasOpen) {
    Pty pty({});
    pty.send("a\n");  // not raw yet: a line
    const auto display = open(pty);
    std::vector<Input> inputs;
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Text));
    EXPECT_EQ(inputs[0].key, Key::A);
    EXPECT_EQ(inputs[1].text, "a");
}

TEST_F(TerminalDisplay, WaitsUntilItIsWoken) {
    Pty pty({});
    const auto display = open(pty);
    std::vector<Input> inputs;
    display->wake();
    display->wait(std::nullopt, inputs);  // ended by a wake before it
    std::thread other([&] {
        std::this_thread::sleep_for(milliseconds(20));
        display->wake();
    });
    display->wait(std::nullopt, inputs);
    other.join();
    display->wait(milliseconds(5), inputs);  // ended by its time
    EXPECT_TRUE(inputs.empty());
}

TEST_F(TerminalDisplay, LeavesFramesOutWhenTheTerminalIsSlow) {
    for (const bool kitty : {false, true}) {
        Pty pty({.kitty = kitty, .synchronized = true, .true_colour = true});
        const auto display = open(pty);
        const front::Overlay overlay;
        const Size size{.width = 80, .height = 46};
        pty.hold(true);
        std::vector<std::uint32_t> pixels;
        std::vector<Input> inputs;
        for (unsigned i = 0; i < 500; ++i) {
            pixels = pattern(size, i);
            display->show({.pixels = pixels,
                           .size = size,
                           .changed = {.begin = 0, .end = size.height},
                           .at = display->place(size, 1),
                           .overlay = overlay,
                           .everything = false});
            display->wait(milliseconds(0), inputs);
        }
        pty.hold(false);
        const Placement at = display->place(size, 1);
        show(*display, pty, pixels, size, shows(pixels, size, {.x = at.x, .y = at.y}, !kitty));
        pty.with([](FakeTerminal& terminal) {
            EXPECT_LT(terminal.frames(), 20u);
            EXPECT_EQ(terminal.complaints(), "");
        });
    }
}

TEST_F(TerminalDisplay, FollowsTheSizeOfTheTerminal) {
    Pty pty({});
    const auto display = open(pty);
    std::vector<Input> inputs;
    pty.set_size(60, 20);
    raise(SIGWINCH);
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Resized));
    EXPECT_EQ(display->size(), (Size{60, 40}));
    // Nobody knows, or something absurd.
    pty.set_size(0, 0);
    raise(SIGWINCH);
    inputs.clear();
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Resized));
    EXPECT_EQ(display->size(), (Size{80, 48}));
    pty.set_size(65535, 65535);
    raise(SIGWINCH);
    inputs.clear();
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Resized));
    EXPECT_LE(display->size().width, 4096u);
    pty.set_size(1, 1);
    raise(SIGWINCH);
    inputs.clear();
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Resized));
    EXPECT_EQ(display->size(), (Size{1, 2}));
}

TEST_F(TerminalDisplay, ClosesWhenTheTerminalIsGone) {
    auto pty = std::make_unique<Pty>(Abilities{});
    const auto display = open(*pty);
    pty->hang_up();
    std::vector<Input> inputs;
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Close));
    inputs.clear();
    display->wait(milliseconds(20), inputs);
    EXPECT_TRUE(inputs.empty()) << "it says so once, and then waits like any other";
    const auto pixels = pattern({10, 10});
    const front::Overlay overlay;
    display->show({.pixels = pixels,
                   .size = {10, 10},
                   .changed = {},
                   .at = {},
                   .overlay = overlay,
                   .everything = true});
}

std::atomic<int> caught{0};

TEST_F(TerminalDisplay, ClosesOnASignalAfterWhoeverListenedBefore) {
    Pty pty({});
    const std::string settings = pty.settings();
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before{};
        struct sigaction action{};
        action.sa_handler = [](int n) {
            caught = n;
            ::signal(n, SIG_DFL);  // as the handler of the command line does
        };
        sigaction(number, &action, &before);
        auto display = open(pty);
        raise(number);
        EXPECT_EQ(caught, number);
        std::vector<Input> inputs;
        EXPECT_TRUE(wait_for(*display, inputs, Kind::Close));
        display.reset();
        expect_restored(pty, settings);
        struct sigaction after{};
        sigaction(number, &before, &after);
        EXPECT_EQ(after.sa_handler, action.sa_handler) << "handlers are as they were";
    }
}

TEST_F(TerminalDisplay, TakesHalfBlocksIfTheTerminalSaysNothing) {
    Pty pty({.kitty = true, .answers = false});
    const std::string settings = pty.settings();
    auto display = open(pty);
    EXPECT_EQ(display->size(), (Size{80, 48}));
    display.reset();
    expect_restored(pty, settings);
}

TEST_F(TerminalDisplay, ListensToAnswersThatComeLate) {
    Pty pty({.kitty = true}, 80, 24, true);
    const std::string settings = pty.settings();
    auto display = open(pty);
    EXPECT_EQ(display->size(), (Size{80, 48}));
    std::vector<Input> inputs;
    pty.listen();
    display->set_title("b");  // the fake terminal answers when it hears something
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Resized));
    EXPECT_EQ(display->size(), (Size{640, 384}));
    display.reset();
    expect_restored(pty, settings);
}

TEST_F(TerminalDisplay, ScrollsAfterThePointerAndAfterWhatChanges) {
    Pty pty({.true_colour = true});
    const auto display = open(pty, {.scroll = true});
    const Size size{512, 320};
    auto pixels = pattern(size);
    const front::Overlay overlay;
    const auto paint = [&](varvara::Rows changed, bool everything) {
        display->show({.pixels = pixels,
                       .size = size,
                       .changed = changed,
                       .at = display->place(size, 1),
                       .overlay = overlay,
                       .everything = everything});
    };
    paint({}, true);
    EXPECT_EQ(display->place(size, 1), (Placement{.x = 0, .y = 0}));
    std::vector<Input> inputs;
    pty.send("\x1b[<35;80;24M");
    ASSERT_TRUE(wait_for(*display, inputs, Kind::MouseMove));
    EXPECT_EQ(inputs[0].kind, Kind::Exposed);
    EXPECT_EQ(display->place(size, 1), (Placement{.x = 80 - 512, .y = 48 - 320}));
    EXPECT_EQ(to_picture(display->place(size, 1), {inputs[1].x, inputs[1].y}), (Point{511, 319}));
    // Something changes far away.
    paint({}, true);
    pixels[std::size_t{10} * 512 + 20] ^= 0xffffff;
    inputs.clear();
    paint({.begin = 10, .end = 11}, false);
    ASSERT_TRUE(wait_for(*display, inputs, Kind::Exposed));
    const Placement at = display->place(size, 1);
    EXPECT_LE(at.x + 20, 79);
    EXPECT_GE(at.x + 20, 0);
    EXPECT_EQ(at.y, 0);
}

TEST_F(TerminalDisplay, SaysWhyItCannotBeOpened) {
    Pty pty({});
    const auto display = open(pty);
    const auto second = front::open_terminal({.title = "", .device = pty.name()});
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, base::ErrorCode::Unsupported);
    EXPECT_EQ(second.error().detail, "the terminal is in use already");
}

TEST_F(TerminalDisplay, NeedsATerminalThatCanShowSomething) {
    for (const char* device : {"/dev/null", "/nowhere"}) {
        const auto none = front::open_terminal({.title = "", .device = device});
        ASSERT_FALSE(none.has_value());
        EXPECT_EQ(none.error().code, base::ErrorCode::Unsupported);
        EXPECT_NE(none.error().detail.find(device), std::string::npos) << none.error().detail;
    }
    setenv("TERM", "dumb", 1);
    Pty pty({});
    const std::string settings = pty.settings();
    const auto dumb = front::open_terminal({.title = "", .device = pty.name()});
    ASSERT_FALSE(dumb.has_value());
    EXPECT_NE(dumb.error().detail.find("dumb"), std::string::npos);
    EXPECT_EQ(pty.settings(), settings);
}

}  // namespace
