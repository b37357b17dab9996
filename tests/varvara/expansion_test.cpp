#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "test_computer.hpp"

namespace varvara {
namespace {

using varvara_test::Computer;

constexpr std::uint16_t kBlock = 0x0200;  ///< where the tests put operations

/// One operation, with its layout in memory.
struct Operation {
    int code;
    int length;
    int from_bank;  // unused by fill
    int from;
    int to_bank;
    int to;
    int value = 0;  // of fill

    std::vector<int> bytes() const {
        const auto shorts = [](std::initializer_list<int> values) {
            std::vector<int> result;
            for (const int number : values) {
                result.push_back(number >> 8);
                result.push_back(number & 0xff);
            }
            return result;
        };
        std::vector<int> result = code == 0 ? shorts({length, to_bank, to})
                                            : shorts({length, from_bank, from, to_bank, to});
        result.insert(result.begin(), code);
        if (code == 0) {
            result.push_back(value);
        }
        return result;
    }
};

Operation fill(int length, int bank, int to, int value) {
    return {0, length, 0, 0, bank, to, value};
}
Operation copy_left(int length, int from_bank, int from, int to_bank, int to) {
    return {1, length, from_bank, from, to_bank, to};
}
Operation copy_right(int length, int from_bank, int from, int to_bank, int to) {
    return {2, length, from_bank, from, to_bank, to};
}

uxn::DeviceEffect expand(Computer& computer, const Operation& operation,
                         std::uint16_t block = kBlock) {
    std::uint16_t at = block;
    for (const int byte : operation.bytes()) {
        computer.machine->ram[at++] = static_cast<std::uint8_t>(byte);
    }
    return computer.deo2(0x02, block);
}

TEST(Expansion, FillsSomeBytes) {
    Computer computer;
    computer.put(0x1000, "stuv");
    expand(computer, fill(3, 0, 0x1000, 0x5a));
    EXPECT_EQ(computer.text(0x1000, 4), "ZZZv");
}

TEST(Expansion, CopiesInAscendingOrderSoThatOverlapRepeats) {
    Computer computer;
    computer.put(0x1000, "abcdefgh");
    expand(computer, copy_left(6, 0, 0x1000, 0, 0x1002));
    EXPECT_EQ(computer.text(0x1000, 8), "abababab");
}

TEST(Expansion, CopiesInDescendingOrderSoThatOverlapIsKept) {
    Computer computer;
    computer.put(0x1000, "klmnopqr");
    expand(computer, copy_right(6, 0, 0x1000, 0, 0x1002));
    EXPECT_EQ(computer.text(0x1000, 8), "klklmnop");
}

TEST(Expansion, CopiesDownwardsInDescendingOrderSoThatOverlapRepeats) {
    Computer computer;
    computer.put(0x1000, "abcdefgh");
    expand(computer, copy_right(6, 0, 0x1002, 0, 0x1000));
    EXPECT_EQ(computer.text(0x1000, 8), "ghghghgh");
}

TEST(Expansion, DoesNothingForLengthZero) {
    Computer computer;
    computer.put(0x1000, "ab");
    EXPECT_EQ(expand(computer, fill(0, 0, 0x1000, 0x5a)).ram_length, 0u);
    EXPECT_EQ(expand(computer, copy_left(0, 0, 0x1001, 0, 0x1000)).ram_length, 0u);
    EXPECT_EQ(computer.text(0x1000, 2), "ab");
}

TEST(Expansion, RunsWhenTheLowByteOfTheAddressIsWritten) {
    Computer computer;
    for (int i = 0; const int byte : fill(1, 0, 0x1000, 0x5a).bytes()) {
        computer.machine->ram[static_cast<std::uint16_t>(kBlock + i++)] =
            static_cast<std::uint8_t>(byte);
    }
    computer.deo(0x02, kBlock >> 8);
    EXPECT_EQ(computer.machine->ram[0x1000], 0);
    computer.deo(0x03, kBlock & 0xff);
    EXPECT_EQ(computer.machine->ram[0x1000], 0x5a);
}

TEST(Expansion, KeepsBytesInEveryBank) {
    Computer computer;
    for (int bank = 1; bank < 16; ++bank) {
        expand(computer, fill(2, bank, 0xfffe, 0x40 + bank));
    }
    for (int bank = 1; bank < 16; ++bank) {
        expand(computer, copy_left(2, bank, 0xfffe, 0, 0x1000));
        EXPECT_EQ(computer.dei2(0x00), 0);
        EXPECT_EQ(computer.machine->ram[0x1000], 0x40 + bank);
        EXPECT_EQ(computer.machine->ram[0x1001], 0x40 + bank);
    }
}

TEST(Expansion, FindsZerosInABankNeverWritten) {
    Computer computer;
    computer.put(0x1000, "ab");
    expand(computer, copy_left(2, 9, 0x8000, 0, 0x1000));
    EXPECT_EQ(computer.text(0x1000, 2), std::string(2, '\0'));
}

TEST(Expansion, IgnoresOperationsOnBanksThatDoNotExist) {
    for (const int bank : {0x10, 0x11, 0xff, 0x100, 0x8000, 0xffff}) {
        Computer computer;
        computer.put(0x1000, "ab");
        const auto before = *computer.machine;
        EXPECT_EQ(expand(computer, fill(2, bank, 0x1000, 0x5a)).ram_length, 0u);
        EXPECT_EQ(expand(computer, copy_left(2, bank, 0, 0, 0x1000)).ram_length, 0u);
        EXPECT_EQ(expand(computer, copy_left(2, 0, 0x1000, bank, 0)).ram_length, 0u);
        EXPECT_EQ(expand(computer, copy_right(2, bank, 0, 0, 0x1000)).ram_length, 0u);
        EXPECT_EQ(expand(computer, copy_right(2, 0, 0x1000, bank, 0)).ram_length, 0u);
        EXPECT_EQ(computer.text(0x1000, 2), "ab");
        EXPECT_EQ(computer.machine->ram[0], before.ram[0]);
        EXPECT_EQ(computer.sink.error, "");
    }
}

TEST(Expansion, GoesOnInTheNextBank) {
    Computer computer;
    expand(computer, fill(4, 0, 0xfffe, 0x5a));
    EXPECT_EQ(computer.text(0xfffe, 2), "ZZ");
    EXPECT_EQ(computer.machine->ram[0], 0);
    EXPECT_EQ(computer.devices.system.bank_byte(1, 0x0000), 0x5a);
    EXPECT_EQ(computer.devices.system.bank_byte(1, 0x0001), 0x5a);
    EXPECT_EQ(computer.devices.system.bank_byte(1, 0x0002), 0x00);
    expand(computer, copy_left(4, 0, 0xfffe, 0, 0x1000));
    EXPECT_EQ(computer.text(0x1000, 4), "ZZZZ");
}

TEST(Expansion, IsCutAtTheEndOfTheLastBank) {
    Computer computer;
    computer.put(0x1000, "abcd");
    expand(computer, copy_left(4, 0, 0x1000, 15, 0xfffe));
    EXPECT_EQ(computer.devices.system.bank_byte(15, 0xfffe), 'a');
    EXPECT_EQ(computer.devices.system.bank_byte(15, 0xffff), 'b');
    expand(computer, copy_right(4, 15, 0xfffe, 0, 0x1000));
    EXPECT_EQ(computer.text(0x1000, 4), "abcd");
    expand(computer, fill(0xffff, 15, 0xffff, 0x5a));
    EXPECT_EQ(computer.devices.system.bank_byte(15, 0xffff), 0x5a);
    EXPECT_EQ(computer.machine->ram[0], 0);
}

TEST(Expansion, ReadsAnOperationThatWrapsAroundTheEndOfMemory) {
    for (int start = 0xfff5; start <= 0xffff; ++start) {
        Computer computer;
        computer.put(0x1000, "abcd");
        expand(computer, copy_left(4, 0, 0x1000, 0, 0x2000), static_cast<std::uint16_t>(start));
        EXPECT_EQ(computer.text(0x2000, 4), "abcd") << std::hex << start;
    }
}

TEST(Expansion, SaysWhichBytesOfRamItChanged) {
    Computer computer;
    auto effect = expand(computer, fill(3, 0, 0x1000, 1));
    EXPECT_EQ(effect.ram_begin, 0x1000);
    EXPECT_EQ(effect.ram_length, 3u);
    effect = expand(computer, copy_right(0xffff, 3, 0, 0, 0x0300));
    EXPECT_EQ(effect.ram_begin, 0x0300);
    EXPECT_EQ(effect.ram_length, 0xfd00u);
    effect = expand(computer, copy_left(0x10, 0, 0, 3, 0));
    EXPECT_EQ(effect.ram_length, 0u);
    EXPECT_FALSE(effect.halt);
}

TEST(Expansion, NamesAnUnknownOperationInAShortMessage) {
    Computer computer;
    std::ranges::fill(computer.machine->ram.bytes(), std::uint8_t{0xff});
    const auto before = *computer.machine;
    EXPECT_EQ(computer.deo2(0x02, 0x1000).ram_length, 0u);
    EXPECT_EQ(computer.sink.error, "Unknown command: ff\n");
    EXPECT_EQ(computer.machine->ram, before.ram);
}

/// All 16 banks as one array, and the operations as the specification words them.
class NaiveMemory {
public:
    void run(const Operation& operation) {
        if (operation.to_bank > 15 || (operation.code != 0 && operation.from_bank > 15)) {
            return;
        }
        const auto to = static_cast<std::size_t>(operation.to_bank * 0x10000 + operation.to);
        const auto from =
            operation.code == 0
                ? 0
                : static_cast<std::size_t>(operation.from_bank * 0x10000 + operation.from);
        const auto length = static_cast<std::size_t>(operation.length);
        for (std::size_t n = 0; n < length; ++n) {
            const std::size_t i = operation.code == 2 ? length - 1 - n : n;
            if (to + i >= bytes.size() || (operation.code != 0 && from + i >= bytes.size())) {
                continue;
            }
            bytes[to + i] =
                operation.code == 0 ? static_cast<std::uint8_t>(operation.value) : bytes[from + i];
        }
    }

    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(16 * 0x10000);
};

TEST(Expansion, DoesTheSameAsTheNaiveLoopsOnRandomOperations) {
    constexpr unsigned kSeed = 20260215;
    std::mt19937 random(kSeed);
    const auto below = [&](int bound) {
        return static_cast<int>(random() % static_cast<unsigned>(bound));
    };
    const auto any_length = [&] {
        switch (below(3)) {
            case 0: return below(8);
            case 1: return below(0x200);
            default: return below(0x10000);
        }
    };
    const auto any_bank = [&] { return below(8) == 0 ? 15 + below(2) : below(3); };
    /// Where borders are near, and both ranges near each other.
    const auto any_address = [&] {
        switch (below(3)) {
            case 0: return 0xff00 + below(0x100);
            case 1: return 0x4000 + below(0x10);
            default: return below(0x10000);
        }
    };

    Computer computer;
    NaiveMemory naive;
    for (std::size_t i = 0; i < 0x10000; ++i) {
        const auto byte = static_cast<std::uint8_t>(random());
        computer.machine->ram[static_cast<std::uint16_t>(i)] = byte;
        naive.bytes[i] = byte;
    }
    for (int round = 0; round < 400; ++round) {
        const Operation operation = {below(3),   any_length(),  any_bank(),  any_address(),
                                     any_bank(), any_address(), below(0x100)};
        for (std::size_t i = 0; const int byte : operation.bytes()) {
            naive.bytes[kBlock + i++] = static_cast<std::uint8_t>(byte);
        }
        const auto before = computer.machine->ram;
        const auto effect = expand(computer, operation);
        naive.run(operation);

        const std::span all(naive.bytes);
        ASSERT_TRUE(std::ranges::equal(computer.machine->ram.bytes(), all.first(0x10000)))
            << "seed " << kSeed << ", round " << round;
        for (std::size_t i = 0; i < 0x10000; ++i) {
            const auto at = static_cast<std::uint16_t>(i);
            const auto distance = static_cast<std::uint16_t>(at - effect.ram_begin);
            const bool in_block = at >= kBlock && at < kBlock + 11;
            if (before[at] != computer.machine->ram[at] && !in_block) {
                ASSERT_LT(distance, effect.ram_length) << "unreported write, round " << round;
            }
        }
    }
    for (std::size_t i = 0x10000; i < naive.bytes.size(); ++i) {
        ASSERT_EQ(computer.devices.system.bank_byte(i >> 16, static_cast<std::uint16_t>(i)),
                  naive.bytes[i])
            << std::hex << i;
    }
}

}  // namespace
}  // namespace varvara
