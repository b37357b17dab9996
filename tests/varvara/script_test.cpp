#include "varvara/script.hpp"

#include <gtest/gtest.h>

#include <string>

#include "varvara/controller.hpp"
#include "varvara/mouse.hpp"
#include "varvara/virtual_clock.hpp"

namespace varvara {
namespace {

using EventKind = Event::Kind;

Script parsed(std::string_view text) {
    auto script = parse_script(text, "s");
    EXPECT_TRUE(script.has_value()) << script.error().detail;
    return script.value_or(Script{});
}

/// The events of a script, one for each time they happen; frames excepted.
std::vector<Event> events(std::string_view text) {
    std::vector<Event> events;
    for (const Step& step : parsed(text).steps) {
        events.push_back(step.event);
    }
    return events;
}

std::string error_of(std::string_view text) {
    const auto script = parse_script(text, "s");
    return script ? "" : script.error().detail;
}

TEST(Script, MayBeEmpty) {
    EXPECT_TRUE(parsed("").steps.empty());
    EXPECT_TRUE(parsed("\n  # nothing\n\t\n").steps.empty());
    EXPECT_EQ(parsed("").frames(), 0u);
    EXPECT_EQ(parsed("").frames_to_show(), 1u);
}

TEST(Script, TypesCharactersByteByByte) {
    const std::vector<Event> expected = {
        {.kind = EventKind::Key, .value = 'a'},  {.kind = EventKind::Key, .value = '#'},
        {.kind = EventKind::Key, .value = 0xc3}, {.kind = EventKind::Key, .value = 0xa9},
        {.kind = EventKind::Key, .value = 0x0d}, {.kind = EventKind::Key, .value = 0x20}};
    EXPECT_EQ(events("key a \"#\" é\nkey Enter Space # and a comment"), expected);
    EXPECT_EQ(events("text \"a#é\\r \""), expected);
}

TEST(Script, KnowsTheKeysThatHaveNames) {
    std::string bytes;
    for (const Event& event : events("key Backspace Tab Enter Escape Space Delete")) {
        bytes += static_cast<char>(event.value);
    }
    EXPECT_EQ(bytes, "\x08\x09\x0d\x1b\x20\x7f");
}

TEST(Script, PressesAndReleasesButtonsOfAllPads) {
    EXPECT_EQ(events("button +A -Right\npad 4 +Start"),
              (std::vector<Event>{
                  {.kind = EventKind::Press, .value = Controller::A},
                  {.kind = EventKind::Release, .value = Controller::Right},
                  {.kind = EventKind::Press, .value = Controller::Start, .pad = 3},
              }));
}

TEST(Script, MovesTheMouseBeforeItsButtons) {
    EXPECT_EQ(events("mouse -3 200 +left +right\nmouse -middle\nscroll 0 -1"),
              (std::vector<Event>{
                  {.kind = EventKind::MouseMove, .x = -3, .y = 200},
                  {.kind = EventKind::MousePress, .value = Mouse::LeftButton},
                  {.kind = EventKind::MousePress, .value = Mouse::RightButton},
                  {.kind = EventKind::MouseRelease, .value = Mouse::MiddleButton},
                  {.kind = EventKind::Scroll, .x = 0, .y = -1},
              }));
}

TEST(Script, GivesLinesAndBytesToTheConsole) {
    std::string bytes;
    for (const Event& event : events("console \"a b\"\ninput \"\\x00\\\\\\\"\"\neof")) {
        bytes += event.kind == EventKind::InputEnd ? '$' : static_cast<char>(event.value);
    }
    EXPECT_EQ(bytes, std::string("a b\n\0\\\"$", 8));
}

TEST(Script, CountsFrames) {
    const Script script = parsed("wait\nkey a\nwait 59\nwait 0");
    EXPECT_EQ(script.frames(), 60u);
    EXPECT_EQ(script.frames_to_show(), 60u);
    EXPECT_EQ(parsed("wait 60\nkey a").frames_to_show(), 61u);
}

TEST(Script, TakesSettings) {
    const Script script = parsed(
        "version 1\nrom 00000000000000ff\nclock 86400\nseed 7\narguments one \"two three\"\n"
        "arguments four");
    EXPECT_EQ(script.rom, 0xffu);
    EXPECT_EQ(script.clock, 86400);
    EXPECT_EQ(script.seed, 7u);
    EXPECT_EQ(script.arguments, (std::vector<std::string>{"one", "two three", "four"}));
}

TEST(Script, BringsFilesAlong) {
    const Script script = parsed(
        "file notes 5\ndata \"ab\" \"c\"\ndata \"de\"\nfolder sub\nfile sub/big 70000\n"
        "file empty 0\ndrop game.rom\nwait");
    ASSERT_EQ(script.files.size(), 4u);
    EXPECT_EQ(script.files[0], (ScriptFile{.name = "notes", .size = 5, .contents = "abcde"}));
    EXPECT_EQ(script.files[1], (ScriptFile{.name = "sub", .folder = true}));
    EXPECT_EQ(script.files[2], (ScriptFile{.name = "sub/big", .size = 70000}));
    EXPECT_EQ(script.files[3], (ScriptFile{.name = "empty", .size = 0, .contents = ""}));
    ASSERT_EQ(script.drops.size(), 1u);
    EXPECT_EQ(script.drops[0], (ScriptFile{.name = "game.rom"}));
    EXPECT_EQ(script.steps[0].event, (Event{.kind = EventKind::Drop, .x = 0}));
}

TEST(Script, NamesThePlaceOfAMistake) {
    EXPECT_EQ(error_of("wait\n  jump"), "s:2:3: there is no command 'jump'");
    EXPECT_EQ(error_of("\x1b[2J"), "s:1:1: there is no command '\\x1b[2J'");
    EXPECT_EQ(error_of("wait \"\xc2\x9b\xc3\x9b\\n\""),
              "s:1:6: '\xc2\\x9b\xc3\x9b\\x0a' is not a whole number");
    EXPECT_EQ(error_of("wait x"), "s:1:6: 'x' is not a whole number");
    EXPECT_EQ(error_of("wait 1 2"), "s:1:8: usage: wait [FRAMES]");
    EXPECT_EQ(error_of("wait 1000000001"), "s:1:6: '1000000001' is not from 0 to 1000000000");
    EXPECT_EQ(error_of("scroll 1"), "s:1:9: usage: scroll X Y");
    EXPECT_EQ(error_of("mouse 1 40000"), "s:1:9: '40000' is not from -32768 to 32767");
    EXPECT_EQ(error_of("text \"ab"), "s:1:6: the quoted text does not end");
    EXPECT_EQ(error_of("text \"a\\q\""),
              "s:1:8: unknown escape; there are \\n \\r \\t \\b \\e \\\\ \\\" \\xHH");
    EXPECT_EQ(error_of("text \"\\x4\""), "s:1:7: \\x needs two hexadecimal digits");
    EXPECT_EQ(error_of("text \"a\"b"), "s:1:9: there has to be a space after a quoted text");
    EXPECT_EQ(error_of("key ab"),
              "s:1:5: 'ab' is not one character, nor one of Backspace, Tab, Enter, Escape, Space, "
              "Delete; for more there is 'text'");
    EXPECT_EQ(error_of("button A"),
              "s:1:8: 'A' is not + (press) or - (release) and one of A, B, Select, Start, Up, "
              "Down, Left, Right");
    EXPECT_EQ(error_of("pad 5 +A"), "s:1:5: '5' is not from 1 to 4");
    EXPECT_EQ(error_of("reboot"), "s:1:7: usage: reboot soft|hard");
    EXPECT_EQ(error_of("reboot now"), "s:1:8: a reboot is soft or hard");
    EXPECT_EQ(error_of("data \"x\""), "s:1:1: data has to follow a file or a drop");
    EXPECT_EQ(error_of("file a\nwait\ndata \"x\""), "s:3:1: data has to follow a file or a drop");
    EXPECT_EQ(error_of("version 2"), "s:1:9: only version 1 is known");
    EXPECT_EQ(error_of("check 0 0 0 0 0"), "s:1:16: usage: check FINGERPRINT (six times)");
    EXPECT_EQ(error_of("arguments \"a\\x00b\""), "s:1:11: an argument cannot contain \\x00");
}

TEST(Script, SurvivesAnyCutOfAValidOne) {
    const std::string text =
        "text \"a\\x41\" # c\npad 2 +A\nfile x 3\ndata \"abc\"\nmouse 1 2 +left\n";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto script = parse_script(std::string_view(text).substr(0, size), "s");
        EXPECT_TRUE(script || script.error().detail.starts_with("s:"));
    }
}

TEST(Script, ReadsBackWhatItPrints) {
    Script settings;
    settings.arguments = {"a b", "", "\"#\x01"};
    settings.clock = 5;
    settings.seed = UINT64_MAX;
    settings.rom = 0x0123456789abcdef;
    const Event move = {.kind = EventKind::MouseMove, .x = -1, .y = 32767};
    const Event press = {.kind = EventKind::Press, .value = 0x81, .pad = 1};
    const Digest digest{.parts = {0, 1, 0xffff, 4, 5, 6}};
    const std::string text =
        print_settings(settings) + print_event({}, 3) + print_bytes(EventKind::Key, "a\n\xff") +
        print_event(move, 1) + print_event(press, 1) + print_check(digest) +
        print_file("file", {.name = "f", .size = 100, .contents = std::string(100, '\0')});
    const Script script = parsed(text);
    EXPECT_EQ(script.arguments, settings.arguments);
    EXPECT_EQ(script.clock, settings.clock);
    EXPECT_EQ(script.seed, settings.seed);
    EXPECT_EQ(script.rom, settings.rom);
    ASSERT_EQ(script.steps.size(), 7u);
    EXPECT_EQ(script.steps[0].count, 3u);
    EXPECT_EQ(script.steps[3].event.value, 0xff);
    EXPECT_EQ(script.steps[4].event, move);
    EXPECT_EQ(script.steps[5].event, press);
    EXPECT_EQ(script.steps[6].check, digest);
    EXPECT_EQ(script.files[0].contents, std::string(100, '\0'));
}

TEST(Script, StartsTheClockWithin24HoursDependingOnTheSeed) {
    EXPECT_EQ(start_of_clock({}, {}), VirtualClock::kDefaultStart);
    EXPECT_EQ(start_of_clock(7, {}), 7);
    EXPECT_NE(start_of_clock(7, 1), start_of_clock(7, 2));
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        EXPECT_GE(start_of_clock(7, seed), 7);
        EXPECT_LT(start_of_clock(7, seed), 7 + 86400);
    }
}

}  // namespace
}  // namespace varvara
