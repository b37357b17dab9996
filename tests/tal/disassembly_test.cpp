// What disassemblies look like.

#include <gtest/gtest.h>

#include "disassemble.hpp"

namespace tal::test {
namespace {

Assembly must_assemble(const std::string& source) {
    Assembly assembly = assemble_text(source);
    EXPECT_TRUE(assembly.ok()) << list(assembly, Severity::Error);
    return assembly;
}

/// The disassembly of a source, without its symbols.
std::string bare(const std::string& source) {
    const Assembly assembly = must_assemble(source);
    EXPECT_EQ(round_trip(assembly.rom), "");
    return source_of(assembly.rom);
}

/// The same with its symbols.
std::string named(const std::string& source) {
    const Assembly assembly = must_assemble(source);
    EXPECT_EQ(round_trip(assembly.rom, assembly.symbols), "");
    return source_of(assembly.rom, assembly.symbols);
}

/// A program in the usual style. With its symbols it comes back as it is here, comments apart.
constexpr char kDemo[] =
    R"(|00 @System &vector $2 &expansion $2 &wst $1 &rst $1 &metadata
|10 @Console &vector $2 &read $5 &type $1 &write
|20 @Screen &vector $2 &width $2 &height $2 &auto $2 &x $2 &y $2 &addr
|0000 @pos &x $2 &y $2
@count

|0100
@on-reset
	;meta .System/metadata DEO2
	;on-frame .Screen/vector DEO2
	#1234 .pos/x STZ2
	[ LIT2 03 -count ] STZ
	;sprite .Screen/addr DEO2
	;greeting print
	BRK

@on-frame
	[ LIT2 &timer $2 ] INC2 ,&timer STR2
	[ LIT &n 07 ] #01 SUB DUP ,&n STR
	?&more
	;table LDA2 JMP2
	&more
		.count LDZ DUP ?{
			POP [ LITr -count ] LDZr ;greeting print
			BRK }
		#02 NEQ ?{ BRK }
	( >> )

@print
	LDAk .Console/write DEO
	INC2 LDAk ?print
	POP2 JMP2r

@meta
	00 "Demo 0a
	"A 20 "test 00
	01
	83 =sprite

@sprite 0018 3c7e ff7e 3c18
@table =on-frame =print
@greeting "Hello, 20 "world! 0a 00

@buffer
	$80
	0102
	&end
)";

TEST(Disassembly, WithSymbolsIsTheSourceAgain) {
    EXPECT_EQ(named(kDemo), kDemo);
}

TEST(Disassembly, WithoutSymbolsInventsNames) {
    EXPECT_EQ(bare(kDemo),
              R"(|00 @System $6 &metadata
|10 @Console $8 &write
|20 @Screen &vector $c &addr
|0000 @zp-00 $4 @zp-04

|0100
@on-reset
	;metadata .System/metadata DEO2
	;on-screen .Screen/vector DEO2
	#1234 .zp-00 STZ2
	[ LIT2 03 -zp-04 ] STZ
	;data-0170 .Screen/addr DEO2
	;text-017c sub-0154
	BRK

@on-screen
	[ LIT2 &var-0124 $2 ] INC2 ,&var-0124 STR2
	[ LIT &var-012b 07 ] #01 SUB DUP ,&var-012b STR
	?{ ;data-0178 LDA2 JMP2 }
	.zp-04 LDZ DUP ?{
		POP [ LITr -zp-04 ] LDZr ;text-017c sub-0154
		BRK }
	#02 NEQ ?sub-0154
	BRK

@sub-0154
	LDAk .Console/write DEO
	INC2 LDAk ?sub-0154
	POP2 JMP2r

@metadata
	00 "Demo 0a
	"A 20 "test 00
	01
	83 =data-0170

@data-0170 0018 3c7e ff7e 3c18
@data-0178 =on-screen =sub-0154

@text-017c
	"Hello, 20 "world! 0a 00
	$80
	0102
)");
}

TEST(Disassembly, HasAddressesAndBytesBesideTheLines) {
    const Assembly assembly =
        must_assemble("#2e #18 DEO DUP ?{ INC } BRK @text \"Hello 00 @more 0102 0304 $20 05");
    EXPECT_EQ(source_of(assembly.rom, {}, Comments::Addresses),
              "|10 @Console $8 &write\n"
              "\n"
              "|0100\n"
              "@on-reset\n"
              "\t#2e .Console/write DEO                          ( 0100 )\n"
              "\tDUP ?{ INC }                                    ( 0105 )\n"
              "\tBRK                                             ( 010a )\n"
              "\n"
              "\t\"Hello 00                                       ( 010b )\n"
              "\t0102 0304 0000 0000 0000 0000 0000 0000         ( 0111 )\n"
              "\t0000 0000 0000 0000 0000 0000 0000 0000         ( 0121 )\n"
              "\t0000 0000 05                                    ( 0131 )\n");
    EXPECT_EQ(source_of(assembly.rom, assembly.symbols, Comments::Bytes),
              "|10 @Console $8 &write\n"
              "\n"
              "|0100\n"
              "\t#2e .Console/write DEO                          ( 0100 802e 8018 17 )\n"
              "\tDUP ?{ INC }                                    ( 0105 06 200001 01 )\n"
              "\tBRK                                             ( 010a 00 )\n"
              "\n"
              "@text \"Hello 00                                     ( 010b )\n"
              "\n"
              "@more\n"
              "\t0102 0304 0000 0000 0000 0000 0000 0000         ( 0111 )\n"
              "\t0000 0000 0000 0000 0000 0000 0000 0000         ( 0121 )\n"
              "\t0000 0000 05                                    ( 0131 )\n");
}

TEST(Disassembly, FollowsEveryKindOfJump) {
    EXPECT_EQ(bare("?p1 !p2 @p1 ;p3 JMP2 @p2 ;p4 JSR2 ,p5 JMP @p3 ,p6 JCN ,p7 JSR #01 ;p8 JCN2 "
                   "p9 [ LIT2r =p10 ] JMP2r @p4 INC JMP2r @p5 INC2 BRK @p6 POP BRK @p7 POP2 JMP2r "
                   "@p8 NIP BRK @p9 SWP JMP2r @p10 ROT BRK"),
              R"(|0100
@on-reset
	?{ !&at-010a }
	;&at-0111 JMP2
	&at-010a
		;sub-0124 JSR2
		,sub-0126 JMP
	&at-0111
		,sub-0128 JCN
		,sub-012a JSR
		#01 ;sub-012c JCN2
		sub-012e
		[ LIT2r =sub-0130 ] JMP2r

@sub-0124
	INC JMP2r

@sub-0126
	INC2 BRK

@sub-0128
	POP BRK

@sub-012a
	POP2 JMP2r

@sub-012c
	NIP BRK

@sub-012e
	SWP JMP2r

@sub-0130
	ROT BRK
)");
}

TEST(Disassembly, GoesOnAfterAJumpByAFlag) {
    // JMP skips the byte after it or not.
    EXPECT_EQ(bare("LDAk #00 NEQ JMP JMP2r INC2 !&end 9a9b &end BRK 9a"), R"(|0100
@on-reset
	LDAk #00 NEQ JMP
	JMP2r

	INC2 !&at-010c

	9a9b
	&at-010c BRK

		9a
)");
}

TEST(Disassembly, KeepsLabelsInsideInstructions) {
    EXPECT_EQ(named("@main [ LIT2 &a 12 &b 34 ] [ LIT &c $1 ] [ LITr &d ff ] [ LIT2r &e $2 ] "
                    "[ LIT2 00 &f $1 ] [ LIT2 &g =main ] JMP2 20 &h 0000 9a"),
              R"(|0100
@main
	[ LIT2 &a 12 &b 34 ] [ LIT &c $1 ]
	[ LITr &d ff ] [ LIT2r &e $2 ] [ LIT2 00 &f $1 ]
	[ LIT2 &g =main ] JMP2

	20
	&h 0000 9a
)");
    // Jumps have no mnemonic to put a label behind.
    EXPECT_EQ(named("@main #01 40 &low 00 &high 01 9a @end BRK 9a"),
              R"(|0100
@main
	#01 40 &low 00 &high 01 ( JMI )

	9a

@end
	BRK

	9a
)");
}

TEST(Disassembly, KeepsScopes) {
    const char* const source =
        "|0100\n"
        "@main\n"
        "\tone/two\n"
        "\t/x ?&x\n"
        "\t!one/three\n"
        "\t&x ;one/two JMP2\n"
        "\n"
        "@one/two\n"
        "\tJMP2r\n"
        "\t&three ?&three\n"
        "\t( >> )\n"
        "\n"
        "@main/y\n"
        "\t?&x\n"
        "\t( >> )\n"
        "\n"
        "@first\n"
        "@second\n"
        "\t&loop !&loop\n";
    EXPECT_EQ(named(source), source);
}

TEST(Disassembly, KeepsBlocksWhereTheyWere) {
    const char* const source =
        "|0100\n"
        "@main\n"
        "\t#01 ?{\n"
        "\t\t#02 ?{ INC }\n"
        "\t\tDUP ?main\n"
        "\t\tDUP ?after }\n"
        "\t!{ #03 !after }\n"
        "\t{\n"
        "\t\t\"some 20 \"text 00 }\n"
        "\tSTH2r after\n"
        "\t;{ INC }\n"
        "\tPOP2 ?after\n"
        "\t#04 ?{ BRK }\n"
        "\t( >> )\n"
        "\n"
        "@after\n"
        "\tSTH2r JMP2r\n";
    EXPECT_EQ(named(source), source);
}

TEST(Disassembly, GivesPlacesOutsideTheProgramTheirLabels) {
    const char* const source =
        "|10 @Dev &a $2 &b\n"
        "|20 @Enum\n"
        "|0000 @var $10 @other\n"
        "\n"
        "|0100\n"
        "@main\n"
        "\t.var LDZ .other STZ\n"
        "\t.Dev/a DEI2 ;near LDA2 !far\n"
        "\n"
        "@near $10\n"
        "\t&x\n"
        "\n"
        "|8000\n"
        "@far\n"
        "\t&y\n"
        "\n"
        "|ffff\n"
        "@last\n";
    EXPECT_EQ(named(source), source);
}

TEST(Disassembly, CountsZeros) {
    EXPECT_EQ(bare("BRK 01 $1ff 02 ffff ffff ffff ffff ffff ffff ffff ff $28 01"),
              R"(|0100
@on-reset
	BRK

	01
	$1ff
	02ff ffff ffff ffff ffff ffff ffff ffff
	$20
	0000 0000 0000 0000 01
)");
}

TEST(Disassembly, ReadsOnlyWordsAsText) {
    EXPECT_EQ(bare("BRK \"Score: 20 \"100 00 \"Yes 00 3c7e 7e3c 6666 6666 00 6181 "
                   "\"0123456789abcdef 00 0a \"two 20 \"lines 0a \"of 09 \"text 00 01"),
              R"(|0100
@on-reset
	BRK

	"Score: 20 "100 00
	"Yes 00
	3c7e 7e3c 6666 6666 0061 81
	"0123456789abcdef 00
	0a
	"two 20 "lines 0a
	"of 09 "text 00
	01
)");
}

TEST(Disassembly, LeavesOutNamesThatCannotBeLabels) {
    const Bytes rom = {0x60, 0x00, 0x01, 0x00, 0x60, 0x00, 0x00, 0x6c};
    std::vector<Symbol> symbols = {{0x0100, "main"}};
    for (const std::string name : {"beef", "INC", "a b", "(x", "", "/x", ":x", "\xff", "{"}) {
        symbols.push_back({0x0104, name});
    }
    symbols.push_back({0x0107, "main"});  // taken
    symbols.push_back({0x0107, "main/good"});
    EXPECT_EQ(source_of(rom, symbols),
              "|0100\n@main\n\t/at-0104\n\tBRK\n\t&at-0104 /good\n\t&good JMP2r\n");
}

TEST(Disassembly, GivesInventedLabelsNamesOfTheirOwn) {
    // Only the zero page is known, and it has the names already.
    const Bytes rom = {0x60, 0x00, 0x01, 0x00, 0x6c};
    EXPECT_EQ(source_of(rom, {{0x0010, "on-reset"}, {0x0012, "sub-0104"}}),
              "|0010 @on-reset $2 @sub-0104\n"
              "\n"
              "|0100\n"
              "@on-reset-\n"
              "\tsub-0104-\n"
              "\tBRK\n"
              "\n"
              "@sub-0104-\n"
              "\tJMP2r\n");
}

}  // namespace
}  // namespace tal::test
