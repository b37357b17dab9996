// The generator against what programs should do: seen by the oracle, not said by the generator.

#include "differential/generator.hpp"

#include <gtest/gtest.h>

#include "differential/coverage.hpp"
#include "differential/side_by_side.hpp"
#include "support/available_engines.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

constexpr std::uint64_t kPrograms = 200;  ///< of each kind

const Coverage& coverage_of(ProgramKind kind) {
    static std::array<Coverage, kProgramKinds.size()> all = [] {
        std::array<Coverage, kProgramKinds.size()> coverages;
        for (const ProgramKind each : kProgramKinds) {
            const auto index = static_cast<std::size_t>(each);
            for (std::uint64_t i = 0; i < kPrograms; ++i) {
                Rng rng(index * 1'000 + i);
                coverages[index].observe(generate(each, rng));
            }
        }
        return coverages;
    }();
    return all[static_cast<std::size_t>(kind)];
}

TEST(Generator, MakesProgramsThatExecuteEveryOpcode) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::uint64_t count = 0;
        for (const ProgramKind kind : kProgramKinds) {
            count += coverage_of(kind).opcodes()[byte];
        }
        EXPECT_GT(count, 0U) << info_of(Op{static_cast<std::uint8_t>(byte)}).name;
    }
}

TEST(Generator, MakesProgramsThatDoEverythingProgramsCanDo) {
    for (const std::string_view feature : Coverage::features()) {
        std::uint64_t count = 0;
        for (const ProgramKind kind : kProgramKinds) {
            count += coverage_of(kind).count(feature);
        }
        EXPECT_GT(count, 0U) << feature;
    }
}

TEST(Generator, MakesTheSameProgramOfTheSameSeed) {
    for (const ProgramKind kind : kProgramKinds) {
        Rng one(7);
        Rng other(7);
        EXPECT_EQ(generate(kind, one).machine, generate(kind, other).machine) << name_of(kind);
    }
}

TEST(Generator, ComposesProgramsThatMostlyStayOnTheirWay) {
    // From its own beginning a composed program ends by its budget or by its own BRK, which it has
    // one time in four; noise hardly ever gets far.
    constexpr std::uint64_t kBudget = 2'000;
    unsigned long_runs = 0;
    for (std::uint64_t seed = 0; seed < kPrograms; ++seed) {
        Rng rng(seed);
        Trial trial = generate(ProgramKind::Structured, rng);
        trial.devices = {};
        Side side(trial);
        const Stop stop = side.run(oracle(), trial.pc, {.instructions = kBudget});
        long_runs += stop.reason == Stop::Reason::Budget ? 1 : 0;
    }
    EXPECT_GT(long_runs, kPrograms / 2);
}

}  // namespace
}  // namespace uxn::test
