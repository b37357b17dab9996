// Whatever the ROM and its symbols, the disassembly assembles to the same ROM.

#include "tal/disassembler.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>

#include "disassemble.hpp"

namespace tal::test {
namespace {

std::vector<std::string> programs() {
    std::vector<std::string> paths;
    for (const std::string folder :
         {"bench/programs", "bench/screens", "tests/cli/programs", "roms"}) {
        for (const auto& entry : std::filesystem::directory_iterator(LEVERET_SOURCE + folder)) {
            if (entry.path().extension() == ".tal") {
                paths.push_back(entry.path().string());
            }
        }
    }
    return paths;
}

Assembly assemble_file(const std::string& path) {
    DiskLoader loader;
    return assemble(path, loader);
}

TEST(Disassembler, ReturnsEveryProgramOfTheProject) {
    const std::vector<std::string> paths = programs();
    EXPECT_GT(paths.size(), 25u);
    for (const std::string& path : paths) {
        const Assembly assembly = assemble_file(path);
        ASSERT_TRUE(assembly.ok()) << path;
        EXPECT_EQ(round_trip(assembly.rom), "") << path;
        EXPECT_EQ(round_trip(assembly.rom, assembly.symbols), "") << path;
        EXPECT_EQ(round_trip(assembly.rom, assembly.symbols, Comments::None), "") << path;
    }
}

TEST(Disassembler, ReturnsEverySymbolOfThem) {
    for (const std::string& path : programs()) {
        const Assembly assembly = assemble_file(path);
        const Assembly again = assemble_text(source_of(assembly.rom, assembly.symbols));
        std::set<std::pair<unsigned, std::string>> known;
        for (const Symbol& symbol : again.symbols) {
            known.emplace(symbol.address, symbol.name);
        }
        for (const Symbol& symbol : assembly.symbols) {
            // Blocks are numbered anew.
            EXPECT_TRUE(symbol.name.starts_with("\xce\xbb") ||
                        known.contains({symbol.address, symbol.name}))
                << path << " " << symbol.name;
        }
    }
}

TEST(Disassembler, ReturnsEveryOpcode) {
    for (unsigned byte = 0; byte < 0x100; ++byte) {
        const auto op = static_cast<std::uint8_t>(byte);
        const std::vector<Bytes> roms = {
            {op},
            {op, 0x12},
            {op, 0x12, 0x34},
            {op, 0x12, 0x34, 0x56},
            {op, op, op, op, op, op, op},
            {0x80, op, 0x01},                          // as an operand
            {0xa0, 0x01, 0x05, 0x6c, op, 0x01, 0x02},  // after the end of code
            {0xa0, 0x01, 0x03, op, 0x2c, 0x01},
            {0x40, 0x00, 0x01, op, 0x40, 0xff, 0xfc},  // jumped over, then jumped to
            {0x40, 0x00, 0x00, op, 0xff, 0xff},
        };
        for (const Bytes& rom : roms) {
            EXPECT_EQ(round_trip(rom), "") << byte;
        }
        EXPECT_EQ(
            round_trip({op, 0x12, 0x34, 0x56}, {{0x0100, "a"}, {0x0101, "a/b"}, {0x0102, "c"}}), "")
            << byte;
    }
}

TEST(Disassembler, ReturnsEveryOpcodeAtTheEndOfMemory) {
    for (unsigned byte = 0; byte < 0x100; ++byte) {
        for (const std::size_t from_end : {1u, 2u, 3u}) {
            // A jump to the last bytes, which make up an instruction that memory cuts off.
            Bytes rom(0xff00);
            rom[0] = 0x40;
            rom[1] = 0xfe;
            rom[2] = static_cast<std::uint8_t>(0xfd - from_end);
            rom[rom.size() - from_end] = static_cast<std::uint8_t>(byte);
            ASSERT_EQ(round_trip(rom), "") << byte << " " << from_end;
            if (from_end == 3) {
                ASSERT_EQ(round_trip(rom, {{0xffff, "last"}, {0xfffe, "last/one"}}), "") << byte;
            }
        }
    }
}

class RandomRom {
public:
    explicit RandomRom(unsigned seed) : random_(seed) {}

    Bytes bytes() {
        // What operands follow, what jumps, and what jumps and loads by literals.
        static constexpr std::uint8_t kTelling[] = {0x80, 0xa0, 0xc0, 0xe0, 0x20, 0x40,
                                                    0x60, 0x0c, 0x2c, 0x0e, 0x2e, 0x12,
                                                    0x13, 0x14, 0x15, 0x11, 0x17, 0x37};
        Bytes rom(below(8) == 0 ? below(0xff01) : below(400));
        const unsigned kind = below(4);
        for (std::uint8_t& byte : rom) {
            byte = static_cast<std::uint8_t>(below(0x100));
            if (kind == 1 && below(3) == 0) {
                byte = kTelling[below(std::size(kTelling))];
            } else if (kind > 1 && below(2) == 0) {
                byte = static_cast<std::uint8_t>(kind == 2 ? 0 : below(4));
            }
        }
        return rom;
    }

    std::vector<Symbol> symbols(std::size_t rom_size) {
        static const std::vector<std::string> kNames = {"a",
                                                        "a/b",
                                                        "a/",
                                                        "b/c/d",
                                                        "RESET/x",
                                                        "on-reset",
                                                        "System/vector",
                                                        "Console",
                                                        "add",
                                                        "beef",
                                                        "INC2k",
                                                        "LITrr",
                                                        "\xce\xbb_",
                                                        "\xce\xbb"
                                                        "00",
                                                        "x y",
                                                        ":colon",
                                                        "(",
                                                        ")",
                                                        "x)",
                                                        "/slash",
                                                        "a/{",
                                                        "a/}",
                                                        "a/&x",
                                                        "sub-0103",
                                                        "{",
                                                        "\xff",
                                                        "\x1b[31m",
                                                        "",
                                                        "12",
                                                        "[x",
                                                        "metadata",
                                                        "zp-00",
                                                        "a/(",
                                                        "\xe2\x80\xae",
                                                        "~x"};
        std::vector<Symbol> symbols(below(30));
        for (Symbol& symbol : symbols) {
            symbol.name = kNames[below(kNames.size())];
            if (below(2) == 0) {
                symbol.name += std::to_string(below(20));
            }
            switch (below(5)) {
                case 0: symbol.address = static_cast<std::uint16_t>(below(0x10000)); break;
                case 1: symbol.address = static_cast<std::uint16_t>(below(0x100)); break;
                default: symbol.address = static_cast<std::uint16_t>(0x100 + below(rom_size + 3));
            }
        }
        return symbols;
    }

    unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }

private:
    std::mt19937 random_;
};

TEST(Disassembler, ReturnsRandomBytes) {
    for (unsigned seed = 0; seed < 400; ++seed) {
        RandomRom random(seed);
        const Bytes rom = random.bytes();
        ASSERT_EQ(round_trip(rom), "") << "seed " << seed;
        const std::vector<Symbol> symbols = random.symbols(rom.size());
        ASSERT_EQ(round_trip(rom, symbols, static_cast<Comments>(seed % 3)), "") << "seed " << seed;
    }
}

TEST(Disassembler, ReturnsMutatedPrograms) {
    const Assembly assembly = assemble_file(LEVERET_SOURCE "roms/hello.tal");
    for (unsigned seed = 0; seed < 200; ++seed) {
        RandomRom random(seed);
        Bytes rom = assembly.rom;
        std::vector<Symbol> symbols = assembly.symbols;
        for (unsigned i = 0; i < 10; ++i) {
            rom[random.below(rom.size())] = static_cast<std::uint8_t>(random.below(0x100));
            symbols[random.below(symbols.size())].address =
                static_cast<std::uint16_t>(0x100 + random.below(rom.size()));
        }
        ASSERT_EQ(round_trip(rom), "") << "seed " << seed;
        ASSERT_EQ(round_trip(rom, symbols), "") << "seed " << seed;
    }
}

TEST(Disassembler, TakesNoDistanceForTheAddressOfABlock) {
    // The 02 of LIT2 03 02 leads LDR to where a block ends.
    const Bytes rom = {0xa0, 0x03, 0x02, 0x12, 0x65, 0x78, 0x01, 0x6c};
    EXPECT_EQ(round_trip(rom, {{0x0106,
                                "\xce\xbb"
                                "00"}}),
              "");
}

TEST(Disassembler, ReturnsAFullBank) {
    Bytes rom(0xff00, 0xff);
    EXPECT_EQ(round_trip(rom), "");
    for (std::size_t i = 0; i < rom.size(); ++i) {
        rom[i] = static_cast<std::uint8_t>(i);
    }
    EXPECT_EQ(round_trip(rom), "");
    // Every instruction a call of a place of its own.
    for (std::size_t i = 0; i < rom.size(); ++i) {
        rom[i] = i % 3 == 0 ? 0x60 : static_cast<std::uint8_t>(i * 7 >> (i % 3 == 1 ? 8 : 0));
    }
    EXPECT_EQ(round_trip(rom), "");
}

TEST(Disassembler, EndsSoonWhateverTheSymbols) {
    const Bytes rom(0xff00, 0x60);
    std::vector<Symbol> symbols;
    for (unsigned i = 0; i < 100'000; ++i) {
        symbols.push_back({0x0103, "scope" + std::to_string(i) + "/name"});
        symbols.push_back({static_cast<std::uint16_t>(i), "s" + std::to_string(i)});
    }
    EXPECT_EQ(round_trip(rom, symbols), "");
    EXPECT_EQ(round_trip(rom, {{0x0100, std::string(100'000, 'x')}}), "");

    Bytes letters(0xff00, 'a');
    letters[0] = 0;
    EXPECT_EQ(round_trip(letters, symbols), "");
}

TEST(Disassembler, SaysWhatAssemblersLeaveOut) {
    EXPECT_EQ(source_of({0x01, 0x00, 0x00}),
              "|0100\n"
              "@on-reset\n"
              "\tINC BRK\n"
              "\n"
              "( The ROM ends in 2 more bytes 00, which assemblers leave out. )\n");
    EXPECT_EQ(source_of({}), "|0100\n@on-reset\n\tBRK\n");
    EXPECT_EQ(round_trip(Bytes(1000)), "");
}

TEST(Disassembler, LeavesOutOtherBanks) {
    Bytes rom(0xff00 + 3, 0x01);
    const std::string source = source_of(rom);
    EXPECT_TRUE(source.ends_with(
        "\n( 3 bytes of the ROM go to other banks, which source cannot fill. )\n"));
    rom.resize(0xff00);
    EXPECT_EQ(assemble_text(source).rom, rom);
}

TEST(Disassembler, WritesNothingThatAnAssemblerWarnsOf) {
    // Other than that labels of the symbols are not used.
    for (const std::string& path : programs()) {
        const Assembly assembly = assemble_file(path);
        for (const std::vector<Symbol>& symbols : {std::vector<Symbol>(), assembly.symbols}) {
            const Assembly again = assemble_text(source_of(assembly.rom, symbols));
            for (const Diagnostic& diagnostic : again.diagnostics) {
                EXPECT_EQ(diagnostic.category, Category::LabelUnused) << path;
                EXPECT_FALSE(symbols.empty()) << path << ": " << diagnostic.message;
            }
        }
    }
}

}  // namespace
}  // namespace tal::test
