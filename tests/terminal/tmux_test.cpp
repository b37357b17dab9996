// The display inside a real terminal: tmux.

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "terminal/pattern.hpp"
#include "terminal/tmux.hpp"

namespace {

using terminal_test::half_pixel;
using terminal_test::pattern;
using terminal_test::Screen;
using terminal_test::Tmux;

/// How many pixels of a picture are not where they belong, from that row on.
unsigned wrong_pixels(const Screen& screen, front::Size size, unsigned number, unsigned left,
                      unsigned top, unsigned from_row = 0) {
    const std::vector<std::uint32_t> pixels = pattern(size, number);
    unsigned wrong = 0;
    for (unsigned y = from_row; y < size.height; ++y) {
        for (unsigned x = 0; x < size.width; ++x) {
            wrong +=
                half_pixel(screen, left + x, top + y) != pixels[std::size_t{y} * size.width + x]
                    ? 1
                    : 0;
        }
    }
    return wrong;
}

/// The sanitizers have handlers of their own for crashes.
#ifdef LEVERET_SANITIZED
constexpr const char* kCrashed = "1";
constexpr const char* kBusError = "1";
#else
constexpr const char* kCrashed = "139";
constexpr const char* kBusError = "135";
#endif

/// Whether a process has not got a signal yet.
bool is_pending(pid_t pid, int signal) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("ShdPnd:") || line.starts_with("SigPnd:")) {
            if ((std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0) {
                return true;
            }
        }
    }
    return false;
}

class TerminalInTmux : public testing::Test {
protected:
    void SetUp() override {
        if (!Tmux::available()) {
            GTEST_SKIP() << "there is no tmux";
        }
    }

    /// Starts the probe between two looks at the terminal's settings.
    static void start(Tmux& tmux, const std::string& arguments) {
        const std::string folder = tmux.folder().path();
        tmux.run("stty -a > " + folder + "/before; " TERMINAL_PROBE " " + arguments + " 2> " +
                 folder + "/error; echo $? > " + folder + "/status; stty -a > " + folder +
                 "/after");
        EXPECT_TRUE(tmux.wait_until([&] { return tmux.variable("#{alternate_on}") == "1"; }));
    }

    static bool shows(const Tmux& tmux, front::Size size, unsigned number, unsigned left,
                      unsigned top) {
        return tmux.wait_until(
            [&] { return wrong_pixels(tmux.screen(), size, number, left, top) == 0; });
    }

    static void expect_restored(const Tmux& tmux, const std::string& status) {
        EXPECT_TRUE(tmux.wait_until([&] { return tmux.folder().has("after"); }));
        EXPECT_TRUE(tmux.wait_for_prompt()) << tmux.text();
        EXPECT_EQ(tmux.variable("#{alternate_on} #{cursor_flag} #{wrap_flag} #{mouse_any_flag} "
                                "#{mouse_sgr_flag}"),
                  "0 1 1 0 0");
        EXPECT_EQ(tmux.folder().read("before"), tmux.folder().read("after"));
        EXPECT_EQ(tmux.folder().read("status"), status + "\n");
        // Only what was typed: nothing that the terminal had to say has got to the shell.
        EXPECT_EQ(tmux.text().find("[?"), std::string::npos) << tmux.text();
    }
};

TEST_F(TerminalInTmux, ShowsEveryPixelInHalfBlocks) {
    Tmux tmux;
    start(tmux, "60 40");
    EXPECT_TRUE(shows(tmux, {60, 40}, 0, 10, 4));
    EXPECT_EQ(tmux.variable("#{pane_title}"), "probe");
    tmux.press({"n"});
    EXPECT_TRUE(shows(tmux, {60, 40}, 1, 10, 4)) << "the next picture";
    tmux.press({"q"});
    expect_restored(tmux, "0");
}

TEST_F(TerminalInTmux, ReportsWhatIsTyped) {
    Tmux tmux;
    start(tmux, "20 10");
    const std::vector<std::pair<std::string, std::string>> keys = {
        {"a", "key A; text 'a'"},
        {"Up", "key Up"},
        {"F5", "key F5"},
        {"C-c", "key Ctrl+C"},
        {"C-z", "key Ctrl+Z"},
        {"C-Space", "key Ctrl+Space"},
        {"M-a", "key Alt+A"},
        {"Enter", "key Enter"},
        {"BSpace", "key Backspace"},
        {"BTab", "key Shift+Tab"},
        {"C-Left", "key Ctrl+Left"},
        {"S-F1", "key Shift+F1"},
        {"PPage", "key PageUp"},
        {"DC", "key Delete"},
        {"Escape", "key Escape"},
        {"\u00e9", "text '\u00e9'"},
    };
    for (const auto& [key, meaning] : keys) {
        tmux.press({key});
        EXPECT_TRUE(tmux.wait_for_text(meaning)) << key << ": " << tmux.text();
    }
    tmux.paste("two\nlines");
    EXPECT_TRUE(tmux.wait_for_text("paste 'two?lines'")) << tmux.text();
    tmux.press({"q"});
    expect_restored(tmux, "0");
}

TEST_F(TerminalInTmux, ReportsTheMouse) {
    Tmux tmux;
    start(tmux, "20 10");
    tmux.send_bytes("\x1b[<35;11;5M");
    EXPECT_TRUE(tmux.wait_for_text("move 10,9")) << tmux.text();
    tmux.send_bytes("\x1b[<2;11;6M");
    EXPECT_TRUE(tmux.wait_for_text("down 2 10,11")) << tmux.text();
    tmux.send_bytes("\x1b[<2;11;6m");
    EXPECT_TRUE(tmux.wait_for_text("release 2 10,11")) << tmux.text();
    tmux.send_bytes("\x1b[<65;11;6M");
    EXPECT_TRUE(tmux.wait_for_text("wheel 0,1")) << tmux.text();
    tmux.press({"q"});
    expect_restored(tmux, "0");
}

TEST_F(TerminalInTmux, FollowsItsSize) {
    Tmux tmux;
    start(tmux, "40 20");
    ASSERT_TRUE(shows(tmux, {40, 20}, 0, 20, 14));
    tmux.resize(100, 30);
    EXPECT_TRUE(shows(tmux, {40, 20}, 0, 30, 20));
    tmux.resize(40, 11);
    EXPECT_TRUE(shows(tmux, {40, 18}, 0, 0, 0)) << "a notice is in the last row";
    tmux.resize(20, 10);
    EXPECT_TRUE(tmux.wait_until([&] {
        // Half as large: 20 by 10 of 20 by 20 pixels, from the upper edge of a cell.
        const Screen screen = tmux.screen();
        return half_pixel(screen, 0, 4) && half_pixel(screen, 19, 13) &&
               !half_pixel(screen, 0, 3) && !half_pixel(screen, 0, 14);
    }));
    tmux.resize(1, 1);
    tmux.resize(80, 24);
    EXPECT_TRUE(shows(tmux, {40, 20}, 0, 20, 14));
    tmux.press({"q"});
    expect_restored(tmux, "0");
}

TEST_F(TerminalInTmux, ShrinksOrScrollsWhatIsTooLarge) {
    for (const bool scroll : {false, true}) {
        Tmux tmux;
        start(tmux, scroll ? "512 320 auto scroll" : "512 320");
        EXPECT_TRUE(tmux.wait_until([&] {
            const Screen screen = tmux.screen();
            return half_pixel(screen, 3, 0) && half_pixel(screen, 76, 45) &&
                   half_pixel(screen, 0, 0).has_value() == scroll;
        })) << tmux.text();
        if (scroll) {
            tmux.send_bytes("\x1b[<35;80;24M");
            // The lower right corner of the picture, above the notice.
            EXPECT_TRUE(tmux.wait_until([&] {
                const Screen screen = tmux.screen();
                const auto pixels = pattern({512, 320});
                return half_pixel(screen, 79, 45) == pixels[std::size_t{317} * 512 + 511] &&
                       half_pixel(screen, 78, 44) == pixels[std::size_t{316} * 512 + 510];
            })) << tmux.text();
        }
        tmux.press({"q"});
        expect_restored(tmux, "0");
    }
}

TEST_F(TerminalInTmux, WritesPanelsOverThePicture) {
    Tmux tmux;
    start(tmux, "70 40");
    ASSERT_TRUE(shows(tmux, {70, 40}, 0, 5, 4));
    tmux.press({"p"});
    EXPECT_TRUE(tmux.wait_for_text(" A panel "));
    EXPECT_TRUE(tmux.wait_for_text(" with two lines "));
    const Screen screen = tmux.screen();
    EXPECT_NE(wrong_pixels(screen, {70, 40}, 0, 5, 4), 0u);
    EXPECT_TRUE(screen[11][33].bold);
    tmux.press({"n"});
    EXPECT_TRUE(shows(tmux, {70, 40}, 1, 5, 4));
    tmux.press({"q"});
    expect_restored(tmux, "0");
}

TEST_F(TerminalInTmux, IsRestoredHoweverTheProgramEnds) {
    const std::vector<std::pair<std::string, std::string>> ways = {
        {"e", "3"},       // exit
        {"x", "134"},     // an exception that nobody catches
        {"z", kCrashed},  // a crash
    };
    for (const auto& [key, status] : ways) {
        Tmux tmux;
        start(tmux, "40 20");
        ASSERT_TRUE(shows(tmux, {40, 20}, 0, 20, 14));
        tmux.press({key});
        expect_restored(tmux, status);
    }
}

TEST_F(TerminalInTmux, IsRestoredWhateverSignalEndsTheProgram) {
    // Those that the program hears of end it in its own way.
    for (const auto& [signal, status] : {std::pair{SIGTERM, "0"},
                                         {SIGINT, "0"},
                                         {SIGHUP, "0"},
                                         {SIGQUIT, "131"},
                                         {SIGSEGV, kCrashed},
                                         {SIGABRT, "134"},
                                         {SIGBUS, kBusError},
                                         {SIGALRM, "142"}}) {
        Tmux tmux;
        start(tmux, "40 20");
        ASSERT_TRUE(shows(tmux, {40, 20}, 0, 20, 14));
        const pid_t pid = tmux.child();
        ASSERT_GT(pid, 0);
        kill(pid, signal);
        expect_restored(tmux, status);
    }
}

TEST_F(TerminalInTmux, IsRestoredWhenASecondSignalEndsAProgramThatHangs) {
    Tmux tmux;
    start(tmux, "40 20");
    ASSERT_TRUE(shows(tmux, {40, 20}, 0, 20, 14));
    tmux.press({"h"});
    ASSERT_TRUE(tmux.wait_for_text("hangs"));
    const pid_t pid = tmux.child();
    ASSERT_GT(pid, 0);
    kill(pid, SIGTERM);
    // The next one must not meet it on its way.
    ASSERT_TRUE(tmux.wait_until([&] { return !is_pending(pid, SIGTERM); }));
    EXPECT_EQ(tmux.variable("#{alternate_on}"), "1");
    kill(pid, SIGTERM);
    expect_restored(tmux, "143");
}

TEST_F(TerminalInTmux, IsRestoredWhileTheProgramIsStopped) {
    for (const int signal : {SIGTSTP, SIGSTOP}) {
        Tmux tmux;
        const std::string before = tmux.folder().path("before");
        tmux.run("stty -a > " + before + "; " TERMINAL_PROBE " 40 20");
        ASSERT_TRUE(shows(tmux, {40, 20}, 0, 20, 14));
        kill(tmux.child(), signal);
        if (signal == SIGTSTP) {
            EXPECT_TRUE(tmux.wait_for_prompt()) << tmux.text();
            EXPECT_EQ(tmux.variable("#{alternate_on} #{cursor_flag}"), "0 1");
        } else {
            EXPECT_TRUE(tmux.wait_for_text("ready$")) << tmux.text();
        }
        tmux.run("stty -a > " + tmux.folder().path("stopped"));
        tmux.run("fg");
        EXPECT_TRUE(shows(tmux, {40, 20}, 0, 20, 14)) << tmux.text();
        tmux.press({"C-c"});
        EXPECT_TRUE(tmux.wait_for_text("key Ctrl+C")) << "it is raw again: " << tmux.text();
        tmux.press({"q"});
        EXPECT_TRUE(tmux.wait_for_prompt());
        tmux.run("stty -a > " + tmux.folder().path("after"));
        EXPECT_TRUE(tmux.wait_until([&] {
            return tmux.folder().read("after") == tmux.folder().read("before");
        })) << tmux.folder().read("after");
        EXPECT_EQ(tmux.variable("#{alternate_on} #{cursor_flag}"), "0 1");
    }
}

}  // namespace
