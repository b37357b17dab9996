#include "uxn/interp/tail.hpp"

#include <array>
#include <utility>

#include "uxn/interp/exactness.hpp"
#include "uxn/interp/loop.hpp"
#include "uxn/interp/register_executor.hpp"
#include "uxn/interp/slices.hpp"
#include "uxn/interp/stack_cache.hpp"
#include "uxn/interp/stack_place.hpp"
#include "uxn/interp/tail_support.hpp"
#include "uxn/semantics.hpp"
#include "uxn/stack_effect.hpp"

// The engine is a set of functions, one per opcode (and per shape of the stack cache), that all
// take the machine's state as arguments and end in a tail call of the function for the next opcode.
// Nothing returns until the run is over. What a handler cannot do without a call or a mask it
// leaves to `careful`, which runs that one instruction the slow way.
namespace uxn {
namespace {

struct Table;
struct Run;

// The state, one argument each: they stay in registers from the first instruction to the last.
// `first` and `second` are the items of the stack cache; see Registers for the others. The order
// matters: on x86-64 the first four land in r12 to r15, whose instructions are longer, the next
// four in rdi, rsi, rdx and rcx; and a handler is fast when it fits in one cache line.
#define UXN_STATE                                                                       \
    Run *run, std::size_t rst, const Table *table, std::int64_t fuel, Machine *machine, \
        std::size_t pc, std::size_t wst, std::size_t first, std::size_t second
#define UXN_PASS run, rst, table, fuel, machine, pc, wst, first, second
// For `careful`, which forgets the cache: a handler need not keep what it held till then.
#define UXN_PASS_UNCACHED run, rst, table, fuel, machine, pc, wst, 0, 0

using Handler = void(UXN_TAIL_CALL*)(UXN_STATE);

/// What to call for an opcode when the stack cache has a certain shape.
struct Table {
    std::array<std::array<Handler, 256>, StackCache::kShapes> handlers;
};

/// What a run needs besides the state, and what it leaves behind.
struct Run {
    Devices& devices;
    Slices slices;  ///< of the budget; what is left of the current one is in `fuel`
    std::uint16_t pc = 0;
};

/// The handlers, and a table that counts every instruction before it goes on to them.
extern const Table kFast;
extern const Table kStepping;

// A macro, because it is itself a tail call.
#define UXN_DISPATCH(shape) \
    UXN_MUSTTAIL return table->handlers[shape][machine->ram.data()[pc]](UXN_PASS)

constexpr bool is_out_of_fuel(std::size_t pc, std::int64_t fuel) {
    return kBounded && fuel <= static_cast<std::int64_t>(pc);
}

/// Leaves the engine; the reason has been noted.
UXN_HANDLER void leave(UXN_STATE) {
    (void)first, (void)second, (void)table, (void)fuel;
    write_back(*machine, wst, rst);
    run->pc = static_cast<std::uint16_t>(pc);
}

/// Ends the run or goes on with a new slice of the budget.
UXN_HANDLER void refill(UXN_STATE) {
    const auto here = static_cast<std::int64_t>(pc);
    const std::int64_t slice = run->slices.next(fuel - here);
    if (slice == 0) {
        UXN_MUSTTAIL return leave(UXN_PASS);
    }
    table = run->slices.is_last() ? &kStepping : &kFast;
    fuel = here + slice;
    UXN_DISPATCH(StackCache::kEmpty);
}

/// Runs one instruction as the loop engine does: rings that wrap, operands across ffff, devices.
UXN_HANDLER void careful(UXN_STATE) {
    write_back(*machine, wst, rst);
    const Stop stop =
        step(*machine, run->devices, static_cast<std::uint16_t>(pc), run->slices.interrupt());
    wst = kWst.free_of(machine->wst);
    rst = kRst.free_of(machine->rst);
    fuel += static_cast<std::int64_t>(stop.pc) - static_cast<std::int64_t>(pc) - 1;
    pc = stop.pc;
    if (stop.reason != Stop::Reason::Budget) {
        run->slices.finish(stop.reason, fuel - static_cast<std::int64_t>(pc));
        UXN_MUSTTAIL return leave(UXN_PASS);
    }
    if (is_out_of_fuel(pc, fuel)) {
        UXN_MUSTTAIL return refill(UXN_PASS);
    }
    UXN_DISPATCH(StackCache::kEmpty);
}

/// True when the longest in-line operand of an opcode at `pc` does not cross ffff. (The last
/// address that would do is left out: the compiler makes a longer bit test of the exact limit.)
[[gnu::always_inline]] constexpr bool literal_fits(std::size_t pc) {
    return static_cast<std::uint32_t>(pc) < kRamSize - 3;
}

/// True when the port or ports that `op` is about to use are more than memory.
template <Op op, Mode m>
[[gnu::always_inline]] inline bool has_side_effect(std::uint8_t port, const Devices& devices) {
    const PortSet& ports = base_of(op) == base_of(Op::DEI) ? devices.reads() : devices.writes();
    return ports.contains(port) || (m.wide && ports.contains(static_cast<std::uint8_t>(port + 1)));
}

template <Op op, std::size_t shape>
UXN_HANDLER void handle(UXN_STATE) {
    constexpr StackEffect effect = effect_of<op>();
    constexpr Mode m = effect_mode(op);
    constexpr unsigned removed = m.keep ? 0 : effect.pops;
    constexpr unsigned growth = effect.pushes > removed ? effect.pushes - removed : 0;

    // What is in the cache is known to lie in one piece.
    constexpr unsigned cached = m.ret ? 0 : StackCache(shape, 0, 0).bytes();
    constexpr unsigned uncertain = effect.pops > cached ? effect.pops : 0;

    if (!fits<uncertain, growth>(m.ret ? rst : wst) ||
        !fits<0, effect.other_pushes>(m.ret ? wst : rst)) [[unlikely]] {
        UXN_MUSTTAIL return careful(UXN_PASS_UNCACHED);
    }
    if constexpr (effect.literal != 0) {
        if (!literal_fits(pc)) [[unlikely]] {
            UXN_MUSTTAIL return careful(UXN_PASS_UNCACHED);
        }
    }
    if constexpr (effect.uses_port) {
        const std::uint8_t port = cells_of(*machine)[(m.ret ? rst : wst) + 1];
        if (has_side_effect<op, m>(port, run->devices)) {
            UXN_MUSTTAIL return careful(UXN_PASS_UNCACHED);
        }
    }

    Registers regs{pc, wst, rst, fuel, StackCache(shape, first, second)};
    RegisterExecutor exec(*machine, regs, op);
    execute<op>(exec);
    wst = regs.wst;
    rst = regs.rst;
    const std::size_t next_shape = regs.cache.shape();  // a constant, once all is inlined
    if (next_shape >= 1) {
        first = regs.cache.top().bits;
    }
    if (next_shape >= 3) {
        second = regs.cache.next().bits;
    }
    if constexpr (effect.jumps) {
        if (regs.jumped) [[likely]] {
            pc = regs.target;
            fuel = kBounded ? regs.fuel : fuel;
            if (is_out_of_fuel(pc, fuel)) [[unlikely]] {
                UXN_MUSTTAIL return refill(UXN_PASS);
            }
            UXN_DISPATCH(next_shape);
        }
    }
    pc += regs.length;
    if constexpr (kBounded) {
        fuel += static_cast<std::int64_t>(regs.length) - 1;
    }
    UXN_DISPATCH(next_shape);
}

/// BRK, met in RAM or in the byte past its end. The latter means that pc has to wrap.
UXN_HANDLER void handle_brk(UXN_STATE) {
    if (pc >= kRamSize) {
        pc -= kRamSize;
        fuel -= static_cast<std::int64_t>(kRamSize);
        if (is_out_of_fuel(pc, fuel)) {
            UXN_MUSTTAIL return refill(UXN_PASS);
        }
        UXN_DISPATCH(StackCache::kEmpty);
    }
    pc += 1;
    run->slices.finish(Stop::Reason::Break, fuel - static_cast<std::int64_t>(pc));
    UXN_MUSTTAIL return leave(UXN_PASS);
}

/// Stands before every handler when the budget is nearly used up.
template <std::size_t shape>
UXN_HANDLER void count_down(UXN_STATE) {
    if (is_out_of_fuel(pc, fuel)) {
        UXN_MUSTTAIL return refill(UXN_PASS);
    }
    UXN_MUSTTAIL return kFast.handlers[shape][machine->ram.data()[pc]](UXN_PASS);
}

template <std::size_t shape, std::size_t... opcodes>
constexpr std::array<Handler, 256> handlers_for(std::index_sequence<opcodes...>) {
    return {(Op{opcodes} == Op::BRK ? &handle_brk : &handle<Op{opcodes}, shape>)...};
}

template <std::size_t... shapes>
constexpr Table make_fast(std::index_sequence<shapes...>) {
    return {{handlers_for<shapes>(std::make_index_sequence<256>())...}};
}

template <std::size_t... shapes>
constexpr Table make_stepping(std::index_sequence<shapes...>) {
    Table table{};
    (table.handlers[shapes].fill(&count_down<shapes>), ...);
    return table;
}

constexpr Table kFast = make_fast(std::make_index_sequence<StackCache::kShapes>());
constexpr Table kStepping = make_stepping(std::make_index_sequence<StackCache::kShapes>());

class TailEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        Run run{.devices = devices, .slices = Slices(limits)};
        refill(&run, kRst.free_of(machine.rst), &kFast, pc, &machine, pc, kWst.free_of(machine.wst),
               0, 0);
        return {run.slices.reason(), run.pc, run.slices.executed()};
    }
};

}  // namespace

const Engine& tail_engine() {
    static const TailEngine engine;
    return engine;
}

}  // namespace uxn
