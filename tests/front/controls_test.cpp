#include "front/controls.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace front {
namespace {

using varvara::Event;
using Kind = Event::Kind;

Input key_input(Input::Kind kind, Key key, Modifiers modifiers = 0) {
    Input input;
    input.kind = kind;
    input.key = key;
    input.modifiers = modifiers;
    return input;
}

Input text_input(std::string text) {
    Input input;
    input.kind = Input::Kind::Text;
    input.text = std::move(text);
    return input;
}

class ControlsTest : public ::testing::Test {
protected:
    std::vector<Event> events_of(const Input& input) {
        std::vector<Event> events;
        controls.add_events(input, events);
        return events;
    }

    KeyMap keys;
    PadMap pads;
    Controls controls{keys, pads, true};
};

Event key_event(std::uint8_t value) {
    return {.kind = Kind::Key, .value = value};
}

TEST_F(ControlsTest, ButtonsGoDownAndUp) {
    EXPECT_EQ(events_of(key_input(Input::Kind::KeyDown, Key::Left)),
              (std::vector<Event>{{.kind = Kind::Press, .value = 0x40}}));
    EXPECT_EQ(controls.held().pads[0], 0x40);
    EXPECT_EQ(events_of(key_input(Input::Kind::KeyUp, Key::Left)),
              (std::vector<Event>{{.kind = Kind::Release, .value = 0x40}}));
    EXPECT_EQ(controls.held(), Held{});
}

TEST_F(ControlsTest, ALetterThatIsAButtonIsNotTyped) {
    keys.set({.pad = 1, .bit = 0x10}, std::vector{Key::W});
    EXPECT_EQ(events_of(key_input(Input::Kind::KeyDown, Key::W)),
              (std::vector<Event>{{.kind = Kind::Press, .value = 0x10, .pad = 1}}));
    EXPECT_TRUE(events_of(text_input("w")).empty());
    EXPECT_EQ(events_of(text_input("é")).size(), 2u) << "which another key, or none, has made";
    events_of(key_input(Input::Kind::KeyUp, Key::W));
    events_of(key_input(Input::Kind::KeyDown, Key::LeftShift));
    EXPECT_EQ(events_of(text_input("A")).size(), 1u);
}

TEST_F(ControlsTest, AButtonThatWasNotDownDoesNotGoUp) {
    EXPECT_TRUE(events_of(key_input(Input::Kind::KeyUp, Key::Left)).empty());
}

TEST_F(ControlsTest, TextComesByteByByte) {
    EXPECT_EQ(events_of(text_input("é")), (std::vector<Event>{key_event(0xc3), key_event(0xa9)}));
}

TEST_F(ControlsTest, KeysWithoutTextHaveTheCharactersOfTheSpecification) {
    const std::vector<std::pair<Key, std::uint8_t>> expected = {{Key::Backspace, 0x08},
                                                                {Key::Tab, 0x09},
                                                                {Key::Enter, 0x0d},
                                                                {Key::Escape, 0x1b},
                                                                {Key::Delete, 0x7f}};
    for (const auto& [key, value] : expected) {
        EXPECT_EQ(events_of(key_input(Input::Kind::KeyDown, key)),
                  (std::vector<Event>{key_event(value)}));
    }
}

TEST_F(ControlsTest, WithCtrlALetterComesAsItselfAndInUpperCaseWithShift) {
    EXPECT_EQ(events_of(key_input(Input::Kind::KeyDown, Key::S, Ctrl)),
              (std::vector<Event>{key_event('s')}));
    EXPECT_EQ(events_of(key_input(Input::Kind::KeyDown, Key::S, Ctrl | Shift)),
              (std::vector<Event>{key_event('S')}));
    EXPECT_TRUE(events_of(key_input(Input::Kind::KeyDown, Key::S)).empty());  // text follows
}

TEST_F(ControlsTest, LosingTheKeyboardLetsGoOfEverything) {
    events_of(key_input(Input::Kind::KeyDown, Key::Up));
    events_of(key_input(Input::Kind::KeyDown, Key::LeftCtrl));
    Input lost;
    lost.kind = Input::Kind::FocusLost;
    EXPECT_EQ(events_of(lost), (std::vector<Event>{{.kind = Kind::Release, .value = 0x01},
                                                   {.kind = Kind::Release, .value = 0x10}}));
    EXPECT_EQ(controls.held(), Held{});
}

TEST_F(ControlsTest, APadIsAControllerOfItsOwn) {
    Input input;
    input.kind = Input::Kind::PadDown;
    input.pad = 2;
    input.pad_button = PadButton::StickLeft;
    EXPECT_EQ(events_of(input),
              (std::vector<Event>{{.kind = Kind::Press, .value = 0x40, .pad = 2}}));
    input.kind = Input::Kind::PadGone;
    EXPECT_EQ(events_of(input),
              (std::vector<Event>{{.kind = Kind::Release, .value = 0x40, .pad = 2}}));
}

TEST_F(ControlsTest, TheMouseIsInPixelsOfThePicture) {
    controls.set_picture({.zoom = 3, .x = 10, .y = 20}, {.width = 100, .height = 50});
    Input move;
    move.kind = Input::Kind::MouseMove;
    move.x = 10 + 3 * 7 + 2;
    move.y = 20 + 3 * 4;
    EXPECT_EQ(events_of(move), (std::vector<Event>{{.kind = Kind::MouseMove, .x = 7, .y = 4}}));
    EXPECT_TRUE(events_of(move).empty());  // it has not moved
    move.x = 0;
    move.y = 5000;
    EXPECT_EQ(events_of(move), (std::vector<Event>{{.kind = Kind::MouseMove, .x = 0, .y = 49}}));
}

TEST_F(ControlsTest, AKeyThatDoesNotGoUpHoldsItsButtonForAMoment) {
    Controls in_terminal(keys, pads, false);
    std::vector<Event> events;
    in_terminal.add_events(key_input(Input::Kind::KeyDown, Key::Up), events);
    EXPECT_EQ(events, (std::vector<Event>{{.kind = Kind::Press, .value = 0x10}}));
    const auto release = in_terminal.next_release();
    ASSERT_TRUE(release);
    events.clear();
    in_terminal.add_releases(*release - std::chrono::milliseconds(1), events);
    EXPECT_TRUE(events.empty());
    in_terminal.add_releases(*release, events);
    EXPECT_EQ(events, (std::vector<Event>{{.kind = Kind::Release, .value = 0x10}}));
    EXPECT_FALSE(in_terminal.next_release());
}

TEST_F(ControlsTest, CtrlAndALetterPressTheButtonWhereModifiersAreNotReported) {
    Controls in_terminal(keys, pads, false);
    std::vector<Event> events;
    in_terminal.add_events(key_input(Input::Kind::KeyDown, Key::S, Ctrl), events);
    EXPECT_EQ(events, (std::vector<Event>{{.kind = Kind::Press, .value = 0x01}, key_event('s')}));
}

TEST(TypingTest, LineEndsAreEnterAndControlCharactersAreLeftOut) {
    std::vector<Event> events;
    add_typing("a\r\nb\n\x1b\tc", events);
    EXPECT_EQ(events, (std::vector<Event>{key_event('a'), key_event('\r'), key_event('b'),
                                          key_event('\r'), key_event('\t'), key_event('c')}));
}

}  // namespace
}  // namespace front
