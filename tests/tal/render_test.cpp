#include <gtest/gtest.h>

#include "assemble.hpp"
#include "tal/utf8.hpp"

namespace tal::test {
namespace {

/// The first diagnostic of a text, as shown.
std::string shown(std::string text) {
    const Assembly assembly = assemble_text(std::move(text));
    return assembly.diagnostics.empty() ? "" : render(assembly.diagnostics.front(), false);
}

/// Its second and third line: the source line and the caret.
std::string picture(std::string text) {
    const std::string all = shown(std::move(text));
    const std::size_t first = all.find('\n') + 1;
    const std::size_t second = all.find('\n', first) + 1;
    return all.substr(first, all.find('\n', second) + 1 - first);
}

TEST(Render, ShowsPlaceMessageSourceCaretHintAndNotes) {
    EXPECT_EQ(shown("INC\n%mm { ;postion }\n@position mm"),
              "t.tal:2:7: error: nothing is called `postion`\n"
              "    %mm { ;postion }\n"
              "          ^~~~~~~~\n"
              "    hint: did you mean `;position`?\n"
              "    note: t.tal:3:11: in the expansion of `mm`\n");
}

TEST(Render, NamesTheSeverity) {
    EXPECT_EQ(shown("INC )").substr(0, 24), "t.tal:1:5: warning: `)` ");
}

TEST(Render, LeavesOutWhatIsNotThere) {
    EXPECT_EQ(shown(""), "t.tal: error: the program is empty: no byte but 00 is emitted\n");
    Diagnostic note;
    note.severity = Severity::Note;
    note.message = "7 more errors are not shown";
    EXPECT_EQ(render(note, false), "note: 7 more errors are not shown\n");
}

TEST(Render, AlignsTheCaretBehindTabs) {
    EXPECT_EQ(picture("\t#1"), "        #1\n        ^~\n");
    EXPECT_EQ(picture("ab\t#1"), "    ab  #1\n        ^~\n");
    EXPECT_EQ(picture("12\t34\t\t#1 INC"), "    12  34      #1 INC\n                ^~\n");
}

TEST(Render, AlignsTheCaretBehindUtf8) {
    // Two bytes, one cell; three bytes, two cells; a combining mark, no cell.
    EXPECT_EQ(picture("( \xce\xbb ) #1"), "    ( \xce\xbb ) #1\n          ^~\n");
    EXPECT_EQ(picture("( \xe6\xbc\xa2 ) #1"), "    ( \xe6\xbc\xa2 ) #1\n           ^~\n");
    EXPECT_EQ(picture("( e\xcc\x81 ) #1"), "    ( e\xcc\x81 ) #1\n          ^~\n");
}

TEST(Render, UnderlinesTheTokenInCells) {
    EXPECT_EQ(picture("INC ;\xe6\xbc\xa2x DUP"), "    INC ;\xe6\xbc\xa2x DUP\n        ^~~~\n");
}

TEST(Render, EscapesControlBytes) {
    EXPECT_EQ(picture("( \x1b[31m ) #1"), "    ( \\x1b[31m ) #1\n                 ^~\n");
    EXPECT_EQ(picture("INC ;\x7f"), "    INC ;\\x7f\n        ^~~~~\n");
    EXPECT_EQ(picture("INC \x01 #1\r\n"), "    INC \\x01 #1\n             ^~\n");
}

TEST(Render, EscapesInvalidUtf8) {
    EXPECT_EQ(shown("INC ;a\xff\xc3("),
              "t.tal:1:5: error: nothing is called `a\\xff\\xc3(`\n"
              "    INC ;a\\xff\\xc3(\n"
              "        ^~~~~~~~~~~\n");
}

TEST(Render, EscapesCharactersThatReorderText) {
    EXPECT_EQ(picture("( \xe2\x80\xae ) #1"), "    ( \\u{202e} ) #1\n                 ^~\n");
}

TEST(Render, EscapesTheFileName) {
    MemoryLoader loader;
    loader.add("a\x1b\n.tal", "");
    const Assembly assembly = assemble("a\x1b\n.tal", loader);
    EXPECT_EQ(render(assembly.diagnostics.at(0), false).substr(0, 22), "a\\x1b\\x0a.tal: error: ");
}

TEST(Render, CutsLongLinesAroundTheCaret) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "INC ";
    }
    const std::string all = picture(text + "#1 " + text);
    const std::size_t line_end = all.find('\n');
    const std::string line = all.substr(0, line_end);
    const std::string caret = all.substr(line_end + 1);
    EXPECT_LT(line.size(), 120u);
    EXPECT_EQ(line.substr(4, 3), "...");
    EXPECT_EQ(line.substr(line.size() - 3), "...");
    EXPECT_EQ(line.substr(caret.find('^'), 3), "#1 ");
    EXPECT_EQ(caret.substr(caret.find('^')), "^~\n");
}

TEST(Render, CutsTheUnderlineOfAMillionCharacters) {
    const std::string all = shown("INC " + std::string(1'000'000, 'x') + " DUP");
    EXPECT_LT(all.size(), 500u);
    EXPECT_NE(all.find("    INC xxxx"), std::string::npos) << all;
    EXPECT_NE(all.find("\n        ^~~~~"), std::string::npos) << all;
}

TEST(Render, PointsBehindTheLineForAnEmptyPlace) {
    Diagnostic diagnostic;
    diagnostic.file = "f";
    diagnostic.line = 1;
    diagnostic.column = 4;
    diagnostic.source_line = "INC";
    diagnostic.source_offset = 3;
    diagnostic.message = "m";
    EXPECT_EQ(render(diagnostic, false), "f:1:4: error: m\n    INC\n       ^\n");
}

TEST(Render, AddsColourOnlyWhenAsked) {
    const Assembly assembly = assemble_text("INC ;nope");
    const std::string plain = render(assembly.diagnostics.at(0), false);
    const std::string colour = render(assembly.diagnostics.at(0), true);
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    EXPECT_NE(colour.find("\x1b[1;31merror: \x1b[0m"), std::string::npos);
    std::string stripped;
    for (std::size_t i = 0; i < colour.size(); ++i) {
        if (colour[i] == '\x1b') {
            i = colour.find('m', i);
        } else {
            stripped += colour[i];
        }
    }
    EXPECT_EQ(stripped, plain);
}

TEST(DecodeCodePoint, AcceptsExactlyUtf8) {
    EXPECT_EQ(decode_code_point("A", 0).value, U'A');
    EXPECT_EQ(decode_code_point("\xce\xbb", 0).value, U'\u03bb');
    EXPECT_EQ(decode_code_point("\xf4\x8f\xbf\xbf", 0).value, U'\U0010ffff');
    // Continuation alone, overlong, surrogate, beyond 10ffff, cut short.
    for (const char* text : {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                             "\xf8\x88\x80\x80\x80", "\xe6\xbc",
                             "\xce"
                             "A"}) {
        EXPECT_FALSE(decode_code_point(text, 0).valid) << printable(text);
        EXPECT_EQ(decode_code_point(text, 0).bytes, 1u) << printable(text);
    }
}

TEST(CountCodePoints, AgreesWithWalkingByteByByte) {
    EXPECT_EQ(count_code_points(""), 0u);
    EXPECT_EQ(count_code_points("12345678\xce\xbb"
                                "12345678\xff"),
              18u);
}

TEST(Printable, ShortensLongTexts) {
    EXPECT_EQ(printable("abcdef", 3), "abc...");
    EXPECT_EQ(printable("abc", 3), "abc");
}

}  // namespace
}  // namespace tal::test
