// Random programs on every engine and on the oracle, compared after every stop.
//
// The environment variable LEVERET_DIFFERENTIAL_SCALE says how many, in percent of the usual
// number, and LEVERET_DIFFERENTIAL_SEED which one to run alone: a failure prints it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <iostream>
#include <span>
#include <tuple>

#include "available_engines.hpp"
#include "describe.hpp"
#include "program_generator.hpp"
#include "recording_devices.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

/// The number in an environment variable.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 0) : otherwise;
}

unsigned scaled(unsigned programs) {
    static const std::uint64_t percent =
        from_environment("LEVERET_DIFFERENTIAL_SCALE", LEVERET_DIFFERENTIAL_SCALE);
    const std::uint64_t count = programs * percent / 100;
    return count == 0 ? 1 : static_cast<unsigned>(count);
}

/// What devices a program meets.
struct DeviceSetup {
    PortSet reads;
    PortSet writes;
    std::uint64_t seed = 0;
    unsigned mischief = 0;
};

/// One engine's computer.
struct Side {
    const Engine& engine;
    Machine machine;
    RandomDevices devices;

    Side(const Engine& e, const Machine& m, const DeviceSetup& setup)
        : engine(e), machine(m), devices(setup.reads, setup.writes, setup.seed, setup.mischief) {}

    Stop run(std::uint16_t pc, std::uint64_t budget) {
        devices.forget_calls();
        return engine.run(machine, devices, pc, {.instructions = budget});
    }
};

/// The last instructions that the oracle executes from `before` in `count` steps.
std::string last_instructions(const Machine& before, const DeviceSetup& setup, std::uint16_t pc,
                              std::uint64_t count) {
    constexpr std::size_t kShown = 12;
    std::deque<std::string> lines;
    Side side(oracle(), before, setup);
    for (std::uint64_t i = 0; i < count; ++i) {
        lines.push_back(disassemble(side.machine, pc));
        if (lines.size() > kShown) {
            lines.pop_front();
        }
        pc = side.run(pc, 1).pc;
    }
    std::string text;
    for (const std::string& line : lines) {
        text += "\n    " + line;
    }
    return text;
}

/// Runs both sides for `budget` instructions and says where they differ.
std::string compare_run(Side& actual, Side& expected, std::uint16_t pc, std::uint64_t budget,
                        Stop& stop) {
    stop = expected.run(pc, budget);
    const Stop other = actual.run(pc, budget);
    if (other != stop) {
        return "stopped: " + describe(other) + ", expected " + describe(stop);
    }
    if (actual.devices.calls() != expected.devices.calls()) {
        return "device calls are \"" + describe(actual.devices.calls()) + "\", expected \"" +
               describe(expected.devices.calls()) + "\"";
    }
    if (actual.devices.seen() != expected.devices.seen()) {
        return "a device saw another machine when it was called";
    }
    return first_difference(actual.machine, expected.machine);
}

/// The fewest instructions from the start of a program after which the engines differ, as text.
std::string explain(const Engine& engine, const Program& program, const DeviceSetup& setup,
                    std::uint64_t budget) {
    std::uint64_t same = 0;
    std::string difference;
    const auto differs_after = [&](std::uint64_t count) {
        Side actual(engine, program.machine, setup);
        Side expected(oracle(), program.machine, setup);
        Stop stop;
        const std::string text = compare_run(actual, expected, program.pc, count, stop);
        if (!text.empty()) {
            difference = text;
        }
        return !text.empty();
    };
    if (!differs_after(budget)) {
        return "";
    }
    while (budget - same > 1) {
        const std::uint64_t middle = same + (budget - same) / 2;
        (differs_after(middle) ? budget : same) = middle;
    }
    differs_after(budget);
    return "\n  after " + std::to_string(budget) + " instructions in one run: " + difference +
           last_instructions(program.machine, setup, program.pc, budget);
}

/// Mostly few; sometimes enough for the fast paths of all engines, or about where those begin.
std::uint64_t random_budget(Rng& rng, bool long_runs) {
    if (long_runs) {
        switch (rng.below(4)) {
            case 0: return rng.pick({0x10000U, 0x20000U, 0x20001U}) + rng.below(7) - 3;
            case 1: return rng.between(200'000, 400'000);
            default: break;
        }
    }
    switch (rng.below(6)) {
        case 0: return rng.below(4);
        case 1:
        case 2: return rng.below(40);
        case 3:
        case 4: return rng.below(400);
        default: return rng.below(6'000);
    }
}

/// What the runs of a test amounted to.
struct Tally {
    std::uint64_t instructions = 0;
    std::uint64_t longest = 0;
    unsigned stops = 0;
    unsigned device_calls = 0;
};

/// Runs the program of a seed in slices. Returns the first difference, or nothing.
std::string run_program(const Engine& engine, ProgramKind kind, std::uint64_t seed, Tally& tally) {
    Rng rng(seed);
    const Program program = generate(kind, rng);
    const DeviceSetup setup{.reads = random_ports(rng),
                            .writes = random_ports(rng),
                            .seed = rng.next(),
                            .mischief = rng.pick({0U, 4U, 50U})};
    const bool long_runs =
        rng.one_in(kind == ProgramKind::Endless || kind == ProgramKind::Straight ? 8 : 32);
    Side actual(engine, program.machine, setup);
    Side expected(oracle(), program.machine, setup);
    std::uint16_t pc = program.pc;
    std::uint64_t executed = 0;
    bool is_unbroken = true;
    for (unsigned slices = rng.between(2, 16); slices > 0; --slices) {
        const std::uint64_t budget = random_budget(rng, long_runs);
        Stop stop;
        const std::string difference = compare_run(actual, expected, pc, budget, stop);
        if (!difference.empty()) {
            std::string text = "after " + std::to_string(executed) + " instructions, from " +
                               hex(pc, 4) + " with a budget of " + std::to_string(budget) + ": " +
                               difference;
            // The devices' state is known only from the program's beginning on.
            return is_unbroken ? text + explain(engine, program, setup, executed + budget) : text;
        }
        executed += stop.instructions;
        tally.instructions += stop.instructions;
        tally.longest = std::max(tally.longest, stop.instructions);
        tally.stops += 1;
        tally.device_calls += static_cast<unsigned>(expected.devices.calls().size());
        pc = stop.pc;
        if (stop.reason != Stop::Reason::Budget) {
            is_unbroken = false;
            if (rng.one_in(2)) {
                pc = rng.word();
            }
        }
    }
    return "";
}

unsigned program_count(ProgramKind kind) {
    switch (kind) {
        case ProgramKind::Noise: return scaled(5'000);
        case ProgramKind::Woven: return scaled(3'000);
        case ProgramKind::Endless: return scaled(1'000);
        case ProgramKind::Edges: return scaled(3'000);
        case ProgramKind::Straight: return scaled(1'000);
    }
    return 0;
}

class DifferentialTest : public testing::TestWithParam<std::tuple<EngineEntry, ProgramKind>> {};

TEST_P(DifferentialTest, RandomProgramsStopAlikeInLikeStates) {
    const auto& [entry, kind] = GetParam();
    const std::uint64_t only = from_environment("LEVERET_DIFFERENTIAL_SEED", 0);
    // Seeds of different kinds do not overlap, and zero is not one of them.
    const std::uint64_t first = (static_cast<std::uint64_t>(kind) + 1) * 1'000'000;
    const std::uint64_t begin = only != 0 ? only : first;
    const std::uint64_t end = only != 0 ? only + 1 : first + program_count(kind);
    Tally tally;
    for (std::uint64_t seed = begin; seed < end; ++seed) {
        const std::string difference = run_program(*entry.engine, kind, seed, tally);
        if (!difference.empty()) {
            FAIL() << "LEVERET_DIFFERENTIAL_SEED=" << seed << " runs this one alone\n"
                   << difference;
        }
    }
    RecordProperty("instructions", std::to_string(tally.instructions));
    std::cout << name_of(kind) << ": " << end - begin << " programs, " << tally.stops << " stops, "
              << tally.instructions << " instructions, " << tally.device_calls
              << " device calls, longest run " << tally.longest << "\n";
    if (only == 0) {
        EXPECT_GT(tally.stops, end - begin);
        EXPECT_GT(tally.device_calls, 0U);
        if (kind == ProgramKind::Endless || kind == ProgramKind::Straight) {
            EXPECT_GT(tally.longest, 200'000U) << "no program reached an engine's fast path";
        }
    }
}

// GCC builds have no engine but the oracle.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DifferentialTest);
INSTANTIATE_TEST_SUITE_P(Engines, DifferentialTest,
                         testing::Combine(testing::ValuesIn(engines_but_oracle()),
                                          testing::ValuesIn(kProgramKinds)),
                         [](const testing::TestParamInfo<DifferentialTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& kind = std::get<1>(instance.param);
                             return std::string(name_of(kind)) + "_" + std::string(entry.name);
                         });

/// Literals that leave one or two items on the stack, a byte or a short each.
constexpr std::array<std::array<Op, 2>, 7> kPrefixes{{
    {Op::POPk, Op::POPk},
    {Op::POPk, Op::LIT},
    {Op::POPk, Op::LIT2},
    {Op::LIT, Op::LIT},
    {Op::LIT2, Op::LIT},
    {Op::LIT, Op::LIT2},
    {Op::LIT2, Op::LIT2},
}};

/// Opcodes that use what is then on the stack, as bytes and as shorts.
constexpr std::array<std::array<Op, 2>, 6> kSuffixes{{
    {Op::SWP, Op::ROT2},
    {Op::SWP2, Op::ROT},
    {Op::STH, Op::ADD2},
    {Op::STH2, Op::SUB},
    {Op::OVR, Op::STA2},
    {Op::DUP2k, Op::DIV2r},
}};

Program make_neighbours(Rng& rng, std::span<const Op> prefix, Op op, std::span<const Op> suffix) {
    Program program = generate(ProgramKind::Noise, rng);
    std::uint16_t at = program.pc;
    const auto put = [&](Op next) {
        program.machine.ram[at] = byte_of(next);
        at = static_cast<std::uint16_t>(at + length_of(next));
    };
    for (const Op next : prefix) {
        put(next);
    }
    put(op);
    for (const Op next : suffix) {
        put(next);
    }
    return program;
}

class NeighboursTest : public testing::TestWithParam<std::tuple<EngineEntry, std::size_t>> {};

TEST_P(NeighboursTest, EveryOpcodeWorksBetweenAnyOthers) {
    const auto& [entry, prefix] = GetParam();
    constexpr std::uint64_t kSteps = 6;
    Rng rng(prefix);
    for (unsigned byte = 0; byte < 256; ++byte) {
        const Op op{static_cast<std::uint8_t>(byte)};
        for (const std::array<Op, 2>& suffix : kSuffixes) {
            const Program program = make_neighbours(rng, kPrefixes[prefix], op, suffix);
            const DeviceSetup setup{
                .reads = random_ports(rng), .writes = random_ports(rng), .seed = rng.next()};
            Side actual(*entry.engine, program.machine, setup);
            Side expected(oracle(), program.machine, setup);
            Stop stop;
            const std::string difference = compare_run(actual, expected, program.pc, kSteps, stop);
            if (!difference.empty()) {
                FAIL() << info_of(op).name << ": " << difference
                       << last_instructions(program.machine, setup, program.pc, kSteps);
            }
        }
    }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NeighboursTest);
INSTANTIATE_TEST_SUITE_P(Engines, NeighboursTest,
                         testing::Combine(testing::ValuesIn(engines_but_oracle()),
                                          testing::Range(std::size_t{0}, kPrefixes.size())),
                         [](const testing::TestParamInfo<NeighboursTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& prefix = std::get<1>(instance.param);
                             return "After" + std::string(info_of(kPrefixes[prefix][0]).name) +
                                    std::string(info_of(kPrefixes[prefix][1]).name) + "_" +
                                    std::string(entry.name);
                         });

}  // namespace
}  // namespace uxn::test
