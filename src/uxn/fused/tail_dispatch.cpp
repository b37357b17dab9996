#include <array>

#include "uxn/fused/fused.hpp"
#include "uxn/fused/run.hpp"
#include "uxn/fused/sequences.hpp"
#include "uxn/interp/tail_support.hpp"

// The sequences as functions that end in a tail call of the next one. See interp/tail.cpp, which
// works in the same way.
namespace uxn::fused {
namespace {

// The order matters: on x86-64 the first four land in r12 to r15, whose instructions are longer.
#define UXN_STATE                                                                     \
    Run *run, const char *base, std::size_t rst, std::int64_t fuel, Machine *machine, \
        std::size_t pc, std::size_t wst, const CodeMap::Entry *entries, const CodeMap *code
#define UXN_PASS run, base, rst, fuel, machine, pc, wst, entries, code

using Handler = void(UXN_TAIL_CALL*)(UXN_STATE);

/// An entry is the distance of a handler from the one that decodes, which saves half the memory of
/// a pointer, and makes pages of zeros a map in which nothing has been decoded.
#define UXN_DISPATCH \
    UXN_MUSTTAIL return reinterpret_cast<Handler>(const_cast<char*>(base) + entries[pc])(UXN_PASS)

const char* place_of(Handler handler) {
    return reinterpret_cast<const char*>(handler);
}

/// A handler that is not to become part of others: what calls it is rare, and should stay small.
#define UXN_RARE [[gnu::noinline]] UXN_HANDLER

UXN_RARE void count_down(UXN_STATE);
UXN_RARE void decode(UXN_STATE);

// What is rare goes on from here: the state has been changed, and the slice may be a new one.
#define UXN_GO_ON_WITH(state)            \
    pc = state.pc;                       \
    wst = state.wst;                     \
    rst = state.rst;                     \
    fuel = state.fuel;                   \
    if (run->slices.is_last()) {         \
        base = place_of(&count_down);    \
        entries = CodeMap::no_entries(); \
    }                                    \
    UXN_DISPATCH

/// Leaves the engine: `run->end` is what the caller gets to see.
UXN_RARE void leave(UXN_STATE) {
    (void)base, (void)machine, (void)entries, (void)code;
    run->end = {.pc = pc, .wst = wst, .rst = rst, .fuel = fuel};
}

UXN_RARE void refill(UXN_STATE) {
    State state{pc, wst, rst, fuel};
    const bool goes_on = run->refill(state);
    if (!goes_on) {
        UXN_MUSTTAIL return leave(UXN_PASS);
    }
    UXN_GO_ON_WITH(state);
}

UXN_RARE void careful(UXN_STATE) {
    State state{pc, wst, rst, fuel};
    const bool goes_on = run->careful(state);
    if (!goes_on) {
        pc = state.pc, wst = state.wst, rst = state.rst, fuel = state.fuel;
        UXN_MUSTTAIL return leave(UXN_PASS);
    }
    UXN_GO_ON_WITH(state);
}

UXN_RARE void changed(UXN_STATE) {
    run->code.written(run->store.at, run->store.length);
    UXN_DISPATCH;
}

UXN_RARE void enter(UXN_STATE) {
    State state{pc, wst, rst, fuel};
    const Exit exit = run->tier->enter(*run, state);
    if (exit == Exit::Break) {
        pc = state.pc, wst = state.wst, rst = state.rst, fuel = state.fuel;
        UXN_MUSTTAIL return leave(UXN_PASS);
    }
    if (exit == Exit::Careful) {
        pc = state.pc, wst = state.wst, rst = state.rst, fuel = state.fuel;
        UXN_MUSTTAIL return careful(UXN_PASS);
    }
    if (is_out_of_fuel(state.pc, state.fuel)) {
        pc = state.pc, wst = state.wst, rst = state.rst, fuel = state.fuel;
        UXN_MUSTTAIL return refill(UXN_PASS);
    }
    UXN_GO_ON_WITH(state);
}

UXN_RARE void finish(UXN_STATE) {
    State state{pc, wst, rst, fuel};
    run->finish(state);
    UXN_MUSTTAIL return leave(UXN_PASS);
}

template <bool decoded, Op... ops>
UXN_HANDLER void handle(UXN_STATE) {
    State state{pc, wst, rst, fuel};
    Store store;
    const Exit exit = run_sequence<ops...>(*machine, *code, run->devices, state, store, decoded);
    pc = state.pc;
    wst = state.wst;
    rst = state.rst;
    fuel = state.fuel;
    switch (exit) {
        case Exit::Next: break;
        case Exit::Jump:
            if (is_out_of_fuel(pc, fuel)) [[unlikely]] {
                UXN_MUSTTAIL return refill(UXN_PASS);
            }
            break;
        case Exit::Careful: UXN_MUSTTAIL return careful(UXN_PASS);
        case Exit::Written: run->store = store; UXN_MUSTTAIL return changed(UXN_PASS);
        case Exit::Break: UXN_MUSTTAIL return finish(UXN_PASS);
    }
    UXN_DISPATCH;
}

template <bool decoded, std::size_t... opcodes>
constexpr std::array<Handler, 256> single_handlers(std::index_sequence<opcodes...>) {
    return {&handle < decoded || !is_immediate_jump(Op{opcodes}), Op{opcodes} > ...};
}
constexpr auto kSingles = single_handlers<true>(std::make_index_sequence<256>());
constexpr auto kFetched = single_handlers<false>(std::make_index_sequence<256>());

UXN_HANDLER void fetch(UXN_STATE) {
    UXN_MUSTTAIL return kFetched[machine->ram.data()[pc]](UXN_PASS);
}

constexpr auto kSequences = [] {
    using enum Op;
    return std::array<Handler, kSequenceCount>{{
#define UXN_SEQUENCE(programs, ...) &handle<true, __VA_ARGS__>,
#include "uxn/fused/sequences.inc"
    }};
}();

const std::array<CodeMap::Entry, kSequence + kSequenceCount>& entries_by_plan() {
    static const auto entries = [] {
        std::array<CodeMap::Entry, kSequence + kSequenceCount> result{};
        const auto set = [&](std::size_t plan, Handler handler) {
            result[plan] = static_cast<CodeMap::Entry>(place_of(handler) - place_of(&decode));
        };
        set(kFetch, &fetch);
        set(kCareful, &careful);
        set(kEnter, &enter);
        for (std::size_t i = 0; i < kSingles.size(); ++i) {
            set(kSingle + i, kSingles[i]);
        }
        for (std::size_t i = 0; i < kSequences.size(); ++i) {
            set(kSequence + i, kSequences[i]);
        }
        return result;
    }();
    return entries;
}

UXN_RARE void decode(UXN_STATE) {
    run->decode(pc);
    UXN_DISPATCH;
}

/// Stands before every handler when the budget is nearly used up.
UXN_RARE void count_down(UXN_STATE) {
    if (is_out_of_fuel(pc, fuel)) {
        UXN_MUSTTAIL return refill(UXN_PASS);
    }
    const CodeMap::Entry entry = code->entries()[pc];
    if (entry == 0) {
        run->decode(pc);
        UXN_MUSTTAIL return count_down(UXN_PASS);
    }
    if (run->is_too_much({pc, wst, rst, fuel})) {
        UXN_MUSTTAIL return careful(UXN_PASS);
    }
    UXN_MUSTTAIL return reinterpret_cast<Handler>(const_cast<char*>(place_of(&decode)) +
                                                  entry)(UXN_PASS);
}

void dispatch(Run& run, State& start) {
    const char* base = place_of(&decode);
    const CodeMap::Entry* entries = run.code.entries();
    if (run.slices.is_last()) {
        base = place_of(&count_down);
        entries = CodeMap::no_entries();
    }
    run.end = start;
    reinterpret_cast<Handler>(const_cast<char*>(base) + entries[start.pc])(
        &run, base, start.rst, start.fuel, &run.machine, start.pc, start.wst, entries, &run.code);
    start = run.end;
}

}  // namespace
}  // namespace uxn::fused

namespace uxn {
namespace {

class FusedEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        static thread_local fused::CodeMap::Owner spare;
        return fused::run_with(fused::entries_by_plan(), spare, machine, devices, pc, limits,
                               fused::dispatch);
    }
};

}  // namespace

const Engine& fused_engine() {
    static const FusedEngine engine;
    return engine;
}

Stop fused::run_with_tier(CodeMap::Owner& map, Tier& tier, Machine& machine, Devices& devices,
                          std::uint16_t pc, const Limits& limits) noexcept {
    return run_with(entries_by_plan(), map, machine, devices, pc, limits, dispatch, &tier);
}

fused::CodeMap::Owner fused::make_map() {
    return CodeMap::make(entries_by_plan());
}

}  // namespace uxn
