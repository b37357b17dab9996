#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "front/terminal/capabilities.hpp"
#include "front/terminal/input_parser.hpp"

namespace {

using front::Input;
using front::Key;
using front::terminal::InputParser;
using front::terminal::Parsed;
using front::terminal::Report;
using Kind = Input::Kind;
using namespace std::string_literals;
using namespace std::string_view_literals;

std::string modifiers(front::Modifiers held) {
    std::string text;
    text += (held & front::Ctrl) != 0 ? "C-" : "";
    text += (held & front::Alt) != 0 ? "A-" : "";
    text += (held & front::Shift) != 0 ? "S-" : "";
    text += (held & front::Super) != 0 ? "W-" : "";
    return text;
}

/// An input in a few words.
std::string describe(const Input& input) {
    const std::string key = modifiers(input.modifiers) + std::string(front::name_of(input.key));
    const std::string place = std::to_string(input.x) + "," + std::to_string(input.y);
    const std::string button = std::to_string(input.button) + " " + place;
    switch (input.kind) {
        case Kind::KeyDown: return key + (input.repeat ? " again" : "");
        case Kind::KeyUp: return key + " up";
        case Kind::Text: return "'" + input.text + "'";
        case Kind::Paste: return "paste '" + input.text + "'";
        case Kind::MouseMove: return modifiers(input.modifiers) + "move " + place;
        case Kind::MouseDown: return modifiers(input.modifiers) + "down " + button;
        case Kind::MouseUp: return modifiers(input.modifiers) + "up " + button;
        case Kind::MouseLeft: return "gone";
        case Kind::Wheel: return "wheel " + place;
        case Kind::FocusLost: return "unfocused";
        default: return "?";
    }
}

std::string describe(const Report& report) {
    std::string text = "report " + std::to_string(static_cast<int>(report.kind));
    for (const unsigned number : report.numbers) {
        text += " " + std::to_string(number);
    }
    return report.text.empty() ? text : text + " " + report.text;
}

std::string describe(const Parsed& parsed) {
    std::string all;
    for (const Input& input : parsed.inputs) {
        all += (all.empty() ? "" : "; ") + describe(input);
    }
    for (const Report& report : parsed.reports) {
        all += (all.empty() ? "" : "; ") + describe(report);
    }
    return all;
}

std::string parse(std::string_view bytes, bool give_up = false, char erase = '\x7f') {
    InputParser parser(erase);
    Parsed parsed;
    parser.feed(bytes, parsed);
    if (give_up) {
        parser.give_up(parsed);
    }
    EXPECT_EQ(parser.patience(), std::nullopt) << "something is left open";
    return describe(parsed);
}

std::string report(Report::Kind kind, const std::string& rest) {
    return "report " + std::to_string(static_cast<int>(kind)) + " " + rest;
}

struct Case {
    std::string_view bytes;
    std::string_view meaning;
};

// From xterm's "Control Sequences", the VT220 manual, and kitty's "Comprehensive keyboard
// handling".
const std::vector<Case> kCases = {
    // Text and control characters.
    {"a", "A; 'a'"},
    {"Z", "S-Z; 'Z'"},
    {"7", "7; '7'"},
    {"-", "Minus; '-'"},
    {"!", "'!'"},
    {" ", "Space; ' '"},
    {"\xc3\xa9", "'\xc3\xa9'"},
    {"\xe2\x82\xac", "'\xe2\x82\xac'"},
    {"\xf0\x9f\x90\x87", "'\xf0\x9f\x90\x87'"},
    {"\0"sv, "C-Space"},
    {"\x01", "C-A"},
    {"\x03", "C-C"},
    {"\x08", "C-H"},
    {"\x1a", "C-Z"},
    {"\x1c", "C-Backslash"},
    {"\x1d", "C-RightBracket"},
    {"\x1e", "C-6"},
    {"\x1f", "C-Slash"},
    {"\t", "Tab"},
    {"\r", "Enter"},
    {"\n", "C-J"},
    {"\x7f", "Backspace"},
    {"\x1b"
     "a",
     "A-A"},
    {"\x1b"
     "A",
     "A-S-A"},
    {"\x1b\x01", "C-A-A"},
    {"\x1b\r", "A-Enter"},
    {"\x1b\x7f", "A-Backspace"},
    // Cursor and function keys.
    {"\x1b[A", "Up"},
    {"\x1b[B", "Down"},
    {"\x1b[C", "Right"},
    {"\x1b[D", "Left"},
    {"\x1b[H", "Home"},
    {"\x1b[F", "End"},
    {"\x1bOA", "Up"},
    {"\x1bOH", "Home"},
    {"\x1bOP", "F1"},
    {"\x1bOS", "F4"},
    {"\x1bOM", "Enter"},
    {"\x1bOp", "0; '0'"},
    {"\x1bOy", "9; '9'"},
    {"\x1bOn", "Period; '.'"},
    {"\x1bOk", "'+'"},
    {"\x1b[1~", "Home"},
    {"\x1b[2~", "Insert"},
    {"\x1b[3~", "Delete"},
    {"\x1b[4~", "End"},
    {"\x1b[5~", "PageUp"},
    {"\x1b[6~", "PageDown"},
    {"\x1b[11~", "F1"},
    {"\x1b[15~", "F5"},
    {"\x1b[17~", "F6"},
    {"\x1b[24~", "F12"},
    {"\x1b[[A", "F1"},
    {"\x1b[[E", "F5"},
    {"\x1b[Z", "S-Tab"},
    {"\x1b[1;2A", "S-Up"},
    {"\x1b[1;3B", "A-Down"},
    {"\x1b[1;5C", "C-Right"},
    {"\x1b[1;8D", "C-A-S-Left"},
    {"\x1b[1;2R", "S-F3"},
    {"\x1b[3;5~", "C-Delete"},
    {"\x1b[27;6;72~", "C-S-H"},
    // kitty's keyboard protocol.
    {"\x1b[97u", "A"},
    {"\x1b[97;;97u", "A; 'a'"},
    {"\x1b[97:65;2;65u", "S-A; 'A'"},
    {"\x1b[97;1:2;97u", "A again; 'a'"},
    {"\x1b[97;1:3u", "A up"},
    {"\x1b[99;5u", "C-C"},
    {"\x1b[99;133u", "C-C"},  // with num lock
    {"\x1b[1089::99;5u", "C-C"},
    {"\x1b[27u", "Escape"},
    {"\x1b[13;1:3u", "Enter up"},
    {"\x1b[127;3u", "A-Backspace"},
    {"\x1b[57441;2u", "S-LeftShift"},
    {"\x1b[57448;1:3u", "RightCtrl up"},
    {"\x1b[57400;;49u", "1; '1'"},
    {"\x1b[1;1:3A", "Up up"},
    {"\x1b[1;5:2A", "C-Up again"},
    {"\x1b[3;1:3~", "Delete up"},
    {"\x1b[0;;233u", "'\xc3\xa9'"},
    {"\x1b[97;;104:105u", "A; 'hi'"},
    {"\x1b[97;;27u", "A"},  // a control character is no text
    {"\x1b[97;;1114112u", "A"},
    {"\x1b[97;;55296u", "A"},
    // Mouse, focus and paste.
    {"\x1b[<0;1;1M", "down 0 0,0"},
    {"\x1b[<0;10;5m", "up 0 9,4"},
    {"\x1b[<1;3;4M", "down 1 2,3"},
    {"\x1b[<2;3;4M", "down 2 2,3"},
    {"\x1b[<35;80;24M", "move 79,23"},
    {"\x1b[<32;7;8M", "move 6,7"},
    {"\x1b[<16;7;8M", "C-down 0 6,7"},
    {"\x1b[<64;1;1M", "wheel 0,-1"},
    {"\x1b[<65;1;1M", "wheel 0,1"},
    {"\x1b[<66;1;1M", "wheel -1,0"},
    {"\x1b[<67;1;1M", "wheel 1,0"},
    {"\x1b[<128;1;1M", ""},
    {"\x1b[<291;0;0M", "gone"},
    {"\x1b[<35;1000;700M", "move 999,699"},
    {"\x1b[M !!", "down 0 0,0"},
    {"\x1b[M!$%\x1b[M#$%", "down 1 3,4; up 1 3,4"},
    {"\x1b[MC\"#", "move 1,2"},
    {"\x1b[I", ""},
    {"\x1b[O", "unfocused"},
    {"\x1b[200~a\rb\x1b[201~", "paste 'a\nb'"},
    {"\x1b[200~\xc3\xa9\x01\xff\t\x1b[A\x1b[201~x", "paste '\xc3\xa9\t[A'; X; 'x'"},
    {"\x1b[200~\x1b[201~", ""},
    // Nothing.
    {"\xff\x80\xc3(", "'('"},
    {"\xc0\xaf", ""},
    {"\xed\xa0\x80", ""},
    {"\xc2\x9b", ""},
    {"\x1b[5;6", ""},
    {"\x1b[99999999999999999999u", ""},
    {"\x1b[?1;2z", ""},
    {"\x1b[38;5$~", ""},
    {"\x1b]0;title\x07", ""},
    {"\x1b]11;rgb:0000/0000/0000\x1b\\", ""},
};

TEST(InputParser, KnowsEverySequence) {
    for (const Case& c : kCases) {
        const bool open = c.bytes.starts_with("\x1b[5;6");
        EXPECT_EQ(parse(c.bytes, open), c.meaning) << testing::PrintToString(c.bytes);
    }
}

TEST(InputParser, DoesNotMindWhereBytesAreCut) {
    for (const Case& c : kCases) {
        for (std::size_t cut = 0; cut <= c.bytes.size(); ++cut) {
            InputParser parser;
            Parsed parsed;
            parser.feed(c.bytes.substr(0, cut), parsed);
            parser.feed(c.bytes.substr(cut), parsed);
            EXPECT_EQ(describe(parsed), c.meaning)
                << testing::PrintToString(c.bytes) << " cut at " << cut;
        }
    }
}

TEST(InputParser, GoesOnAfterEachSequence) {
    for (const Case& c : kCases) {
        // What is cut short by an escape is forgotten.
        const std::string meaning(c.meaning);
        EXPECT_EQ(parse(std::string(c.bytes) + "\x1b[A"),
                  meaning + (meaning.empty() ? "" : "; ") + "Up")
            << testing::PrintToString(c.bytes);
    }
}

TEST(InputParser, TellsTheEscapeKeyByWhatDoesNotFollow) {
    InputParser parser;
    Parsed parsed;
    EXPECT_EQ(parser.patience(), std::nullopt);
    parser.feed("\x1b", parsed);
    EXPECT_TRUE(parsed.inputs.empty());
    ASSERT_NE(parser.patience(), std::nullopt);
    EXPECT_LT(*parser.patience(), std::chrono::milliseconds(200));
    parser.give_up(parsed);
    EXPECT_EQ(describe(parsed), "Escape");
    EXPECT_EQ(parser.patience(), std::nullopt);
    EXPECT_EQ(parse("\x1b\x1b", true), "Escape; Escape");
    EXPECT_EQ(parse("\x1b\x1b[A"), "Escape; Up");
    EXPECT_EQ(parse("\x1b[", true), "A-LeftBracket");
    EXPECT_EQ(parse("\x1bO", true), "A-S-O");
    EXPECT_EQ(parse("\x1bP", true), "A-S-P");
    EXPECT_EQ(parse("\x1b]", true), "A-RightBracket");
}

TEST(InputParser, ForgetsWhatNeverEnds) {
    EXPECT_EQ(parse("\x1b[1;2", true), "");
    EXPECT_EQ(parse("\x1bPabc", true), "");
    EXPECT_EQ(parse("\x1bPabc\x1b", true), "");
    EXPECT_EQ(parse("\x1b[M!", true), "");
    EXPECT_EQ(parse("\x1b[200~half", true), "paste 'half'");
    EXPECT_EQ(parse("\x1b[" + std::string(100'000, '1') + "A\x1b[B"), "Down");
    EXPECT_EQ(parse("\x1b_" + std::string(100'000, 'G') + "\x1b\\x").substr(0, 2), "X;");
}

TEST(InputParser, TakesTheBackspaceKeyFromTheTerminalsSettings) {
    EXPECT_EQ(parse("\x08", false, '\x08'), "Backspace");
    EXPECT_EQ(parse("\x7f", false, '\x08'), "Backspace");
}

TEST(InputParser, DeliversALongPasteInPieces) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += i % 7 == 0 ? "\xe2\x82\xac" : i % 5 == 0 ? "\r\n" : "x";
    }
    InputParser parser;
    Parsed parsed;
    parser.feed("\x1b[200~" + text + "\x1b[201~", parsed);
    std::string pasted;
    for (const Input& input : parsed.inputs) {
        ASSERT_EQ(input.kind, Kind::Paste);
        EXPECT_LE(input.text.size(), 70'000u);
        pasted += input.text;
    }
    std::string expected;
    for (const char c : text) {
        expected += c == '\r' ? "" : std::string{c};
    }
    EXPECT_GT(parsed.inputs.size(), 1u);
    EXPECT_TRUE(pasted == expected);
}

TEST(InputParser, ReadsWhatATerminalSaysAboutItself) {
    using K = Report::Kind;
    EXPECT_EQ(parse("\x1b[?62;4;22c"), report(K::Attributes, "62 4 22"));
    EXPECT_EQ(parse("\x1b[?1u"), report(K::KeyboardFlags, "1"));
    EXPECT_EQ(parse("\x1b[?2026;2$y"), report(K::Mode, "2026 2"));
    EXPECT_EQ(parse("\x1b[6;16;8t"), report(K::CellSize, "16 8"));
    EXPECT_EQ(parse("\x1b[4;384;640t"), report(K::AreaSize, "384 640"));
    EXPECT_EQ(parse("\x1b[?1;0;256S"), report(K::SixelColours, "1 0 256"));
    EXPECT_EQ(parse("\x1b[0n"), report(K::Status, "0"));
    EXPECT_EQ(parse("\x1b_Gi=31;OK\x1b\\"), report(K::Graphics, "i=31;OK"));
    EXPECT_EQ(parse("\x1bP1$r0;48:2:1:2:3m\x1b\\"), report(K::Setting, "0;48:2:1:2:3m"));
    EXPECT_EQ(parse("\x1bP>|tmux 3.3a\x1b\\"), report(K::Name, "tmux 3.3a"));
}

front::terminal::Capabilities learn_all(std::string_view bytes) {
    InputParser parser;
    Parsed parsed;
    parser.feed(bytes, parsed);
    front::terminal::Capabilities capabilities;
    for (const Report& r : parsed.reports) {
        front::terminal::learn(capabilities, r);
    }
    return capabilities;
}

TEST(Capabilities, AreWhatTheTerminalHasSaid) {
    EXPECT_EQ(learn_all(""), front::terminal::Capabilities{});
    EXPECT_TRUE(learn_all("\x1b[?62;4c").sixel);
    EXPECT_TRUE(learn_all("\x1b[?62;4c").complete);
    EXPECT_FALSE(learn_all("\x1b[?4;22c").sixel) << "the first number is a kind of terminal";
    EXPECT_TRUE(learn_all("\x1b_Gi=31;OK\x1b\\").kitty);
    EXPECT_FALSE(learn_all("\x1b_Gi=31;ENOTSUP\x1b\\").kitty);
    EXPECT_TRUE(learn_all("\x1b[?2026;1$y").synchronized);
    EXPECT_FALSE(learn_all("\x1b[?2026;0$y").synchronized);
    EXPECT_FALSE(learn_all("\x1b[?2026;4$y").synchronized);
    EXPECT_TRUE(learn_all("\x1b[?1016;2$y").pixel_mouse);
    EXPECT_EQ(learn_all("\x1b[6;20;10t").cell, (front::Size{.width = 10, .height = 20}));
    EXPECT_EQ(learn_all("\x1b[?1;0;16S").sixel_colours, 16u);
    EXPECT_EQ(learn_all("\x1b[?1;0;65536S").sixel_colours, 256u);
    EXPECT_EQ(learn_all("\x1b[?1;3;0S").sixel_colours, 256u);
    EXPECT_TRUE(learn_all("\x1bP1$r0;48:2::1:2:3m\x1b\\").true_colour);
    EXPECT_FALSE(learn_all("\x1bP1$r0;48:5:16m\x1b\\").true_colour);
}

TEST(Capabilities, ColoursArePromisedByTheEnvironment) {
    using front::terminal::promises_true_colour;
    EXPECT_TRUE(promises_true_colour("xterm-256color", "truecolor", false));
    EXPECT_TRUE(promises_true_colour("xterm", "24bit", false));
    EXPECT_TRUE(promises_true_colour("xterm-kitty", nullptr, false));
    EXPECT_TRUE(promises_true_colour("xterm-direct", nullptr, false));
    EXPECT_TRUE(promises_true_colour("screen", nullptr, true));
    EXPECT_FALSE(promises_true_colour("xterm-256color", nullptr, false));
    EXPECT_FALSE(promises_true_colour("linux", "", false));
    EXPECT_FALSE(promises_true_colour(nullptr, nullptr, false));
}

}  // namespace
