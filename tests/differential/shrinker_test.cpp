// What a failure looks like, tried out on engines that are wrong on purpose.

#include "differential/shrinker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "differential/generator.hpp"
#include "differential/report.hpp"
#include "support/available_engines.hpp"
#include "uxn/interp/loop.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

/// An engine that does as the oracle does, and then spoils something.
class WrongEngine final : public Engine {
public:
    /// Gets the last two opcodes executed, the number of the instruction in this run, and the
    /// machine after it.
    using Spoil = std::function<void(Op before, Op last, std::uint64_t number, Machine& machine)>;

    explicit WrongEngine(Spoil spoil) : spoil_(std::move(spoil)) {}

    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        Op before = Op::BRK;
        for (std::uint64_t number = 1; number <= limits.instructions; ++number) {
            const Op last{machine.ram[pc]};
            const Stop stop = step(machine, devices, pc, limits.interrupt);
            spoil_(before, last, number, machine);
            if (stop.reason != Stop::Reason::Budget) {
                return {.reason = stop.reason, .pc = stop.pc, .instructions = number};
            }
            pc = stop.pc;
            before = last;
        }
        return {.reason = Stop::Reason::Budget, .pc = pc, .instructions = limits.instructions};
    }

private:
    Spoil spoil_;
};

/// The first random program on which the engine is found out.
std::optional<Trial> find_trial(const Engine& engine, ProgramKind kind) {
    for (std::uint64_t seed = 1; seed < 500; ++seed) {
        Rng rng(seed);
        Trial trial = generate(kind, rng);
        if (compare(engine, trial)) {
            return trial;
        }
    }
    return std::nullopt;
}

std::size_t nonzero_bytes(const Ram& ram) {
    return ram.size() - static_cast<std::size_t>(std::ranges::count(ram.bytes(), 0));
}

bool contains(const std::string& text, std::string_view what) {
    return text.find(what) != std::string::npos;
}

TEST(Shrinker, ReducesAWrongOpcodeToThatOpcode) {
    const WrongEngine engine([](Op, Op last, std::uint64_t, Machine& machine) {
        if (last == Op::MUL2k) {
            machine.wst[static_cast<std::uint8_t>(machine.wst.ptr - 1)] ^= 0x10;
        }
    });
    for (const ProgramKind kind : {ProgramKind::Noise, ProgramKind::Structured}) {
        const auto trial = find_trial(engine, kind);
        ASSERT_TRUE(trial);
        const auto shrunken = shrink(engine, *trial);
        ASSERT_TRUE(shrunken);
        EXPECT_EQ(shrunken->trial.slices.front().budget, 1U);
        EXPECT_EQ(nonzero_bytes(shrunken->trial.machine.ram), 1U);
        EXPECT_EQ(shrunken->trial.machine.wst.ptr, 0);
        const std::string lines = disassemble(shrunken->trial);
        EXPECT_TRUE(contains(lines, "MUL2k")) << lines;
        EXPECT_EQ(std::ranges::count(lines, '\n'), 1);
    }
}

TEST(Shrinker, KeepsTheInstructionsThatADifferenceNeeds) {
    const WrongEngine engine([](Op before, Op last, std::uint64_t, Machine& machine) {
        if (before == Op::LIT && last == Op::ADD) {
            machine.rst[0x80] ^= 1;
        }
    });
    const auto trial = find_trial(engine, ProgramKind::Woven);
    ASSERT_TRUE(trial);
    const auto shrunken = shrink(engine, *trial);
    ASSERT_TRUE(shrunken);
    EXPECT_EQ(shrunken->trial.slices.front().budget, 2U);
    EXPECT_LE(nonzero_bytes(shrunken->trial.machine.ram), 3U);
    EXPECT_EQ(shrunken->what, "rst[80] is 01, expected 00");
    const std::string lines = disassemble(shrunken->trial);
    EXPECT_LT(lines.find(" LIT "), lines.find(" ADD ")) << lines;
}

TEST(Shrinker, MakesAProgramSmallThatHasToRunForLong) {
    const WrongEngine engine([](Op, Op last, std::uint64_t number, Machine& machine) {
        if (number > 70'000 && last == Op::INC) {
            machine.dev[0x77] ^= 1;
        }
    });
    const auto trial = find_trial(engine, ProgramKind::Endless);
    ASSERT_TRUE(trial);
    const auto shrunken = shrink(engine, *trial);
    ASSERT_TRUE(shrunken);
    EXPECT_LT(shrunken->trial.slices.front().budget, 72'000U);
    EXPECT_LT(nonzero_bytes(shrunken->trial.machine.ram), 100U);
}

TEST(Shrinker, KeepsADeviceWithoutWhichNothingHappens) {
    const WrongEngine engine([](Op, Op last, std::uint64_t, Machine& machine) {
        // As if the stack pointer that a device has set were kept in a register.
        if (last == Op::DEO && machine.dev[0x04] == machine.wst.ptr && machine.wst.ptr > 0x10) {
            machine.wst.ptr -= 1;
        }
    });
    const auto trial = find_trial(engine, ProgramKind::Ports);
    ASSERT_TRUE(trial);
    const auto difference = compare(engine, *trial);
    ASSERT_TRUE(difference);
    const std::string text = report(engine, *trial, *difference);
    EXPECT_TRUE(contains(text, " DEO ")) << text;
}

TEST(Report, ShowsTheDifferenceTheStartAndTheProgram) {
    const WrongEngine engine([](Op, Op last, std::uint64_t, Machine& machine) {
        if (last == Op::LIT2r) {
            machine.rst.ptr += 1;
        }
    });
    Trial trial;
    constexpr std::array<std::uint8_t, 7> kProgram{0x80, 0x12, 0x06, 0xe0, 0x34, 0x56, 0x38};
    std::ranges::copy(kProgram, trial.machine.ram.data() + kResetVector);
    trial.slices = {{.budget = 1}, {.budget = 300}};
    const auto difference = compare(engine, trial);
    ASSERT_TRUE(difference);
    const std::string text = report(engine, trial, *difference);
    EXPECT_TRUE(
        text.starts_with("  run 2, after 1 instructions in those before: rst.ptr is 03, "
                         "expected 02\n"))
        << text;
    EXPECT_TRUE(contains(text,
                         "\n    pc 0103, wst.ptr 00, rst.ptr 00\n"
                         "    ram[0103] = e0\n"
                         "    a run of 1 instructions:\n"
                         "      0103  LIT2r 0000    wst.ptr 00  rst.ptr 00\n"
                         "    rst.ptr is 03, expected 02\n"))
        << text;
}

TEST(Compare, FindsAnEngineThatSaysItWasInterruptedWhenItWasNot) {
    class Impatient final : public Engine {
    public:
        Stop run(Machine&, Devices&, std::uint16_t pc, const Limits&) const noexcept override {
            return {.reason = Stop::Reason::Interrupted, .pc = pc, .instructions = 0};
        }
    };
    Trial trial;
    trial.slices = {{.budget = 3}};
    const auto difference = compare(Impatient(), trial);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->what,
              "stopped: Interrupted at 0100 after 0 instructions, but nobody had asked for it");
}

TEST(Compare, FindsAnEngineThatLosesAHaltToAnInterrupt) {
    class Forgetful final : public Engine {
    public:
        Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
                 const Limits& limits) const noexcept override {
            Stop stop = oracle().run(machine, devices, pc, limits);
            if (stop.reason == Stop::Reason::Halted) {
                stop.reason = Stop::Reason::Interrupted;
            }
            return stop;
        }
    };
    Trial trial;
    trial.machine.ram[kResetVector] = byte_of(Op::DEO);
    trial.devices.writes[0] = WriteEffect::Halt;
    trial.devices.interrupt_at = 1;
    trial.slices = {{.budget = 9}};
    const auto difference = compare(Forgetful(), trial);
    ASSERT_TRUE(difference);
    EXPECT_TRUE(contains(difference->what, "expected Halted")) << difference->what;
    EXPECT_FALSE(compare(oracle(), trial));
}

TEST(Compare, TakesAnInterruptAtAnyMomentIfTheStateIsThatOfTheMoment) {
    class Hesitant final : public Engine {
    public:
        Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
                 const Limits& limits) const noexcept override {
            // Looks at the flag every seven instructions only.
            for (std::uint64_t done = 0; done < limits.instructions;) {
                const std::uint64_t slice = std::min<std::uint64_t>(7, limits.instructions - done);
                const Stop stop = oracle().run(machine, devices, pc, {.instructions = slice});
                done += stop.instructions;
                pc = stop.pc;
                if (stop.reason != Stop::Reason::Budget) {
                    return {.reason = stop.reason, .pc = pc, .instructions = done};
                }
                if (limits.interrupt->load()) {
                    return {.reason = Stop::Reason::Interrupted, .pc = pc, .instructions = done};
                }
            }
            return {.reason = Stop::Reason::Budget, .pc = pc, .instructions = limits.instructions};
        }
    };
    Tally tally;
    for (std::uint64_t seed = 1; seed < 200; ++seed) {
        Rng rng(seed);
        const Trial trial = generate(ProgramKind::Ports, rng);
        const auto difference = compare(Hesitant(), trial, &tally);
        ASSERT_FALSE(difference) << difference->what;
    }
    EXPECT_GT(tally.interrupts, 10U);
}

}  // namespace
}  // namespace uxn::test
