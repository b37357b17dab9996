#include "differential/guarded_machine.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace uxn::test {
namespace {

const volatile std::uint8_t* bytes_of(const GuardedMachine& machine) {
    return reinterpret_cast<const std::uint8_t*>(&*machine);
}

TEST(GuardedMachine, HoldsWhatItIsGiven) {
    Machine contents;
    contents.ram[0xffff] = 0x12;
    contents.dev[0xff] = 0x34;
    for (const Placement placement : {Placement::AtStart, Placement::AtEnd}) {
        EXPECT_EQ(*GuardedMachine(contents, placement), contents);
    }
}

TEST(GuardedMachineDeathTest, EndsAProcessThatReadsBeforeItsFirstByte) {
    const GuardedMachine machine(Machine{}, Placement::AtStart);
    EXPECT_DEATH((void)bytes_of(machine)[-1], "");
}

TEST(GuardedMachineDeathTest, EndsAProcessThatReadsBehindItsLastByte) {
    const GuardedMachine machine(Machine{}, Placement::AtEnd);
    EXPECT_DEATH((void)bytes_of(machine)[sizeof(Machine)], "");
}

}  // namespace
}  // namespace uxn::test
