// What a program means, beyond the rows of the specification's tables. Expected bytes are worked
// out by hand from spec/uxntal.md, sections 1 to 10.

#include <gtest/gtest.h>

#include "assemble.hpp"

namespace tal::test {
namespace {

using namespace std::string_literals;

TEST(Tokens, AreSeparatedByAnyByteUpTo20) {
    EXPECT_EQ(rom_of("01\t02\r\n03\v04\x01"s + "05\0"s + "06"s), "010203040506");
}

TEST(Tokens, MayEndAtTheEndOfTheFile) {
    EXPECT_EQ(rom_of("|0100 INC"), "01");
}

TEST(Tokens, StartAt0100WithoutAnyPadding) {
    EXPECT_EQ(rom_of("@here ;here INC"), "a0010001");
}

TEST(Tokens, PassBytesBeyond7fThrough) {
    EXPECT_EQ(rom_of("\"\xce\xbb\xff"), "cebbff");
    EXPECT_EQ(rom_of("@\xff\xfe ;\xff\xfe INC"), "a0010001");
}

TEST(Opcodes, HaveTheirBytesInAllModes) {
    const std::vector<std::string> names = {"LIT", "INC", "POP", "NIP", "SWP", "ROT", "DUP", "OVR",
                                            "EQU", "NEQ", "GTH", "LTH", "JMP", "JCN", "JSR", "STH",
                                            "LDZ", "STZ", "LDR", "STR", "LDA", "STA", "DEI", "DEO",
                                            "ADD", "SUB", "MUL", "DIV", "AND", "ORA", "EOR", "SFT"};
    for (std::size_t base = 1; base < names.size(); ++base) {
        for (unsigned mode = 0; mode < 8; ++mode) {
            const std::string token = names[base] + ((mode & 1) != 0 ? "2" : "") +
                                      ((mode & 4) != 0 ? "k" : "") + ((mode & 2) != 0 ? "r" : "");
            const auto byte = static_cast<std::uint8_t>(base | mode << 5);
            EXPECT_EQ(rom_of(token), hex({byte})) << token;
        }
    }
}

TEST(Opcodes, LitAlwaysKeepsAndBrkHasNoModes) {
    EXPECT_EQ(rom_of("LIT LIT2 LITr LIT2r LITk LIT2kr BRK 01"), "80a0c0e080e00001");
}

TEST(Padding, TakesNumbersOfAnyLengthModulo65536) {
    EXPECT_EQ(rom_of("|0000000100 12 $0000001 34"), "120034");
    EXPECT_EQ(rom_of("|10100 12"), "12");
    EXPECT_EQ(rom_of("|f @x |0f @y |000f @z |100 .x .y .z"), "800f800f800f");
}

TEST(Padding, ByLabelMayUseSublabels) {
    // From the acid test of drifblim: |/x and $/x mean the current scope.
    EXPECT_EQ(rom_of("|10 @pad/a |18 &b |/a &c $/b &d |100 .pad/c .pad/d"), "80108028");
    EXPECT_EQ(rom_of("|10 @pad &b |18 |&b &c |100 .pad/c"), "8010");
}

TEST(Padding, MovesBackSoThatLaterBytesReplaceEarlierOnes) {
    EXPECT_EQ(rom_of("|100 LIT2 &addr $2 BRK @end |RESET/addr 1234 |end INC"), "a012340001");
}

TEST(Padding, BackOverAReferenceReplacesItToo) {
    EXPECT_EQ(rom_of("|100 ;later INC |101 5678 |104 @later INC"), "a056780101");
    EXPECT_EQ(rom_of("|100 11 22 33 |100 ;later |0105 @later INC"), "a00105000001");
}

TEST(Scopes, BeginAsReset) {
    EXPECT_EQ(rom_of("&x ;RESET/x INC"), "a0010001");
}

TEST(Scopes, DoNotChangeAtSublabels) {
    EXPECT_EQ(rom_of("@a-b &x &y ;a-b/y INC"), "a0010001");
}

TEST(Scopes, TakeANameAloneAfterAmpersand) {
    // `&` defines scope/ - several official programs loop with it.
    EXPECT_EQ(rom_of("@loop & INC ?& loop/"), "0120fffc60fff9");
}

TEST(Scopes, MayBeAddedToFromAnywhere) {
    EXPECT_EQ(rom_of("@pen INC @other INC @pen/draw &x pen/x /x"), "010160fffd60fffa");
}

TEST(References, ForwardAndBackwardGiveTheSameTarget) {
    EXPECT_EQ(rom_of("@one ;two @two ;one INC"), "a00103a0010001");
}

TEST(References, OfTheZeroPageRunesTakeTheLowByteUnchecked) {
    EXPECT_EQ(rom_of(".x -x |0203 @x INC"), "800303" + zeros(0x100) + "01");
}

TEST(References, OfJumpsWrapAroundMemory) {
    // ffff - (0101 + 2) = fefc
    EXPECT_EQ(rom_of("!top INC |ffff @top"), "40fefc01");
}

TEST(References, OfRelativeRunesReachAcrossTheEndOfMemory) {
    // Distances wrap like addresses: 0000 - (ffc1 + 2) = 003d.
    const Assembly assembly = assemble_text("|00 @zero |ffc0 ,zero INC");
    ASSERT_TRUE(assembly.ok());
    EXPECT_EQ(assembly.rom[0xffc1 - 0x100], 0x3d);
}

TEST(Labels, MayHaveTheAddressFfff) {
    EXPECT_EQ(rom_of(";top INC |ffff @top"), "a0ffff01");
}

TEST(Labels, MayLookLikeAnythingThatIsNotForbidden) {
    EXPECT_EQ(rom_of("@'a @*x* @<y> @>z @/w @:v @\xce\xbb ;'a ;*x* ;<y> ;>z ;:v INC"),
              "a00100a00100a00100a00100a0010001");
    EXPECT_EQ(rom_of("@math &add ;math/add INC"), "a0010001");
    EXPECT_EQ(rom_of("@add/x ;add/x INC"), "a0010001");
    EXPECT_EQ(rom_of("@ADD4 ;ADD4 @abcg ;abcg INC"), "a00100a0010301");
}

TEST(Blocks, NestWithEveryRuneAndLeaveTheScopeAlone) {
    EXPECT_EQ(rom_of("@sc !{ &in { ={ } } } ;&in INC"), "4000056000020108a0010301");
}

TEST(Blocks, MayBeMoreThan256) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += "={ } ";
    }
    const Assembly assembly = assemble_text(text);
    ASSERT_TRUE(assembly.ok());
    EXPECT_EQ(assembly.rom.size(), 600u);
    EXPECT_EQ(assembly.symbols[0], (Symbol{0x102,
                                           "\xce\xbb"
                                           "00"}));
    EXPECT_EQ(assembly.symbols[255], (Symbol{0x300,
                                             "\xce\xbb"
                                             "ff"}));
    EXPECT_EQ(assembly.symbols[256], (Symbol{0x302,
                                             "\xce\xbb"
                                             "100"}));
}

TEST(Macros, ExpandInPlaceWithTheScopeOfTheirUse) {
    EXPECT_EQ(rom_of("%at { ;&x } @one &x at @two &x at INC"), "a00100a0010301");
}

TEST(Macros, MayBeEmpty) {
    EXPECT_EQ(rom_of("%none { } %nil {} none INC nil"), "01");
}

TEST(Macros, MayHoldComments) {
    EXPECT_EQ(rom_of("%m ( a -- b ) { ( first } ( and { ) more ) INC ( x ) } m"), "01");
}

TEST(Macros, MayHoldStringsThatEndInABrace) {
    EXPECT_EQ(rom_of("%m { \"a{ \"b} } m"), "617b627d");
}

TEST(Macros, MayNestBlocksOfEveryRune) {
    EXPECT_EQ(rom_of("%m { { ?{ !{ ;{ ={ ,{ _{ .{ -{ } } } } } } } } } INC } m"),
              "60001120000e40000ba00114011480030280141401");
}

TEST(Macros, CanIncludeFiles) {
    MemoryLoader loader;
    loader.add("t.tal", "%m { ~i.tal DUP } m");
    loader.add("i.tal", "INC");
    EXPECT_EQ(hex(assemble("t.tal", loader).rom), "0106");
}

TEST(Macros, AreFoundByASlashInTheirScopeOnly) {
    EXPECT_EQ(rom_of("%sc/four { #04 } @sc /four sc/four"), "80048004");
    EXPECT_EQ(errors_of("%sc/four { #04 } @other /four"), "ReferenceUnknown 1:25");
}

TEST(Comments, NestByBareParenthesesOnly) {
    EXPECT_EQ(rom_of("( 2+3*(5-2) ) 01 ( (INC) ) 02 (doc ( x ) y ) 03"), "010203");
}

TEST(Comments, MayHoldAnything) {
    EXPECT_EQ(rom_of("( @cafe %x { ~nofile \" } #1 "s + std::string(100000, '-') + " ) INC"), "01");
}

TEST(Brackets, AreIgnoredBalancedOrNot) {
    EXPECT_EQ(rom_of("[ ] ] [ [ INC"), "01");
}

TEST(Rom, IsTrimmedToItsLastByteThatIsNotZero) {
    EXPECT_EQ(rom_of("INC $10 @end"), "01");
    EXPECT_EQ(rom_of("|0180 12"), zeros(0x80) + "12");
    // uxnasm counts the bytes of references and would keep the 00.
    EXPECT_EQ(rom_of("|100 ;lab |200 @lab"), "a002");
}

TEST(Rom, MayFillMemoryToItsLastByte) {
    const Assembly assembly = assemble_text("INC |ffff 12");
    ASSERT_TRUE(assembly.ok());
    ASSERT_EQ(assembly.rom.size(), 0xff00u);
    EXPECT_EQ(assembly.rom.back(), 0x12);
}

TEST(Rom, MayHaveZeroBytesInTheZeroPage) {
    EXPECT_EQ(rom_of("|10 0000 |100 INC"), "01");
}

TEST(Counts, AreLabelsWithBlocksAndMacros) {
    const Assembly assembly = assemble_text("%m { INC } @a-a &b ?{ m }");
    ASSERT_TRUE(assembly.ok());
    EXPECT_EQ(assembly.label_count, 3u);
    EXPECT_EQ(assembly.macro_count, 1u);
}

TEST(Symbols, AreInOrderOfDefinitionWithBlocksWhereTheyEnd) {
    const Assembly assembly = assemble_text("?{ ;later } @first &sub @later");
    EXPECT_EQ(assembly.symbols, (std::vector<Symbol>{{0x106,
                                                      "\xce\xbb"
                                                      "00"},
                                                     {0x106, "first"},
                                                     {0x106, "first/sub"},
                                                     {0x106, "later"}}));
}

}  // namespace
}  // namespace tal::test
