// What leveret's window does for somebody besides passing on keys: size, time, states, pictures.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "front/compose.hpp"
#include "front/key_list.hpp"
#include "front/settings.hpp"
#include "host/files.hpp"
#include "host/wav.hpp"
#include "program_fixture.hpp"
#include "support/animation.hpp"

namespace window_test {
namespace {

namespace fs = std::filesystem;

class DeskTest : public ProgramTest {
protected:
    /// The number that frames.tal shows: how many frames it has had.
    unsigned frames() const {
        const host::Picture seen = user_->picture(window_);
        unsigned number = 0;
        for (std::size_t i = 0; i < 16; ++i) {
            // In the middle of the window's height, where no notice covers them.
            const std::size_t x = (2 * i + 1) * seen.width / 32;
            number = number << 1 |
                     (seen.pixels.at(seen.height / 2 * seen.width + x) == 0xffffff ? 1U : 0U);
        }
        return number;
    }
    bool counts_to(unsigned number) const {
        return eventually([&] { return frames() == number; });
    }
    /// The frames of a program that stands still: the same for a while.
    unsigned frames_at_rest() const {
        unsigned before = frames();
        unsigned same = 0;
        eventually([&] {
            const unsigned now = frames();
            same = now == before ? same + 1 : 0;
            before = now;
            return same > 100;
        });
        return before;
    }
    /// Large enough for notices, which are below the picture.
    void start_frames(const std::vector<std::string>& options = {}) {
        std::vector<std::string> arguments = {"run"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.push_back(program("frames.tal"));
        start_and_see(arguments);
        user_->resize(window_, 480, 300);
        ASSERT_TRUE(user_->wait_for_size(window_, 480, 300));
    }

    std::string captures() const { return home_.path("Pictures/leveret"); }
    /// Waits for a file of such a name in the folder of pictures.
    std::optional<fs::path> wait_for_file(std::string_view start, std::string_view end) const {
        std::optional<fs::path> found;
        eventually([&] {
            std::error_code error;
            for (const fs::directory_entry& entry : fs::directory_iterator(captures(), error)) {
                const std::string name = entry.path().filename().string();
                if (name.starts_with(start) && name.ends_with(end)) {
                    found = entry.path();
                }
            }
            return found.has_value();
        });
        return found;
    }
};

// --- size ---------------------------------------------------------------------------------------

TEST_F(DeskTest, ZoomsByKey) {
    start_subject({"--zoom", "1"});
    for (const unsigned zoom : {2U, 3U, 1U}) {
        user_->press(XK_F1);
        EXPECT_TRUE(user_->wait_for_size(window_, 64 * zoom, 48 * zoom));
        EXPECT_TRUE(shows(picture(), {64 * zoom, 48 * zoom}, zoom));
    }
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, ZoomsByKeyAsFarAsTheScreenGoes) {
    const std::string large = folder_.write(
        "large.tal", "|0100 #0200 #22 DEO2 #0140 #24 DEO2 ;on-frame #20 DEO2 BRK @on-frame BRK\n");
    for (const char* begin : {"-1x", "-3x"}) {
        start_and_see({"run", begin, large});
        if (begin == std::string_view("-3x")) {
            EXPECT_TRUE(user_->wait_for_size(window_, kScreenWidth, 960));
            user_->press(XK_F1);
            EXPECT_TRUE(user_->wait_for_size(window_, 512, 320));
        }
        for (const unsigned zoom : {2U, 1U, 2U, 1U}) {
            user_->press(XK_F1);
            EXPECT_TRUE(user_->wait_for_size(window_, 512 * zoom, 320 * zoom)) << zoom;
        }
        EXPECT_TRUE(closes());
        EXPECT_TRUE(user_->wait_for_no_window());
    }
}

TEST_F(DeskTest, FitsThePictureIntoTheWindowAtAWholeZoom) {
    start_subject({"--zoom", "1"});
    const std::vector<std::pair<front::Size, unsigned>> sizes = {
        {{200, 150}, 3}, {{127, 95}, 1}, {{65, 49}, 1}, {{640, 480}, 10}, {{300, 97}, 2}};
    for (const auto& [size, zoom] : sizes) {
        user_->resize(window_, size.width, size.height);
        EXPECT_TRUE(shows(picture(), size, zoom)) << size.width << "x" << size.height;
    }
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, FollowsAProgramThatResizes) {
    for (const unsigned zoom : {1U, 3U}) {
        start_subject({"--zoom", std::to_string(zoom)});
        user_->press(XK_r);
        EXPECT_TRUE(user_->wait_for_size(window_, 80 * zoom, 60 * zoom));
        EXPECT_TRUE(shows(picture({80, 60}), {80 * zoom, 60 * zoom}, zoom));
        EXPECT_TRUE(closes());
        EXPECT_TRUE(user_->wait_for_no_window());
    }
}

TEST_F(DeskTest, FillsTheScreenAndComesBack) {
    start_subject({"--zoom", "1"});
    ASSERT_TRUE(shows(picture()));
    user_->press(XK_F11);
    // 1280 by 1024: twenty times as wide.
    EXPECT_TRUE(shows(picture(), {kScreenWidth, kScreenHeight}, 20));
    user_->press(XK_r);
    EXPECT_TRUE(shows(picture({80, 60}), {kScreenWidth, kScreenHeight}, 16));
    user_->press(XK_F11);
    EXPECT_TRUE(eventually([&] {
        const auto now = user_->now(window_);
        return now && now->width < kScreenWidth;
    }));
    EXPECT_TRUE(closes());
}

// --- time ---------------------------------------------------------------------------------------

TEST_F(DeskTest, PausesAndGoesOnFrameByFrame) {
    start_frames();
    EXPECT_TRUE(eventually([&] { return frames() > 3; }));
    user_->press(XK_F6);
    const unsigned before = frames_at_rest();
    for (unsigned step = 1; step <= 3; ++step) {
        user_->press(XK_F7);
        EXPECT_TRUE(counts_to(before + step));
    }
    EXPECT_EQ(frames_at_rest(), before + 3);
    user_->press(XK_F6);
    EXPECT_TRUE(eventually([&] { return frames() > before + 10; }));
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, GoesBackInTimeForAsLongAsAKeyIsHeld) {
    start_frames();
    ASSERT_TRUE(eventually([&] { return frames() > 60; }));
    user_->press(XK_F6);
    const unsigned before = frames_at_rest();
    user_->press(XK_F6);
    ASSERT_TRUE(eventually([&] { return frames() > before + 60; }));
    user_->key_down(XK_F8);
    EXPECT_TRUE(eventually([&] { return frames() < before; }));
    user_->key_up(XK_F8);
    const unsigned back = frames();
    EXPECT_TRUE(eventually([&] { return frames() > back + 10; })) << "and goes on from there";
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, PrintsItsStacks) {
    start_subject();
    user_->press(XK_F2);
    EXPECT_TRUE(complains("WST 00 00 00 00 00 00 00 00|<"));
    EXPECT_TRUE(complains("RST 00 00 00 00 00 00 00 00|<"));
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, RebootsInTwoWays) {
    start_subject();
    user_->press(XK_F5);
    EXPECT_TRUE(says("s 01\n")) << "the zero page stays";
    user_->press(XK_F5);
    EXPECT_TRUE(says("s 02\n"));
    user_->press(XK_F4);
    EXPECT_TRUE(says("s 00\n"));
    EXPECT_TRUE(listens());
    EXPECT_TRUE(closes());
}

// --- panels, states, files ----------------------------------------------------------------------

TEST_F(DeskTest, ListsItsKeysOverThePicture) {
    start_subject();
    const front::Size size = {640, 480};
    user_->resize(window_, size.width, size.height);
    const host::Picture plain = enlarged(picture(), size, 10);
    ASSERT_TRUE(shows(plain));
    const front::Settings settings;
    const front::Overlay list = {.panel = front::key_list(settings.bindings, settings.buttons),
                                 .notice = {}};
    host::Picture listed = plain;
    const host::Picture shown = picture();
    front::compose({shown.pixels, kSize, {}, front::place(kSize, size, 0), list, true},
                   {listed.pixels, size.width, size});
    ASSERT_NE(listed, plain);
    for (const unsigned long end : {XK_h + 0UL, XK_Escape + 0UL}) {
        user_->press({XK_Control_L}, XK_h);
        EXPECT_TRUE(shows(listed));
        end == XK_h ? user_->press({XK_Control_L}, XK_h) : user_->press(end);
        EXPECT_TRUE(shows(plain));
    }
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, SavesAPictureOfWhatIsShown) {
    start_subject({"--zoom", "1"});
    ASSERT_TRUE(shows(picture()));
    user_->press(XK_F9);
    const auto file = wait_for_file("subject-", ".png");
    ASSERT_TRUE(file);
    const auto saved = host::read_png(file->string());
    ASSERT_TRUE(saved);
    EXPECT_EQ(*saved, picture());
    EXPECT_TRUE(shows(picture())) << "once the notice has gone";
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, MakesAFilmWithSound) {
    const std::string heard_file = folder_.path("heard.raw");
    start_subject({"--zoom", "1"}, {"SDL_AUDIODRIVER=disk", "SDL_DISKAUDIOFILE=" + heard_file});
    ASSERT_TRUE(shows(picture()));
    user_->press(XK_F10);
    user_->press(XK_n);
    ASSERT_TRUE(says("k 00 6e"));
    ASSERT_TRUE(eventually([&] {
        std::error_code error;
        const auto size = fs::file_size(heard_file, error);
        return !error && size > 100000;
    }));
    user_->press(XK_F10);
    const auto file = wait_for_file("subject-", ".png");
    ASSERT_TRUE(file);
    const auto film =
        animation_test::read_animation(*host::read_file(file->string(), std::size_t{1} << 20));
    ASSERT_FALSE(film.frames.empty());
    EXPECT_EQ(film.frames.front().picture, picture());
    const auto sound = wait_for_file("subject-", ".wav");
    ASSERT_TRUE(sound);
    const auto heard = host::read_wav(sound->string());
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->rate_hz, 44100U);
    EXPECT_TRUE(
        std::ranges::any_of(heard->samples, [](std::int16_t sample) { return sample > 1000; }));
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, SavesItsStateAndGoesBackToIt) {
    start_frames();
    ASSERT_TRUE(eventually([&] { return frames() > 3; }));
    user_->press(XK_F6);
    const unsigned saved = frames_at_rest();
    user_->press({XK_Shift_L}, XK_F6);
    ASSERT_TRUE(eventually([&] { return fs::exists(home_.path(".local/state/leveret/states")); }));
    user_->press(XK_F7);
    user_->press(XK_F7);
    ASSERT_TRUE(counts_to(saved + 2));
    user_->press({XK_Shift_L}, XK_F7);
    EXPECT_TRUE(counts_to(saved));
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, GoesOnWhereItWasLeftIfAsked) {
    start_subject({"--resume"});
    user_->press(XK_F5);
    ASSERT_TRUE(says("s 01\n"));
    user_->press(XK_r);
    ASSERT_TRUE(says("k 00 72\n"));
    EXPECT_TRUE(closes());
    EXPECT_TRUE(user_->wait_for_no_window());

    start_and_see({"run", "--resume", "--zoom", "1", subject()});
    EXPECT_TRUE(shows(picture({80, 60})));
    user_->press(XK_F5);
    EXPECT_TRUE(says("s 02\n"));
    user_->press(XK_q);
    EXPECT_EQ(wait().exit_code, 3);
    EXPECT_TRUE(user_->wait_for_no_window());

    start_subject({"--resume"});  // it had ended by itself: from the start
    EXPECT_TRUE(closes());
}

// --- other programs -----------------------------------------------------------------------------

TEST_F(DeskTest, TakesProgramsThatAreDropped) {
    start_and_see({program("frames.tal")});
    ASSERT_TRUE(user_->drop_file(window_, subject()));
    EXPECT_TRUE(says("s 00\n"));
    EXPECT_TRUE(has_title("The subject"));
    EXPECT_TRUE(listens());
    ASSERT_EQ(
        cli_test::leveret({"asm", "-q", subject(), "-o", folder_.path("other.rom")}).exit_code, 0);
    ASSERT_TRUE(user_->drop_file(window_, folder_.path("other.rom")));
    EXPECT_TRUE(says("s 00\n"));
    EXPECT_TRUE(listens());
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, SaysWhatIsWrongWithADropAndGoesOn) {
    start_subject();
    user_->resize(window_, 640, 480);
    const host::Picture plain = enlarged(picture(), {640, 480}, 10);
    ASSERT_TRUE(shows(plain));
    for (const std::string& file : {folder_.write("wrong.tal", "|0100 nothing-like-it BRK\n"),
                                    folder_.path("missing.rom"), folder_.path()}) {
        ASSERT_TRUE(user_->drop_file(window_, file));
        EXPECT_TRUE(shows([&](const host::Picture& seen) { return seen != plain; })) << file;
        EXPECT_TRUE(listens());
        user_->press(XK_Escape);
        EXPECT_TRUE(shows(plain)) << file;
    }
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, ReloadsWhatIsWatched) {
    constexpr std::string_view kHead =
        "|08 @System/r $2 &g $2 &b |28 @Screen/x $2 &y $2 &addr $2 "
        "&pixel |22 @Size/width $2 &height\n|0100 #0140 .Size/width "
        "DEO2 #00c8 .Size/height DEO2 #80 .Screen/pixel DEO ~";
    const auto one_colour = [](std::uint32_t colour) {
        return [=](const host::Picture& seen) {
            return std::ranges::all_of(seen.pixels,
                                       [=](std::uint32_t each) { return each == colour; });
        };
    };
    const std::string part = folder_.write("part.tal", "#f000 .System/r DEO2 BRK\n");
    const std::string main = folder_.write("main.tal", std::string(kHead) + "part.tal\n");
    start_and_see({"run", "--watch", "--zoom", "1", main});
    EXPECT_TRUE(shows(one_colour(0xff0000)));
    folder_.write("part.tal", "#f000 .System/r DEO2 BRK this-is-not-there\n");
    EXPECT_TRUE(shows([&](const host::Picture& seen) {
        return !one_colour(0xff0000)(seen) && !seen.pixels.empty();
    })) << "the error is over the picture";
    EXPECT_TRUE(complains("part.tal:1:26: error: nothing is called `this-is-not-there`\n"))
        << "and on standard error";
    folder_.write("part.tal", "#f000 .System/g DEO2 BRK\n");
    EXPECT_TRUE(shows(one_colour(0x00ff00))) << "when it is mended";
    folder_.write("main.tal", "|0100 #f000 #08 DEO2 #80 #2e DEO BRK\n");
    EXPECT_TRUE(user_->wait_for_size(window_, 512, 320));
    EXPECT_TRUE(shows(one_colour(0xff0000)));
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, WaitsForAWatchedProgramToBeMended) {
    const std::string file = folder_.write("first.tal", "|0100 nothing-like-it BRK\n");
    start_and_see({"run", "--watch", file, "word"});
    EXPECT_TRUE(complains("first.tal:1:7: error: nothing is called `nothing-like-it`\n"));
    EXPECT_TRUE(shows([](const host::Picture& seen) {
        return std::ranges::any_of(seen.pixels, [](std::uint32_t pixel) { return pixel != 0; });
    })) << "the errors";
    folder_.write("first.tal", "|0100 neither-is-this BRK\n");
    EXPECT_TRUE(complains("first.tal:1:7: error: nothing is called `neither-is-this`\n"));
    process_->write("in");
    folder_.write("first.tal",
                  "|0100 ;on-input #10 DEO2 ;on-frame #20 DEO2 BRK @on-frame BRK "
                  "@on-input #12 DEI #18 DEO BRK\n");
    EXPECT_TRUE(says("word\nin")) << "it has its arguments and its input";
    EXPECT_TRUE(shows({512, 320, std::vector<std::uint32_t>(std::size_t{512} * 320, 0)}));
    const std::string error = process_->error();
    EXPECT_EQ(error.find("nothing-like-it`"), error.rfind("nothing-like-it`")) << "said once";
    EXPECT_TRUE(closes());
}

TEST_F(DeskTest, DoesNotWaitForAFileThatIsNotThere) {
    for (const char* name : {"missing.tal", "missing.rom"}) {
        start({"run", "--watch", folder_.path(name)});
        EXPECT_EQ(wait().exit_code, 1);
    }
}

TEST_F(DeskTest, BeginsWithTheLauncherAndRemembersPrograms) {
    fs::copy_file(subject(), folder_.path("mine.tal"));
    start_and_see({});
    EXPECT_TRUE(has_title("Leveret")) << user_->property(window_, "_NET_WM_NAME");
    user_->press(XK_Return);
    EXPECT_TRUE(has_title("The subject"));
    EXPECT_TRUE(listens());
    EXPECT_NE(home_.read(".local/state/leveret/recent").find(folder_.path("mine.tal") + "\n"),
              std::string::npos);
    user_->press(XK_F3);
    EXPECT_TRUE(has_title("Leveret"));
    user_->press(XK_Escape);
    EXPECT_EQ(wait().exit_code, 0);
}

TEST_F(DeskTest, OpensTheLauncherOverAProgram) {
    start_subject({"--zoom", "1"});
    user_->press({XK_Control_L, XK_Shift_L}, XK_o);
    EXPECT_TRUE(has_title("Leveret"));
    // There are no programs in the folder, so it shows the demos.
    user_->press(XK_Return);
    // The title of the first one, so it has begun.
    EXPECT_TRUE(has_title("Banks"));
    EXPECT_TRUE(user_->wait_for_size(window_, 256, 192));
    user_->press(XK_F3);
    EXPECT_TRUE(has_title("Leveret"));
    user_->press(XK_Escape);
    EXPECT_TRUE(has_title("The subject"));
    EXPECT_TRUE(listens());
    EXPECT_TRUE(shows(picture())) << "in its own size";
    EXPECT_TRUE(closes());
}

}  // namespace
}  // namespace window_test
