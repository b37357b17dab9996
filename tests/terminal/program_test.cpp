// leveret in a terminal that it uses as its screen: tmux, where there is no desktop.

#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "terminal/tmux.hpp"

namespace {

using terminal_test::half_pixel;
using terminal_test::Screen;
using terminal_test::Tmux;

/// The sanitizers have handlers of their own for crashes.
#ifdef LEVERET_SANITIZED
constexpr const char* kCrashed = "1";
#else
constexpr const char* kCrashed = "139";
#endif

/// The subject's colour 1, and how many pixels of its picture have it.
constexpr std::uint32_t kColour1 = 0xff88ff;
constexpr unsigned kOfColour1 = 32 * 24 - 1;

/// How many half cells have each colour.
std::map<std::uint32_t, unsigned> colours_of(const Screen& screen) {
    std::map<std::uint32_t, unsigned> colours;
    for (unsigned y = 0; y < 2 * screen.size(); ++y) {
        for (unsigned x = 0; x < screen[y / 2].size(); ++x) {
            if (const auto colour = half_pixel(screen, x, y)) {
                ++colours[*colour];
            }
        }
    }
    return colours;
}

class ProgramInTmux : public testing::Test {
protected:
    void SetUp() override {
        if (!Tmux::available()) {
            GTEST_SKIP() << "there is no tmux";
        }
        tmux_.emplace();
        const cli_test::TemporaryFolder& folder = tmux_->folder();
        environment_ =
            "env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER -u XDG_CONFIG_HOME "
            "-u XDG_STATE_HOME SDL_AUDIODRIVER=dummy HOME=" +
            folder.path();
    }

    /// leveret with those arguments, in an empty folder, and nothing else in the terminal.
    void start(const std::string& arguments) {
        const std::string folder = tmux_->folder().path();
        tmux_->run("mkdir " + folder + "/empty; cd " + folder + "/empty; stty -a > " + folder +
                   "/before; clear; " + environment_ + " " LEVERET " " + arguments);
        ASSERT_TRUE(tmux_->wait_until([&] { return in_program(); })) << tmux_->text();
    }
    /// The subject, and all of its picture is there.
    void start_subject() {
        start(LEVERET_SUBJECT);
        ASSERT_TRUE(shows_subject()) << tmux_->text();
    }
    bool in_program() const { return tmux_->variable("#{alternate_on}") == "1"; }
    bool shows_subject() const {
        return tmux_->wait_until(
            [&] { return colours_of(tmux_->screen())[kColour1] == kOfColour1; });
    }
    bool has_title(const std::string& title) const {
        return tmux_->wait_until([&] { return tmux_->variable("#{pane_title}") == title; });
    }

    void expect_restored(const std::string& status) {
        EXPECT_TRUE(tmux_->wait_until([&] { return !in_program(); }));
        EXPECT_TRUE(tmux_->wait_for_prompt()) << tmux_->text();
        EXPECT_EQ(tmux_->variable("#{alternate_on} #{cursor_flag} #{wrap_flag} "
                                  "#{mouse_any_flag} #{mouse_sgr_flag}"),
                  "0 1 1 0 0");
        text_ = tmux_->text();
        // What the terminal answers is not for the program.
        EXPECT_EQ(text_.find("\ni 01 "), std::string::npos) << text_;
        // Not in the line before: bash gives it up if what it runs is interrupted.
        const std::string folder = tmux_->folder().path();
        tmux_->run("echo $? > " + folder + "/status; stty -a > " + folder + "/now; mv " + folder +
                   "/now " + folder + "/after");
        EXPECT_TRUE(tmux_->wait_until([&] { return tmux_->folder().has("after"); }));
        EXPECT_EQ(tmux_->folder().read("before"), tmux_->folder().read("after"));
        EXPECT_EQ(tmux_->folder().read("status"), status + "\n") << text_;
    }

    std::optional<Tmux> tmux_;
    std::string environment_;
    std::string text_;  ///< what was in the terminal when the program had ended
};

TEST_F(ProgramInTmux, IsSeenMovingAndLeftByKey) {
    start(LEVERET_ROMS "bounce.tal");
    EXPECT_TRUE(has_title("Bounce"));
    EXPECT_TRUE(tmux_->wait_until([&] { return colours_of(tmux_->screen()).size() > 3; }));
    const auto before = colours_of(tmux_->screen());
    EXPECT_TRUE(tmux_->wait_until([&] { return colours_of(tmux_->screen()) != before; }));
    tmux_->press({"F6"});
    EXPECT_TRUE(tmux_->wait_for_text("paused")) << tmux_->text();
    tmux_->press({"F6"});
    EXPECT_TRUE(
        tmux_->wait_until([&] { return tmux_->text().find("paused") == std::string::npos; }));
    tmux_->press({"F3"});
    expect_restored("127");
}

TEST_F(ProgramInTmux, ListsItsKeys) {
    start_subject();
    tmux_->press({"C-h"});
    EXPECT_TRUE(tmux_->wait_for_text("F6")) << tmux_->text();
    EXPECT_TRUE(tmux_->wait_for_text("screenshot")) << tmux_->text();
    tmux_->press({"Escape"});
    EXPECT_TRUE(shows_subject());
    tmux_->press({"F3"});
    expect_restored("127");
}

TEST_F(ProgramInTmux, HearsWhatIsTypedAndPrintsWhenItHasEnded) {
    start_subject();
    EXPECT_EQ(tmux_->text().find("s 00"), std::string::npos) << "not over the picture";
    tmux_->type("a\u00e9");
    tmux_->press({"Enter", "Up"});
    tmux_->send_bytes("\x1b[<35;11;5M");
    tmux_->press({"F2", "q"});
    expect_restored("3");
    const std::string& text = text_;
    std::size_t at = 0;
    for (const char* line : {"s 00\n", "k 00 61\n", "k 00 c3\n", "k 00 a9\n", "k 00 0d\n",
                             "k 10 00\n", "WST 00 00", "RST 00 00", " 71\n"}) {
        at = text.find(line, at);
        ASSERT_NE(at, std::string::npos) << line << " is missing in\n" << text;
    }
    EXPECT_NE(text.find("\nm 00 "), std::string::npos) << text;
}

TEST_F(ProgramInTmux, IsRestoredWhateverSignalEndsIt) {
    for (const auto& [signal, status] :
         {std::pair{SIGINT, "130"}, {SIGTERM, "143"}, {SIGSEGV, kCrashed}}) {
        tmux_.emplace();
        SetUp();
        start_subject();
        const pid_t pid = tmux_->child();
        ASSERT_GT(pid, 0);
        kill(pid, signal);
        expect_restored(status);
    }
}

TEST_F(ProgramInTmux, CanBeLeftFromAnEndlessLoop) {
    start_subject();
    tmux_->press({"l"});
    EXPECT_TRUE(tmux_->wait_for_text("busy")) << tmux_->text();
    tmux_->press({"F4"});
    EXPECT_TRUE(tmux_->wait_until([&] { return tmux_->text().find("busy") == std::string::npos; }));
    EXPECT_TRUE(shows_subject());
    tmux_->press({"l"});
    EXPECT_TRUE(tmux_->wait_for_text("busy")) << tmux_->text();
    tmux_->press({"F3"});
    expect_restored("127");
}

TEST_F(ProgramInTmux, FollowsTheSizeOfTheTerminal) {
    start_subject();
    tmux_->resize(132, 43);
    EXPECT_TRUE(shows_subject());
    tmux_->resize(40, 12);
    // Half as large, there are about a quarter of them.
    EXPECT_TRUE(tmux_->wait_until([&] {
        const unsigned count = colours_of(tmux_->screen())[kColour1];
        return count > 100 && count < 250;
    }));
    tmux_->resize(1, 1);
    tmux_->resize(80, 24);
    EXPECT_TRUE(shows_subject());
    tmux_->press({"F3"});
    expect_restored("127");
}

TEST_F(ProgramInTmux, ListsProgramsInPixelsThatCanBeRead) {
    start("");
    // A picture that had to shrink would have colours in between.
    EXPECT_TRUE(tmux_->wait_until([&] {
        const auto colours = colours_of(tmux_->screen());
        return colours.size() > 1 && colours.size() <= 4;
    })) << colours_of(tmux_->screen()).size();
    const auto before = colours_of(tmux_->screen());
    tmux_->press({"Enter"});
    EXPECT_TRUE(has_title("Banks"));
    tmux_->press({"F3"});
    EXPECT_TRUE(has_title("Leveret"));
    EXPECT_TRUE(tmux_->wait_until([&] { return colours_of(tmux_->screen()) == before; }));
    tmux_->press({"Escape"});
    expect_restored("0");
}

TEST_F(ProgramInTmux, NeedsATerminalOnBothSides) {
    for (const char* end : {" | cat", " < /dev/null"}) {
        tmux_.emplace();
        tmux_->run("clear; set -o pipefail; " + environment_ +
                   " " LEVERET " run --terminal " LEVERET_SUBJECT + end + "; echo status=$?");
        EXPECT_TRUE(tmux_->wait_for_text("status=1")) << tmux_->text();
        EXPECT_NE(tmux_->text().find("standard input and output are no terminal"),
                  std::string::npos)
            << tmux_->text();
    }
}

// Port 2e as 2d + 1: nothing in the ROM says that it draws, so it is run as one that only prints.
TEST_F(ProgramInTmux, IsToldHowToSeeWhatIsDrawnByComputedPorts) {
    tmux_->folder().write("dot.tal", "|0100 #03 #2d INC DEO ;on-key #7f INC DEO2 BRK @on-key BRK");
    const std::string program = tmux_->folder().path("dot.tal");
    tmux_->run("clear; " + environment_ + " " LEVERET " " + program + "; echo status=$?");
    EXPECT_TRUE(tmux_->wait_for_text("status=0")) << tmux_->text();
    EXPECT_NE(tmux_->text().find("--window"), std::string::npos) << tmux_->text();
    tmux_->run("clear; " + environment_ + " " LEVERET " run --terminal " + program);
    EXPECT_TRUE(tmux_->wait_until([&] { return in_program(); })) << tmux_->text();
    tmux_->press({"F3"});
    EXPECT_TRUE(tmux_->wait_until([&] { return !in_program(); }));
}

}  // namespace
