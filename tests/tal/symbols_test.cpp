#include "tal/symbols.hpp"

#include <gtest/gtest.h>

#include "assemble.hpp"

namespace tal::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(WriteSymbols, PutsAddressNameAndZero) {
    const std::vector<Symbol> symbols = {{0x0102, "a"}, {0xff00, "b/\xce\xbb"}};
    EXPECT_EQ(write_symbols(symbols),
              (Bytes{0x01, 0x02, 'a', 0, 0xff, 0x00, 'b', '/', 0xce, 0xbb, 0}));
    EXPECT_TRUE(write_symbols({}).empty());
}

TEST(ReadSymbols, ReturnsWhatWasWritten) {
    const Assembly assembly = assemble_text("|00 @zero $1 |0100 @start &sub ?{ INC } @end/");
    ASSERT_EQ(assembly.symbols.size(), 5u);
    const auto read = read_symbols(write_symbols(assembly.symbols));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, assembly.symbols);
}

TEST(ReadSymbols, TakesAnEmptyFileAndDrifblimsThreeZerosAsNone) {
    EXPECT_EQ(read_symbols(Bytes{}).value().size(), 0u);
    EXPECT_EQ(read_symbols(Bytes{0, 0, 0}).value().size(), 0u);
}

std::string error_of(const Bytes& bytes) {
    const auto read = read_symbols(bytes);
    if (read) {
        return "no error";
    }
    EXPECT_EQ(read.error().code, base::ErrorCode::Malformed);
    return read.error().detail;
}

TEST(ReadSymbols, SaysWhereAFileIsMalformed) {
    EXPECT_EQ(error_of({0x01}), "the symbol at offset 0 ends in its address");
    EXPECT_EQ(error_of({0x01, 0x02, 'a', 0, 0x01}), "the symbol at offset 4 ends in its address");
    EXPECT_EQ(error_of({0x01, 0x02, 'a'}), "the symbol at offset 0 has no 00 after its name");
    EXPECT_EQ(error_of({0x01, 0x02}), "the symbol at offset 0 has no 00 after its name");
    EXPECT_EQ(error_of({0x01, 0x02, 'a', 0, 0x03, 0x04, 0}), "the symbol at offset 4 has no name");
    EXPECT_EQ(error_of({0, 0, 0, 0, 0, 0}), "the symbol at offset 0 has no name");
}

}  // namespace
}  // namespace tal::test
