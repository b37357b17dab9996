#include "front/settings.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/temporary_folder.hpp"

namespace front {
namespace {

using base::ErrorCode;
using cli_test::TemporaryFolder;
using varvara::Controller;

/// Settings that a text gives without a complaint.
Settings settings_of(const std::string& text) {
    Settings settings;
    EXPECT_EQ(read_settings(text, "f", settings), std::vector<std::string>{}) << text;
    return settings;
}

/// What is said of a text.
std::vector<std::string> errors_of(const std::string& text) {
    Settings settings;
    return read_settings(text, "f", settings);
}

std::string changed(const std::string& text, const Settings& wanted) {
    const auto result = change_settings(text, "f", Settings(), wanted);
    EXPECT_TRUE(result) << result.error().detail;
    return result.value_or("");
}

/// No setting is as usual.
Settings unusual() {
    Settings settings;
    settings.bindings = Bindings(KeyPreset::Uxn32);
    for (std::size_t i = 0; i < kActions; ++i) {
        const std::vector<Chord> chords = {{static_cast<Key>(i + 1), Ctrl | Alt},
                                           {static_cast<Key>(i + 1), Super}};
        settings.bindings.set(static_cast<Action>(i), std::span(chords).first(i % 3));
    }
    std::size_t next = 1;
    for (std::uint8_t pad = 0; pad < PadMap::kPads; ++pad) {
        for (const ButtonName& button : kButtonNames) {
            settings.buttons.set({pad, button.bit}, std::vector{static_cast<Key>(next++)});
        }
        for (std::size_t i = 0; i < kPadButtons; ++i) {
            const auto button = static_cast<PadButton>(i);
            const bool was_left = settings.pads.bit_of(pad, button) == Controller::Left;
            settings.pads.set(pad, button, was_left ? 0 : Controller::Left);
        }
    }
    settings.zoom = 3;
    settings.full_screen = true;
    settings.border = false;
    settings.volume = 0;
    settings.muted = true;
    settings.speed = 1600;
    settings.files = host::FileAccess::None;
    settings.resume = true;
    settings.rewind_mb = 0;
    settings.last_seconds = 120;
    settings.terminal_pixels = TerminalPixels::Sixel;
    settings.captures = "~/a \"b\" \\ \u00e9";
    return settings;
}

TEST(Settings, AreTheUsualOnesWhereAFileSaysNothing) {
    EXPECT_EQ(settings_of(""), Settings());
    EXPECT_EQ(settings_of("# nothing\nversion = 1\n\n[keys]\n[pads.2]\n"), Settings());
}

TEST(Settings, AreReadFromAFile) {
    const Settings settings = settings_of(R"(
version = 1
zoom = 2
volume = 40
muted = true
files = "ro"
terminal_pixels = "kitty"
captures = "~/films"
[keys]
quit = "Ctrl-Q"
pause = ["F6", "Pause"]
zoom = []
[buttons.2]
Up = "W"
[pads.3]
South = "B"
Guide = "Start"
East = "none"
)");
    EXPECT_EQ(settings.zoom, 2U);
    EXPECT_EQ(settings.volume, 40U);
    EXPECT_TRUE(settings.muted);
    EXPECT_EQ(settings.files, host::FileAccess::ReadOnly);
    EXPECT_EQ(settings.terminal_pixels, TerminalPixels::Kitty);
    EXPECT_EQ(settings.captures, "~/films");
    EXPECT_EQ(settings.bindings.action_of({Key::Q, Ctrl}), Action::Quit);
    EXPECT_EQ(settings.bindings.action_of({Key::F3, 0}), std::nullopt);
    EXPECT_EQ(settings.bindings.action_of({Key::F6, 0}), Action::Pause);
    EXPECT_EQ(settings.bindings.action_of({Key::Pause, 0}), Action::Pause);
    EXPECT_EQ(settings.bindings.action_of({Key::F1, 0}), std::nullopt);
    EXPECT_EQ(settings.buttons.button_of(Key::W), (KeyMap::Button{1, Controller::Up}));
    EXPECT_EQ(settings.buttons.button_of(Key::Up), (KeyMap::Button{0, Controller::Up}));
    EXPECT_EQ(settings.pads.bit_of(2, PadButton::South), Controller::B);
    EXPECT_EQ(settings.pads.bit_of(2, PadButton::Guide), Controller::Start);
    EXPECT_EQ(settings.pads.bit_of(2, PadButton::East), 0);
    EXPECT_EQ(settings.pads.bit_of(1, PadButton::South), Controller::A);
}

TEST(Settings, OfAMapComeBeforeTheOtherKeysWhereverItStands) {
    const Settings settings = settings_of("[keys]\nquit = \"F2\"\nmap = \"uxn32\"\n");
    EXPECT_EQ(settings.bindings.preset(), KeyPreset::Uxn32);
    EXPECT_EQ(settings.bindings.action_of({Key::F9, 0}), Action::Pause);
    EXPECT_EQ(settings.bindings.action_of({Key::F2, 0}), Action::Quit);
}

TEST(Settings, MayExchangeKeys) {
    const Settings settings = settings_of("[keys]\nzoom = \"F2\"\nprint_stacks = \"F1\"\n");
    EXPECT_EQ(settings.bindings.action_of({Key::F2, 0}), Action::Zoom);
    EXPECT_EQ(settings.bindings.action_of({Key::F1, 0}), Action::PrintStacks);
}

TEST(Settings, OfAProgramLieOverThoseForAll) {
    Settings settings = settings_of("zoom = 2\nvolume = 40\n[keys]\nquit = \"Ctrl-Q\"\n");
    EXPECT_TRUE(read_settings("zoom = 3\n[keys]\npause = \"Ctrl-Q\"\n", "f", settings).empty());
    EXPECT_EQ(settings.zoom, 3U);
    EXPECT_EQ(settings.volume, 40U);
    EXPECT_EQ(settings.bindings.action_of({Key::Q, Ctrl}), Action::Pause);
    EXPECT_TRUE(settings.bindings.chords_of(Action::Quit).empty());
}

struct Mistake {
    const char* text;
    const char* error;
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.text;
}

class SettingsMistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(SettingsMistakeTest, IsToldWithItsPlaceAndCostsItsLineOnly) {
    Settings settings;
    const std::string text = std::string(GetParam().text) + "\n[pads.4]\nGuide = \"A\"\n";
    EXPECT_EQ(read_settings(text, "f", settings), std::vector<std::string>{GetParam().error});
    Settings rest;
    rest.pads.set(3, PadButton::Guide, Controller::A);
    EXPECT_EQ(settings, rest);
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, SettingsMistakeTest,
    testing::Values(
        Mistake{"zom = 2", "f:1:1: error: there is no setting 'zom'; did you mean 'zoom'?"},
        Mistake{"\n  zoom = 33", "f:2:10: error: 'zoom' takes a whole number from 0 to 32"},
        Mistake{"zoom = -1", "f:1:8: error: 'zoom' takes a whole number from 0 to 32"},
        Mistake{"zoom = 2.0", "f:1:8: error: 'zoom' takes a whole number from 0 to 32"},
        Mistake{"zoom = true", "f:1:8: error: 'zoom' takes a whole number from 0 to 32"},
        Mistake{"[zoom]", "f:1:1: error: 'zoom' takes a whole number from 0 to 32"},
        Mistake{"rewind_mb = 65", "f:1:13: error: 'rewind_mb' takes a whole number from 0 to 64"},
        Mistake{"speed = 9", "f:1:9: error: 'speed' takes a whole number from 10 to 1600"},
        Mistake{"muted = 1", "f:1:9: error: 'muted' takes true or false"},
        Mistake{"files = \"RO\"", "f:1:9: error: 'files' takes \"none\", \"ro\" or \"rw\""},
        Mistake{"files = 3", "f:1:9: error: 'files' takes \"none\", \"ro\" or \"rw\""},
        Mistake{"files = ro", "f:1:9: error: this is no value; text stands between quotes"},
        Mistake{"captures = \"films\"",
                "f:1:12: error: 'captures' takes a folder: text that begins with \"/\" or \"~/\""},
        Mistake{"captures = \"/\\u001b[2J\"",
                "f:1:12: error: 'captures' takes a folder: text that begins with \"/\" or \"~/\""},
        Mistake{"\"\\u001b\u00e9\" = 1", "f:1:1: error: there is no setting '\?\?\?'"},
        Mistake{"version = 2",
                "f:1:11: error: this Leveret knows version 1 of settings; of another one, it takes "
                "what it understands"},
        Mistake{"version = \"1\"",
                "f:1:11: error: this Leveret knows version 1 of settings; of another one, it takes "
                "what it understands"},
        Mistake{"keys = 1", "f:1:8: error: 'keys' is a table, with lines of its own"},
        Mistake{"[keys]\nmap = \"uxn23\"", "f:2:7: error: 'map' takes \"official\" or \"uxn32\""},
        Mistake{"[keys]\nqiut = \"F3\"",
                "f:2:1: error: there is no action 'qiut'; did you mean 'quit'?"},
        Mistake{"[keys]\nquit = 3",
                "f:2:8: error: 'quit' takes the name of a key as text, or a list of them"},
        Mistake{"[keys]\nquit = [\"F3\", 4]",
                "f:2:8: error: 'quit' takes the name of a key as text, or a list of them"},
        Mistake{"[keys]\nquit = \"Ctrl-Entr\"",
                "f:2:8: error: there is no key 'Ctrl-Entr'; did you mean 'Enter'?"},
        Mistake{"[keys]\nquit = \"Hyper-Q\"", "f:2:8: error: there is no key 'Hyper-Q'"},
        Mistake{"[keys]\nquit = \"F3\"\npause = [\"F6\", \"F3\"]",
                "f:3:16: error: 'F3' is already the key of 'quit'"},
        Mistake{"[buttons.0]\nA = \"X\"",
                "f:1:10: error: there is no controller '0'; they are called 1 to 4"},
        Mistake{"buttons.1 = 3", "f:1:13: error: '1' is a table, with lines of its own"},
        Mistake{"[buttons.1]\nC = \"X\"",
                "f:2:1: error: there is no button 'C'; did you mean 'A'?"},
        Mistake{"[buttons.1]\nA = \"Ctrl-X\"", "f:2:5: error: there is no key 'Ctrl-X'"},
        Mistake{"[buttons.1]\nA = \"LeftCtrl\"\nB = [\"LeftAlt\", \"leftctrl\"]",
                "f:3:17: error: 'leftctrl' is already 'A' of controller 1"},
        Mistake{"[pads.1]\nsouth = \"B\"",
                "f:2:1: error: there is no button of a pad 'south'; did you mean 'South'?"},
        Mistake{"[pads.1]\nSouth = \"C\"",
                "f:2:9: error: 'South' takes a button: A, B, Select, Start, Up, Down, Left, Right "
                "or none, as text"},
        Mistake{"[pads.1]\nSouth = [\"B\"]",
                "f:2:9: error: 'South' takes a button: A, B, Select, Start, Up, Down, Left, Right "
                "or none, as text"},
        Mistake{"zoom 2", "f:1:6: error: expected '=', saw '2'"},
        // All of a table whose first line is wrong, or its lines would count for another one.
        Mistake{"[pads.1]\n[pads.2\nSouth = \"B\"\nzoom = 2",
                "f:2:8: error: expected ']', saw '\\n'"}));

TEST(SettingsMistakes, AreAllTold) {
    EXPECT_EQ(errors_of("files = ro\nzoom = 2\nmuted = yes\nzom = 1\n").size(), 3U);
    EXPECT_EQ(settings_of("\nzoom = 2\n").zoom, 2U);
}

TEST(SettingsMistakes, AreCountedWhereThereAreTooMany) {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += "a" + std::to_string(i) + " = 1\n";
    }
    const auto errors = errors_of(text);
    EXPECT_EQ(errors.size(), 21U);
    EXPECT_EQ(errors.back(), "f: error: 80 more");
}

TEST(SettingsMistakes, InMostLinesLeaveNothing) {
    std::string text = "zoom = 2\n";
    for (int i = 0; i < 100; ++i) {
        text += "?\n";
    }
    Settings settings;
    const auto errors = read_settings(text, "f", settings);
    EXPECT_EQ(errors.size(), 11U);
    EXPECT_TRUE(errors.back().ends_with("; nothing in this file counts")) << errors.back();
    EXPECT_EQ(settings, Settings());
}

TEST(SettingsMistakes, CannotUseUpTheStack) {
    std::string deep;
    for (int i = 0; i < 30'000; ++i) {
        deep += "a.";
    }
    EXPECT_EQ(errors_of(deep + "a = 1\n"),
              std::vector<std::string>{"f:1:1: error: this is too much for settings"});
    EXPECT_EQ(errors_of(std::string(kMostSettingsBytes + 1, '\n')),
              std::vector<std::string>{"f:1:1: error: this is too much for settings"});
    EXPECT_EQ(errors_of("a = " + std::string(3000, '[')).size(), 1U);
}

TEST(ChangeSettings, WritesWhatIsNotAsUsual) {
    Settings wanted;
    EXPECT_EQ(changed("", wanted), "");
    wanted.zoom = 3;
    wanted.bindings.set(Action::Quit, std::vector<Chord>{{Key::F2, 0}, {Key::Q, Ctrl}});
    wanted.buttons.set({0, Controller::A}, std::vector{Key::Z});
    wanted.pads.set(1, PadButton::South, Controller::B);
    EXPECT_EQ(changed("", wanted), R"(version = 1
zoom = 3

[keys]
quit = ["F2", "Ctrl-Q"]
print_stacks = []

[buttons.1]
A = "Z"

[pads.2]
South = "B"
)");
}

TEST(ChangeSettings, WritesEverySetting) {
    const std::string text = changed("", unusual());
    EXPECT_EQ(settings_of(text), unusual());
    EXPECT_EQ(changed(text, unusual()), text);
    // And back.
    const std::string back = changed(text, Settings());
    EXPECT_EQ(settings_of(back), Settings());
    EXPECT_EQ(std::ranges::count(back, '\n'), std::ranges::count(text, '\n'));
}

TEST(ChangeSettings, LeavesTheOtherLinesAndAllCommentsAsTheyAre) {
    const std::string text = R"(# mine
version=1
  zoom   =  2   # twice, é
"volume" = 0x20
captures = '/films' # é

[keys] # of all
quit = [ "F3", # as ever
  "Ctrl-Q" ]   # and this
  # the end

# pads
[ pads . 2 ]
South='B'#!
strange = "thing")";
    Settings wanted;
    wanted.bindings = Bindings();
    read_settings(text, "f", wanted);
    EXPECT_EQ(changed(text, wanted), text);
    wanted.zoom = 5;
    wanted.volume = 33;
    wanted.muted = true;
    wanted.bindings.bind(Action::Pause, {Key::P, Ctrl});
    wanted.pads.set(1, PadButton::South, Controller::Up);
    wanted.pads.set(1, PadButton::East, 0);
    wanted.pads.set(2, PadButton::East, 0);
    EXPECT_EQ(changed(text, wanted), R"(# mine
version=1
  zoom   =  5   # twice, é
"volume" = 33
captures = '/films' # é
muted = true

[keys] # of all
quit = [ "F3", # as ever
  "Ctrl-Q" ]   # and this
pause = ["F6", "Ctrl-P"]
  # the end

# pads
[ pads . 2 ]
South="Up"#!
strange = "thing"
East = "none"

[pads.3]
East = "none"
)");
}

TEST(ChangeSettings, GivesAKeyToAnotherActionWhateverTheOrder) {
    const std::string text = "[keys]\npause = \"F2\"\n";
    Settings wanted;
    EXPECT_EQ(settings_of(changed(text, wanted)), wanted);
    wanted.bindings.bind(Action::Keys, {Key::F2, 0});
    EXPECT_EQ(settings_of(changed(text, wanted)), wanted);
}

TEST(ChangeSettings, ChangesTheMap) {
    Settings wanted;
    wanted.bindings = Bindings(KeyPreset::Uxn32);
    EXPECT_EQ(changed("", wanted), "version = 1\n\n[keys]\nmap = \"uxn32\"\n");
    const std::string text = "[keys]\nquit = \"F9\"\n";
    EXPECT_EQ(settings_of(changed(text, wanted)), wanted);
    EXPECT_EQ(settings_of(changed(changed(text, wanted), Settings())), Settings());
}

TEST(ChangeSettings, KeepsTheEndsOfLines) {
    Settings wanted;
    wanted.zoom = 2;
    wanted.muted = true;
    wanted.pads.set(0, PadButton::Guide, Controller::A);
    EXPECT_EQ(changed("\xef\xbb\xbfzoom = 1\r\n# end", wanted),
              "\xef\xbb\xbfzoom = 2\r\nmuted = true\r\n# end\r\n\r\n[pads.1]\r\nGuide = \"A\"\r\n");
}

TEST(ChangeSettings, AddsLinesBeforeTheFirstTable) {
    Settings wanted;
    wanted.zoom = 2;
    EXPECT_EQ(changed("[pads.1]\n", wanted), "zoom = 2\n[pads.1]\n");
    EXPECT_EQ(changed("# just that", wanted), "# just that\nzoom = 2\n");
}

TEST(ChangeSettings, RefusesATextThatHasToBeMendedFirst) {
    Settings wanted;
    wanted.zoom = 2;
    const auto code = [&](const char* text) {
        const auto result = change_settings(text, "f", Settings(), wanted);
        return result ? std::optional<ErrorCode>() : result.error().code;
    };
    EXPECT_EQ(code("files = ro\n"), ErrorCode::Malformed);
    EXPECT_EQ(code("zoom = 3\nversion = 2\n"), ErrorCode::Unsupported);
    EXPECT_EQ(code("zoom = \"3\"\nzom = 3\n"), std::nullopt);
    EXPECT_EQ(change_settings("files = ro\n", "f", Settings(), wanted).error().detail,
              "settings not saved: f:1:9: error: this is no value; text stands between quotes");
}

TEST(ChangeSettings, RefusesATextThatItDoesNotKnowHowToChange) {
    Settings wanted;
    wanted.bindings.set(Action::Quit, {});
    for (const char* text : {"keys.pause = \"F6\"\n", "keys = { pause = \"F6\" }\n",
                             "[keys.zoom.x]\n", "keys = 3\n", "[[keys]]\n"}) {
        const auto result = change_settings(text, "f", Settings(), wanted);
        ASSERT_FALSE(result) << *result;
        EXPECT_EQ(result.error().code, ErrorCode::Unsupported);
        EXPECT_EQ(result.error().detail, "settings not saved: 'f' is written in an unusual way");
    }
}

host::Folders folders_in(const TemporaryFolder& folder) {
    host::Folders folders;
    folders.home = folder.path();
    folders.settings = folder.path("config/leveret");
    folders.captures = folder.path("pictures");
    return folders;
}

TEST(SettingsFiles, AreNotMissed) {
    const TemporaryFolder folder;
    const LoadedSettings loaded = load_settings(folders_in(folder), "/roms/a.rom");
    EXPECT_EQ(loaded.settings, Settings());
    EXPECT_TRUE(loaded.errors.empty());
    EXPECT_EQ(folder.size(), 0);
    EXPECT_TRUE(load_settings({}, "a.rom").errors.empty());
}

TEST(SettingsFiles, HoldWhatWasSavedForEachProgram) {
    const TemporaryFolder folder;
    const host::Folders folders = folders_in(folder);
    Settings wanted;
    wanted.zoom = 3;
    const std::string path = folder.path("config/leveret/programs/a.toml");
    EXPECT_EQ(save_settings(folders, "/roms/a.rom", wanted), path);
    EXPECT_EQ(folder.read("config/leveret/programs/a.toml"), "version = 1\nzoom = 3\n");
    EXPECT_EQ(load_settings(folders, "/roms/a.rom").settings, wanted);
    EXPECT_EQ(load_settings(folders, "b.rom").settings, Settings());
    EXPECT_EQ(load_settings(folders, "").settings, Settings());
}

TEST(SettingsFiles, OfAProgramHoldWhatDiffersFromThoseForAll) {
    const TemporaryFolder folder;
    const host::Folders folders = folders_in(folder);
    Settings general;
    general.zoom = 2;
    general.volume = 50;
    EXPECT_EQ(save_settings(folders, "", general), folder.path("config/leveret/settings.toml"));
    Settings wanted = load_settings(folders, "a").settings;
    EXPECT_EQ(wanted, general);
    wanted.zoom = 0;
    ASSERT_TRUE(save_settings(folders, "a", wanted));
    EXPECT_EQ(folder.read("config/leveret/programs/a.toml"), "version = 1\nzoom = 0\n");
    EXPECT_EQ(load_settings(folders, "a").settings, wanted);
}

TEST(SettingsFiles, WithMistakesAreToldAndNeverReplaced) {
    const TemporaryFolder folder;
    const host::Folders folders = folders_in(folder);
    std::filesystem::create_directories(folder.path("config/leveret/programs"));
    const std::string general = folder.write("config/leveret/settings.toml", "zom = 2\nzoom = 4\n");
    const std::string own = folder.write("config/leveret/programs/a.toml", "volume = \n");
    const LoadedSettings loaded = load_settings(folders, "a.tal");
    EXPECT_EQ(loaded.settings.zoom, 4U);
    ASSERT_EQ(loaded.errors.size(), 2U);
    EXPECT_EQ(loaded.errors[0],
              general + ":1:1: error: there is no setting 'zom'; did you mean 'zoom'?");
    EXPECT_TRUE(loaded.errors[1].starts_with(own + ":1:10: error: ")) << loaded.errors[1];
    const auto saved = save_settings(folders, "a.tal", Settings());
    ASSERT_FALSE(saved);
    EXPECT_TRUE(saved.error().detail.starts_with("settings not saved: " + own))
        << saved.error().detail;
    EXPECT_EQ(folder.read("config/leveret/programs/a.toml"), "volume = \n");
}

TEST(SettingsFiles, ThatCannotBeReadOrWrittenAreTold) {
    const TemporaryFolder folder;
    const host::Folders folders = folders_in(folder);
    std::filesystem::create_directories(folder.path("config/leveret/settings.toml"));
    EXPECT_EQ(
        load_settings(folders, "").errors,
        std::vector<std::string>{"cannot read '" + folder.path("config/leveret/settings.toml") +
                                 "': it is a folder"});
    EXPECT_FALSE(save_settings(folders, "", Settings()));
    Settings wanted;
    wanted.zoom = 2;
    EXPECT_EQ(save_settings({}, "a", wanted).error().detail,
              "settings not saved: neither HOME nor XDG_CONFIG_HOME names a folder");
    host::Folders blocked = folders;
    blocked.settings = folder.write("file", "") + "/leveret";
    const auto saved = save_settings(blocked, "a", wanted);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::NotWritable);
}

TEST(SettingsFiles, NeedNoWritingWhereNothingIsDifferent) {
    const TemporaryFolder folder;
    ASSERT_TRUE(save_settings(folders_in(folder), "a", Settings()));
    EXPECT_EQ(folder.size(), 0);
}

TEST(CapturesFolder, IsTheUsualOneOrAnother) {
    host::Folders folders;
    folders.home = "/home/me";
    folders.captures = "/home/me/Pictures/leveret";
    Settings settings;
    EXPECT_EQ(captures_folder(settings, folders), "/home/me/Pictures/leveret");
    settings.captures = "/films";
    EXPECT_EQ(captures_folder(settings, folders), "/films");
    settings.captures = "~/films";
    EXPECT_EQ(captures_folder(settings, folders), "/home/me/films");
    EXPECT_EQ(captures_folder(settings, {}), "");
}

}  // namespace
}  // namespace front
