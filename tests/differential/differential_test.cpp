// Random programs on every engine and on the oracle, compared after every stop.
//
// The environment variable LEVERET_DIFFERENTIAL_SCALE says how many, in percent of the usual
// number, and LEVERET_DIFFERENTIAL_SEED which one to run alone: a failure prints it.

#include <gtest/gtest.h>

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <tuple>

#include "differential/generator.hpp"
#include "differential/report.hpp"
#include "support/available_engines.hpp"

namespace uxn::test {
namespace {

/// The number in an environment variable.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 0) : otherwise;
}

std::uint64_t scaled(std::uint64_t programs) {
    static const std::uint64_t percent =
        from_environment("LEVERET_DIFFERENTIAL_SCALE", LEVERET_DIFFERENTIAL_SCALE);
    return std::max<std::uint64_t>(1, programs * percent / 100);
}

std::uint64_t program_count(ProgramKind kind) {
    switch (kind) {
        case ProgramKind::Noise: return scaled(5'000);
        case ProgramKind::Woven: return scaled(3'000);
        case ProgramKind::Endless: return scaled(1'000);
        case ProgramKind::Edges: return scaled(3'000);
        case ProgramKind::Straight: return scaled(1'000);
        case ProgramKind::Structured:
        case ProgramKind::SelfModifying:
        case ProgramKind::Ports: return scaled(5'000);
    }
    return 0;
}

/// Says which program was running when the process gets a fatal signal, as an engine that leaves
/// its machine does, or when a program does not end. Whoever handled the signal before goes on.
class CrashReport {
public:
    CrashReport() {
        struct sigaction action{};
        action.sa_handler = [](int signal) {
            [[maybe_unused]] const auto written = write(STDERR_FILENO, text_.data(), text_.size());
            for (std::size_t i = 0; i < kSignals.size(); ++i) {
                sigaction(kSignals[i], &before_[i], nullptr);
            }
            // The others happen again: the instruction that causes them is next.
            if (signal == SIGALRM) {
                raise(signal);
            }
        };
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            sigaction(kSignals[i], &action, &before_[i]);
        }
    }
    ~CrashReport() {
        alarm(0);
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            sigaction(kSignals[i], &before_[i], nullptr);
        }
    }
    CrashReport(const CrashReport&) = delete;
    CrashReport& operator=(const CrashReport&) = delete;

    /// A program takes milliseconds, or some seconds where everything is emulated.
    void running(std::string_view what) {
        constexpr unsigned kSeconds = 120;
        text_.assign(what);
        alarm(kSeconds);
    }

private:
    static constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGALRM};
    static inline std::array<struct sigaction, kSignals.size()> before_;
    static inline std::string text_;
};

class DifferentialTest : public testing::TestWithParam<std::tuple<EngineEntry, ProgramKind>> {};

TEST_P(DifferentialTest, RandomProgramsStopAlikeInLikeStates) {
    const auto& [entry, kind] = GetParam();
    const std::uint64_t only = from_environment("LEVERET_DIFFERENTIAL_SEED", 0);
    // Seeds of different kinds do not overlap, and zero is not one of them.
    const std::uint64_t first = (static_cast<std::uint64_t>(kind) + 1) * 1'000'000;
    const std::uint64_t begin = only != 0 ? only : first;
    // Engines that only tests have compile at every step, which takes long.
    const std::uint64_t share = entry.name.starts_with("jit_") ? 20 : 1;
    const std::uint64_t end =
        only != 0 ? only + 1 : first + std::max<std::uint64_t>(1, program_count(kind) / share);
    CrashReport crash;
    Tally tally;
    for (std::uint64_t seed = begin; seed < end; ++seed) {
        const std::string how_to_repeat = "LEVERET_DIFFERENTIAL_SEED=" + std::to_string(seed) +
                                          " and --gtest_filter='*/" + std::string(name_of(kind)) +
                                          "_" + std::string(entry.name) + "' run this one alone\n";
        crash.running("crashed, or did not end: " + how_to_repeat);
        Rng rng(seed);
        const Trial trial = generate(kind, rng);
        if (const auto difference = compare(*entry.engine, trial, &tally)) {
            FAIL() << how_to_repeat << report(*entry.engine, trial, *difference);
        }
    }
    RecordProperty("instructions", std::to_string(tally.instructions));
    std::cout << name_of(kind) << ": " << tally.trials << " programs, " << tally.stops << " stops, "
              << tally.interrupts << " interrupts, " << tally.instructions << " instructions, "
              << tally.device_calls << " device calls, longest run " << tally.longest << "\n";
    constexpr std::uint64_t kEnough = 200;  // programs, for chance not to decide
    if (tally.trials >= kEnough) {
        EXPECT_GT(tally.stops, tally.trials);
        EXPECT_GT(tally.device_calls, 0U);
        if (kind == ProgramKind::Endless || kind == ProgramKind::Straight) {
            EXPECT_GT(tally.longest, 200'000U) << "no program reached an engine's fast path";
        }
    }
}

/// Sets a flag from another thread after so many turns of an idle loop.
class Interrupter {
public:
    Interrupter(std::atomic<bool>& flag, unsigned turns)
        : thread_([&flag, turns] {
              for (std::atomic<unsigned> i = 0; i.fetch_add(1) < turns;) {
              }
              flag.store(true, std::memory_order_relaxed);
          }) {}
    ~Interrupter() { thread_.join(); }
    Interrupter(const Interrupter&) = delete;
    Interrupter& operator=(const Interrupter&) = delete;

private:
    std::thread thread_;
};

class StoppedTest : public testing::TestWithParam<EngineEntry> {};

TEST_P(StoppedTest, AProgramThatAnotherThreadStopsIsInTheStateOfThatMoment) {
    constexpr Slice kLong{.budget = 5'000'000};
    CrashReport crash;
    unsigned interrupts = 0;
    const std::uint64_t programs = scaled(200);
    for (std::uint64_t seed = 1; seed <= programs; ++seed) {
        const std::string which = "endless program " + std::to_string(seed) + "\n";
        crash.running("crashed, or did not end: " + which);
        Rng rng(seed);
        const Trial trial = generate(ProgramKind::Endless, rng);
        SideBySide sides(*GetParam().engine, trial);
        {
            const Interrupter interrupter(sides.interrupt(), rng.below(200'000));
            ASSERT_EQ(sides.run(kLong), "") << which;
        }
        interrupts += sides.stop().reason == Stop::Reason::Interrupted ? 1 : 0;
        ASSERT_EQ(sides.run(kLong), "") << which << "after " << sides.instructions();
    }
    std::cout << interrupts << " of " << programs << " were interrupted on the way\n";
}

// GCC builds have no engine but the oracle.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoppedTest);
INSTANTIATE_TEST_SUITE_P(Engines, StoppedTest, testing::ValuesIn(engines_but_oracle()),
                         [](const auto& instance) { return std::string(instance.param.name); });

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DifferentialTest);
INSTANTIATE_TEST_SUITE_P(Engines, DifferentialTest,
                         testing::Combine(testing::ValuesIn(engines_but_oracle()),
                                          testing::ValuesIn(kProgramKinds)),
                         [](const testing::TestParamInfo<DifferentialTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& kind = std::get<1>(instance.param);
                             return std::string(name_of(kind)) + "_" + std::string(entry.name);
                         });

}  // namespace
}  // namespace uxn::test
