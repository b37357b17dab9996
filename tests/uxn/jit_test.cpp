// What is special about the JIT: programs that are hard for compilers, and run long enough for it
// to come into play.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "tal/assembler.hpp"
#include "uxn/devices.hpp"

namespace uxn::test {
namespace {

struct HotProgram {
    std::string_view name;
    std::string_view source;
};

void PrintTo(const HotProgram& program, std::ostream* out) {
    *out << program.name;
}

// None of them ends: budgets do. Ports 10 and 11 are the stack pointers, port 12 halts.
constexpr HotProgram kHotPrograms[] = {
    {"CallsItselfUntilTheRingWraps", R"(
        |100 #0000 down
        @down ( n* -- ) INC2 down )"},
    {"CallsWhatNeverReturns", R"(
        |100 #0000
        @again INC2 leave !again
        @leave ( n* -- ) POP2r DUP2 #0003 AND2 ORA ?again leave )"},
    {"EditsReturnAddresses", R"(
        |100 #0000
        @again skip INC2 INC2 INC2 DUP2 ?again !again
        @skip ( n* -- ) INC2r DUP2 #0100 AND2 ORA ?{ INC2r } JMP2r )"},
    {"ReturnsToWhatItPushed", R"(
        |100 #0000
        @again [ LIT2r =again LIT2r =one LIT2r =two ] JMP2r
        @one INC2 JMP2r
        @two #0007 ADD2 JMP2r )"},
    {"JumpsThroughATable", R"(
        |100 #0000
        @again DUP #07 AND #00 SWP DUP2 ADD2 ;table ADD2 LDA2 JMP2
        @table =one =two =six =one =ten =two =ten =six
        @one INC2 !again
        @two #0003 ADD2 !again
        @six DUP2 ADD2 INC2 !again
        @ten #0101 EOR2 INC2 !again )"},
    {"PatchesALiteralEachTime", R"(
        |100 #0000
        @again [ LIT &step 03 ] ADD DUP ,&step STR INC2 !again )"},
    {"PatchesALiteralOfAnotherRoutine", R"(
        |100 #0000
        @again INC2 DUP2 ;use/value STA2 use POP2 !again
        @use ( -- v* ) LIT2 [ &value 1234 ] INC2 JMP2r )"},
    {"PatchesAnOpcodeNowAndThen", R"(
        |100 #0000
        @again INC2 #0003 [ &op ADD2 ] DUP2 #0fff AND2 ORA ?again
            [ LIT2 ADD2 SUB2 ] ,&op LDR EQUk NIP ?{ SWP } POP ,&op STR !again )"},
    {"PatchesAnOpcodeAheadInTheSameLine", R"(
        |100 #0000
        @again DUP #01 AND #38 ORA ,&op STR #0003 [ &op ADD2 ] INC2 !again )"},
    {"PatchesTheDistanceOfAJump", R"(
        |100 #0000
        @again INC2 DUP2 #00ff AND2 ORA ?&on
            [ LIT2 &was 0001 ] #0001 EOR2 DUP2 ,&was STR2 ;&jump INC2 STA2
            &on &jump !&next &next INC2 INC2 !again )"},
    {"CopiesOverlaysInTurnIntoTheSameBuffer", R"(
        |100 #0000
        @again DUP #01 AND ?&other ;one !&copy
            &other ;two
            &copy DUP2 LDA2 ;buffer STA2 INC2 INC2 LDA2 ;buffer INC2 INC2 STA2
            buffer !again
        @one INC2 INC2 JMP2r BRK
        @two #07 ADD JMP2r
        @buffer $10 )"},
    {"WritesOverItselfWhileItRuns", R"(
        |100 #0000
        @again INC2 DUP2 #07ff AND2 ORA ?again
            ;again LDA2 #0000 EOR2 ;again STA2 !again )"},
    {"RunsInTheZeroPage", R"(
        |100 [ LIT2 INC2 JMP2r ] .routine STZ2 #0000
        @again routine [ LIT2 INC2 JMP2r ] .routine STZ2 !again
        |00 @routine )"},
    {"MovesAStackPointerInTheMiddleOfALoop", R"(
        |100 #0000
        @again INC2 #10 DEI #01 ADD #10 DEO INC DUP ?again #40 #10 DEO !again )"},
    {"ReadsAndWritesADeviceInTheMiddleOfALoop", R"(
        |100 #0000
        @again INC2 DUP #13 DEO #13 DEI ADD DUP2 #14 DEO2 !again )"},
    {"StoresShortsAcrossTheEnds", R"(
        |100 #0000
        @again INC2 DUP2 #ffff STA2 DUP2 #ff STZ2 #ffff LDA2 EOR2 #ff LDZ2 ADD2 !again )"},
    {"DividesByWhatIsZeroNowAndThen", R"(
        |100 #0000
        @again INC2 DUP2 DUP2 #000f AND2 DIV2 OVR2 OVR DIV ADD2 !again )"},
    {"ShiftsByWhatIsNotKnown", R"(
        |100 #0000
        @again INC2 DUP2 OVR SFT2 OVR2 SWP SFT EOR2 !again )"},
    {"KeepsMuchOnBothStacks", R"(
        |100 #0001 #0203 #0405 #0607 #0809 #0a0b #0c0d #0e0f
        @again STH2 STH2 ADD2k STH2 ROT2 ADD2 SWP2 STH2r EOR2 STH2r ROT2 STH2r ADD2 !again )"},
};

/// A device that moves stack pointers and reports what is written to it.
class HotPorts final : public Devices {
public:
    HotPorts() : Devices(set({0x10, 0x11, 0x13}), set({0x10, 0x11, 0x12, 0x13})) {}

    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override {
        switch (port) {
            case 0x10: return machine.wst.ptr;
            case 0x11: return machine.rst.ptr;
            default: return static_cast<std::uint8_t>(++reads_);
        }
    }
    DeviceEffect write(Machine& machine, std::uint8_t port) noexcept override {
        sum = sum * 31 + machine.dev[port];
        switch (port) {
            case 0x10: machine.wst.ptr = machine.dev[port]; break;
            case 0x11: machine.rst.ptr = machine.dev[port]; break;
            default: break;
        }
        return {.halt = port == 0x12};
    }

    std::uint64_t sum = 0;

private:
    static PortSet set(std::initializer_list<std::uint8_t> ports) {
        PortSet result;
        for (const std::uint8_t port : ports) {
            result.insert(port);
        }
        return result;
    }

    unsigned reads_ = 0;
};

Machine hot_machine(const HotProgram& program) {
    tal::MemoryLoader loader;
    loader.add("program", std::string(program.source));
    const tal::Assembly assembly = tal::assemble("program", loader);
    for (const tal::Diagnostic& diagnostic : assembly.diagnostics) {
        ADD_FAILURE() << diagnostic.message;
    }
    Machine machine{};
    std::ranges::copy(assembly.rom, machine.ram.data() + kResetVector);
    return machine;
}

using HotCase = std::tuple<HotProgram, EngineEntry>;

class HotProgramTest : public testing::TestWithParam<HotCase> {};

INSTANTIATE_TEST_SUITE_P(Programs, HotProgramTest,
                         testing::Combine(testing::ValuesIn(kHotPrograms),
                                          testing::ValuesIn(engines_but_oracle())),
                         [](const auto& instance) {
                             return std::string(std::get<0>(instance.param).name) + "_" +
                                    std::string(std::get<1>(instance.param).name);
                         });

TEST_P(HotProgramTest, IsInTheSameStateAfterAnyNumberOfInstructions) {
    const auto& [program, entry] = GetParam();
    Machine expected = hot_machine(program);
    Machine actual = expected;
    HotPorts expected_ports;
    HotPorts actual_ports;
    std::uint16_t pc = kResetVector;
    // Long enough to be compiled, then in pieces that end anywhere.
    for (const std::uint64_t budget : std::initializer_list<std::uint64_t>{
             1, 1'000'000, 777'777, 3, 200'001, 64, 1'023, 100'000}) {
        const Limits limits{.instructions = budget};
        const Stop wanted = oracle().run(expected, expected_ports, pc, limits);
        ASSERT_EQ(wanted.reason, Stop::Reason::Budget) << "the program itself is wrong";
        ASSERT_EQ(entry.engine->run(actual, actual_ports, pc, limits), wanted);
        ASSERT_TRUE(actual == expected) << first_difference(actual, expected);
        ASSERT_EQ(actual_ports.sum, expected_ports.sum);
        pc = wanted.pc;
    }
}

}  // namespace
}  // namespace uxn::test
