#include "uxn/native/native_engine.hpp"

#include <array>
#include <cstddef>

#include "uxn/interp/loop.hpp"
#include "uxn/interp/slices.hpp"
#include "uxn/interp/stack_cache.hpp"
#include "uxn/native/frame_layout.h"

// The C++ half of the assembly engines: entry, exit, and what their handlers leave to C++.
namespace uxn {
namespace {

/// The handlers of a stack cache's shape, by opcode. Addresses; only assembly calls them.
struct NativeTable {
    std::array<std::array<const void*, 256>, StackCache::kShapes> handlers;
};

using PortWords = std::array<std::uint64_t, 4>;

/// What assembly and C++ hand each other. Assembly keeps the second to fifth in registers and
/// writes them back before it calls.
struct NativeFrame {
    std::uint8_t* ram_end;
    std::int64_t pc;    ///< less kRamSize: assembly counts from the end of RAM
    std::uint8_t* wst;  ///< next free cell
    std::uint8_t* rst;
    std::int64_t fuel;         ///< instructions left, plus `pc`
    const NativeTable* table;  ///< where to look for the next handler
    const NativeTable* handlers;
    PortWords reads;
    PortWords wide_reads;
    PortWords writes;
    PortWords wide_writes;
    // Known to C++ only.
    Machine* machine;
    Devices* devices;
    std::uint32_t ports_version;
    Slices slices;
};

static_assert(offsetof(NativeFrame, ram_end) == FRAME_RAM_END);
static_assert(offsetof(NativeFrame, pc) == FRAME_PC);
static_assert(offsetof(NativeFrame, wst) == FRAME_WST);
static_assert(offsetof(NativeFrame, rst) == FRAME_RST);
static_assert(offsetof(NativeFrame, fuel) == FRAME_FUEL);
static_assert(offsetof(NativeFrame, table) == FRAME_TABLE);
static_assert(offsetof(NativeFrame, handlers) == FRAME_HANDLERS);
static_assert(offsetof(NativeFrame, reads) == FRAME_READS);
static_assert(offsetof(NativeFrame, wide_reads) == FRAME_WIDE_READS);
static_assert(offsetof(NativeFrame, writes) == FRAME_WRITES);
static_assert(offsetof(NativeFrame, wide_writes) == FRAME_WIDE_WRITES);
static_assert(offsetof(Machine, ram) == 0);
static_assert(kRamSize == RAM_SIZE);
static_assert(offsetof(Machine, dev) == MACHINE_DEV);
static_assert(StackCache::kShapes == CACHE_SHAPES);
static_assert(sizeof(void*) == 8);

/// Where the next push to a stack goes.
std::uint8_t* free_cell(Stack& stack) {
    return &stack[stack.ptr];
}

std::uint8_t index_of(const Stack& stack, const std::uint8_t* cell) {
    return static_cast<std::uint8_t>(0xff - (cell - stack.storage.data()));
}

/// The ports at which a short cannot be read or written as two bytes of memory: one of the two is
/// in the set, or they are not neighbours.
PortWords wide(const PortSet& ports) {
    const PortWords& words = ports.words();
    PortWords result{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint64_t above = i + 1 < words.size() ? words[i + 1] : 1;
        result[i] = words[i] | words[i] >> 1 | above << 63;
    }
    return result;
}

/// Takes a copy of the port sets, where assembly can test them.
void copy_ports(NativeFrame& frame) {
    const Devices& devices = *frame.devices;
    frame.reads = devices.reads().words();
    frame.wide_reads = wide(devices.reads());
    frame.writes = devices.writes().words();
    frame.wide_writes = wide(devices.writes());
    frame.ports_version = devices.ports_version();
}

std::int64_t left_of(const NativeFrame& frame) {
    return frame.fuel - frame.pc;
}

void put_pc_and_fuel(NativeFrame& frame, std::uint16_t pc, std::int64_t left) {
    frame.pc = pc - static_cast<std::int64_t>(kRamSize);
    frame.fuel = left + frame.pc;
}

std::uint16_t pc_of(const NativeFrame& frame) {
    return static_cast<std::uint16_t>(frame.pc);
}

}  // namespace

// What assembly defines.
extern "C" {
/// Executes from the state in `frame` until the run is over.
void leveret_native_run(NativeFrame* frame) noexcept;
extern const NativeTable leveret_native_handlers;
/// Handlers that count every instruction before they go on to those above.
extern const NativeTable leveret_native_counting_handlers;
}

// What assembly calls. Each says whether the run goes on.
extern "C" {

/// The slice of the budget is used up.
bool leveret_native_refill(NativeFrame* frame) noexcept {
    const std::int64_t slice = frame->slices.next(left_of(*frame));
    frame->fuel = slice + frame->pc;
    frame->table = frame->slices.is_last() ? &leveret_native_counting_handlers : frame->handlers;
    return slice != 0;
}

/// Runs one instruction as the loop engine does: rings that wrap, operands across ffff, devices.
bool leveret_native_step(NativeFrame* frame) noexcept {
    Machine& machine = *frame->machine;
    const std::int64_t left = left_of(*frame) - 1;
    machine.wst.ptr = index_of(machine.wst, frame->wst);
    machine.rst.ptr = index_of(machine.rst, frame->rst);
    const Stop stop = step(machine, *frame->devices, pc_of(*frame), frame->slices.interrupt());
    frame->wst = free_cell(machine.wst);
    frame->rst = free_cell(machine.rst);
    if (frame->ports_version != frame->devices->ports_version()) {
        copy_ports(*frame);
    }
    put_pc_and_fuel(*frame, stop.pc, left);
    if (stop.reason != Stop::Reason::Budget) {
        frame->slices.finish(stop.reason, left);
        return false;
    }
    return left > 0 || leveret_native_refill(frame);
}

/// BRK was executed.
void leveret_native_break(NativeFrame* frame) noexcept {
    frame->slices.finish(Stop::Reason::Break, left_of(*frame));
}
}

namespace {

class NativeEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        NativeFrame frame{.ram_end = machine.ram.data() + kRamSize,
                          .pc = 0,
                          .wst = free_cell(machine.wst),
                          .rst = free_cell(machine.rst),
                          .fuel = 0,
                          .table = nullptr,
                          .handlers = &leveret_native_handlers,
                          .reads = {},
                          .wide_reads = {},
                          .writes = {},
                          .wide_writes = {},
                          .machine = &machine,
                          .devices = &devices,
                          .ports_version = 0,
                          .slices = Slices(limits)};
        copy_ports(frame);
        put_pc_and_fuel(frame, pc, 0);
        if (leveret_native_refill(&frame)) {
            leveret_native_run(&frame);
        }
        machine.wst.ptr = index_of(machine.wst, frame.wst);
        machine.rst.ptr = index_of(machine.rst, frame.rst);
        return {frame.slices.reason(), pc_of(frame), frame.slices.executed()};
    }
};

}  // namespace

const Engine& native_engine() {
    static const NativeEngine engine;
    return engine;
}

}  // namespace uxn
