// Debuggers, profilers and sanitizers walk the stack of a running program: from a device that it
// calls, and from any instruction of an engine. However they do it, they have to come to whoever
// started the run. For engines in assembly, that is a matter of getting the CFI right.

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#if defined(__linux__) && defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "uxn/devices.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

void call(const std::function<void()>& runs) {
    runs();
    asm volatile("" ::: "memory");  // so that the call is no tail call
}

/// Where all walks lead to: whoever starts runs. No compiler sees through it, so that there is one
/// such function, and no copies for special arguments.
void (*volatile start)(const std::function<void()>& runs) = call;

/// Registers that a function saves before it uses them, by their number in DWARF.
#if defined(__x86_64__)
constexpr std::array kSavedRegisters = {3, 6, 12, 13, 14, 15};
#elif defined(__aarch64__)
constexpr std::array kSavedRegisters = {19, 20, 21, 22, 23, 24, 25, 26, 27, 28};
#else
constexpr std::array<int, 0> kSavedRegisters{};
#endif

/// A walk up the stack, to `start`.
struct Walk {
    bool arrived = false;
    std::array<std::uintptr_t, kSavedRegisters.size()> registers{};  ///< those of `start`
    std::size_t depth = 0;
    std::array<std::uintptr_t, 64> addresses{};  ///< one per frame, innermost first
};

_Unwind_Reason_Code visit(_Unwind_Context* context, void* argument) {
    Walk& walk = *static_cast<Walk*>(argument);
    int not_a_call = 0;
    const std::uintptr_t address = _Unwind_GetIPInfo(context, &not_a_call);
    if (walk.depth == walk.addresses.size()) {
        return _URC_END_OF_STACK;
    }
    walk.addresses[walk.depth++] = address;
    // It takes what it is given for a return address, and looks at the byte before.
    const auto next = address + static_cast<std::uintptr_t>(not_a_call);
    if (_Unwind_FindEnclosingFunction(reinterpret_cast<void*>(next)) !=
        reinterpret_cast<void*>(start)) {
        return _URC_NO_REASON;
    }
    walk.arrived = true;
    std::ranges::transform(kSavedRegisters, walk.registers.begin(), [context](int number) {
        return static_cast<std::uintptr_t>(_Unwind_GetGR(context, number));
    });
    return _URC_END_OF_STACK;
}

/// Whether a walk could get no further than a stub of the linker's, through which a call goes to a
/// shared library. On AArch64 it says nothing about its stubs to anybody who wants to get past
/// them.
bool ends_at_stub([[maybe_unused]] const Walk& walk) {
#if defined(__aarch64__)
    if (walk.arrived || walk.depth == 0) {
        return false;
    }
    auto* last = reinterpret_cast<void*>(walk.addresses[walk.depth - 1]);
    Dl_info object;
    return dladdr(last, &object) != 0 && _Unwind_FindEnclosingFunction(last) == nullptr;
#else
    return false;
#endif
}

/// The walks to one call of `start`. Each should find the same there.
struct Walks {
    unsigned wanted = 0;  ///< after so many, `enough` is set
    unsigned made = 0;
    unsigned astray = 0;
    Walk first{};
    Walk first_astray{};
    std::atomic<bool> enough = false;

    void make_one() {
        Walk walk;
        _Unwind_Backtrace(visit, &walk);
        if (ends_at_stub(walk)) {
            return;
        }
        first = made == 0 ? walk : first;
        made += 1;
        if (!walk.arrived || walk.registers != first.registers) {
            first_astray = astray == 0 ? walk : first_astray;
            astray += 1;
        }
        if (made >= wanted) {
            enough = true;
        }
    }

    testing::AssertionResult all_arrived() const {
        if (astray == 0) {
            return testing::AssertionSuccess();
        }
        std::ostringstream text;
        text << astray << " of " << made << " walks did not arrive at "
             << reinterpret_cast<const void*>(start)
             << ", or with other registers; addresses and registers of the very first one, and of "
                "the first astray:\n"
             << std::hex;
        for (const Walk* walk : {&first, &first_astray}) {
            for (std::size_t frame = 0; frame < walk->depth; ++frame) {
                text << walk->addresses[frame] << " ";
            }
            text << ";";
            for (const std::uintptr_t value : walk->registers) {
                text << " " << value;
            }
            text << (walk == &first ? "\n" : "");
        }
        return testing::AssertionFailure() << text.str();
    }
};

/// What signal handlers add to.
Walks* current = nullptr;

using Handler = void (*)(int, siginfo_t*, void*);

/// Handles a signal while it lives. After that it is ignored: one may still be on its way.
class SignalHandler {
public:
    SignalHandler(int signal, Handler handler) : signal_(signal) {
        struct sigaction action{};
        action.sa_sigaction = handler;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        sigaction(signal, &action, nullptr);
    }
    ~SignalHandler() { signal(signal_, SIG_IGN); }
    SignalHandler(const SignalHandler&) = delete;
    SignalHandler& operator=(const SignalHandler&) = delete;

private:
    int signal_;
};

/// Sends SIGALRM every millisecond while it lives. (A timer of CPU time would be as coarse as the
/// ticks of the scheduler.)
class Alarm {
public:
    Alarm() { set(1'000); }
    ~Alarm() { set(0); }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

private:
    static void set(suseconds_t microseconds) {
        const itimerval timer{.it_interval = {.tv_sec = 0, .tv_usec = microseconds},
                              .it_value = {.tv_sec = 0, .tv_usec = microseconds}};
        setitimer(ITIMER_REAL, &timer, nullptr);
    }
};

void walk_at_a_signal(int, siginfo_t*, void*) {
    current->make_one();
}

/// Runs with a frame pointer. Engines use that register for something else, so that a walk gets
/// beyond this function only if it finds where the engine saved it.
[[gnu::noinline]] Stop run_with_frame_pointer(const Engine& engine, Machine& machine,
                                              Devices& devices, std::uint16_t pc,
                                              const Limits& limits) {
    asm volatile("" ::"r"(__builtin_frame_address(0)));
    const Stop stop = engine.run(machine, devices, pc, limits);
    asm volatile("" ::: "memory");  // so that the call is no tail call
    return stop;
}

/// Whether walks from signal handlers get past the frame that the kernel made. Emulators may not
/// tell what such a frame looks like.
bool can_leave_signal_handlers() {
    Walks walks;
    current = &walks;
    const SignalHandler handler(SIGALRM, walk_at_a_signal);
    start([] { raise(SIGALRM); });
    return walks.made == 1 && walks.astray == 0;
}

/// Devices that walk the stack when they are called.
class WalkingDevices final : public Devices {
public:
    explicit WalkingDevices(Walks& walks)
        : Devices(PortSet::all(), PortSet::all()), walks_(walks) {}
    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override {
        walks_.make_one();
        return machine.dev[port];
    }
    DeviceEffect write(Machine&, std::uint8_t) noexcept override {
        walks_.make_one();
        return {};
    }

private:
    Walks& walks_;
};

class UnwindTest : public testing::TestWithParam<EngineEntry> {
protected:
    const Engine& engine() const { return *GetParam().engine; }
};

TEST_P(UnwindTest, ADeviceFindsWhoStartedTheRun) {
    Machine machine;
    // #01 #d0 DEO, #d0 DEI, BRK
    constexpr std::uint8_t kProgram[] = {0x80, 0x01, 0x80, 0xd0, 0x17, 0x80, 0xd0, 0x16, 0x00};
    std::ranges::copy(kProgram, machine.ram.data() + kResetVector);
    Walks walks;
    WalkingDevices devices(walks);
    start([&] { run_with_frame_pointer(engine(), machine, devices, kResetVector, {}); });
    EXPECT_EQ(walks.made, 2U);
    EXPECT_TRUE(walks.all_arrived());
}

TEST_P(UnwindTest, ADeviceThatIsUsedForLongFindsWhoStartedTheRun) {
    Machine machine;
    // @again #0000 &count INC2 DUP2 ORA ?&count use !again  @use #01 #d0 DEO JMP2r
    constexpr std::uint8_t kProgram[] = {0xa0, 0xff, 0x00, 0x21, 0x26, 0x1d, 0x20,
                                         0xff, 0xfa, 0x60, 0x00, 0x03, 0x40, 0xff,
                                         0xf1, 0x80, 0x01, 0x80, 0xd0, 0x17, 0x6c};
    std::ranges::copy(kProgram, machine.ram.data() + kResetVector);
    Walks walks;
    WalkingDevices devices(walks);
    start([&] {
        run_with_frame_pointer(engine(), machine, devices, kResetVector,
                               {.instructions = 2'000'000});
    });
    EXPECT_GT(walks.made, 1000U);
    EXPECT_TRUE(walks.all_arrived());
}

bool has_base(Op op, Op base) {
    return base_of(op) == base_of(base);
}

/// RAM full of opcodes, all but BRK and those that store, so that a program goes on for ever.
Machine endless_program() {
    std::vector<std::uint8_t> opcodes;
    for (unsigned byte = 1; byte < 256; ++byte) {
        const Op op{static_cast<std::uint8_t>(byte)};
        if (!has_base(op, Op::STZ) && !has_base(op, Op::STR) && !has_base(op, Op::STA)) {
            opcodes.push_back(byte_of(op));
        }
    }
    Machine machine;
    std::mt19937 random(1);
    for (std::uint8_t& byte : machine.ram.bytes()) {
        byte = opcodes[random() % opcodes.size()];
    }
    return machine;
}

TEST_P(UnwindTest, ASignalAtAnyTimeFindsWhoStartedTheRun) {
    if (!can_leave_signal_handlers()) {
        GTEST_SKIP() << "here, nothing can be found from a signal handler";
    }
    Machine machine = endless_program();
    NoDevices devices;
    Walks walks{.wanted = 300};
    current = &walks;
    const SignalHandler handler(SIGALRM, walk_at_a_signal);
    start([&] {
        const Alarm alarm;
        while (!walks.enough) {
            // Long runs, and short ones, for what happens when they begin and end.
            for (const unsigned instructions : {1'000'000U, 1U, 10U, 100U, 1'000U}) {
                run_with_frame_pointer(engine(), machine, devices,
                                       static_cast<std::uint16_t>(walks.made * 0x123),
                                       {.instructions = instructions, .interrupt = &walks.enough});
            }
        }
    });
    EXPECT_TRUE(walks.all_arrived());
}

#if defined(__linux__) && defined(__x86_64__)
/// While the flag is set, the processor raises SIGTRAP after every instruction. Compilers do not
/// say in the CFI that they push and pop here, so there has to be a frame pointer.
[[gnu::noinline]] void set_trap_flag(bool on) {
    constexpr unsigned long long kTrapFlag = 0x100;
    asm volatile("" ::"r"(__builtin_frame_address(0)));
    const auto others = __readeflags() & ~kTrapFlag;
    __writeeflags(on ? others | kTrapFlag : others);
}

/// Whoever compiles while each machine instruction is a signal takes millions of them, some with
/// signals blocked, which this one must not be.
bool compiles_at_once(const EngineEntry& engine) {
    return engine.name.starts_with("jit_");
}
bool compiles_at_random(const EngineEntry& engine) {
    return engine.name == "jit_random";
}

TEST_P(UnwindTest, EveryMachineInstructionOfARunFindsWhoStartedIt) {
    if (compiles_at_once(GetParam())) {
        GTEST_SKIP() << "it would compile under the eyes of the test";
    }
#ifdef LEVERET_SANITIZED
    constexpr unsigned kRuns = 1;  // of many more instructions, each of them a signal
#else
    constexpr unsigned kRuns = 20;
#endif
    Machine machine = endless_program();
    NoDevices devices;
    Walks walks;
    current = &walks;
    const SignalHandler handler(SIGTRAP, walk_at_a_signal);
    start([&] {
        set_trap_flag(true);
        for (unsigned run = 0; run < kRuns; ++run) {
            run_with_frame_pointer(engine(), machine, devices,
                                   static_cast<std::uint16_t>(run * 0x123), {.instructions = 50});
        }
        set_trap_flag(false);
    });
    if (walks.made == 0) {
        GTEST_SKIP() << "here, the processor does not stop after every instruction";
    }
    EXPECT_GT(walks.made, kRuns * 50U);
    EXPECT_TRUE(walks.all_arrived());
}

/// Devices that do nothing, whenever they can.
class SilentDevices final : public Devices {
public:
    SilentDevices() : Devices(PortSet::all(), PortSet::all()) {}
    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override {
        return machine.dev[port];
    }
    DeviceEffect write(Machine&, std::uint8_t) noexcept override { return {}; }
};

TEST_P(UnwindTest, EveryMachineInstructionOfAKnownProgramFindsWhoStartedIt) {
    if (compiles_at_random(GetParam())) {
        GTEST_SKIP() << "it would compile under the eyes of the test";
    }
    // #0a @again use #01 SUB DUP ?again BRK  @use #01 #d0 DEO JMP2r
    constexpr std::uint8_t kProgram[] = {0x80, 0x0a, 0x60, 0x00, 0x08, 0x80, 0x01, 0x19, 0x06, 0x20,
                                         0xff, 0xf6, 0x00, 0x80, 0x01, 0x80, 0xd0, 0x17, 0x6c};
    Machine machine;
    std::ranges::copy(kProgram, machine.ram.data() + kResetVector);
    SilentDevices devices;
    const auto run = [&] {
        const Stop stop = run_with_frame_pointer(engine(), machine, devices, kResetVector, {});
        ASSERT_EQ(stop.reason, Stop::Reason::Break);
    };
    // Whoever compiles does it now.
    for (int i = 0; i < 4; ++i) {
        run();
    }
    Walks walks;
    current = &walks;
    const SignalHandler handler(SIGTRAP, walk_at_a_signal);
    start([&] {
        set_trap_flag(true);
        run();
        set_trap_flag(false);
    });
    if (walks.made == 0) {
        GTEST_SKIP() << "here, the processor does not stop after every instruction";
    }
    EXPECT_GT(walks.made, 100U);
    EXPECT_TRUE(walks.all_arrived());
}
#endif

INSTANTIATE_TEST_SUITE_P(Engines, UnwindTest, testing::ValuesIn(available_engines()),
                         [](const testing::TestParamInfo<EngineEntry>& instance) {
                             return std::string(instance.param.name);
                         });

}  // namespace
}  // namespace uxn::test
