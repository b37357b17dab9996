// Inputs made to keep an assembler busy, or to break it.

#include <gtest/gtest.h>

#include "assemble.hpp"

namespace tal::test {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

TEST(Limits, OfTokensAreTheOnesDocumented) {
    const std::string portable(kPortableTokenBytes - 1, 'x');
    EXPECT_EQ(warnings_of("@" + portable + " INC ;" + portable), "");
    const std::string longer(kMaxTokenBytes - 1, 'x');
    EXPECT_EQ(warnings_of("@" + longer + " INC ;" + longer),
              "TokenUnportable 1:1\nTokenUnportable 1:261");
    EXPECT_EQ(errors_of("INC \"" + std::string(kMaxTokenBytes, 'x') + " #1"),
              "TokenTooLong 1:5\nNumberInvalid 1:262");
    EXPECT_EQ(errors_of("%m { \"" + std::string(kMaxTokenBytes, 'x') + " } INC m"),
              "TokenTooLong 1:6");
}

TEST(Limits, OfTokensHoldForAMillionBytes) {
    for (const char* rune : {"", "@", "#", "|", "\"", "%", "~", "{", "}"}) {
        EXPECT_EQ(errors_of("INC\n" + (rune + std::string(1'000'000, 'x'))), "TokenTooLong 2:1")
            << rune;
    }
}

TEST(Limits, OfTokensDoNotCountInComments) {
    EXPECT_EQ(rom_of("( " + std::string(1'000'000, 'x') + " ) INC"), "01");
    EXPECT_EQ(rom_of("(" + std::string(1'000'000, 'x') + " ) INC"), "01");
}

TEST(Limits, DoNotExistForNamesAndReferences) {
    std::string text = "|0100 @start ";
    for (int i = 0; i < 100'000; ++i) {
        const std::string n = std::to_string(i);
        text += "@label-" + n + " &sub |start ;label-" + n + " ;&sub ";
    }
    const Assembly assembly = assemble_text(text);
    EXPECT_TRUE(assembly.ok());
    EXPECT_EQ(assembly.label_count, 200'001u);
    EXPECT_EQ(assembly.symbols.back().name, "label-99999/sub");
}

TEST(Limits, DoNotExistForMacros) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) {
        text += "%macro-" + std::to_string(i) + " { 12 } ";
    }
    EXPECT_EQ(rom_of(text + "macro-0 macro-9999"), "1212");
}

TEST(Limits, DoNotExistForNestedBlocks) {
    const std::size_t depth = 100'000;
    const Assembly assembly =
        assemble_text(repeated("|0100 ={ ", depth) + repeated("} ", depth) + "INC");
    EXPECT_TRUE(assembly.ok());
    EXPECT_EQ(assembly.label_count, depth);
    EXPECT_EQ(list(assemble_text(repeated("{ ", depth) + repeated("} ", depth)), Severity::Error),
              "OutsideMemory 1:" + std::to_string(2 * (0xff00 / 3) + 1));
}

TEST(Limits, DoNotExistForNestedComments) {
    const std::size_t depth = 100'000;
    EXPECT_EQ(rom_of(repeated("( ", depth) + repeated(") ", depth) + "INC"), "01");
    EXPECT_EQ(errors_of("INC " + repeated("( ", depth)), "CommentOpen 1:5");
}

TEST(Limits, DoNotExistForBracesInMacroBodies) {
    const std::size_t depth = 100'000;
    EXPECT_EQ(rom_of("%m { " + repeated("?{ ", depth) + repeated("} ", depth) + "} INC"), "01");
    EXPECT_EQ(errors_of("%m { " + repeated("?{ ", depth)), "MacroOpen 1:1");
}

TEST(Recursion, OfAMacroIsAnError) {
    EXPECT_EQ(errors_of("%m { INC m DUP } m"), "MacroRecursive 1:10");
    EXPECT_EQ(errors_of("%m { m } m m m"), "MacroRecursive 1:6");
}

TEST(Recursion, OfTwoMacrosIsAnErrorThatShowsTheWay) {
    const Assembly assembly = assemble_text("%ping { pong } %pong { ping } ping");
    EXPECT_EQ(list(assembly, Severity::Error), "MacroRecursive 1:24");
    const Diagnostic& error = assembly.diagnostics[0];
    ASSERT_EQ(error.notes.size(), 3u);
    EXPECT_EQ(error.notes[0].message, "defined here");
    EXPECT_EQ(error.notes[1].message, "in the expansion of `pong`");
    EXPECT_EQ(error.notes[1].column, 9u);
    EXPECT_EQ(error.notes[2].message, "in the expansion of `ping`");
    EXPECT_EQ(error.notes[2].column, 31u);
}

TEST(Recursion, IsNotSeenWhereAMacroIsOnlyUsedTwice) {
    EXPECT_EQ(rom_of("%x { INC } %y { x x } y y x"), "0101010101");
}

TEST(MacroBombs, EndWithAnError) {
    std::string text = "%m0 { INC } ";
    for (int i = 1; i < 64; ++i) {
        const std::string inner = "m" + std::to_string(i - 1);
        text += "%m" + std::to_string(i) + " { |0100 " + inner + " " + inner + " } ";
    }
    const Assembly assembly = assemble_text(text + "m63 m63 m63");
    EXPECT_EQ(list(assembly, Severity::Error).substr(0, 10), "MacroLimit");
    EXPECT_EQ(list(assembly, Severity::Error).find('\n'), std::string::npos);
}

TEST(MacroBombs, OfNothingButEmptyMacrosEndToo) {
    std::string text = "INC %m0 { } ";
    for (int i = 1; i < 64; ++i) {
        const std::string inner = "m" + std::to_string(i - 1) + " ";
        text += "%m" + std::to_string(i) + " { " + repeated(inner, 10) + "} ";
    }
    EXPECT_FALSE(assemble_text(text + "m63").ok());
}

TEST(MacroBombs, AreNotSeenInLongBodiesUsedOften) {
    // 65,280 bytes, each from a use of a macro: the most that a program can need.
    EXPECT_EQ(assemble_text("%m { [ ( one ) 12 ] } " + repeated("m ", 0xff00)).rom.size(), 0xff00u);
}

TEST(MacroDepth, IsLimited) {
    const auto chain = [](std::size_t length) {
        std::string text = "%m0 { INC } ";
        for (std::size_t i = 1; i < length; ++i) {
            text += "%m" + std::to_string(i) + " { m" + std::to_string(i - 1) + " } ";
        }
        return text + "m" + std::to_string(length - 1);
    };
    EXPECT_EQ(rom_of(chain(kMaxExpansionDepth)), "01");
    EXPECT_EQ(list(assemble_text(chain(kMaxExpansionDepth + 1)), Severity::Error).substr(0, 10),
              "MacroLimit");
}

TEST(HugePaddings, DoNotOverflow) {
    EXPECT_EQ(errors_of("INC " + repeated("$ffff ", 200'000) + "12"), "OutsideMemory 1:1200005");
}

TEST(LongLines, AreCutInDiagnostics) {
    const std::string half = repeated("INC ", 5'000);
    const Assembly assembly = assemble_text(half + "#1 " + half);
    ASSERT_EQ(assembly.diagnostics.size(), 1u);
    const Diagnostic& error = assembly.diagnostics[0];
    EXPECT_EQ(error.column, 20'001u);
    EXPECT_LT(error.source_line.size(), 1000u);
    EXPECT_TRUE(error.cut_before);
    EXPECT_TRUE(error.cut_after);
    EXPECT_EQ(error.source_line.substr(error.source_offset, 3), "#1 ");
}

TEST(ManyErrors, InOneLongLineTakeNoTime) {
    EXPECT_EQ(assemble_text(repeated("nobody ", 1'000'000)).diagnostics.size(), kMaxErrors + 1);
}

}  // namespace
}  // namespace tal::test
