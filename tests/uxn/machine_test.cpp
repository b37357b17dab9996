#include "uxn/machine.hpp"

#include <gtest/gtest.h>

#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "uxn/devices.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

static_assert(PortSet::all().contains(0x00) && PortSet::all().contains(0xff));
static_assert(!PortSet().contains(0x00) && !PortSet().contains(0xff));

TEST(Stack, IndexesItsCellsAsTheSpecificationDoes) {
    Stack stack;
    for (unsigned i = 0; i < kRingSize; ++i) {
        stack[static_cast<std::uint8_t>(i)] = static_cast<std::uint8_t>(i ^ 0x5a);
    }
    for (unsigned i = 0; i < kRingSize; ++i) {
        EXPECT_EQ(std::as_const(stack)[static_cast<std::uint8_t>(i)], i ^ 0x5a);
    }
}

TEST(Stack, KeepsAShortAsALittleEndianWordBelowItsEnd) {
    Stack stack;
    stack[0] = 0x12;
    stack[1] = 0x34;
    EXPECT_EQ(stack.storage[255], 0x12);
    EXPECT_EQ(stack.storage[254], 0x34);
}

TEST(Stack, DiffersFromAnotherByAnyCellAndByThePointer) {
    Stack stack;
    EXPECT_EQ(stack, Stack());
    stack.ptr = 1;
    EXPECT_NE(stack, Stack());
    stack.ptr = 0;
    stack[0xff] = 1;
    EXPECT_NE(stack, Stack());
}

TEST(PortSet, ContainsExactlyWhatWasInserted) {
    for (unsigned inserted = 0; inserted < kPortCount; ++inserted) {
        PortSet ports;
        ports.insert(static_cast<std::uint8_t>(inserted));
        for (unsigned port = 0; port < kPortCount; ++port) {
            EXPECT_EQ(ports.contains(static_cast<std::uint8_t>(port)), port == inserted);
        }
    }
}

TEST(Machine, ReadsAndWritesPortsInPairsThatWrapAtTheEndOfThePage) {
    Machine machine;
    machine.set_dev_short(0x10, 0x1234);
    EXPECT_EQ(machine.dev[0x10], 0x12);
    EXPECT_EQ(machine.dev[0x11], 0x34);
    EXPECT_EQ(machine.dev_short(0x10), 0x1234);
    machine.set_dev_short(0xff, 0x5678);
    EXPECT_EQ(machine.dev[0xff], 0x56);
    EXPECT_EQ(machine.dev[0x00], 0x78);
    EXPECT_EQ(machine.dev_short(0xff), 0x5678);
}

TEST(Ram, DiffersFromAnotherByTheByteBeyondItsEnd) {
    Ram ram;
    ram.data()[kRamSize] = 1;
    EXPECT_NE(ram, Ram());
}

class RamGuardTest : public testing::TestWithParam<EngineEntry> {};

TEST_P(RamGuardTest, NoStoreReachesTheByteBeyondTheEnd) {
    unsigned stores = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const Op op{static_cast<std::uint8_t>(byte)};
        const std::uint8_t base = base_of(op);
        if (base != base_of(Op::STA) && base != base_of(Op::STR) && base != base_of(Op::STZ)) {
            continue;
        }
        Machine machine;
        Stack& stack = mode_of(op).ret ? machine.rst : machine.wst;
        // The value aabb under the address ffff, or under the distance from fff9 to ffff.
        constexpr std::uint16_t kAt = 0xfff8;
        stack[0] = 0xaa;
        stack[1] = 0xbb;
        stack[2] = base == base_of(Op::STR) ? 0x06 : 0xff;
        stack[3] = 0xff;
        stack.ptr = base == base_of(Op::STA) ? 4 : 3;
        machine.ram[kAt] = byte_of(op);
        NoDevices devices;
        GetParam().engine->run(machine, devices, kAt, {.instructions = 1});

        const std::uint16_t address = base == base_of(Op::STZ) ? 0x00ff : 0xffff;
        const std::string_view name = info_of(op).name;
        EXPECT_EQ(hex(machine.ram[address], 2), mode_of(op).wide ? "aa" : "bb") << name;
        EXPECT_EQ(hex(machine.ram[0x0000], 2), mode_of(op).wide ? "bb" : "00") << name;
        EXPECT_EQ(machine.ram.data()[kRamSize], 0) << name;
        ++stores;
    }
    EXPECT_EQ(stores, 24U);
}

INSTANTIATE_TEST_SUITE_P(Engines, RamGuardTest, testing::ValuesIn(available_engines()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace uxn::test
