// What the assembly engines promise besides being right: nothing about them makes a program less
// safe, and they can be read side by side.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/disassembly.hpp"
#include "uxn/native/frame_layout.h"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

using namespace std::literals;

std::vector<Function> functions_of(const std::string& file) {
    return disassembly_of(LEVERET_NATIVE_OBJDUMP " -d --no-show-raw-insn '" + file + "'");
}

/// What readelf tells about a file.
std::string facts(const std::string& options, const std::string& file) {
    return output_of(LEVERET_READELF " --wide " + options + " '" + file + "'");
}

/// The lines of `text` that match.
std::vector<std::string> lines_with(const std::string& text, const std::regex& wanted) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (std::regex_search(line, wanted)) {
            lines.push_back(line);
        }
    }
    return lines;
}

/// Handlers are called op_ADD2k_3, after opcode and shape of the stack cache.
bool is_handler(const Function& function) {
    return function.name.starts_with("op_");
}

/// Whether there is a pointer to it.
bool is_pointed_to(const Function& function) {
    return is_handler(function) || function.name.starts_with("count_down_") ||
           function.name == "leveret_native_run";
}

class AssembledEngineTest : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string reason = LEVERET_NO_ASSEMBLY; !reason.empty()) {
            GTEST_SKIP() << reason;
        }
    }
};

TEST_F(AssembledEngineTest, HasAHandlerForEveryOpcodeAndShape) {
    std::vector<std::string> expected;
    for (const OpcodeInfo& opcode : kOpcodeInfo) {
        for (unsigned shape = 0; shape < CACHE_SHAPES; ++shape) {
            expected.push_back("op_" + std::string(opcode.name) + "_" + std::to_string(shape));
        }
    }
    std::vector<std::string> actual;
    for (const Function& function : functions_of(LEVERET_ENGINE_OBJECT)) {
        if (is_handler(function)) {
            actual.push_back(function.name);
        }
    }
    std::ranges::sort(expected);
    std::ranges::sort(actual);
    EXPECT_EQ(actual, expected);
}

TEST_F(AssembledEngineTest, HandlersDoNotCall) {
    static const std::regex call(R"(^(call|blr?\b))");
    unsigned instructions = 0;
    for (const Function& function : functions_of(LEVERET_ENGINE_OBJECT)) {
        for (const std::string& instruction : function.instructions) {
            if (is_handler(function)) {
                EXPECT_FALSE(std::regex_search(instruction, call))
                    << function.name << ": " << instruction;
                instructions += 1;
            }
        }
    }
    EXPECT_GT(instructions, 256U * CACHE_SHAPES);
}

TEST_F(AssembledEngineTest, CodeCanBeLoadedAnywhere) {
    // Relocations of code: distances to functions, and no addresses.
    const std::string all = facts("--relocs", LEVERET_ENGINE_OBJECT);
    const auto begin = all.find("'.rela.text'");
    ASSERT_NE(begin, std::string::npos) << all.substr(0, 500);
    const std::string of_code = all.substr(begin, all.find("\n\n", begin) - begin);
    static const std::regex relocation(R"(\bR_[A-Z0-9_]+)");
    static const std::regex distance(R"(\bR_(X86_64_(PC32|PLT32)|AARCH64_(CALL26|JUMP26))\b)");
    EXPECT_EQ(lines_with(of_code, relocation), lines_with(of_code, distance));
    EXPECT_FALSE(lines_with(of_code, distance).empty());
}

TEST_F(AssembledEngineTest, CommandHasNoExecutableStackAndNoRelocationsInCode) {
    const std::string segments = facts("--segments", LEVERET_COMMAND);
    EXPECT_EQ(lines_with(segments, std::regex(R"(\bGNU_STACK\b.* RW )")).size(), 1U) << segments;
    const std::string dynamic = facts("--dynamic", LEVERET_COMMAND);
    EXPECT_FALSE(dynamic.empty());
    EXPECT_TRUE(lines_with(dynamic, std::regex("TEXTREL")).empty()) << dynamic;
}

TEST_F(AssembledEngineTest, CommandCanBeLoadedAnywhere) {
    const std::string header = facts("--file-header", LEVERET_COMMAND);
    EXPECT_EQ(lines_with(header, std::regex(R"(Type:\s+DYN\b)")).size(), 1U) << header;
}

/// What an object file says that it does with: "IBT", "SHSTK", "BTI", ...
std::vector<std::string> protections_of(const std::string& object) {
    const std::string notes = facts("--notes", object);
    static const std::regex list(R"(\bfeature:\s*(.*))");
    static const std::regex word(R"([^,\s][^,]*)");
    std::smatch match;
    std::vector<std::string> protections;
    if (std::regex_search(notes, match, list)) {
        const std::string text = match[1];
        for (auto at = std::sregex_iterator(text.begin(), text.end(), word);
             at != std::sregex_iterator(); ++at) {
            protections.push_back(at->str());
        }
    }
    // A signature of return addresses is every function's own business; assembly has none.
    std::erase(protections, "PAC");
    return protections;
}

TEST_F(AssembledEngineTest, WithBranchProtectionSaysThatItDoesWithWhatCompiledCodeDoesWith) {
    const std::vector<std::string> compiled = protections_of(LEVERET_PROTECTED_OTHER_OBJECT);
    EXPECT_FALSE(compiled.empty());
    EXPECT_EQ(protections_of(LEVERET_PROTECTED_ENGINE_OBJECT), compiled);
}

TEST_F(AssembledEngineTest, WithBranchProtectionEveryJumpTargetIsALandingPad) {
    static const std::regex landing_pad(R"(^(endbr64|bti\s+(j|c))\b)");
    std::size_t targets = 0;
    for (const Function& function : functions_of(LEVERET_PROTECTED_ENGINE_OBJECT)) {
        if (is_pointed_to(function)) {
            ASSERT_FALSE(function.instructions.empty()) << function.name;
            EXPECT_TRUE(std::regex_search(function.instructions.front(), landing_pad))
                << function.name << ": " << function.instructions.front();
            targets += 1;
        }
    }
    EXPECT_EQ(targets, 1 + CACHE_SHAPES + 256 * CACHE_SHAPES);
}

// ---- The sources, whatever this build is for
// -----------------------------------------------------

constexpr std::size_t kMostLines = 900;

struct Exception {
    std::string_view macro;
    std::string_view reason;
};
constexpr std::array kOnlyForX86 = std::to_array<Exception>({
    {"leave_if", "what it leaves on is in the flags, ..."},
    {"move_back", "guards move pointers"},
    {"with_width", "parts of registers have names of their own"},
});
constexpr std::array kOnlyForAarch64 = std::to_array<Exception>({
    {"leave_if_bit", "... and here in a bit of a register"},
    {"guard_cell", "both ends of the ring are tested alike"},
    {"narrow", "there is no arithmetic of 8 or 16 bits"},
    {"save_pair", "registers are saved two at a time"},
});

std::vector<std::string> lines_of(const std::string& architecture) {
    std::ifstream in(LEVERET_NATIVE_SOURCES "/" + architecture + "/engine.S");
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string> macros_of(const std::string& architecture) {
    static const std::regex definition(R"(^\s*\.macro\s+(\w+))");
    std::vector<std::string> macros;
    for (const std::string& line : lines_of(architecture)) {
        if (std::smatch match; std::regex_search(line, match, definition)) {
            macros.push_back(match[1]);
        }
    }
    return macros;
}

/// Takes the exceptions out of a list of macros; each has to be there.
template <std::size_t count>
void remove(std::vector<std::string>& macros, const std::array<Exception, count>& exceptions) {
    for (const Exception& exception : exceptions) {
        EXPECT_EQ(std::erase(macros, exception.macro), 1U) << exception.macro;
    }
}

TEST(AssemblySources, HaveTheSameMacrosInTheSameOrder) {
    std::vector<std::string> x86 = macros_of("x86_64");
    std::vector<std::string> aarch64 = macros_of("aarch64");
    remove(x86, kOnlyForX86);
    remove(aarch64, kOnlyForAarch64);
    EXPECT_GT(x86.size(), 60U);
    EXPECT_EQ(x86, aarch64);
}

TEST(AssemblySources, AreShortEnoughToBeRead) {
    for (const char* const architecture : {"x86_64", "aarch64"}) {
        const std::size_t lines = lines_of(architecture).size();
        EXPECT_GT(lines, 0U) << architecture;
        EXPECT_LE(lines, kMostLines) << architecture;
    }
}

}  // namespace
}  // namespace uxn::test
