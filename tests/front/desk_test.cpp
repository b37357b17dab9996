#include "front/desk.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "front/fake_desk.hpp"

namespace front_test {
namespace {

using front::Key;
using Kind = front::Input::Kind;
using Reason = varvara::SessionEnd::Reason;

/// Colours 0 to 3: red, green, blue, white.
constexpr std::string_view kColours = "#f00f #08 DEO2 #0f0f #0a DEO2 #00ff #0c DEO2 ";
constexpr std::uint32_t kRed = 0xff0000;
constexpr std::uint32_t kGreen = 0x00ff00;
constexpr std::uint32_t kBlue = 0x0000ff;
constexpr std::uint32_t kWhite = 0xffffff;

/// A program that begins with those colours, on 64 by 64 pixels.
std::string program(std::string_view rest) {
    return "|0100 " + std::string(kColours) + "#0040 #22 DEO2 #0040 #24 DEO2 " + std::string(rest);
}

/// Shows in the first pixel how a key or button went: the key's lower two bits.
const std::string kKeys = program(";on-key #80 DEO2 BRK @on-key #83 DEI #03 AND #2e DEO BRK");
/// Moves a pixel to the right, frame by frame, and leaves the others as they are.
const std::string kRunner =
    program(";on-frame #20 DEO2 BRK @on-frame #01 #2e DEO #28 DEI2 INC2 #28 DEO2 BRK");
/// Draws, and never ends.
const std::string kEndless = program("#02 #2e DEO @forever !forever");
const std::string kWhiteDot = program("#03 #2e DEO ;on-key #80 DEO2 BRK @on-key BRK");

/// How far the runner has come: the first pixel of row 0 that is not drawn.
unsigned distance(const Seen& seen) {
    unsigned x = 0;
    while (x < seen.size.width && seen.pixel(x, 0) == kGreen) {
        ++x;
    }
    return x;
}

class DeskTest : public ::testing::Test {
protected:
    void start(std::string_view source) {
        desk.put("first.tal", source);
        desk.start("first.tal");
    }
    bool says(std::string_view notice) {
        return desk.shows([&](const Seen& seen) {
            return seen.overlay.notice.find(notice) != std::string::npos;
        });
    }
    bool first_pixel_is(std::uint32_t colour) {
        return desk.shows([&](const Seen& seen) { return seen.pixel(0, 0) == colour; });
    }

    FakeDesk desk;
};

// --- opening and leaving ------------------------------------------------------------------------

TEST_F(DeskTest, AProgramThatShowsNothingEndsWithoutADisplay) {
    start("|0100 LIT \"x #18 DEO #83 #0f DEO BRK");
    EXPECT_FALSE(desk.has_display());
    EXPECT_EQ(desk.end().end.exit_code, 3);
    EXPECT_EQ(desk.console.output, "x");
}

TEST_F(DeskTest, ADisplayOpensWhenTheProgramFirstUsesTheScreen) {
    start(kWhiteDot);
    EXPECT_TRUE(first_pixel_is(kWhite));
    EXPECT_EQ(desk.seen().size, (front::Size{64, 64}));
}

TEST_F(DeskTest, ADisplayOpensWhileAVectorThatDrawsGoesOnForEver) {
    start(kEndless);
    EXPECT_TRUE(first_pixel_is(kBlue));
}

TEST_F(DeskTest, ADisplayOpensForAProgramThatOnlyListens) {
    start("|0100 ;on-key #80 DEO2 BRK @on-key BRK");
    EXPECT_TRUE(desk.has_display());
}

TEST_F(DeskTest, ClosingTheDisplayEndsTheProgramWithSuccess) {
    start(kRunner);
    desk.input(Kind::Close);
    const front::DeskEnd end = desk.end();
    EXPECT_EQ(end.end.exit_code, 0);
    EXPECT_EQ(end.end.reason, Reason::Exit);
}

TEST_F(DeskTest, TheProgramsOwnEndClosesTheDisplay) {
    start(program(";on-key #80 DEO2 BRK @on-key #85 #0f DEO BRK"));
    desk.type("a");
    EXPECT_TRUE(desk.eventually([&] { return desk.left(); }));
    EXPECT_EQ(desk.end().end.exit_code, 5);
}

TEST_F(DeskTest, TheQuitKeyLeavesWithTheCodeOfTheOfficialEmulators) {
    start(kRunner);
    desk.key(Key::F3);
    EXPECT_EQ(desk.end().end.exit_code, 0x7f);
}

TEST_F(DeskTest, WithoutADisplayAProgramGoesOnAsInATerminal) {
    desk.display_available = false;
    start(kWhiteDot);
    const front::DeskEnd end = desk.end();
    EXPECT_TRUE(end.no_display);
    EXPECT_EQ(end.end.exit_code, 0);
    EXPECT_EQ(desk.warning, "nothing to look at");
}

// --- what the program gets ----------------------------------------------------------------------

TEST_F(DeskTest, TypedTextReachesTheProgram) {
    start(kKeys);
    desk.type("a");
    EXPECT_TRUE(first_pixel_is(kGreen));  // 61
    desk.type("b");
    EXPECT_TRUE(first_pixel_is(kBlue));  // 62
}

TEST_F(DeskTest, TheMouseIsWhereThePictureIsUnderIt) {
    start(
        program(";on-mouse #90 DEO2 BRK "
                "@on-mouse #92 DEI2 #28 DEO2 #94 DEI2 #2a DEO2 #03 #2e DEO BRK"));
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return !seen.pointer; }));
    desk.key(Key::F1);  // zoom 2
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return seen.at.zoom == 2; }));
    desk.mouse(21, 40);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.pixel(10, 20) == kWhite; }));
    desk.mouse(-5, 1000);  // beside the picture: its nearest pixel
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.pixel(0, 63) == kWhite; }));
}

TEST_F(DeskTest, PastedTextIsTypedWithEnterForTheEndOfALine) {
    // Each key draws its lower two bits further to the right.
    start(
        program(";on-key #80 DEO2 BRK "
                "@on-key #83 DEI #03 AND #2e DEO #28 DEI2 INC2 #28 DEO2 BRK"));
    desk.display().clipboard_text = "a\nb";
    desk.key(Key::Insert, front::Shift);
    EXPECT_TRUE(desk.shows([](const Seen& seen) {
        return seen.pixel(0, 0) == kGreen && seen.pixel(1, 0) == kGreen /* 0d */ &&
               seen.pixel(2, 0) == kBlue;
    }));
}

TEST_F(DeskTest, KeysOfOursDoNotReachTheProgram) {
    // Counts the keys that it gets in the rows of the first column.
    start(
        program(";on-key #80 DEO2 BRK "
                "@on-key #83 DEI #00 EQU ?{ #01 #2e DEO #2a DEI2 INC2 #2a DEO2 } BRK"));
    desk.hold(Key::H, front::Ctrl);
    desk.input(Kind::Text, "h");
    desk.let_go(Key::H);
    desk.type("x");
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.pixel(0, 0) == kGreen; }));
    EXPECT_EQ(desk.seen().pixel(0, 1), kRed);
}

// --- time ---------------------------------------------------------------------------------------

TEST_F(DeskTest, APausedProgramStandsStillAndGoesOnFrameByFrame) {
    start(kRunner);
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) > 3; }));
    desk.key(Key::F6);
    ASSERT_TRUE(says("paused"));
    const unsigned before = distance(desk.seen());
    for (unsigned step = 1; step <= 3; ++step) {
        desk.key(Key::F7);
        // Frames from before the pause may still have been on their way.
        EXPECT_TRUE(desk.shows([&](const Seen& seen) { return distance(seen) >= before + step; }));
    }
    EXPECT_LE(distance(desk.seen()), before + 5);
    desk.key(Key::F6);
    EXPECT_TRUE(desk.shows([&](const Seen& seen) { return distance(seen) > before + 10; }));
}

TEST_F(DeskTest, WhatChangedInAPauseIsToldAfterwards) {
    // Shows whether button A is held.
    start(program(";on-button #80 DEO2 BRK @on-button #82 DEI #01 AND #2e DEO BRK"));
    desk.hold(Key::LeftCtrl);
    ASSERT_TRUE(first_pixel_is(kGreen));
    desk.key(Key::F6);
    ASSERT_TRUE(says("paused"));
    desk.let_go(Key::LeftCtrl);
    desk.key(Key::F6);
    EXPECT_TRUE(first_pixel_is(kRed));
}

TEST_F(DeskTest, RewindingGoesBackAndTheProgramGoesOnFromThere) {
    start(kRunner);
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) > 30; }));
    desk.hold(Key::F8);
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) < 15; }));
    desk.let_go(Key::F8);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) > 20; }));
}

TEST_F(DeskTest, AProgramThatWaitsForNothingCostsNothing) {
    start(kWhiteDot);
    ASSERT_TRUE(first_pixel_is(kWhite));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const unsigned before = desk.display().wake_ups();
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    EXPECT_LE(desk.display().wake_ups(), before + 1);
}

// --- a program that does not answer -------------------------------------------------------------

TEST_F(DeskTest, AnEndlessLoopIsSaidAndCanBeClosed) {
    start(kEndless);
    ASSERT_TRUE(says("busy"));
    EXPECT_NE(desk.seen().title.find("busy"), std::string::npos);
    desk.input(Kind::Close);
    EXPECT_EQ(desk.end().end.reason, Reason::Interrupted);
}

TEST_F(DeskTest, AnEndlessLoopCanBeRebootedIntoAProgramThatWasMended) {
    start(kEndless);
    ASSERT_TRUE(first_pixel_is(kBlue));
    desk.put("first.tal", kKeys);
    desk.key(Key::F4);
    ASSERT_TRUE(first_pixel_is(kRed));
    desk.type("a");
    EXPECT_TRUE(first_pixel_is(kGreen));
}

TEST_F(DeskTest, AnEndlessLoopCanBePausedAndLookedAt) {
    start(kEndless);
    ASSERT_TRUE(first_pixel_is(kBlue));
    desk.key(Key::F6);
    EXPECT_TRUE(says("paused"));
    desk.key(Key::F6);
    desk.input(Kind::Close);
    desk.end();
}

// --- programs -----------------------------------------------------------------------------------

TEST_F(DeskTest, ADroppedProgramTakesThePlaceOfTheOther) {
    desk.put("other.tal", kWhiteDot);
    start(kRunner);
    desk.input(Kind::Drop, "other.tal");
    EXPECT_TRUE(first_pixel_is(kWhite));
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.title == "other.tal"; }));
}

TEST_F(DeskTest, WhatIsNoProgramLeavesTheOtherAlone) {
    start(kRunner);
    desk.input(Kind::Drop, "missing.tal");
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return !seen.overlay.panel.empty(); }));
    EXPECT_EQ(desk.seen().panel(), "cannot read 'missing.tal'\n");
    const unsigned before = distance(desk.seen());
    EXPECT_TRUE(desk.shows([&](const Seen& seen) { return distance(seen) > before; }));
    desk.key(Key::Escape);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.overlay.panel.empty(); }));
}

TEST_F(DeskTest, AWatchedProgramIsReloadedWhenItChanges) {
    desk.watch = true;
    start(kKeys);
    desk.put("first.tal", kWhiteDot);
    EXPECT_TRUE(first_pixel_is(kWhite));
}

TEST_F(DeskTest, ErrorsOfAWatchedProgramAreShownUntilTheyAreMended) {
    desk.watch = true;
    start(kKeys);
    desk.spoil("first.tal", "first.tal:1:2: error: broken");
    ASSERT_TRUE(desk.shows(
        [](const Seen& seen) { return seen.panel().find("first.tal:1:2") != std::string::npos; }));
    desk.type("a");  // what was loaded before still runs
    EXPECT_TRUE(first_pixel_is(kGreen));
    desk.put("first.tal", kWhiteDot);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.overlay.panel.empty(); }));
    EXPECT_TRUE(first_pixel_is(kWhite));
}

// --- what is kept -------------------------------------------------------------------------------

TEST_F(DeskTest, AStateIsSavedAndLoadedFromItsSlot) {
    start(kRunner);
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) > 3; }));
    desk.key(Key::F6, front::Shift);
    ASSERT_TRUE(says("slot 1"));
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) > 40; }));
    desk.key(Key::F7, front::Shift);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) < 30; }));
}

TEST_F(DeskTest, AnEmptySlotIsSaid) {
    start(kRunner);
    desk.key(Key::F8, front::Shift);
    ASSERT_TRUE(says("slot 2"));
    desk.key(Key::F7, front::Shift);
    EXPECT_TRUE(says("2"));
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return distance(seen) > 30; }));
}

TEST_F(DeskTest, AScreenshotIsAFileOfThePicture) {
    start(kWhiteDot);
    ASSERT_TRUE(first_pixel_is(kWhite));
    desk.key(Key::F9);
    ASSERT_TRUE(says(".png"));
    unsigned files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(desk.folder.path("captures"))) {
        EXPECT_EQ(entry.path().extension(), ".png");
        ++files;
    }
    EXPECT_EQ(files, 1U);
}

TEST_F(DeskTest, SettingsAreSavedWhenAsked) {
    start(kWhiteDot);
    desk.key(Key::S, front::Ctrl | front::Shift);
    EXPECT_TRUE(says("saved"));
    EXPECT_EQ(desk.saved_settings, 1);
}

// --- what is shown ------------------------------------------------------------------------------

TEST_F(DeskTest, ZoomGoesFromOneToThreeAndTheWindowFollows) {
    start(kWhiteDot);
    for (const unsigned zoom : {2U, 3U, 1U}) {
        desk.key(Key::F1);
        EXPECT_TRUE(desk.shows([&](const Seen& seen) { return seen.at.zoom == zoom; }));
        EXPECT_EQ(desk.display().size(), (front::Size{64 * zoom, 64 * zoom}));
    }
}

TEST_F(DeskTest, ZoomComesBackToOneFromTheLargestThatFitsTheScreen) {
    start(kWhiteDot);
    desk.display().screen = {.width = 150, .height = 191};
    for (const unsigned zoom : {2U, 1U, 2U, 1U}) {
        desk.key(Key::F1);
        EXPECT_TRUE(desk.shows([&](const Seen& seen) { return seen.at.zoom == zoom; }));
        EXPECT_EQ(desk.display().size(), (front::Size{64 * zoom, 64 * zoom}));
    }
}

TEST_F(DeskTest, ZoomComesBackToOneFromOneThatTheScreenHadNoRoomFor) {
    desk.settings.zoom = 3;
    start(kWhiteDot);
    ASSERT_TRUE(desk.shows([&](const Seen& seen) { return seen.at.zoom == 3; }));
    desk.display().screen = {.width = 150, .height = 191};
    desk.display().resize({.width = 192, .height = 192});
    ASSERT_TRUE(desk.shows([&](const Seen& seen) { return seen.at.zoom == 2; }));
    desk.key(Key::F1);
    EXPECT_TRUE(desk.shows([&](const Seen& seen) { return seen.at.zoom == 1; }));
}

TEST_F(DeskTest, ZoomComesBackToOneFromTheLargestThatAWindowManagerAllows) {
    start(kWhiteDot);
    desk.display().largest = {.width = 150, .height = 150};
    std::set<unsigned> zooms;
    for (unsigned press = 0; press < 4; ++press) {
        const unsigned frames = desk.seen().frames;
        desk.key(Key::F1);
        ASSERT_TRUE(desk.shows([&](const Seen& seen) { return seen.frames > frames + 1; }));
        zooms.insert(desk.seen().at.zoom);
    }
    EXPECT_EQ(zooms, (std::set{1U, 2U}));
}

TEST_F(DeskTest, TheWindowFollowsAProgramThatResizes) {
    start(program(";on-key #80 DEO2 BRK @on-key #0030 #22 DEO2 #0028 #24 DEO2 BRK"));
    desk.type("a");
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.size == front::Size{48, 40}; }));
    EXPECT_TRUE(desk.eventually([&] { return desk.display().size() == front::Size{48, 40}; }));
}

TEST_F(DeskTest, TheListOfKeysComesAndGoes) {
    start(kWhiteDot);
    desk.key(Key::H, front::Ctrl);
    ASSERT_TRUE(desk.shows([](const Seen& seen) { return !seen.overlay.panel.empty(); }));
    EXPECT_NE(desk.seen().panel().find("Ctrl-H"), std::string::npos);
    desk.key(Key::H, front::Ctrl);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.overlay.panel.empty(); }));
}

TEST_F(DeskTest, TheTitleIsTheProgramsOwn) {
    start(
        program(";meta #06 DEO2 ;on-key #80 DEO2 BRK @on-key BRK @meta 00 \"Dots 0a \"more 00 00"));
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.title == "Dots"; }));
}

TEST_F(DeskTest, FullScreenAndBorderAreSwitched) {
    start(kWhiteDot);
    desk.key(Key::F11);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return seen.full_screen; }));
    desk.key(Key::F12);
    EXPECT_TRUE(desk.shows([](const Seen& seen) { return !seen.border; }));
}

TEST_F(DeskTest, StacksArePrintedOnRequest) {
    start(program("#12 ;on-key #80 DEO2 BRK @on-key BRK"));
    desk.key(Key::F2);
    EXPECT_TRUE(desk.eventually([&] {
        return desk.seen().frames > 0 && desk.console.error.find("WST") != std::string::npos;
    }));
    desk.input(Kind::Close);
    desk.end();
    EXPECT_NE(desk.console.error.find("12"), std::string::npos);
}

}  // namespace
}  // namespace front_test
