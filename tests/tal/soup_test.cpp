// Random programs: whatever the tokens, the assembler comes back with a consistent answer.

#include <gtest/gtest.h>

#include <random>

#include "assemble.hpp"

namespace tal::test {
namespace {

class Soup {
public:
    /// One in three soups is mild: nearly all of its tokens make sense, so that some assemble.
    explicit Soup(unsigned seed) : random_(seed), mild_(seed % 3 == 0) {}

    std::string program(std::size_t tokens) {
        std::string text;
        for (std::size_t i = 0; i < tokens; ++i) {
            text += token() + (below(8) == 0 ? "\n" : " ");
        }
        return text;
    }

private:
    std::size_t below(std::size_t n) { return random_() % n; }

    std::string name() {
        static const std::vector<std::string> kNames = {"one",
                                                        "two",
                                                        "sc/one",
                                                        "sc/two",
                                                        "&one",
                                                        "/two",
                                                        "mac",
                                                        "sc/mac",
                                                        "/mac",
                                                        "INC",
                                                        "cafe",
                                                        "12",
                                                        "1234",
                                                        "x",
                                                        "{",
                                                        "",
                                                        "\xce\xbb"
                                                        "00",
                                                        "\xff",
                                                        "100",
                                                        "ffff"};
        return kNames[below(kNames.size())];
    }

    std::string token() {
        if (mild_ && below(50) != 0) {
            static const std::vector<std::string> kMild = {
                "INC2r", "12",           "|0100",    "?{ INC }", "( x )", "\"ab", ";RESET/x",
                "$3",    "[ LIT -one ]", "{ ={ } }", "!two",     "%m",    "~inc"};
            const std::string token = kMild[below(kMild.size())];
            if (token != "%m") {
                return token;
            }
            const std::string number = std::to_string(++count_);
            return "%m" + number + " { POP } m" + number + " @l" + number;
        }
        static const std::string kRunes = "|$@&,_.-;=!?#\"%~()[]{}:'";
        switch (below(10)) {
            case 0: return "@" + name();
            case 1: return "INC2r";
            case 2: return std::string(1, static_cast<char>(random_() & 0xff));
            case 3: return below(2) == 0 ? "}" : "{";
            case 4: return below(2) == 0 ? "|0100" : ")";
            case 5: return "%" + name() + " {";
            case 6: return name();
            default: return kRunes[below(kRunes.size())] + name();
        }
    }

    std::mt19937 random_;
    bool mild_;
    unsigned count_ = 0;
};

TEST(TokenSoup, GivesARomOrAnErrorAndRendersEveryDiagnostic) {
    std::size_t assembled = 0;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        const std::string text = "@one @two &x @RESET/x " + Soup(seed).program(1 + seed % 50);
        MemoryLoader loader;
        loader.add("t.tal", text);
        loader.add("inc", "INC &in-i ?&in-i");
        loader.add("one", "INC @sc ~two");
        loader.add("two", ";sc/one } {");
        const Assembly assembly = assemble("t.tal", loader, {.origins = seed % 2 == 0});
        assembled += assembly.ok() ? 1 : 0;
        ASSERT_EQ(assembly.ok(), !assembly.rom.empty()) << "seed " << seed << "\n" << text;
        ASSERT_EQ(assembly.ok(), list(assembly, Severity::Error).empty()) << "seed " << seed;
        ASSERT_EQ(assembly.symbols.size(), assembly.label_count) << "seed " << seed;
        if (seed % 2 == 0) {
            ASSERT_EQ(assembly.origins.size(), assembly.rom.size()) << "seed " << seed;
        }
        for (const Diagnostic& diagnostic : assembly.diagnostics) {
            for (const char c : render(diagnostic, false)) {
                ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'))
                    << "seed " << seed;
            }
        }
    }
    EXPECT_GT(assembled, 50u);  // otherwise the soup tests nothing but the first error
}

TEST(TokenSoup, OfBytesDoesNoHarm) {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        std::string text(random() % 2000, ' ');
        for (char& c : text) {
            c = static_cast<char>(random() & 0xff);
        }
        const Assembly assembly = assemble_text(text, {.origins = true});
        ASSERT_EQ(assembly.ok(), !assembly.rom.empty());
    }
}

}  // namespace
}  // namespace tal::test
