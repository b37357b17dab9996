#include "front/key_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace front {
namespace {

using varvara::Controller;

std::string text_of(const std::vector<Overlay::Line>& lines) {
    std::string text;
    for (const Overlay::Line& line : lines) {
        text += line.text + '\n';
    }
    return text;
}

TEST(KeyList, FitsATerminalOfTheUsualSize) {
    for (const KeyPreset preset : {KeyPreset::Official, KeyPreset::Uxn32}) {
        const auto lines = key_list(Bindings(preset), KeyMap());
        EXPECT_LE(lines.size(), 22U);
        for (const Overlay::Line& line : lines) {
            EXPECT_LE(line.text.size(), kKeyListWidth) << line.text;
            EXPECT_TRUE(
                std::ranges::all_of(line.text, [](char c) { return c >= ' ' && c <= '~'; }));
            EXPECT_FALSE(line.text.ends_with(' ')) << line.text;
        }
    }
}

TEST(KeyList, NamesEveryActionAndEveryChordInFull) {
    const Bindings bindings;
    const std::string text = text_of(key_list(bindings, KeyMap()));
    for (std::size_t i = 0; i < kActions; ++i) {
        const auto action = static_cast<Action>(i);
        EXPECT_NE(text.find(info(action).about), std::string::npos) << info(action).about;
        for (const Chord chord : bindings.chords_of(action)) {
            EXPECT_NE(text.find(print(chord) + " "), std::string::npos) << print(chord);
        }
    }
    for (const ButtonName& button : kButtonNames) {
        EXPECT_NE(text.find(button.name), std::string::npos);
    }
}

TEST(KeyList, BeginsEveryPairOfGroupsWithAHeading) {
    const auto lines = key_list(Bindings(), KeyMap());
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines[0].text, "Program                        Picture and sound");
    EXPECT_EQ(lines[0].style, Overlay::Line::Style::Heading);
    EXPECT_EQ(lines[1].text, "F3            quit             F1            zoom");
    EXPECT_EQ(lines[1].style, Overlay::Line::Style::Plain);
    EXPECT_EQ(std::ranges::count(lines, Overlay::Line::Style::Heading, &Overlay::Line::style), 3);
}

TEST(KeyList, ShowsWhatWasChanged) {
    Bindings bindings;
    bindings.set(Action::Quit, std::vector<Chord>{{Key::Q, Ctrl}});
    bindings.set(Action::Zoom, {});
    KeyMap buttons;
    buttons.set({1, Controller::Left}, std::vector{Key::J});
    const std::string text = text_of(key_list(bindings, buttons));
    EXPECT_NE(text.find("Ctrl-Q        quit             (no key)      zoom\n"), std::string::npos)
        << text;
    EXPECT_NE(
        text.find("Buttons of controller 2\n" + std::string(31, ' ') + "J             Left\n"),
        std::string::npos)
        << text;
}

}  // namespace
}  // namespace front
