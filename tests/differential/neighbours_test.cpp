// Every opcode between any others, on every engine and on the oracle.

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <tuple>

#include "differential/generator.hpp"
#include "differential/report.hpp"
#include "support/available_engines.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

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

Trial make_neighbours(Rng& rng, std::span<const Op> prefix, Op op, std::span<const Op> suffix) {
    Trial trial = generate(ProgramKind::Noise, rng);
    std::uint16_t at = trial.pc;
    const auto put = [&](Op next) {
        trial.machine.ram[at] = byte_of(next);
        at = static_cast<std::uint16_t>(at + length_of(next));
    };
    for (const Op next : prefix) {
        put(next);
    }
    put(op);
    for (const Op next : suffix) {
        put(next);
    }
    trial.slices = {{.budget = 6}};
    return trial;
}

class NeighboursTest : public testing::TestWithParam<std::tuple<EngineEntry, std::size_t>> {};

TEST_P(NeighboursTest, EveryOpcodeWorksBetweenAnyOthers) {
    const auto& [entry, prefix] = GetParam();
    Rng rng(prefix);
    for (unsigned byte = 0; byte < 256; ++byte) {
        const Op op{static_cast<std::uint8_t>(byte)};
        for (const std::array<Op, 2>& suffix : kSuffixes) {
            const Trial trial = make_neighbours(rng, kPrefixes[prefix], op, suffix);
            if (const auto difference = compare(*entry.engine, trial)) {
                FAIL() << info_of(op).name << ":\n" << report(*entry.engine, trial, *difference);
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
