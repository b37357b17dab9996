#pragma once

#include "uxn/fused/code_map.hpp"
#include "uxn/fused/sequence.hpp"
#include "uxn/interp/loop.hpp"
#include "uxn/interp/slices.hpp"

#ifdef LEVERET_CHECK_SEQUENCES
#include "uxn/fused/checker.hpp"
#endif

namespace uxn::fused {

struct Run;

/// A tier above this one, which compiles what is executed often.
class Tier {
public:
    virtual ~Tier() = default;
    /// An address is come by for the first time. True if it has installed something there.
    virtual bool decode(Run& run, std::uint16_t pc) noexcept = 0;
    /// A slice of the budget has ended there: where that often happens, much time is spent.
    virtual void sample(Run& run, std::uint16_t pc) noexcept = 0;
    /// The devices have other ports now.
    virtual void ports_changed(const Devices& devices) noexcept = 0;
    /// Executes what it has installed at `state.pc`, as far as that goes. Jump, Careful, or Break
    /// if the run is over.
    virtual Exit enter(Run& run, State& state) noexcept = 0;
};

/// What a run needs besides its State, and what both dispatchers leave to one place.
struct Run {
    Machine& machine;
    Devices& devices;
    CodeMap& code;
    Tier* tier;        ///< may be null
    Slices slices;     ///< of the budget; what is left of the current one is in `fuel`
    Store store = {};  ///< what is behind Exit::Written
    State end = {};    ///< as it is when the run is over
#ifdef LEVERET_CHECK_SEQUENCES
    Checker checker = Checker(machine, tier != nullptr);
#endif

    /// The budget may be used up: begins a new slice. False if the run is over.
    bool refill(State& state);
    /// Executes one instruction on the plain executor: rings that wrap, operands across ffff,
    /// ports with side effects. False if the run is over.
    bool careful(State& state);
    /// Finds what to do at `pc`, which has not been decoded.
    void decode(std::size_t pc);
    /// Ends the run after a BRK.
    void finish(State& state);
    /// RAM was written while the plain executor was at work.
    void written(std::uint16_t begin, std::uint32_t length);
    /// Whether the instructions that are left are to be counted one by one, and the code at `pc`
    /// executes more than that.
    bool is_too_much(const State& state) const;
};

/// True when a jump led to where the slice of the budget ends.
constexpr bool is_out_of_fuel(std::size_t pc, std::int64_t fuel) {
    return kBounded && fuel <= static_cast<std::int64_t>(pc);
}

/// Where a run on `machine` begins.
State state_of(const Machine& machine, std::uint16_t pc);

/// A run from beginning to end, with `dispatch(run, state)` in the middle: it is called once, and
/// returns when the run is over.
/// spare: the map of the thread's last run; most runs go on with code that they know.
template <class Dispatch>
Stop run_with(std::span<const CodeMap::Entry> entries, CodeMap::Owner& spare, Machine& machine,
              Devices& devices, std::uint16_t pc, const Limits& limits, Dispatch dispatch,
              Tier* tier = nullptr) {
    CodeMap::Owner code = spare != nullptr ? std::move(spare) : CodeMap::make(entries);
    if (code == nullptr) {
        return loop_engine().run(machine, devices, pc, limits);
    }
    code->compare(machine.ram);
    Run run{.machine = machine,
            .devices = devices,
            .code = *code,
            .tier = tier,
            .slices = Slices(limits)};
    State state = state_of(machine, pc);
    if (run.refill(state)) {
        dispatch(run, state);
    }
    write_back(machine, state.wst, state.rst);
    spare = std::move(code);
    return {run.slices.reason(), static_cast<std::uint16_t>(state.pc), run.slices.executed()};
}

/// A map for `run_with_tier`; null if there is no memory for one.
CodeMap::Owner make_map();
/// The engine `fused`, or `fused_switch` where there is no other, with a tier above it.
Stop run_with_tier(CodeMap::Owner& map, Tier& tier, Machine& machine, Devices& devices,
                   std::uint16_t pc, const Limits& limits) noexcept;

}  // namespace uxn::fused
