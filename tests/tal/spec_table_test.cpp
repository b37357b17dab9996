// The tables of spec/uxntal.md, section 14, row by row.

#include <gtest/gtest.h>

#include "assemble.hpp"

namespace tal::test {
namespace {

struct AcceptedRow {
    std::string source;
    std::string rom;
};

struct RejectedRow {
    std::string source;
    Category category;
};

// clang-format off
const std::vector<AcceptedRow> kAccepted = {
    {"|100 #12 #3456 BRK 01", "8012a034560001"},
    {"|100 12 3456 abcd", "123456abcd"},
    {"|100 LIT 12 LIT2 3456 LITr 78 LIT2r 9abc", "8012a03456c078e09abc"},
    {"|100 INCk2r INC22 INCkk LITk LIT2k LITkr", "e1218180a0c0"},
    {"|100 ,lab .lab ;lab _lab -lab =lab ?lab !lab lab @lab INC",
     "80118014a001140b14011420000640000360000001"},
    {"|100 @lab ,lab .lab ;lab _lab -lab =lab ?lab !lab lab",
     "80fd8000a00100f700010020fff240ffef60ffec"},
    {"|80 @zep $2 &sub |100 .zep .zep/sub LDZ", "8080808210"},
    {"|100 @sc &sub ;sc/sub ;&sub ;/sub /sub INC", "a00100a00100a0010060fff401"},
    {"|100 @sc/one &two ;sc/two INC", "a0010001"},
    {"|100 @sc/one/two &three ;sc/three INC", "a0010001"},
    {"|30 @len |00 @st $len &nd |100 .st/nd", "8030"},
    {"|20 @sc &sub |100 |sc/sub $1 @yy |100 .yy", "8021"},
    {"|100 ?{ INC } DUP", "2000010106"},
    {"|100 { #12 JMP2r } STH2r", "60000380126c6f"},
    {"|100 ;{ \"a $1 } INC", "a00105610001"},
    {"|100 ,{ 12 } .{ 13 } _{ 14 } ={ 15 } -{ 16 } INC", "8000128006130014010b150d1601"},
    {"|100 ?{ ?{ INC } DUP } POP", "200005200001010602"},
    {"|100 _{ 01 02 03 04 05 }", "040102030405"},
    {"|100 %dbl { DUP ADD } #02 dbl", "80020618"},
    {"|100 %dbl ( a -- b ) { DUP ADD } #02 dbl", "80020618"},
    {"%mm { xx } %xx { INC } |100 mm", "01"},
    {"|100 %mm { \"xyz } mm 21", "78797a21"},
    {"|100 %mm { &lo INC ?&lo } @sc mm", "0120fffc"},
    {"|100 \"abc 20 \"x\"y", "61626320782279"},
    {"|100 $3 12", "00000012"},
    {"|100 12 $3 @end", "12"},
    {"|100 12 00 00", "12"},
    {"|100 ( a ( b ) c ) INC", "01"},
    {"|100 [ INC ] [INC ] INC", "0101"},
    {"|100 ] [ INC", "01"},
    {"|100 ~inc.tal DUP", "80120106"},
    {"|100 ,x $7f @x INC", "807e" + zeros(127) + "01"},
    {"|100 ,x $80 @x INC", "807f" + zeros(128) + "01"},
    {"|100 @x $7d ,x INC", zeros(125) + "808001"},
    {"|100 @foo/ INC foo/ JMP2r", "0160fffc6c"},
    {"|100 INC @x-y.z*! INC x-y.z*!", "010160fffc"},
    {"|100 @CAFE ;CAFE", "a001"},
    {"|100 12 34 |100 56", "5634"},
    {"|10 00 |100 12", "12"},
    {"|100 (doc x ) INC", "01"},
    // The one row of the second table that may be accepted, with a notice.
    {"|100 :lab @lab INC", "010201"},
    // The 2026 acid test.
    {"%mm { #00 ?{ #01 SUB } } |100 mm", "8000200003800119"},
    {"%mm { !{ INC } } |100 mm", "40000101"},
    {"%sc/four { #04 } |100 @sc/main /four", "8004"},
};

const std::vector<RejectedRow> kRejected = {
    {"|ff 1234", Category::ZeroPageWrite},
    {"|100 BRKk", Category::ReferenceUnknown},
    {"|100 1", Category::NumberInvalid},
    {"|100 123", Category::NumberInvalid},
    {"|100 12345", Category::NumberInvalid},
    {"|100 #1", Category::NumberInvalid},
    {"|100 #123", Category::NumberInvalid},
    {"|100 #", Category::NameInvalid},
    {"|100 #AB", Category::NumberInvalid},
    {"|100 #zz", Category::NumberInvalid},
    {"|100 @cafe", Category::NameInvalid},
    {"|100 @add", Category::NameInvalid},
    {"|100 @INC", Category::NameInvalid},
    {"|100 @INC2k", Category::NameInvalid},
    {"|100 @?x", Category::NameInvalid},
    {"|100 @", Category::NameInvalid},
    {"|100 @{", Category::NameInvalid},
    {"|100 @sc @sc", Category::LabelDuplicate},
    {"|100 @sc &sub &sub", Category::LabelDuplicate},
    {"%mac { DUP } @mac", Category::LabelDuplicate},
    {"@mac %mac { INC }", Category::MacroDuplicate},
    {"%mac { INC } %mac { DUP }", Category::MacroDuplicate},
    {"%INC { DUP }", Category::NameInvalid},
    {"%ab { DUP }", Category::NameInvalid},
    {"%-x { DUP }", Category::NameInvalid},
    {"|100 nolabel INC", Category::ReferenceUnknown},
    {"|100 ;nolabel INC", Category::ReferenceUnknown},
    {"|fw @fw |100", Category::PaddingInvalid},
    {"|100 $-1", Category::PaddingInvalid},
    {"|100 ,x $81 @x INC", Category::TooFar},
    {"|100 _x $81 @x INC", Category::TooFar},
    {"|100 @x $7e ,x INC", Category::TooFar},
    {"|80 12", Category::ZeroPageWrite},
    {"|100 ( a", Category::CommentOpen},
    {"|100 (a) INC", Category::CommentOpen},
    {"|100 %mm { INC", Category::MacroOpen},
    {"|100 %mm {INC } mm", Category::MacroOpen},
    {"|100 mm %mm { INC } INC", Category::MacroDuplicate},
    {"|100 %mm { %nn { INC } } mm", Category::MacroNested},
    {"|100 ?{ INC", Category::BlockOpen},
    {"|100 ~nofile.tal", Category::IncludeMissing},
    {"|100 INCx", Category::ReferenceUnknown},
    {"|100 JCI", Category::ReferenceUnknown},
    {"|100 'a", Category::ReferenceUnknown},
};
// clang-format on

Assembly assemble_row(const std::string& source) {
    MemoryLoader loader;
    loader.add("t.tal", source + "\n");
    loader.add("inc.tal", "#12 INC\n");
    return assemble("t.tal", loader);
}

class AcceptedRows : public testing::TestWithParam<std::size_t> {};

TEST_P(AcceptedRows, AssembleToTheBytesInTheTable) {
    const AcceptedRow& row = kAccepted[GetParam()];
    const Assembly assembly = assemble_row(row.source);
    EXPECT_EQ(list(assembly, Severity::Error), "") << row.source;
    EXPECT_EQ(hex(assembly.rom), row.rom) << row.source;
}

INSTANTIATE_TEST_SUITE_P(SpecTable, AcceptedRows, testing::Range(std::size_t{0}, kAccepted.size()));

class RejectedRows : public testing::TestWithParam<std::size_t> {};

TEST_P(RejectedRows, AreRejectedForTheReasonInTheTable) {
    const RejectedRow& row = kRejected[GetParam()];
    const Assembly assembly = assemble_row(row.source);
    ASSERT_FALSE(assembly.ok()) << row.source;
    EXPECT_EQ(name_of(assembly.diagnostics.front().category), name_of(row.category)) << row.source;
    EXPECT_TRUE(assembly.rom.empty()) << row.source;
}

INSTANTIATE_TEST_SUITE_P(SpecTable, RejectedRows, testing::Range(std::size_t{0}, kRejected.size()));

}  // namespace
}  // namespace tal::test
