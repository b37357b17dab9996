// Every diagnostic: what draws it, and where it points.

#include <gtest/gtest.h>

#include <algorithm>

#include "assemble.hpp"

namespace tal::test {
namespace {

using namespace std::string_literals;

/// The only diagnostic of a text.
Diagnostic only_diagnostic(std::string text) {
    const Assembly assembly = assemble_text(std::move(text));
    EXPECT_EQ(assembly.diagnostics.size(), 1u);
    return assembly.diagnostics.empty() ? Diagnostic{} : assembly.diagnostics.front();
}

TEST(Errors, OfNumbersPointAtTheToken) {
    EXPECT_EQ(errors_of("|0100\n\tINC #123 INC"), "NumberInvalid 2:6");
    EXPECT_EQ(errors_of("|0100\n\n 1"), "NumberInvalid 3:2");
}

TEST(Errors, OfRunesWithoutANamePointAtTheRune) {
    for (const char rune : std::string_view("|$@,_.-;=!?#\"%~")) {
        // The macro has a body, which goes with it.
        EXPECT_EQ(errors_of("INC\n  "s + rune + " { INC }"), "NameInvalid 2:3") << rune;
    }
}

TEST(Errors, OfNamesSayWhyTheNameCannotBe) {
    EXPECT_NE(only_diagnostic("@cafe INC").message.find("hexadecimal number"), std::string::npos);
    EXPECT_NE(only_diagnostic("@ADD2 INC").message.find("opcode"), std::string::npos);
    EXPECT_NE(only_diagnostic("@;x INC").message.find("rune `;`"), std::string::npos);
}

TEST(Errors, OfALabelWithABadNameSpareItsSublabels) {
    EXPECT_EQ(errors_of("@cafe &x ;&x INC"), "NameInvalid 1:1");
}

TEST(Errors, OfBracesWithSomethingAttached) {
    EXPECT_EQ(errors_of("?{INC } DUP"), "BraceInvalid 1:1");
    EXPECT_EQ(errors_of("?{ INC }DUP"), "BraceInvalid 1:8");
    EXPECT_EQ(errors_of("{INC } DUP"), "BraceInvalid 1:1");
}

TEST(Errors, OfBlocksLeftOpenPointAtTheOpenerOfEach) {
    EXPECT_EQ(errors_of("?{ INC !{ { }\nDUP"), "BlockOpen 1:1\nBlockOpen 1:8");
}

TEST(Errors, OfBlocksNeverOpened) {
    EXPECT_EQ(errors_of("INC } DUP } INC"), "BlockUnopened 1:5\nBlockUnopened 1:11");
}

TEST(Errors, OfDuplicatesNameTheFirstDefinition) {
    const Diagnostic label = only_diagnostic("@once\nINC\n  @once");
    EXPECT_EQ(label.category, Category::LabelDuplicate);
    EXPECT_EQ(label.line, 3u);
    EXPECT_EQ(label.column, 3u);
    EXPECT_EQ(label.length, 5u);
    ASSERT_EQ(label.notes.size(), 1u);
    EXPECT_EQ(label.notes[0].file, "t.tal");
    EXPECT_EQ(label.notes[0].line, 1u);
    EXPECT_EQ(label.notes[0].column, 1u);

    const Diagnostic macro = only_diagnostic("INC\n@once %once { INC }");
    EXPECT_EQ(macro.category, Category::MacroDuplicate);
    EXPECT_EQ(macro.column, 7u);
    ASSERT_EQ(macro.notes.size(), 1u);
    EXPECT_EQ(macro.notes[0].line, 2u);
}

TEST(Errors, OfAMacroDefinedAfterItsUseNameTheUse) {
    const Diagnostic diagnostic = only_diagnostic("INC\n  late\n%late { DUP }");
    EXPECT_EQ(diagnostic.category, Category::MacroDuplicate);
    EXPECT_EQ(diagnostic.line, 3u);
    EXPECT_EQ(diagnostic.notes.at(0).line, 2u);
    EXPECT_EQ(diagnostic.notes.at(0).column, 3u);
}

TEST(Errors, OfReferencesToAMacroSayThatItIsOne) {
    const Diagnostic diagnostic = only_diagnostic("%mac { INC } ;mac mac");
    EXPECT_EQ(diagnostic.category, Category::ReferenceUnknown);
    EXPECT_EQ(diagnostic.column, 14u);
    EXPECT_NE(diagnostic.message.find("is a macro"), std::string::npos);
}

TEST(Errors, OfUnknownReferencesAreAllReported) {
    EXPECT_EQ(errors_of(";one two\n&x ,&y .three/x -&z\n_a-b =c-d !e-f ?g-h /k"),
              "ReferenceUnknown 1:1\nReferenceUnknown 1:6\n"
              "ReferenceUnknown 2:4\nReferenceUnknown 2:8\nReferenceUnknown 2:17\n"
              "ReferenceUnknown 3:1\nReferenceUnknown 3:6\nReferenceUnknown 3:11\n"
              "ReferenceUnknown 3:16\nReferenceUnknown 3:21");
}

TEST(Errors, OfDistanceSayHowFarItIs) {
    const Diagnostic diagnostic = only_diagnostic("INC\n ,x $81 @x INC");
    EXPECT_EQ(diagnostic.category, Category::TooFar);
    EXPECT_EQ(diagnostic.line, 2u);
    EXPECT_EQ(diagnostic.column, 2u);
    // The target is at 0101 + 2 + 81, the distance byte at 0102: 0184 - 0104 = 80.
    EXPECT_NE(diagnostic.message.find(" 128 bytes"), std::string::npos) << diagnostic.message;
    ASSERT_EQ(diagnostic.notes.size(), 1u);
    EXPECT_EQ(diagnostic.notes[0].column, 9u);
}

TEST(Errors, OfDistanceKnowBlocks) {
    const Diagnostic diagnostic = only_diagnostic("_{ $100 } INC");
    EXPECT_EQ(diagnostic.category, Category::TooFar);
    EXPECT_EQ(diagnostic.message.substr(0, 20), "the end of the block");
    EXPECT_EQ(diagnostic.notes.at(0).column, 9u);
}

TEST(Errors, OfTheZeroPageAreReportedOncePerStretch) {
    EXPECT_EQ(errors_of("|10 12 34 INC\n|20 00 56 ;x @x |100 INC"),
              "ZeroPageWrite 1:5\nZeroPageWrite 2:8");
}

TEST(Errors, OfTheZeroPageIncludeReferencesThatAreNotZero) {
    EXPECT_EQ(errors_of("|10 =x |0200 @x INC"), "ZeroPageWrite 1:5");
    EXPECT_EQ(rom_of("|00 @x |10 =x |0100 INC"), "01");
}

TEST(Errors, OfMemoryPointAtTheFirstByteBeyondIt) {
    EXPECT_EQ(errors_of("|ffff 12 34 56"), "OutsideMemory 1:10");
    EXPECT_EQ(errors_of("|fffe 12 3456"), "OutsideMemory 1:10");
    EXPECT_EQ(errors_of("|ffff ;x @x"), "OutsideMemory 1:7");
    EXPECT_EQ(errors_of("|ffff $1 12 |100 INC |fffe $2 34"),
              "OutsideMemory 1:10\nOutsideMemory 1:31");
}

TEST(Errors, OfEmptyProgramsHaveNoPosition) {
    for (const char* text : {"", "  \n", "00 00", "|0100 @x $10", "( INC )", "%m { INC }"}) {
        EXPECT_EQ(errors_of(text), "OutputEmpty") << text;
    }
    EXPECT_EQ(only_diagnostic("").file, "t.tal");
}

TEST(Errors, OfCommentsLeftOpenPointAtTheOuterParenthesis) {
    EXPECT_EQ(errors_of("INC\n( a ( b )\nDUP"), "CommentOpen 2:1");
    EXPECT_EQ(errors_of("INC (a) DUP"), "CommentOpen 1:5");
    EXPECT_EQ(errors_of("%m { INC ( } m"), "CommentOpen 1:10");
}

TEST(Errors, OfMacrosLeftOpenPointAtTheDefinition) {
    EXPECT_EQ(errors_of("INC %m"), "MacroOpen 1:5");
    EXPECT_EQ(errors_of("INC %m ( a -- b )"), "MacroOpen 1:5");
    EXPECT_EQ(errors_of("INC %m { ?{ INC }"), "MacroOpen 1:5");
}

TEST(Errors, OfMacrosLeftOpenLetReadingGoOnWhereTheyShouldEnd) {
    // Closed by a brace that is attached to something; not closed before the next macro.
    EXPECT_EQ(errors_of("%m { INC}\n%n { DUP } m n #1"), "MacroOpen 1:1\nNumberInvalid 2:16");
    EXPECT_EQ(errors_of("%m { INC\n%n { DUP } m n #1"), "MacroOpen 1:1\nNumberInvalid 2:16");
}

TEST(Errors, OfManyMacrosLeftOpenTakeNoTime) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += "% { x}\n";
    }
    EXPECT_EQ(assemble_text(text).diagnostics[1].category, Category::MacroOpen);
}

TEST(Errors, OfTextNotReadHideReferencesIntoIt) {
    const Assembly assembly = assemble_text("first INC\n( oops\n@first");
    EXPECT_EQ(list(assembly, Severity::Error), "CommentOpen 2:1");
    EXPECT_EQ(list(assembly, Severity::Note), "Omitted");
}

TEST(Errors, OfMacrosInsideMacrosPointAtTheInnerOne) {
    EXPECT_EQ(errors_of("%mm { %nn { INC } } INC mm"), "MacroNested 1:7");
}

TEST(Errors, OfPaddingsPointAtThePadding) {
    const Assembly assembly = assemble_text("|later\n@later INC $nowhere");
    EXPECT_EQ(list(assembly, Severity::Error), "PaddingInvalid 1:1\nPaddingInvalid 2:12");
    EXPECT_EQ(assembly.diagnostics[0].notes.at(0).message, "defined here");
    EXPECT_EQ(assembly.diagnostics[0].notes.at(0).line, 2u);
}

TEST(Errors, OfPaddingsByMacroOrBlock) {
    EXPECT_EQ(errors_of("%m { INC } |m INC |{ INC"), "PaddingInvalid 1:12\nPaddingInvalid 1:19");
}

TEST(Errors, InMacrosPointIntoTheBodyAndNameTheUse) {
    const Diagnostic diagnostic = only_diagnostic("%outer { inner }\n%inner { #1 }\n INC outer");
    EXPECT_EQ(diagnostic.category, Category::NumberInvalid);
    EXPECT_EQ(diagnostic.line, 2u);
    EXPECT_EQ(diagnostic.column, 10u);
    ASSERT_EQ(diagnostic.notes.size(), 2u);
    EXPECT_EQ(diagnostic.notes[0].message, "in the expansion of `inner`");
    EXPECT_EQ(diagnostic.notes[0].line, 1u);
    EXPECT_EQ(diagnostic.notes[0].column, 10u);
    EXPECT_EQ(diagnostic.notes[1].message, "in the expansion of `outer`");
    EXPECT_EQ(diagnostic.notes[1].line, 3u);
    EXPECT_EQ(diagnostic.notes[1].column, 6u);
}

TEST(Errors, InMacrosAreReportedOnceForAllUses) {
    EXPECT_EQ(errors_of("%m { ;nowhere } m m m"), "ReferenceUnknown 1:6");
}

TEST(Errors, OfManyKindsComeTogetherInTheOrderOfTheText) {
    EXPECT_EQ(errors_of("|0100 @start #1 ;lost @start\n,far $100 @far } |up JCI\n@up ( x"),
              "NumberInvalid 1:14\nLabelDuplicate 1:23\nTooFar 2:1\nBlockUnopened 2:16\n"
              "PaddingInvalid 2:18\nCommentOpen 3:5");
}

TEST(Errors, BeyondTheLimitAreCounted) {
    std::string text;
    for (std::size_t i = 0; i < kMaxErrors + 7; ++i) {
        text += "#1\n";
    }
    const Assembly assembly = assemble_text(text);
    ASSERT_EQ(assembly.diagnostics.size(), kMaxErrors + 1);
    EXPECT_EQ(assembly.diagnostics.back().category, Category::Omitted);
    EXPECT_EQ(assembly.diagnostics.back().severity, Severity::Note);
    EXPECT_EQ(assembly.diagnostics.back().message, "7 more errors are not shown");
    EXPECT_EQ(assembly.diagnostics[kMaxErrors - 1].line, kMaxErrors);
}

TEST(Columns, CountCodePointsAndTabsAsOne) {
    EXPECT_EQ(errors_of("\t\xce\xbb-\xf0\x9f\x90\x87 #1 @\xce\xbb-\xf0\x9f\x90\x87"),
              "NumberInvalid 1:6");
    EXPECT_EQ(errors_of("( \xff\xfe ) #1"), "NumberInvalid 1:8");
}

TEST(Lines, EndAtLineFeedsOnly) {
    EXPECT_EQ(errors_of("INC\r\n#1\r\n\r\n\v#2\n"), "NumberInvalid 2:1\nNumberInvalid 4:2");
}

TEST(Warnings, OfUnusedLabelsFollowTheOfficialRule) {
    EXPECT_EQ(warnings_of("|00 @zero $1 @Upper $1 |0100 @start INC @unused &sub\n@used ;used"),
              "LabelUnused 1:5\nLabelUnused 1:41\nLabelUnused 1:49");
}

TEST(Warnings, OfUnusedLabelsSpareThoseUsedByPaddingOnly) {
    EXPECT_EQ(warnings_of("INC @here |here DUP"), "");
}

TEST(Warnings, OfUnusedLabelsWaitUntilThereAreNoErrors) {
    EXPECT_EQ(list(assemble_text("INC @unused #1"), Severity::Warning), "");
}

TEST(Warnings, OfTheColonRune) {
    const Assembly assembly = assemble_text("INC :lab @lab");
    ASSERT_TRUE(assembly.ok());
    EXPECT_EQ(list(assembly, Severity::Warning), "RuneDeprecated 1:5");
    EXPECT_EQ(assembly.diagnostics[0].hint, "write `=lab`");
}

TEST(Warnings, OfAColonRuneAreSparedWhereItIsTheNameOfAMacro) {
    EXPECT_EQ(warnings_of("%:x { INC } :x"), "");
}

TEST(Warnings, OfStrayParenthesesAndBrackets) {
    EXPECT_EQ(warnings_of("INC ) [DUP ] ]"), "ParenthesisStray 1:5\nBracketGlued 1:7");
}

TEST(Warnings, OfLabelsBeyondMemory) {
    const Assembly assembly = assemble_text("INC ;End |ffff $1 @End");
    ASSERT_TRUE(assembly.ok());
    EXPECT_EQ(list(assembly, Severity::Warning), "LabelOutside 1:19");
    EXPECT_EQ(assembly.symbols[0], (Symbol{0, "End"}));
}

TEST(Warnings, OfReplacedBytesComeOncePerStretch) {
    EXPECT_EQ(warnings_of("12 34 56 |0101 78 9a |0100 11"), "Overwrite 1:16\nOverwrite 1:28");
    EXPECT_EQ(warnings_of("12 $2 56 |0101 78 9a"), "");
}

TEST(Warnings, OfTextBetweenAMacroAndItsBody) {
    EXPECT_EQ(warnings_of("%m INC ( a ) { DUP } m"), "MacroHeader 1:4");
    EXPECT_EQ(warnings_of("%m ( a ( b ) c ) { DUP } m"), "");
}

TEST(Warnings, OfZeroPageAccessToLabelsElsewhere) {
    EXPECT_EQ(warnings_of("|0200 @far $1 |0100 .far LDZ2k INC"), "ZeroPageAccess 1:21");
    EXPECT_EQ(warnings_of("|0200 @far $1 |0100 .far STZ INC"), "ZeroPageAccess 1:21");
    EXPECT_EQ(warnings_of("|0200 @far $1 |0100 .far INC"), "");
    EXPECT_EQ(warnings_of("|80 @near $1 |0100 .near LDZ"), "");
}

TEST(Warnings, BeyondTheLimitAreCounted) {
    std::string text = "INC\n";
    for (std::size_t i = 0; i < kMaxWarnings + 1; ++i) {
        text += ")\n";
    }
    const Assembly assembly = assemble_text(text);
    EXPECT_TRUE(assembly.ok());
    ASSERT_EQ(assembly.diagnostics.size(), kMaxWarnings + 1);
    EXPECT_EQ(assembly.diagnostics.back().message, "1 more warnings are not shown");
}

TEST(Diagnostics, HaveNamesForAllCategories) {
    for (int i = 0; i <= static_cast<int>(Category::Omitted); ++i) {
        EXPECT_FALSE(name_of(static_cast<Category>(i)).empty()) << i;
    }
}

TEST(Diagnostics, AreQuietOnIdiomaticSource) {
    EXPECT_EQ(warnings_of(R"(
( dev/console )
|10 @Console/vector $2 &read $1 &pad $4 &type $1 &write $1 &error $1

|000
	@counter $2

|100

@on-reset ( -> )
	;on-console .Console/vector DEO2
	#0000 .counter STZ2
	BRK

@on-console ( -> )
	.Console/read DEI [ LIT "a ] EQU ?{ ;dict/hello <pstr> BRK }
	#010f DEO
	BRK

@<pstr> ( str* -- )
	LDAk DUP ?{ POP POP2 JMP2r }
	.Console/write DEO
	INC2 !/

@dict/hello "Hello 20 "World $1

@<pstr>/
	!<pstr>
)"),
              "");
}

}  // namespace
}  // namespace tal::test
