// docs/settings.md and docs/keys.md say what is so.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "front/settings.hpp"

namespace front {
namespace {

std::string read_page(const std::string& name) {
    std::ifstream file(LEVERET_DOCS + name);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// What stands between "```toml" and "```".
std::vector<std::string> examples_of(const std::string& page) {
    constexpr std::string_view kStart = "```toml\n";
    std::vector<std::string> examples;
    for (std::size_t at = page.find(kStart); at != std::string::npos; at = page.find(kStart, at)) {
        at += kStart.size();
        examples.push_back(page.substr(at, page.find("```", at) - at));
    }
    return examples;
}

/// The rows of the table that has this line for a heading.
std::vector<std::string> rows_below(const std::string& page, const std::string& heading) {
    const std::vector<std::string> lines = lines_of(page);
    auto line = std::ranges::find(lines, heading);
    EXPECT_NE(line, lines.end()) << heading;
    std::vector<std::string> rows;
    for (line += line == lines.end() ? 0 : 2; line != lines.end() && line->starts_with('|');
         ++line) {
        rows.push_back(*line);
    }
    return rows;
}

std::string print_chords(const Bindings& bindings, Action action) {
    std::string text;
    for (const Chord chord : bindings.chords_of(action)) {
        text += (text.empty() ? "" : ", ") + print(chord);
    }
    return text;
}

std::string name_of_bit(std::uint8_t bit) {
    const auto found = std::ranges::find(kButtonNames, bit, &ButtonName::bit);
    return found == kButtonNames.end() ? "none" : std::string(found->name);
}

TEST(SettingsPage, HasExamplesWithoutMistakes) {
    const auto examples = examples_of(read_page("settings.md"));
    EXPECT_GE(examples.size(), 2U);
    for (const std::string& example : examples) {
        Settings settings;
        EXPECT_EQ(read_settings(example, "f", settings), std::vector<std::string>{});
    }
}

TEST(SettingsPage, ShowsTheUsualValueOfEverySetting) {
    const auto examples = examples_of(read_page("settings.md"));
    ASSERT_FALSE(examples.empty());
    Settings settings;
    read_settings(examples[0], "f", settings);
    EXPECT_EQ(settings, Settings());
    // Nothing has to be added to the example to change a setting: all of them are in it.
    const auto names_every = [&](const Settings& wanted) {
        const auto changed = change_settings(examples[0], "f", Settings(), wanted);
        ASSERT_TRUE(changed);
        EXPECT_EQ(lines_of(*changed).size(), lines_of(examples[0]).size()) << *changed;
    };
    Settings wanted;
    wanted.zoom = 1;
    wanted.full_screen = true;
    wanted.border = false;
    wanted.volume = 1;
    wanted.muted = true;
    wanted.speed = 99;
    wanted.files = host::FileAccess::None;
    wanted.resume = true;
    wanted.rewind_mb = 1;
    wanted.last_seconds = 1;
    wanted.terminal_pixels = TerminalPixels::Blocks;
    wanted.captures = "/";
    for (std::size_t i = 0; i < kActions; ++i) {
        wanted.bindings.set(static_cast<Action>(i), {});
    }
    for (const ButtonName& button : kButtonNames) {
        wanted.buttons.set({0, button.bit}, {});
    }
    for (std::size_t i = 0; i < kPadButtons; ++i) {
        const auto button = static_cast<PadButton>(i);
        wanted.pads.set(0, button, wanted.pads.bit_of(0, button) == 0 ? 1 : 0);
    }
    names_every(wanted);
    wanted = Settings();
    wanted.bindings = Bindings(KeyPreset::Uxn32);
    names_every(wanted);
}

TEST(KeysPage, ListsTheActionsOfBothMaps) {
    std::vector<std::string> expected;
    const Bindings official;
    const Bindings uxn32(KeyPreset::Uxn32);
    for (std::size_t i = 0; i < kActions; ++i) {
        const auto action = static_cast<Action>(i);
        expected.push_back(
            "| `" + std::string(info(action).name) + "` | " + std::string(info(action).about) +
            " | " + print_chords(official, action) + " | " + print_chords(uxn32, action) + " |");
    }
    EXPECT_EQ(rows_below(read_page("keys.md"), "| action | what it does | `official` | `uxn32` |"),
              expected);
}

TEST(KeysPage, ListsTheButtonsOfKeyboardAndPads) {
    const std::string page = read_page("keys.md");
    std::vector<std::string> keys;
    for (const ButtonName& button : kButtonNames) {
        for (const Key key : KeyMap().keys_of({0, button.bit})) {
            keys.push_back("| " + std::string(name_of(key)) + " | " + std::string(button.name) +
                           " |");
        }
    }
    EXPECT_EQ(rows_below(page, "| key | button |"), keys);
    std::vector<std::string> pads;
    for (std::size_t i = 0; i < kPadButtons; ++i) {
        const auto button = static_cast<PadButton>(i);
        pads.push_back("| " + std::string(name_of(button)) + " | " +
                       name_of_bit(PadMap().bit_of(0, button)) + " |");
    }
    EXPECT_EQ(rows_below(page, "| pad | button |"), pads);
}

TEST(KeysPage, NamesEveryKey) {
    const std::string page = read_page("keys.md");
    for (std::size_t i = 1; i < kKeys; ++i) {
        const std::string name(name_of(static_cast<Key>(i)));
        const bool in_a_row = name.size() == 1 || (name[0] == 'F' && std::isdigit(name[1]) != 0);
        EXPECT_TRUE(in_a_row || page.contains("`" + name + "`")) << name;
    }
    EXPECT_TRUE(page.contains("`A` to `Z`, `0` to `9`, `F1` to `F12`"));
}

}  // namespace
}  // namespace front
