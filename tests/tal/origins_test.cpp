#include <gtest/gtest.h>

#include "assemble.hpp"

namespace tal::test {
namespace {

std::string describe(const std::vector<Origin>& origins) {
    std::string out;
    for (const Origin& origin : origins) {
        out += origin.file == Origin::kNoFile
                   ? "- "
                   : std::to_string(origin.file) + ":" + std::to_string(origin.line) + ":" +
                         std::to_string(origin.column) + " ";
    }
    return out;
}

TEST(Origins, AreEmptyUnlessWanted) {
    const Assembly assembly = assemble_text("@x INC ;x");
    EXPECT_TRUE(assembly.origins.empty());
    EXPECT_TRUE(assembly.symbol_origins.empty());
}

TEST(Origins, GiveTheTokenOfEveryByteAndSymbol) {
    const Assembly assembly = assemble_text("INC #12\n @x $1 ;x\n} 00 \"ab", {.origins = true});
    EXPECT_FALSE(assembly.ok());
    const Assembly fixed = assemble_text("INC #12\n @x $1 ;x\n{ } 00 \"ab", {.origins = true});
    EXPECT_EQ(describe(fixed.origins),
              "0:1:1 0:1:5 0:1:5 - 0:2:8 0:2:8 0:2:8 0:3:1 0:3:1 0:3:1 0:3:5 0:3:8 0:3:8 ");
    EXPECT_EQ(describe(fixed.symbol_origins), "0:2:2 0:3:3 ");
}

TEST(Origins, AreWhereAMacroIsUsed) {
    EXPECT_EQ(
        describe(
            assemble_text("%in { INC DUP } %out { in #12 }\n  out POP", {.origins = true}).origins),
        "0:2:3 0:2:3 0:2:3 0:2:3 0:2:7 ");
}

TEST(Origins, AreInTheIncludedFileAndReturn) {
    MemoryLoader loader;
    loader.add("a", "%m { ~b INC }\nINC m DUP");
    loader.add("b", "\n\n POP");
    EXPECT_EQ(describe(assemble("a", loader, {.origins = true}).origins),
              "0:2:1 1:3:2 0:2:5 0:2:7 ");
}

TEST(Origins, OfReplacedBytesAreTheLaterOnes) {
    EXPECT_EQ(describe(assemble_text(" 11 22 |0100 33", {.origins = true}).origins),
              "0:1:14 0:1:5 ");
}

TEST(Origins, OnOneVeryLongLineTakeNoTime) {
    std::string bytes;
    for (int i = 0; i < 0xff00; ++i) {
        bytes += "( \xce\xbb ) 12 ";
    }
    const Assembly full = assemble_text(bytes, {.origins = true});
    ASSERT_EQ(full.origins.size(), 0xff00u);
    EXPECT_EQ(full.origins.back(), (Origin{0, 1, 0xfeff * 9 + 7}));
}

}  // namespace
}  // namespace tal::test
