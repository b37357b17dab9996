// Budgets are exact, and a program does not notice into how many runs it is cut.

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <tuple>

#include "support/available_engines.hpp"
#include "support/choices.hpp"
#include "support/describe.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

/// A program, and where it goes on.
struct Program {
    Machine machine;
    std::uint16_t pc = kResetVector;
};

/// A program without BRK and without devices, so that only its budget ends it.
struct EndlessProgram {
    const char* name;
    Program (*make)();
};

void PrintTo(const EndlessProgram& program, std::ostream* out) {
    *out << program.name;
}

/// RAM full of one opcode, and enough on the stacks for a while.
Program fill(Op op, std::uint16_t pc) {
    Program program;
    program.pc = pc;
    program.machine.wst.ptr = 0x80;
    program.machine.rst.ptr = 0x80;
    for (std::uint8_t& byte : program.machine.ram.bytes()) {
        byte = byte_of(op);
    }
    return program;
}

Program load(std::initializer_list<std::uint8_t> bytes) {
    Program program;
    std::uint16_t at = kResetVector;
    for (const std::uint8_t byte : bytes) {
        program.machine.ram[at++] = byte;
    }
    return program;
}

const std::array kPrograms = std::to_array<EndlessProgram>({
    {"StraightLine", [] { return fill(Op::INC, kResetVector); }},
    {"StraightLineFromTheFirstByte", [] { return fill(Op::INC2, 0x0000); }},
    {"StraightLineFromTheLastByte", [] { return fill(Op::INC2, 0xffff); }},
    {"StraightLineOfLiterals", [] { return fill(Op::LIT2, kResetVector); }},
    {"StraightLineThatWrapsTheRing", [] { return fill(Op::ROT2kr, kResetVector); }},
    {"JumpToItself", [] { return load({0x40, 0xff, 0xfd}); }},
    {"JumpOverTheEndOfRam",
     [] {
         Program program;  // ffff: INC, 0000: INC, JMI to ffff
         program.machine.ram[0xffff] = 0x01;
         program.machine.ram[0x0000] = 0x01;
         program.machine.ram[0x0001] = 0x40;
         program.machine.ram[0x0002] = 0xff;
         program.machine.ram[0x0003] = 0xfb;
         program.pc = 0xffff;
         return program;
     }},
    // #00, then INC DUP JCI (back to INC) JMI (likewise)
    {"CountingLoop", [] { return load({0x80, 0, 1, 6, 0x20, 0xff, 0xfb, 0x40, 0xff, 0xf8}); }},
    // JSI to the INC JMP2r at the end, JMI back
    {"Calls", [] { return load({0x60, 0, 3, 0x40, 0xff, 0xfa, 1, 0x6c}); }},
    // Writes and reads ports that are plain memory, forever.
    {"Ports", [] { return load({0x80, 7, 0x80, 0x20, 0x17, 0x80, 0x20, 0x16, 0x40, 0xff, 0xf5}); }},
});

class BudgetTest : public testing::TestWithParam<std::tuple<EngineEntry, EndlessProgram>> {
protected:
    const Engine& engine() const { return *std::get<EngineEntry>(GetParam()).engine; }
    Program program() const { return std::get<EndlessProgram>(GetParam()).make(); }
};

Stop run(const Engine& engine, Program& program, std::uint64_t budget) {
    NoDevices devices;
    const Stop stop = engine.run(program.machine, devices, program.pc, {.instructions = budget});
    program.pc = stop.pc;
    return stop;
}

/// `after`: what the oracle makes of the program in `budget` instructions.
void expect_exact(const Engine& engine, Program program, std::uint64_t budget,
                  const Program& after) {
    const Stop stop = run(engine, program, budget);
    const Stop expected{.reason = Stop::Reason::Budget, .pc = after.pc, .instructions = budget};
    EXPECT_EQ(describe(stop), describe(expected));
    EXPECT_EQ(first_difference(program.machine, after.machine), "") << "budget " << budget;
}

TEST_P(BudgetTest, EveryBudgetUpToThreeHundredIsUsedUpExactly) {
    Program after = program();
    for (std::uint64_t budget = 0; budget <= 300; ++budget) {
        expect_exact(engine(), program(), budget, after);
        run(oracle(), after, 1);
    }
}

TEST_P(BudgetTest, BudgetsAboutTheSizeOfRamAndItsDoubleAreUsedUpExactly) {
    Program after = program();
    std::uint64_t done = 0;
    for (const std::uint64_t middle : {0x10000U, 0x20000U, 0x30000U}) {
        for (std::uint64_t budget = middle - 3; budget <= middle + 3; ++budget) {
            for (; done < budget; ++done) {
                run(oracle(), after, 1);
            }
            expect_exact(engine(), program(), budget, after);
        }
    }
}

TEST_P(BudgetTest, ManyShortRunsDoWhatOneLongRunDoes) {
    constexpr std::uint64_t kBudget = 300'000;
    Program whole = program();
    run(engine(), whole, kBudget);
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        Rng rng(seed);
        Program cut = program();
        for (std::uint64_t left = kBudget; left > 0;) {
            const std::uint64_t budget = std::min<std::uint64_t>(
                left, rng.one_in(8) ? rng.below(100'000) : rng.below(3'000));
            const Stop stop = run(engine(), cut, budget);
            ASSERT_EQ(stop.instructions, budget);
            left -= budget;
        }
        EXPECT_EQ(hex(cut.pc, 4), hex(whole.pc, 4));
        EXPECT_EQ(first_difference(cut.machine, whole.machine), "");
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, BudgetTest,
                         testing::Combine(testing::ValuesIn(available_engines()),
                                          testing::ValuesIn(kPrograms)),
                         [](const testing::TestParamInfo<BudgetTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& program = std::get<1>(instance.param);
                             return std::string(program.name) + "_" + std::string(entry.name);
                         });

class StopTest : public testing::TestWithParam<EngineEntry> {};

TEST_P(StopTest, ABreakCountsAsAnInstructionAndComesBeforeAnExhaustedBudget) {
    for (const std::uint64_t budget : {std::uint64_t{2}, std::uint64_t{3}, kUnlimited}) {
        Program program = load({0x01, 0x00});
        const Stop expected{.reason = Stop::Reason::Break, .pc = 0x0102, .instructions = 2};
        EXPECT_EQ(describe(run(*GetParam().engine, program, budget)), describe(expected));
    }
}

TEST_P(StopTest, ABudgetOfOneRoundThroughRamAndALittleMoreIsExactWhereverItBegins) {
    // An engine that looks at its budget at jumps only may run on from the first byte to the last.
    for (unsigned start = 0xfff4; start <= 0x10000; start += 2) {
        for (std::uint64_t budget = 0x10000; budget < 0x10010; ++budget) {
            Program program = fill(Op::POPk, static_cast<std::uint16_t>(start));
            const Stop expected{.reason = Stop::Reason::Budget,
                                .pc = static_cast<std::uint16_t>(start + budget),
                                .instructions = budget};
            ASSERT_EQ(describe(run(*GetParam().engine, program, budget)), describe(expected));
        }
    }
}

TEST_P(StopTest, ABreakAtTheLastByteOfRamLeavesPcAtZero) {
    Program program;
    program.pc = 0xffff;
    const Stop expected{.reason = Stop::Reason::Break, .pc = 0x0000, .instructions = 1};
    EXPECT_EQ(describe(run(*GetParam().engine, program, kUnlimited)), describe(expected));
}

/// Halts at every write to one port.
class HaltingDevices final : public Devices {
public:
    explicit HaltingDevices(std::uint8_t port) : Devices({}, PortSet::all()), port_(port) {}
    std::uint8_t read(Machine&, std::uint8_t) noexcept override { return 0; }
    DeviceEffect write(Machine&, std::uint8_t port) noexcept override {
        return {.halt = port == port_};
    }

private:
    std::uint8_t port_;
};

TEST_P(StopTest, ADeviceThatHaltsEndsTheRunAfterTheWholeInstruction) {
    for (const std::uint8_t port : {std::uint8_t{0x10}, std::uint8_t{0x11}}) {
        Program program = load({0xa0, 0x12, 0x34, 0x80, 0x10, 0x37, 0x01, 0x00});
        HaltingDevices devices(port);
        const Stop stop = GetParam().engine->run(program.machine, devices, program.pc, {});
        const Stop expected{.reason = Stop::Reason::Halted, .pc = 0x0106, .instructions = 3};
        EXPECT_EQ(describe(stop), describe(expected));
        EXPECT_EQ(program.machine.dev_short(0x10), 0x1234);
        EXPECT_EQ(program.machine.wst.ptr, 0);
    }
}

TEST_P(StopTest, AHaltComesBeforeAnExhaustedBudget) {
    Program program = load({0x80, 0x00, 0x80, 0x10, 0x17});
    HaltingDevices devices(0x10);
    const Stop stop =
        GetParam().engine->run(program.machine, devices, program.pc, {.instructions = 3});
    const Stop expected{.reason = Stop::Reason::Halted, .pc = 0x0105, .instructions = 3};
    EXPECT_EQ(describe(stop), describe(expected));
}

INSTANTIATE_TEST_SUITE_P(Engines, StopTest, testing::ValuesIn(available_engines()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace uxn::test
