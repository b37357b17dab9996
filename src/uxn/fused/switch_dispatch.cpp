#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

#include "uxn/fused/fused.hpp"
#include "uxn/fused/run.hpp"
#include "uxn/fused/sequences.hpp"

// The sequences as cases of a switch, for compilers without guaranteed tail calls. A jump that all
// cases share is hard to predict: where the compiler knows labels as values (GCC, Clang) and the
// target jumps to addresses (WebAssembly does not), each case ends in a jump of its own.
#if defined(__GNUC__) && !defined(__wasm__)
#define UXN_HAVE_LABELS
#endif

namespace uxn::fused {
namespace {

/// The sequences that are cases: the first ones of the list, which save the most. One function with
/// all of them would take compilers minutes.
constexpr std::size_t kCases = 0
#define UXN_SEQUENCE(...) +1
#define UXN_RARE_SEQUENCE(...)
#include "uxn/fused/sequences.inc"
    ;

/// The cases of opcodes are in the order of opcodes.inc: by base, then by mode.
constexpr CodeMap::Entry case_of(Op op) {
    return kSingle + std::rotl(byte_of(op), 3);
}

/// Any other plan is its own case.
constexpr auto kEntries = [] {
    std::array<CodeMap::Entry, kSequence + kCases> entries{};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i] = static_cast<CodeMap::Entry>(i);
    }
    for (std::size_t i = 0; i < 256; ++i) {
        entries[kSingle + i] = case_of(Op(i));
    }
    return entries;
}();

/// What comes out of a case.
struct Outcome {
    std::size_t pc;
    std::size_t wst;
    std::size_t rst;
    std::int64_t fuel;
    Exit exit;
    Store store;
};

/// A case. Not forced into the switch: compilers make the most of it while it is small, and move it
/// there afterwards, as it is called from nowhere else. One function with everything in it from the
/// beginning takes them five times as long.
/// (But for builds with checks, which would take longest with all of it in one function.)
#ifdef LEVERET_CHECK_SEQUENCES
#define UXN_NO_INLINE [[gnu::noinline]]
#else
#define UXN_NO_INLINE
#endif
template <Op... ops>
UXN_NO_INLINE Outcome run_case(Machine& machine, const CodeMap& code, const Devices& devices,
                               std::size_t pc, std::size_t wst, std::size_t rst,
                               std::int64_t fuel) {
    State state{pc, wst, rst, fuel};
    Store store;
    const Exit exit = run_sequence<ops...>(machine, code, devices, state, store);
    return {state.pc, state.wst, state.rst, state.fuel, exit, store};
}

/// What is rare. False if the run is over.
[[gnu::noinline]] bool go_on(Run& run, Exit exit, State& state) {
    switch (exit) {
        case Exit::Next:
        case Exit::Jump: return !is_out_of_fuel(state.pc, state.fuel) || run.refill(state);
        case Exit::Careful: return run.careful(state);
        case Exit::Written: run.code.written(run.store.at, run.store.length); return true;
        case Exit::Break: run.finish(state); return false;
    }
    return false;
}

// A sequence has no name: its label is the line where it stands in the list.
#define UXN_PASTE(a, b) a##b
#define UXN_LINE_LABEL(line) UXN_PASTE(line_, line)

/// Executes until a slice of the budget ends: some WebAssembly engines exchange a function for its
/// optimised code only when it is called again. False if the run is over.
[[gnu::noinline]] bool dispatch(Run& run, State& end) {
    using enum Op;
    Machine& machine = run.machine;
    const CodeMap& code = run.code;
    const Devices& devices = run.devices;
    auto [pc, wst, rst, fuel] = end;
    const CodeMap::Entry* entries = run.slices.is_last() ? CodeMap::no_entries() : code.entries();
#ifdef UXN_HAVE_LABELS
#define UXN_CASE(label, number) \
    case number:                \
    label:
#define UXN_NEXT goto* labels[entries[pc]]
    static const void* const labels[] = {
        &&decode,
        &&fetch,
        &&careful,
        &&enter,
#define UXN_IMMEDIATE(name, ...) &&name,
#define UXN_OPCODE(name, ...) \
    &&name, &&name##2, &&name##r, &&name##2r, &&name##k, &&name##2k, &&name##kr, &&name##2kr,
#include "uxn/opcodes.inc"
#define UXN_RARE_SEQUENCE(...)
#define UXN_SEQUENCE(...) &&UXN_LINE_LABEL(__LINE__),
#include "uxn/fused/sequences.inc"
    };
#else
#define UXN_CASE(label, number) case number:
#define UXN_NEXT        \
    plan = entries[pc]; \
    continue
#endif
    // One variable, and one place where all cases lead: WebAssembly has no jumps between them, and
    // compilers make a second loop of those that there are.
    CodeMap::Entry plan = entries[pc];
    while (true) {
        Exit exit = Exit::Careful;
        switch (plan) {
            UXN_CASE(decode, kDecode) {
                exit = Exit::Careful;
                if (run.slices.is_last() && is_out_of_fuel(pc, fuel)) {
                    exit = Exit::Jump;
                    break;
                }
                plan = code.entries()[pc];
                if (plan == kDecode) {
                    run.decode(pc);
                    plan = code.entries()[pc];
                }
                if (run.slices.is_last() && run.is_too_much({pc, wst, rst, fuel})) {
                    break;
                }
                continue;
            }
            UXN_CASE(fetch, kFetch) {
                exit = Exit::Careful;
                const Op op{machine.ram[static_cast<std::uint16_t>(pc)]};
                if (is_immediate_jump(op)) {
                    break;  // the cases below expect that it has been decoded
                }
                plan = case_of(op);
                continue;
            }
            UXN_CASE(careful, kCareful) {
                exit = Exit::Careful;
                break;
            }
            UXN_CASE(enter, kEnter) {
                end = {pc, wst, rst, fuel};
                exit = run.tier->enter(run, end);
                if (exit == Exit::Break) {
                    return false;
                }
                std::tie(pc, wst, rst, fuel) = std::tie(end.pc, end.wst, end.rst, end.fuel);
                break;
            }
#ifdef LEVERET_CHECK_SEQUENCES
#define UXN_CHECK(out) \
    run.checker.compare(machine, pc, fuel, {(out).pc, (out).wst, (out).rst, (out).fuel})
#else
#define UXN_CHECK(out) (void)0
#endif
// A jump costs the look at the budget, the rest what go_on costs.
#define UXN_RUN(...)                                                                           \
    {                                                                                          \
        const Outcome out = run_case<__VA_ARGS__>(machine, code, devices, pc, wst, rst, fuel); \
        UXN_CHECK(out);                                                                        \
        pc = out.pc;                                                                           \
        wst = out.wst;                                                                         \
        rst = out.rst;                                                                         \
        fuel = out.fuel;                                                                       \
        exit = out.exit;                                                                       \
        if (exit == Exit::Next || (exit == Exit::Jump && !is_out_of_fuel(pc, fuel))) {         \
            UXN_NEXT;                                                                          \
        }                                                                                      \
        if (exit == Exit::Written) {                                                           \
            run.store = out.store;                                                             \
        }                                                                                      \
    }                                                                                          \
    break
#define UXN_IMMEDIATE(name, byte, ...) UXN_CASE(name, case_of(Op::name)) UXN_RUN(Op::name);
#define UXN_OPCODE(name, base, ...)        \
    UXN_IMMEDIATE(name, base, )            \
    UXN_IMMEDIATE(name##2, base | 0x20, )  \
    UXN_IMMEDIATE(name##r, base | 0x40, )  \
    UXN_IMMEDIATE(name##2r, base | 0x60, ) \
    UXN_IMMEDIATE(name##k, base | 0x80, )  \
    UXN_IMMEDIATE(name##2k, base | 0xa0, ) \
    UXN_IMMEDIATE(name##kr, base | 0xc0, ) \
    UXN_IMMEDIATE(name##2kr, base | 0xe0, )
#include "uxn/opcodes.inc"
            enum { kBefore = __COUNTER__ };
#define UXN_RARE_SEQUENCE(...)
#define UXN_SEQUENCE(programs, ...)                                           \
    UXN_CASE(UXN_LINE_LABEL(__LINE__), kSequence + __COUNTER__ - kBefore - 1) \
    UXN_RUN(__VA_ARGS__);
#include "uxn/fused/sequences.inc"
            default: __builtin_unreachable();
        }
        end = {pc, wst, rst, fuel};
        if (!go_on(run, exit, end)) {
            return false;
        }
        if (exit == Exit::Jump) {
            return true;
        }
        pc = end.pc;
        wst = end.wst;
        rst = end.rst;
        fuel = end.fuel;
        entries = run.slices.is_last() ? CodeMap::no_entries() : code.entries();
        plan = entries[pc];
    }
}

void run_all(Run& run, State& state) {
    while (dispatch(run, state)) {
    }
}

}  // namespace
}  // namespace uxn::fused

namespace uxn {
namespace {

class FusedSwitchEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        static thread_local fused::CodeMap::Owner spare;
        return fused::run_with(fused::kEntries, spare, machine, devices, pc, limits,
                               fused::run_all);
    }
};

}  // namespace

const Engine& fused_switch_engine() {
    static const FusedSwitchEngine engine;
    return engine;
}

#ifndef LEVERET_HAVE_FUSED_TAIL_CALLS
Stop fused::run_with_tier(CodeMap::Owner& map, Tier& tier, Machine& machine, Devices& devices,
                          std::uint16_t pc, const Limits& limits) noexcept {
    return run_with(kEntries, map, machine, devices, pc, limits, run_all, &tier);
}

fused::CodeMap::Owner fused::make_map() {
    return CodeMap::make(kEntries);
}
#endif

}  // namespace uxn
