// leveret in a window, from its start to its end: when one opens, what it is called and how large
// it is, and every way to leave.

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "program_fixture.hpp"

namespace window_test {
namespace {

/// Whether a process has that library in its memory.
bool has_mapped(pid_t pid, const std::string& library) {
    std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find(library) != std::string::npos) {
            return true;
        }
    }
    return false;
}

/// Draws when a line comes in, and says so when it is ready.
constexpr std::string_view kDrawsLater = R"(
|08 @System/r $2 &g $2 &b
|10 @Console/vector $8 &write
|28 @Screen/x $2 &y $2 &addr $2 &pixel
|22 @Size/width $2 &height
|0100
	#f000 .System/r DEO2
	;on-input .Console/vector DEO2
	[ LIT2 "+ -Console/write ] DEO
	BRK
@on-input
	#0040 .Size/width DEO2
	#0030 .Size/height DEO2
	#80 .Screen/pixel DEO
	BRK
)";

TEST_F(ProgramTest, OpensItsWindowWhenTheProgramFirstDraws) {
    start({folder_.write("later.tal", kDrawsLater)});
    ASSERT_TRUE(says("+"));
    EXPECT_TRUE(user_->windows().empty());
    EXPECT_FALSE(has_mapped(process_->pid(), "libSDL"));
    process_->write("\n");
    window_ = user_->wait_for_window();
    EXPECT_TRUE(has_mapped(process_->pid(), "libSDL"));
    EXPECT_TRUE(shows({64, 48, std::vector<std::uint32_t>(64 * 48, 0xff0000)}));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, IsATerminalProgramAsLongAsItUsesTheConsoleAlone) {
    start({cli_test::program("cat.tal"), "one"});
    ASSERT_TRUE(says("one\n"));
    process_->write("two\n");
    ASSERT_TRUE(says("two\n"));
    EXPECT_FALSE(has_mapped(process_->pid(), "libSDL"));
    EXPECT_TRUE(user_->windows().empty());
    process_->close_input();
    const cli_test::Outcome outcome = wait();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.error, "");
}

TEST_F(ProgramTest, OpensAWindowAtOnceIfAsked) {
    start_and_see({"run", "--window", cli_test::program("cat.tal")});
    process_->write("text\n");
    EXPECT_TRUE(says("text\n"));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, ShowsItsPictureWithExactPixels) {
    start_subject({"--zoom", "1"});
    EXPECT_TRUE(shows(picture()));
    EXPECT_FALSE(user_->pointer_visible()) << "it listens to the mouse, so it has its own";
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, ReadsStandardInputInAWindowToo) {
    start_subject();
    process_->write("h\n");
    EXPECT_TRUE(says("i 01 68\ni 01 0a\n"));
    process_->close_input();
    EXPECT_TRUE(says("i 04 "));
    EXPECT_TRUE(listens()) << "the end of its input is not the end of the program";
    EXPECT_TRUE(closes());
}

// --- size and place -----------------------------------------------------------------------------

TEST_F(ProgramTest, BeginsAtTheZoomThatIsAskedFor) {
    const std::vector<std::pair<std::vector<std::string>, unsigned>> ways = {
        {{"-1x"}, 1}, {{"-2x"}, 2}, {{"-3x"}, 3}, {{"--zoom", "4"}, 4}};
    for (const auto& [options, zoom] : ways) {
        start_subject(options);
        EXPECT_TRUE(shows(picture(), {64 * zoom, 48 * zoom}, zoom)) << options[0];
        EXPECT_TRUE(closes());
        EXPECT_TRUE(user_->wait_for_no_window());
    }
}

TEST_F(ProgramTest, BeginsWithTheWholeScreenIfAsked) {
    for (const char* option : {"-f", "--full-screen"}) {
        start_subject({option});
        EXPECT_TRUE(user_->wait_for_size(window_, kScreenWidth, kScreenHeight));
        user_->press(XK_F11);
        EXPECT_TRUE(eventually([&] {
            const auto now = user_->now(window_);
            return now && now->width < kScreenWidth;
        }));
        EXPECT_TRUE(closes());
        EXPECT_TRUE(user_->wait_for_no_window());
    }
}

TEST_F(ProgramTest, LivesThroughAnySizeOfItsWindow) {
    start_subject({"--zoom", "1"});
    ASSERT_TRUE(shows(picture()));
    for (const auto& [width, height] :
         {std::pair{1U, 1U}, {8192U, 8192U}, {1U, 8192U}, {70U, 50U}}) {
        user_->resize(window_, width, height);
        EXPECT_TRUE(user_->wait_for_size(window_, width, height));
        user_->place(window_, 0, 0);
        user_->move(window_, 0, 0);
        EXPECT_TRUE(listens()) << width << "x" << height;
    }
    EXPECT_TRUE(shows(picture(), {70, 50}, 1));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, KeepsTheSizeThatTheUserGaveItsWindowWhenItIsRebooted) {
    start_subject({"--zoom", "1"});
    user_->resize(window_, 128, 96);
    ASSERT_TRUE(shows(picture(), {128, 96}, 2));
    for (const auto key : {XK_F4, XK_F5}) {
        user_->press(static_cast<unsigned long>(key));
        EXPECT_TRUE(says("s 0"));
        EXPECT_TRUE(listens());
        EXPECT_TRUE(shows(picture(), {128, 96}, 2));
    }
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HasTitleAndIconOfItsMetadata) {
    start_subject();
    EXPECT_TRUE(has_title("The subject"));
    std::vector<std::uint32_t> icon = {24, 24};
    for (const std::uint32_t colour : {0xffff88ff, 0xff00ff33, 0xffaa22cc}) {
        icon.insert(icon.end(), 24 * 8, colour);
    }
    EXPECT_TRUE(eventually([&] { return user_->numbers(window_, "_NET_WM_ICON") == icon; }));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramTest, HasItsNameAsTitleIfItSaysNothing) {
    start_and_see({program("frames.tal")});
    EXPECT_TRUE(has_title("frames.tal"));
    EXPECT_TRUE(closes());
}

// --- ways to leave ------------------------------------------------------------------------------

TEST_F(ProgramTest, EndsWithTheProgramsOwnExitCode) {
    start_subject();
    user_->press(XK_q);
    EXPECT_EQ(wait().exit_code, 3);
}

TEST_F(ProgramTest, EndsByKeyAsTheOfficialEmulatorsDo) {
    start_subject();
    user_->press(XK_F3);
    const cli_test::Outcome outcome = wait();
    EXPECT_EQ(outcome.exit_code, 0x7f);
    EXPECT_EQ(outcome.error, "");
}

TEST_F(ProgramTest, EndsAsItIsToldToWhileTheProgramIsBusy) {
    start_subject();
    user_->press(XK_l);
    ASSERT_TRUE(says("k 00 6c"));
    user_->press(XK_F3);
    EXPECT_EQ(wait().exit_code, 0x7f);
}

TEST_F(ProgramTest, EndsBySignalAsOtherProgramsDo) {
    for (const int signal : {SIGINT, SIGTERM}) {
        for (const bool busy : {false, true}) {
            start_subject();
            if (busy) {
                user_->press(XK_l);
                ASSERT_TRUE(says("k 00 6c"));
            }
            process_->send(signal);
            EXPECT_EQ(wait().signal, signal) << (busy ? "in a loop" : "while it waits");
            EXPECT_TRUE(user_->wait_for_no_window());
        }
    }
}

TEST_F(ProgramTest, InAnEndlessLoopSaysSoAndCanBeRestartedAndClosed) {
    start_subject({"--zoom", "1"});
    ASSERT_TRUE(shows(picture()));
    user_->press(XK_l);
    EXPECT_TRUE(has_title("The subject (busy)"));
    user_->resize(window_, 128, 96);
    // Until the words have gone, the picture is not all that is shown.
    user_->press(XK_F4);
    EXPECT_TRUE(says("s 00\n"));
    EXPECT_TRUE(has_title("The subject"));
    EXPECT_TRUE(shows(picture(), {128, 96}, 2));
    EXPECT_TRUE(listens());
    user_->press(XK_l);
    EXPECT_TRUE(has_title("The subject (busy)"));
    EXPECT_TRUE(closes());
}

// --- no display, broken settings ----------------------------------------------------------------

TEST_F(ProgramTest, WithoutADisplayForItsWindowIsAnError) {
    start({"run", "--window", subject()}, {"DISPLAY"});
    const cli_test::Outcome outcome = wait();
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(
        outcome.error.find("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"),
        std::string::npos)
        << outcome.error;
}

TEST_F(ProgramTest, WhereNoDisplayAnswersGoesOnAsATerminalProgram) {
    start({subject()}, {"DISPLAY=:63999"});
    EXPECT_TRUE(complains("DISPLAY=:63999 does not answer"));
    process_->write("h");
    EXPECT_TRUE(says("i 01 68\n"));
    process_->close_input();
    EXPECT_EQ(wait().exit_code, 0);
}

TEST_F(ProgramTest, SaysWhereItsSettingsAreWrongAndRuns) {
    std::filesystem::create_directories(home_.path(".config/leveret"));
    const std::string file =
        home_.write(".config/leveret/settings.toml", "version = 1\nzom = 2\nzoom = 2\n");
    start_subject();
    EXPECT_TRUE(complains(file + ":2:1: error: there is no setting 'zom'; did you mean 'zoom'?"));
    EXPECT_TRUE(shows(picture(), {128, 96}, 2)) << "what is right counts";
    EXPECT_TRUE(closes());
}

}  // namespace
}  // namespace window_test
