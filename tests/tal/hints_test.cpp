#include <gtest/gtest.h>

#include <algorithm>

#include "assemble.hpp"

namespace tal::test {
namespace {

/// The hint of the first error.
std::string hint_of(std::string text) {
    const Assembly assembly = assemble_text(std::move(text));
    const auto error =
        std::ranges::find(assembly.diagnostics, Severity::Error, &Diagnostic::severity);
    return error == assembly.diagnostics.end() ? "no error" : error->hint;
}

TEST(Hints, OfferTheNearestName) {
    EXPECT_EQ(hint_of("@position INC ;postion"), "did you mean `;position`?");
    EXPECT_EQ(hint_of("@position INC positoin"), "did you mean `position`?");
    EXPECT_EQ(hint_of("@print INC pritn"), "did you mean `print`?");
    EXPECT_EQ(hint_of("%print-byte { INC } print-bite"), "did you mean `print-byte`?");
}

TEST(Hints, OfferNamesThatDifferInCase) {
    EXPECT_EQ(hint_of("|10 @Console/write |0100 INC .console/Write"),
              "did you mean `.Console/write`?");
}

TEST(Hints, OfferNothingWhenNothingIsNear) {
    EXPECT_EQ(hint_of("@position INC ;velocity"), "");
    EXPECT_EQ(hint_of("@ox INC ;xo"), "");  // two letters say too little
}

TEST(Hints, OfferMacrosToCallsOnly) {
    EXPECT_EQ(hint_of("%print-byte { INC } print-byte ;print-bite"), "");
}

TEST(Hints, DoNotOfferBlocks) {
    EXPECT_EQ(hint_of("={ } INC ;\xce\xbb"
                      "000"),
              "");
}

TEST(Hints, KnowSublabelsOfTheScope) {
    EXPECT_EQ(hint_of("@main &loop INC ?loop"), "`main/loop` exists in this scope: write `?&loop`");
    EXPECT_EQ(hint_of("@main &loop INC loop"), "`main/loop` exists in this scope: write `/loop`");
    EXPECT_EQ(hint_of("@other INC @main &loop INC ?&lop"), "did you mean `?&loop`?");
    EXPECT_EQ(hint_of("@main &looping INC /loopin"), "did you mean `/looping`?");
}

TEST(Hints, KnowTheScopeOfTheReferenceNotOfTheEnd) {
    EXPECT_EQ(hint_of("@main &loop INC ?loop @other INC"),
              "`main/loop` exists in this scope: write `?&loop`");
}

TEST(Hints, KnowLabelsOutsideTheScope) {
    EXPECT_EQ(hint_of("@loop INC @main ?&loop"), "`loop` exists outside this scope: write `?loop`");
}

TEST(Hints, KnowTheOneNameWithThatLastPart) {
    EXPECT_EQ(hint_of("@pen/draw INC @main draw"), "did you mean `pen/draw`?");
}

TEST(Hints, KnowTheSyntaxOfOldSources) {
    EXPECT_EQ(hint_of("#01 'a"), "the rune `'` is from before 2023: write `\"a`");
}

TEST(Hints, KnowOpcodes) {
    EXPECT_EQ(hint_of("INCx"), "an opcode takes no other mode letters than 2, k and r");
    EXPECT_EQ(hint_of("BRKk"), "BRK takes no mode letters");
    EXPECT_EQ(hint_of("pop2"), "opcodes are written in capitals, their modes are not");
    EXPECT_EQ(hint_of("JMP2R"), "opcodes are written in capitals, their modes are not");
    EXPECT_EQ(hint_of("JCI"), "this jump is written `?target`");
    EXPECT_EQ(hint_of("JMI"), "this jump is written `!target`");
    EXPECT_EQ(hint_of("JSI"), "a call is written as the name of its target alone");
}

TEST(Hints, RepairNumbers) {
    EXPECT_EQ(hint_of("#1"), "write `#01`");
    EXPECT_EQ(hint_of("#1AB"), "write `#01ab`");
    EXPECT_EQ(hint_of("#0x1f"), "write `#1f`");
    EXPECT_EQ(hint_of("#12345"), "a short holds no more than ffff");
    EXPECT_EQ(hint_of("#name"), "`#` is for numbers; the address of a label is written `;name`");
    EXPECT_EQ(hint_of("123"), "write `0123`");
    EXPECT_EQ(hint_of("0x12"), "numbers are hexadecimal, in lower case and without a prefix: `12`");
    EXPECT_EQ(hint_of("1F"), "numbers are hexadecimal, in lower case and without a prefix: `1f`");
    EXPECT_EQ(hint_of(";cafe"), "`cafe` is a number and cannot be a label");
}

TEST(Hints, OfPaddingsOfferLabelsToo) {
    EXPECT_EQ(hint_of("@buffer INC |bufer"), "did you mean `|buffer`?");
    EXPECT_EQ(hint_of("INC |1F"),
              "an address or amount is a hexadecimal number in lower case, or a label");
}

TEST(Hints, TellHowToCloseWhatIsOpen) {
    EXPECT_EQ(hint_of("(a) INC"), "put spaces around both parentheses");
    EXPECT_EQ(hint_of("%m {INC } m"), "put a space after the brace in `{INC`");
    EXPECT_EQ(hint_of("%m { INC} m"), "put a space before the brace in `INC}`");
    EXPECT_EQ(hint_of("%m { INC %n { DUP } m"), "close it before `%n`");
    EXPECT_EQ(hint_of("?{INC } INC"), "put a space after the brace");
}

TEST(Hints, ShowUnprintableNamesEscaped) {
    EXPECT_EQ(hint_of("@abcdefgh\xff INC ;abcdefgi\xff"), "did you mean `;abcdefgh\\xff`?");
}

}  // namespace
}  // namespace tal::test
