#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <iterator>
#include <ostream>
#include <thread>
#include <tuple>

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "uxn/devices.hpp"
#include "uxn/engines.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

using Clock = std::chrono::steady_clock;

/// Devices on all ports; each call costs a little and does nothing.
class IdleDevices final : public Devices {
public:
    IdleDevices() : Devices(PortSet::all(), PortSet::all()) {}
    std::uint8_t read(Machine&, std::uint8_t port) noexcept override { return port; }
    DeviceEffect write(Machine&, std::uint8_t) noexcept override { return {}; }
};

struct EndlessLoop {
    const char* name;
    Machine (*make)();
};

void PrintTo(const EndlessLoop& loop, std::ostream* out) {
    *out << loop.name;
}

Machine load_machine(std::initializer_list<std::uint8_t> bytes) {
    Machine machine;
    std::uint16_t at = kResetVector;
    for (const std::uint8_t byte : bytes) {
        machine.ram[at++] = byte;
    }
    return machine;
}

/// RAM full of one opcode, and enough on the stacks for a while.
Machine fill(Op op) {
    Machine machine;
    machine.wst.ptr = 0x80;
    machine.rst.ptr = 0x80;
    for (std::uint8_t& byte : machine.ram.bytes()) {
        byte = byte_of(op);
    }
    return machine;
}

const std::array kLoops = std::to_array<EndlessLoop>({
    {"JumpToItself", [] { return load_machine({0x40, 0xff, 0xfd}); }},
    {"RamFullOfINC", [] { return fill(Op::INC); }},
    {"RamFullOfDIV2", [] { return fill(Op::DIV2); }},
    // #07 #20 DEO, and back
    {"DeviceWrites", [] { return load_machine({0x80, 0x07, 0x80, 0x20, 0x17, 0x40, 0xff, 0xf8}); }},
});

class InterruptTest : public testing::TestWithParam<std::tuple<EngineEntry, EndlessLoop>> {
protected:
    const Engine& engine() const { return *std::get<EngineEntry>(GetParam()).engine; }
    Machine make() const { return std::get<EndlessLoop>(GetParam()).make(); }
};

TEST_P(InterruptTest, AFlagThatIsAlreadySetEndsTheRunBeforeItsFirstInstruction) {
    const std::atomic<bool> interrupt = true;
    Machine machine = make();
    IdleDevices devices;
    const Stop stop = engine().run(machine, devices, kResetVector,
                                   {.instructions = 1'000, .interrupt = &interrupt});
    const Stop expected{.reason = Stop::Reason::Interrupted, .pc = kResetVector, .instructions = 0};
    EXPECT_EQ(describe(stop), describe(expected));
    EXPECT_EQ(first_difference(machine, make()), "");
}

TEST_P(InterruptTest, ARunGoesOnAfterAnInterruptAsIfThereHadBeenNone) {
    std::atomic<bool> interrupt = true;
    Machine machine = make();
    IdleDevices devices;
    const Limits limits{.instructions = 100'000, .interrupt = &interrupt};
    const Stop first = engine().run(machine, devices, kResetVector, limits);
    interrupt = false;
    const Stop second = engine().run(machine, devices, first.pc, limits);

    Machine uninterrupted = make();
    const Stop whole =
        oracle().run(uninterrupted, devices, kResetVector, {.instructions = 100'000});
    EXPECT_EQ(describe(second), describe(whole));
    EXPECT_EQ(first_difference(machine, uninterrupted), "");
}

TEST_P(InterruptTest, AnotherThreadEndsAnEndlessLoopWithItsStateIntact) {
    std::atomic<bool> interrupt = false;
    Clock::time_point set_at;
    Machine machine = make();
    IdleDevices devices;
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        set_at = Clock::now();
        interrupt.store(true, std::memory_order_relaxed);
    });
    // The budget ends a run that does not see the flag.
    const Stop stop = engine().run(machine, devices, kResetVector,
                                   {.instructions = 10'000'000'000, .interrupt = &interrupt});
    const Clock::time_point ended_at = Clock::now();
    other.join();

    EXPECT_EQ(name_of(stop.reason), "Interrupted");
    EXPECT_LT(ended_at - set_at, std::chrono::seconds(5));
    const auto latency =
        std::chrono::duration_cast<std::chrono::microseconds>(ended_at - set_at).count();
    std::cout << "ended " << latency << " us after the flag was set\n";
    RecordProperty("latency_us", static_cast<int>(latency));
    ASSERT_EQ(name_of(stop.reason), "Interrupted");

    Machine expected = make();
    const Stop same =
        oracle().run(expected, devices, kResetVector, {.instructions = stop.instructions});
    EXPECT_EQ(hex(stop.pc, 4), hex(same.pc, 4));
    EXPECT_EQ(first_difference(machine, expected), "");
}

/// Each write takes so long that the flag is set before it is over.
class SlowDevices final : public Devices {
public:
    explicit SlowDevices(std::atomic<bool>& interrupt)
        : Devices({}, PortSet::all()), interrupt_(interrupt) {}
    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override {
        return machine.dev[port];
    }
    DeviceEffect write(Machine&, std::uint8_t) noexcept override {
        interrupt_.store(true, std::memory_order_relaxed);
        return {};
    }

private:
    std::atomic<bool>& interrupt_;
};

TEST(Interrupt, IsSeenAfterADeviceCallHoweverFewInstructionsHaveRun) {
    for (const EngineEntry& entry : engine_list()) {
        if (entry.engine == nullptr) {
            continue;
        }
        Machine machine;
        // #01 #d0 DEO, and again
        constexpr std::uint8_t kProgram[] = {0x80, 0x01, 0x80, 0xd0, 0x17, 0x40, 0xff, 0xf8};
        std::copy(std::begin(kProgram), std::end(kProgram), machine.ram.data() + kResetVector);
        std::atomic<bool> interrupt = false;
        SlowDevices devices(interrupt);
        const Stop stop = entry.engine->run(machine, devices, kResetVector,
                                            {.instructions = 1000, .interrupt = &interrupt});
        EXPECT_EQ(stop, (Stop{Stop::Reason::Interrupted, 0x0105, 3})) << entry.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, InterruptTest,
                         testing::Combine(testing::ValuesIn(available_engines()),
                                          testing::ValuesIn(kLoops)),
                         [](const testing::TestParamInfo<InterruptTest::ParamType>& instance) {
                             const auto& entry = std::get<0>(instance.param);
                             const auto& loop = std::get<1>(instance.param);
                             return std::string(loop.name) + "_" + std::string(entry.name);
                         });

}  // namespace
}  // namespace uxn::test
