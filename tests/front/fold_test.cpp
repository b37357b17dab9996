#include "front/fold.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace front {
namespace {

using Lines = std::vector<std::string>;
using Style = Overlay::Line::Style;

/// Letters are bytes; a capital is as wide as two.
Letter measure(std::string_view text, std::size_t at) {
    return {.bytes = 1, .columns = text[at] >= 'A' && text[at] <= 'Z' ? 2U : 1U};
}

Lines fold(std::string_view text, unsigned columns, std::size_t most = 100) {
    return fold(text, columns, most, measure);
}

Lines texts(const std::vector<Overlay::Line>& lines) {
    Lines all;
    for (const Overlay::Line& line : lines) {
        all.push_back(line.text);
    }
    return all;
}

TEST(Fold, LeavesAloneWhatFits) {
    EXPECT_EQ(fold("", 5), Lines{""});
    EXPECT_EQ(fold("saved", 5), Lines{"saved"});
    EXPECT_EQ(fold("  a b", 5), Lines{"  a b"});
}

TEST(Fold, EndsALineAtASpaceWhichGoes) {
    EXPECT_EQ(fold("one two three", 7), (Lines{"one two", "three"}));
    EXPECT_EQ(fold("one two three", 6), (Lines{"one", "two", "three"}));
    EXPECT_EQ(fold("    hint: mend it", 10), (Lines{"    hint:", "mend it"}));
}

TEST(Fold, EndsALineAfterASlash) {
    EXPECT_EQ(fold("saved /home/me/a.png", 15), (Lines{"saved /home/me/", "a.png"}));
    EXPECT_EQ(fold("saved /home/me/a.png", 12), (Lines{"saved /home/", "me/a.png"}));
}

TEST(Fold, EndsALineWithinAWordThatIsTooLong) {
    EXPECT_EQ(fold("abcdefgh", 3), (Lines{"abc", "def", "gh"}));
    EXPECT_EQ(fold("      a", 3), (Lines{"   ", "   ", "a"})) << "so are spaces alone";
}

TEST(Fold, CountsColumnsAndNotBytes) {
    EXPECT_EQ(fold("aBC", 3), (Lines{"aB", "C"}));
    EXPECT_EQ(fold("BC", 1), (Lines{"B", "C"})) << "a letter at least";
    EXPECT_EQ(width_of("aBc", measure), 4U);
}

TEST(Fold, LeavesOutTheMiddleOfWhatIsTooLong) {
    const Lines lines = fold("saved /home/somebody/Pictures/leveret/dvd-20260101.png", 20, 2);
    ASSERT_LE(lines.size(), 2U);
    const std::string all = lines.front() + lines.back();
    EXPECT_TRUE(all.starts_with("saved ")) << all;
    EXPECT_NE(all.find("..."), std::string::npos) << all;
    EXPECT_TRUE(all.ends_with("dvd-20260101.png")) << all;
    EXPECT_EQ(fold("abcdefgh", 1, 1).size(), 1U);
}

TEST(Fold, KeepsTheStyleOfALineInAllItsParts) {
    const std::vector<Overlay::Line> panel = {{.text = "one two", .style = Style::Error},
                                              {.text = "three"}};
    const auto folded = fold(panel, 5, 10, measure);
    EXPECT_EQ(texts(folded), (Lines{"one", "two", "three"}));
    EXPECT_EQ(folded[1].style, Style::Error);
    EXPECT_EQ(folded[2].style, Style::Plain);
}

TEST(Fold, LeavesAlignedLinesAsTheyAre) {
    const std::vector<Overlay::Line> panel = {{.text = "    one two", .aligned = true},
                                              {.text = "        ^~~", .aligned = true}};
    EXPECT_EQ(texts(fold(panel, 5, 10, measure)), (Lines{"    one two", "        ^~~"}));
}

TEST(Fold, NamesFilesWithoutFoldersWhereThereIsNoRoomForAllLines) {
    const std::vector<Overlay::Line> panel = {
        {.text = "src/game/a.tal:3:12: error: x/y is not there", .style = Style::Error},
        {.text = "src/game/b.tal:1:1: error: no", .style = Style::Error}};
    EXPECT_EQ(fold(panel, 100, 2, measure)[0].text, panel[0].text);
    EXPECT_EQ(fold(panel, 29, 3, measure)[0].text, "src/game/a.tal:3:12: error:");
    EXPECT_EQ(texts(fold(panel, 21, 4, measure)),
              (Lines{"a.tal:3:12: error: x/", "y is not there", "b.tal:1:1: error: no"}));
}

}  // namespace
}  // namespace front
