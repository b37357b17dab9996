#include "tal/lexicon.hpp"

#include <gtest/gtest.h>

#include "uxn/opcode.hpp"

namespace tal {
namespace {

TEST(ParseOpcode, KnowsTheNameOfEveryRegularOpcodeInTheTable) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto op = static_cast<uxn::Op>(byte);
        const bool written_by_rune = op == uxn::Op::JCI || op == uxn::Op::JMI || op == uxn::Op::JSI;
        const std::optional<std::uint8_t> parsed = parse_opcode(uxn::info_of(op).name);
        if (written_by_rune) {
            EXPECT_FALSE(parsed.has_value()) << uxn::info_of(op).name;
        } else {
            EXPECT_EQ(parsed, byte) << uxn::info_of(op).name;
        }
    }
}

TEST(ParseOpcode, TakesModeLettersInAnyOrderAndRepeated) {
    EXPECT_EQ(parse_opcode("INCkr2"), 0xe1);
    EXPECT_EQ(parse_opcode("INC2rk2rk"), 0xe1);
    EXPECT_EQ(parse_opcode("LITk"), 0x80);
}

TEST(ParseOpcode, RefusesWhatOnlyLooksLikeOne) {
    for (const char* text :
         {"", "IN", "inc", "INCx", "INC3", "BRKk", "BRK2", "JCI", "XYZ", "Inc"}) {
        EXPECT_FALSE(parse_opcode(text).has_value()) << text;
    }
}

TEST(IsNumber, WantsLowerCaseHexadecimalDigits) {
    EXPECT_TRUE(is_number("0"));
    EXPECT_TRUE(is_number("0123456789abcdef"));
    for (const char* text : {"", "A", "0x1", "-1", "12g", "1 2"}) {
        EXPECT_FALSE(is_number(text)) << text;
    }
}

TEST(NumberValue, IsModulo65536) {
    EXPECT_EQ(number_value("0100"), 0x100);
    EXPECT_EQ(number_value("fffff1234"), 0x1234);
}

TEST(CheckName, RefusesEveryRuneInFront) {
    for (const char rune : std::string_view("|$@&,_.-;=!?#\"%~()[]{}")) {
        EXPECT_EQ(check_name(std::string(1, rune) + "x"), NameFault::Rune) << rune;
    }
}

TEST(CheckName, SaysWhatIsWrong) {
    EXPECT_EQ(check_name(""), NameFault::Empty);
    EXPECT_EQ(check_name("cafe"), NameFault::Number);
    EXPECT_EQ(check_name("f"), NameFault::Number);
    EXPECT_EQ(check_name("ADD2k"), NameFault::Opcode);
    EXPECT_EQ(check_name("BRK"), NameFault::Opcode);
    EXPECT_EQ(check_name("JCI"), NameFault::None);
    EXPECT_EQ(check_name("math/add"), NameFault::None);
    EXPECT_EQ(check_name("x-y.z*!"), NameFault::None);
}

TEST(TokenReader, SplitsAtSpaceOfAllKinds) {
    const std::string text =
        "  a\tb\n\ncc \x01"
        "d";
    TokenReader reader(text);
    EXPECT_EQ(reader.next(), "a");
    EXPECT_EQ(reader.next(), "b");
    EXPECT_EQ(reader.next(), "cc");
    EXPECT_EQ(reader.next(), "d");
    EXPECT_EQ(reader.next(), "");
    EXPECT_EQ(reader.next(), "");
}

}  // namespace
}  // namespace tal
