#include "front/bindings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace front {
namespace {

using varvara::Controller;

std::vector<Action> all_actions() {
    std::vector<Action> actions;
    for (std::size_t i = 0; i < kActions; ++i) {
        actions.push_back(static_cast<Action>(i));
    }
    return actions;
}

std::vector<Chord> chords_of(const Bindings& bindings, Action action) {
    const auto chords = bindings.chords_of(action);
    return {chords.begin(), chords.end()};
}

std::size_t count_words(std::string_view text) {
    return text.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(text, ' '));
}

TEST(Chord, IsPrintedWithItsModifiersInOrder) {
    EXPECT_EQ(print({Key::O, Ctrl | Shift}), "Ctrl-Shift-O");
    EXPECT_EQ(print({Key::F1, 0}), "F1");
    EXPECT_EQ(print({Key::Minus, Ctrl | Alt | Shift | Super}), "Ctrl-Alt-Shift-Super-Minus");
}

TEST(Chord, IsReadInAnyOrderAndCase) {
    const Chord chord{Key::O, Ctrl | Shift};
    for (const char* text : {"Ctrl-Shift-O", "shift-ctrl-o", "CTRL+SHIFT+O", "Control-Shift-O"}) {
        EXPECT_EQ(parse_chord(text), chord) << text;
    }
}

TEST(Chord, ThatMakesNoSenseIsRefused) {
    for (const char* text :
         {"", "-", "Ctrl-", "-O", "Hyper-O", "Ctrl-Shift", "F13", "O-Ctrl", "Ctrl O", "Ctrl--O"}) {
        EXPECT_EQ(parse_chord(text), std::nullopt) << text;
    }
}

TEST(Chord, OfEveryKeyIsReadAsItWasPrinted) {
    for (std::size_t key = 1; key < kKeys; ++key) {
        for (Modifiers modifiers = 0; modifiers < 16; ++modifiers) {
            const Chord chord = chord_of(static_cast<Key>(key), modifiers);
            EXPECT_EQ(parse_chord(print(chord)), chord) << print(chord);
        }
    }
}

TEST(Chord, OfAModifierDoesNotHoldItself) {
    EXPECT_EQ(chord_of(Key::LeftCtrl, Ctrl), (Chord{Key::LeftCtrl, 0}));
    EXPECT_EQ(chord_of(Key::RightShift, Ctrl | Shift), (Chord{Key::RightShift, Ctrl}));
    EXPECT_EQ(chord_of(Key::Super, Super), (Chord{Key::Super, 0}));
}

TEST(Actions, AreFoundByTheirNames) {
    std::set<std::string_view> names;
    for (const Action action : all_actions()) {
        EXPECT_EQ(action_named(info(action).name), action);
        EXPECT_TRUE(names.insert(info(action).name).second) << info(action).name;
    }
    EXPECT_EQ(action_named("nothing"), std::nullopt);
}

TEST(Presets, BindEveryChordTheyListToOneAction) {
    for (const KeyPreset preset : {KeyPreset::Official, KeyPreset::Uxn32}) {
        const Bindings bindings(preset);
        EXPECT_EQ(bindings.preset(), preset);
        for (const Action action : all_actions()) {
            const auto& row = info(action);
            // As many as there are words: none is mistyped, and none was taken by a later action.
            EXPECT_EQ(bindings.chords_of(action).size(),
                      count_words(preset == KeyPreset::Official ? row.official : row.uxn32))
                << row.name;
            EXPECT_FALSE(bindings.chords_of(action).empty()) << row.name;
            for (const Chord chord : bindings.chords_of(action)) {
                EXPECT_EQ(bindings.action_of(chord), action) << print(chord);
            }
        }
    }
}

TEST(Presets, LeaveToProgramsWhatItTypes) {
    for (const KeyPreset preset : {KeyPreset::Official, KeyPreset::Uxn32}) {
        const Bindings bindings(preset);
        for (std::size_t key = 1; key < kKeys; ++key) {
            const bool function = name_of(static_cast<Key>(key)).starts_with('F') &&
                                  name_of(static_cast<Key>(key)).size() > 1;
            const auto action = bindings.action_of({static_cast<Key>(key), 0});
            EXPECT_TRUE(function || !action) << name_of(static_cast<Key>(key));
        }
    }
}

TEST(Presets, HaveTheKeysOfTheirEmulators) {
    const Bindings official;
    EXPECT_EQ(official.action_of({Key::F1, 0}), Action::Zoom);
    EXPECT_EQ(official.action_of({Key::F2, 0}), Action::PrintStacks);
    EXPECT_EQ(official.action_of({Key::F3, 0}), Action::Quit);
    EXPECT_EQ(official.action_of({Key::F4, 0}), Action::Reboot);
    EXPECT_EQ(official.action_of({Key::F5, 0}), Action::SoftReboot);
    EXPECT_EQ(official.action_of({Key::F11, 0}), Action::FullScreen);
    EXPECT_EQ(official.action_of({Key::F12, 0}), Action::Border);
    const Bindings uxn32(KeyPreset::Uxn32);
    EXPECT_EQ(uxn32.action_of({Key::F1, 0}), Action::Zoom);
    EXPECT_EQ(uxn32.action_of({Key::F4, 0}), Action::Reboot);
    EXPECT_EQ(uxn32.action_of({Key::F8, 0}), Action::NextFrame);
    EXPECT_EQ(uxn32.action_of({Key::F9, 0}), Action::Pause);
    EXPECT_EQ(uxn32.action_of({Key::F10, 0}), Action::Keys);
}

TEST(Bindings, TakeAChordFromTheActionThatHadIt) {
    Bindings bindings;
    bindings.bind(Action::Pause, {Key::F1, 0});
    EXPECT_EQ(bindings.action_of({Key::F1, 0}), Action::Pause);
    EXPECT_TRUE(bindings.chords_of(Action::Zoom).empty());
    EXPECT_EQ(chords_of(bindings, Action::Pause), (std::vector<Chord>{{Key::F6, 0}, {Key::F1, 0}}));
    bindings.unbind({Key::F6, 0});
    EXPECT_EQ(bindings.action_of({Key::F6, 0}), std::nullopt);
    EXPECT_NE(bindings, Bindings());
}

TEST(Bindings, AreSetToOtherChordsAsAWhole) {
    Bindings bindings;
    const std::vector<Chord> chords = {{Key::Q, Ctrl}, {Key::F4, Alt}, {Key::Q, Ctrl}};
    bindings.set(Action::Quit, chords);
    EXPECT_EQ(chords_of(bindings, Action::Quit),
              (std::vector<Chord>{{Key::F4, Alt}, {Key::Q, Ctrl}}));
    EXPECT_EQ(bindings.action_of({Key::F3, 0}), std::nullopt);
    bindings.set(Action::Quit, {});
    EXPECT_TRUE(bindings.chords_of(Action::Quit).empty());
}

TEST(KeyMap, HasTheOfficialEmulatorsButtons) {
    const KeyMap map;
    using Button = KeyMap::Button;
    EXPECT_EQ(map.button_of(Key::LeftCtrl), (Button{0, Controller::A}));
    EXPECT_EQ(map.button_of(Key::LeftAlt), (Button{0, Controller::B}));
    EXPECT_EQ(map.button_of(Key::LeftShift), (Button{0, Controller::Select}));
    EXPECT_EQ(map.button_of(Key::Home), (Button{0, Controller::Start}));
    EXPECT_EQ(map.button_of(Key::Up), (Button{0, Controller::Up}));
    EXPECT_EQ(map.button_of(Key::Down), (Button{0, Controller::Down}));
    EXPECT_EQ(map.button_of(Key::Left), (Button{0, Controller::Left}));
    EXPECT_EQ(map.button_of(Key::Right), (Button{0, Controller::Right}));
    EXPECT_EQ(map.button_of(Key::RightAlt), std::nullopt);
    EXPECT_EQ(map.button_of(Key::None), std::nullopt);
}

TEST(KeyMap, PutsAnyKeyOnAnyButtonOfAnyController) {
    KeyMap map;
    map.set({3, Controller::Up}, std::vector{Key::W, Key::LeftCtrl, Key::None});
    EXPECT_EQ(map.button_of(Key::W), (KeyMap::Button{3, Controller::Up}));
    EXPECT_EQ(map.button_of(Key::LeftCtrl), (KeyMap::Button{3, Controller::Up}));
    EXPECT_EQ(map.button_of(Key::None), std::nullopt);
    EXPECT_TRUE(map.keys_of({0, Controller::A}).empty());
    EXPECT_EQ(map.keys_of({3, Controller::Up}), (std::vector{Key::W, Key::LeftCtrl}));
    map.set({3, Controller::Up}, {});
    EXPECT_EQ(map.button_of(Key::W), std::nullopt);
}

TEST(PadMap, KnowsEachPadByItself) {
    PadMap map;
    map.set(1, PadButton::South, Controller::B);
    map.set(2, PadButton::South, 0);
    map.set(3, PadButton::Guide, Controller::Start);
    EXPECT_EQ(map.bit_of(0, PadButton::South), Controller::A);
    EXPECT_EQ(map.bit_of(1, PadButton::South), Controller::B);
    EXPECT_EQ(map.bit_of(2, PadButton::South), 0);
    EXPECT_EQ(map.bit_of(3, PadButton::Guide), Controller::Start);
    EXPECT_EQ(map.bit_of(0, PadButton::Guide), 0);
    EXPECT_EQ(map.bit_of(0, PadButton::StickLeft), Controller::Left);
    EXPECT_EQ(map.bit_of(0, PadButton::Back), Controller::Select);
}

}  // namespace
}  // namespace front
