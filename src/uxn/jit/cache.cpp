#include "uxn/jit/cache.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "uxn/fused/run.hpp"
#include "uxn/interp/exactness.hpp"
#include "uxn/interp/loop.hpp"
#include "uxn/jit/compile.hpp"
#include "uxn/jit/region_builder.hpp"

namespace uxn::jit {
namespace {

using fused::CodeMap;

/// Entering compiled code and leaving it costs what so many instructions gain by it.
constexpr int kWorthwhile = 64;
/// How many are lost by a region before it is given up.
constexpr int kPatience = 32'000;
/// How many slices of the budget have to end at its address before it is tried again, in runs of
/// more than one.
constexpr std::uint8_t kGivenUp = 200;

/// Compiled code executes at most so many instructions between two looks at its fuel.
constexpr std::int64_t kReserve = 1024;
/// Instructions that are compiled at a time, about: of a region that is executed often, and of
/// those that come after it. They take half a millisecond.
constexpr unsigned kAtOnce = 400;

/// What time something takes, if somebody wants to know.
class Stopwatch {
public:
    explicit Stopwatch(bool wanted) : start_(wanted ? Clock::now() : Clock::time_point()) {}
    std::chrono::nanoseconds time() const { return Clock::now() - start_; }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_;
};

class RegionCache final : public Cache,
                          public fused::Tier,
                          public fused::CodeObserver,
                          public Habits {
public:
    RegionCache(const Tuning& tuning, std::span<Observer* const> observers)
        : observers_(observers),
          asked_for_(tuning),
          tuning_(tuning),
          random_(tuning.instructions),
          tables_(static_cast<Tables*>(std::calloc(1, sizeof(Tables)))),
          map_(fused::make_map()) {
        if (code_ != nullptr) {
            code_->set_observer(this);
        }
    }

    ~RegionCache() override {
        drop_all(Dropped::Over);
        release_dropped();
        if (compiler_ != nullptr && compiler_->works()) {
            tell([&](Observer& observer) { observer.released(compiler_->shared_code().data()); });
        }
    }
    RegionCache(const RegionCache&) = delete;
    RegionCache& operator=(const RegionCache&) = delete;

    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) noexcept override {
        if (map_ == nullptr || tables_ == nullptr) {
            return loop_engine().run(machine, devices, pc, limits);
        }
        ports_changed(devices);
        if (machine_ != &machine) {
            change_machine(machine);
        }
        tuning_ = asked_for_;
        compiled_ = 0;
        if (tuning_.is_random) {
            tune();
        }
        const Stop stop = fused::run_with_tier(map_, *this, machine, devices, pc, limits);
        if (!observers_.empty()) {
            const Counters counters = std::exchange(counters_, {});
            tell([&](Observer& observer) { observer.counted(counters); });
        }
        return stop;
    }

    bool decode(fused::Run& run, std::uint16_t pc) noexcept override {
        return one_in(tuning_.eager_one_in) && compile(run, pc) != nullptr;
    }

    void sample(fused::Run& run, std::uint16_t pc) noexcept override {
        if (tables_->given_up[pc] != 0) {
            // That a run begins there does not say that it takes time.
            if (run.slices.executed() > std::uint64_t{Slices::kSlice}) {
                --tables_->given_up[pc];
            }
        } else if (!is_compiled(pc) && ++tables_->samples[pc] >= tuning_.samples) {
            compile_from(run, pc);
        }
    }

    /// Compiles what is there, and what comes after it. False if there was nothing to compile.
    bool compile_from(fused::Run& run, std::uint16_t pc) {
        tables_->samples[pc] = 0;
        tables_->leaves[pc] = 0;
        std::vector<std::uint16_t> wanted = {pc};
        unsigned instructions = 0;
        for (std::size_t i = 0; i < wanted.size() && instructions < kAtOnce; ++i) {
            if (is_compiled(wanted[i]) || tables_->given_up[wanted[i]] != 0) {
                continue;
            }
            const Region* region = compile(run, wanted[i]);
            if (region == nullptr) {
                tables_->given_up[wanted[i]] = kGivenUp;
            } else {
                instructions += region->instructions;
                wanted.insert(wanted.end(), region->next.begin(), region->next.end());
            }
        }
        return instructions != 0;
    }

    fused::Exit enter(fused::Run& run, fused::State& state) noexcept override {
        using Outcome = Context::Outcome;
        release_dropped();
        if (one_in(tuning_.forget_one_in) && !regions_.empty()) {
            drop(random_() % regions_.size(), Dropped::Flushed);
            tuning_.forget_one_in *= 2;  // as in `compile`
        }
        Context& context = *context_;
        context.reserve = run.slices.is_last() ? kReserve : 0;
        if (state.fuel - static_cast<std::int64_t>(state.pc) <= context.reserve) {
            return fused::Exit::Careful;
        }
        context.state = state;
        if constexpr (!kBounded) {
            context.state.fuel = std::numeric_limits<std::int64_t>::max() / 2;
        }
        context.run = &run;
        const std::uint64_t before = executed(run, context.state);
        counters_.entries += 1;
        compiler_->enter(context);
        if (context.outcome == Outcome::Unfinished) {
            counters_.side_exits += 1;
            context.outcome = finish(context);
        }
        const auto from = static_cast<std::uint16_t>(state.pc);
        state = context.state;
        const std::uint64_t count =
            (context.outcome == Outcome::Over ? run.slices.executed() : executed(run, state)) -
            before;
        counters_.instructions += count;
        const auto pc = static_cast<std::uint16_t>(state.pc);
        if (context.outcome == Outcome::Jump && !is_compiled(pc) && tables_->given_up[pc] == 0) {
            // Compiling takes as long as a slice does: look at the interrupt flag.
            if (++tables_->leaves[pc] >= tuning_.leaves && compile_from(run, pc) &&
                !run.refill(state)) {
                return fused::Exit::Break;
            }
        } else {
            note_worth(from, count);
        }
        switch (context.outcome) {
            case Outcome::Over: return fused::Exit::Break;
            case Outcome::Careful: return fused::Exit::Careful;
            default: return fused::Exit::Jump;
        }
    }

    void ports_changed(const Devices& devices) noexcept override {
        PortSet reads = reads_;
        PortSet writes = writes_;
        reads |= devices.reads();
        writes |= devices.writes();
        if (reads != reads_ || writes != writes_) {
            drop_all();
            reads_ = reads;
            writes_ = writes;
        }
    }

    void code_changed(std::uint32_t begin, std::uint32_t end) noexcept override {
        for (std::size_t i = regions_.size(); i-- > 0;) {
            const std::vector<std::uint16_t>& bytes = regions_[i].looked_at;
            const auto first = std::ranges::lower_bound(bytes, begin);
            if (first != bytes.end() && *first < end) {
                drop(i, Dropped::Changed);
            }
        }
        if (end - begin == 1) {
            tables_->variables[begin] = true;
        } else {
            for (std::uint32_t at = begin; at < end; ++at) {
                tables_->variables[at] = false;
                tables_->is_not_data[at] = false;
                tables_->given_up[at] = 0;
            }
        }
    }

    void becomes_code(std::uint32_t at) noexcept override {
        if (!tables_->data[at]) {
            return;
        }
        tables_->data[at] = false;
        tables_->is_not_data[at] = true;
        for (std::size_t i = regions_.size(); i-- > 0;) {
            if (std::ranges::find(regions_[i].data, at) != regions_[i].data.end()) {
                drop(i, Dropped::Changed);
            }
        }
    }

    bool is_code(std::uint16_t at) const override {
        return code_->is_code(at) || tables_->is_not_data[at];
    }
    bool keeps_changing(std::uint16_t at) const override { return code_->is_hot(at); }
    bool is_variable(std::uint16_t at) const override { return tables_->variables[at]; }
    void set_variable(std::uint16_t at) override { tables_->variables[at] = true; }

private:
    struct Kept {
        std::uint16_t pc;
        Compiled compiled;
        std::vector<std::uint16_t> looked_at;  ///< in order
        std::vector<std::uint16_t> data;
    };

    bool one_in(unsigned number) { return number == 1 || (number > 1 && random_() % number == 0); }

    void tune() {
        const auto choose = [&](std::initializer_list<unsigned> among) {
            return among.begin()[random_() % among.size()];
        };
        tuning_.samples = choose({1, 1, 2, 3});
        tuning_.leaves = choose({1, 2, 5, 32});
        tuning_.instructions = choose({1, 2, 3, 5, 9, 20, 50, 250});
        tuning_.regions = choose({1, 2, 5, 20, 512});
        tuning_.eager_one_in = choose({0, 1, 1, 2, 5, 20});
        tuning_.forget_one_in = choose({0, 2, 10, 100});
        if (one_in(8)) {
            drop_all();
        }
    }

    bool is_compiled(std::uint16_t pc) const {
        return context_ != nullptr && context_->entries[pc] != context_->stubs.leave;
    }

    /// Compiled code may have the machine's address in it.
    void change_machine(Machine& machine) {
        machine_ = &machine;
        if (context_ != nullptr) {
            context_->machine = &machine;
            if constexpr (Compiler::kIsForOneMachine) {
                drop_all();
            }
        }
    }

    /// Programs that end soon need none of this.
    bool is_ready() {
        if (compiler_ == nullptr) {
            context_ = std::make_unique<Context>();
            context_->machine = machine_;
            context_->marks = code_->marks();
            compiler_ = std::make_unique<Compiler>(*context_);
            context_->stubs = compiler_->stubs();
            context_->step = &step;
            context_->entries.fill(context_->stubs.leave);
            if (compiler_->works() && !observers_.empty()) {
                const std::vector<std::uint8_t> frames = compiler_->shared_frames();
                tell([&](Observer& observer) {
                    observer.shared(
                        {.code = compiler_->shared_code(), .frames = frames, .assembly = {}});
                });
            }
        }
        return compiler_->works();
    }

    /// Null if there is nothing to compile, or no memory.
    const Region* compile(fused::Run& run, std::uint16_t pc) noexcept {
        if (!is_ready()) {
            return nullptr;
        }
        const Stopwatch stopwatch(!observers_.empty());
        std::optional<Region> region =
            build_region(run.machine.ram, {reads_, writes_}, *this, pc, tuning_.instructions);
        if (!region) {
            return nullptr;
        }
        region_ = std::move(*region);
        if (regions_.size() >= tuning_.regions) {
            drop_all();
        }
        // Less and less often: runs have to end.
        if (++compiled_ % 128 == 0) {
            tuning_.eager_one_in *= 2;
            tuning_.regions += tuning_.eager_one_in;
        }
        std::string assembly;
        std::optional<Compiled> compiled =
            compiler_->compile(region_, wants_assembly() ? &assembly : nullptr);
        if (!compiled) {
            return nullptr;
        }
        if (!observers_.empty()) {
            const std::vector<std::uint8_t> frames = compiler_->frames_of(*compiled);
            const RegionReport report = {
                .region = region_,
                .ram = run.machine.ram,
                .code = {.code = compiled->bytes(), .frames = frames, .assembly = assembly},
                .time = stopwatch.time()};
            tell([&](Observer& observer) { observer.compiled(report); });
        }
        context_->entries[pc] = compiled->code;
        code_->install(run.machine.ram, pc, fused::kEnter, region_.looked_at);
        for (const std::uint16_t at : region_.data) {
            tables_->data[at] = true;
        }
        regions_.push_back({.pc = pc,
                            .compiled = std::move(*compiled),
                            .looked_at = region_.looked_at,
                            .data = region_.data});
        return &region_;
    }

    /// Gives up a region that is left again too soon, such as one that calls what cannot be
    /// compiled.
    void note_worth(std::uint16_t pc, std::uint64_t executed) {
        std::int16_t& worth = tables_->worth[pc];
        worth = static_cast<std::int16_t>(std::clamp<std::int64_t>(
            worth + static_cast<std::int64_t>(executed) - kWorthwhile, -kPatience, kPatience));
        if (worth > -kPatience || tuning_.eager_one_in != 0) {
            return;
        }
        worth = 0;
        tables_->given_up[pc] = kGivenUp;
        const auto region = std::ranges::find(regions_, pc, &Kept::pc);
        if (region != regions_.end()) {
            drop(static_cast<std::size_t>(region - regions_.begin()), Dropped::GivenUp);
        }
    }

    /// What is still wanted is soon compiled again.
    void drop_all(Dropped why = Dropped::Flushed) {
        counters_.flushes += regions_.empty() ? 0 : 1;
        while (!regions_.empty()) {
            drop(regions_.size() - 1, why);
        }
    }

    /// The code itself may be what is being executed: it is released later.
    void drop(std::size_t number, Dropped why) {
        Kept& region = regions_[number];
        tell([&](Observer& observer) { observer.dropped(region.compiled.bytes().data(), why); });
        context_->entries[region.pc] = context_->stubs.leave;
        code_->remove(region.pc);
        released_.push_back(std::move(region.compiled));
        regions_.erase(regions_.begin() + static_cast<std::ptrdiff_t>(number));
    }

    void release_dropped() {
        for (const Compiled& old : released_) {
            tell([&](Observer& observer) { observer.released(old.bytes().data()); });
            compiler_->release(old);
        }
        released_.clear();
    }

    template <class Tell>
    void tell(Tell tell) {
        for (Observer* observer : observers_) {
            tell(*observer);
        }
    }
    bool wants_assembly() const {
        return std::ranges::any_of(observers_,
                                   [](const Observer* each) { return each->wants_assembly(); });
    }

    /// Instructions of the run so far.
    static std::uint64_t executed(const fused::Run& run, const fused::State& state) {
        return run.slices.executed() -
               static_cast<std::uint64_t>(state.fuel - static_cast<std::int64_t>(state.pc));
    }

    static bool step(Context& context) {
        fused::Run& run = *context.run;
        if (run.slices.is_last()) {
            context.outcome = Context::Outcome::Careful;
            return false;
        }
        static_cast<RegionCache*>(run.tier)->counters_.steps += 1;
        if (!run.careful(context.state)) {
            context.outcome = Context::Outcome::Over;
            return false;
        }
        context.outcome = Context::Outcome::Jump;
        return !run.slices.is_last();
    }

    /// Does what is missing of an exit without code of its own.
    Context::Outcome finish(Context& context) {
        const auto* at = static_cast<const char*>(context.left_at);
        const auto kept = std::ranges::find_if(regions_, [&](const Kept& region) {
            const auto* begin = static_cast<const char*>(region.compiled.code);
            return at > begin && at <= begin + region.compiled.size;
        });
        const Compiled& compiled = kept->compiled;
        const auto offset =
            static_cast<std::uint32_t>(at - static_cast<const char*>(compiled.code));
        const SideExit& exit =
            *std::ranges::lower_bound(compiled.side_exits, offset, {}, &SideExit::offset);
        auto* memory = reinterpret_cast<std::uint8_t*>(context.machine);
        for (std::uint32_t i = exit.first; i < exit.last; ++i) {
            const SideExit::Store& store = compiled.stores[i];
            const auto value = static_cast<std::uint16_t>(value_of(context, store.value));
            const std::uint16_t bits = cell_bits(store.part, value);
            std::uint8_t* cell =
                memory + (store.cell.rst ? context.state.rst : context.state.wst) - store.cell.at;
            if (store.part == CellStore::Part::Short) {
                *cell-- = static_cast<std::uint8_t>(bits >> 8);
            }
            *cell = static_cast<std::uint8_t>(bits);
        }
        fused::State& state = context.state;
        state.pc = exit.pc;
        state.wst -= static_cast<std::size_t>(static_cast<std::ptrdiff_t>(exit.wst));
        state.rst -= static_cast<std::size_t>(static_cast<std::ptrdiff_t>(exit.rst));
        state.fuel += exit.pc - exit.count;
        return exit.is_jump ? Context::Outcome::Jump : Context::Outcome::Careful;
    }

    static std::uint64_t value_of(const Context& context, Source source) {
        switch (source.kind) {
            case Source::Kind::Constant: return source.number;
            case Source::Kind::Register: return context.registers[source.number];
            case Source::Kind::Slot: return context.slots[source.number];
        }
        return 0;
    }

    /// All zero in the beginning: pages that come into being when they are used.
    struct Tables {
        std::array<std::uint8_t, kRamSize> samples;
        std::array<std::uint8_t, kRamSize> leaves;  ///< how often compiled code has led there
        std::array<bool, kRamSize> variables;
        std::array<bool, kRamSize> data;         ///< what regions have taken for it
        std::array<bool, kRamSize> is_not_data;  ///< where that was wrong
        /// What the region has gained: instructions, less those that entering it costs.
        std::array<std::int16_t, kRamSize> worth;
        /// How many slices have to end there before it is compiled again.
        std::array<std::uint8_t, kRamSize> given_up;
    };
    struct Free {
        void operator()(Tables* tables) const { std::free(tables); }
    };

    std::span<Observer* const> observers_;
    Counters counters_;  ///< since observers were last told
    std::vector<Kept> regions_;
    std::vector<Compiled> released_;
    Machine* machine_ = nullptr;  ///< that was run last
    std::unique_ptr<Context> context_;
    std::unique_ptr<Compiler> compiler_;
    Region region_;  ///< the last one
    // The ports that have ever had side effects: some have them now and then.
    PortSet reads_;
    PortSet writes_;
    const Tuning asked_for_;
    Tuning tuning_;
    unsigned compiled_ = 0;    ///< regions, in this run
    std::minstd_rand random_;  ///< the same in each process: what is found can be found again
    std::unique_ptr<Tables, Free> tables_;
    CodeMap::Owner map_;  ///< but while a run has it
    CodeMap* code_ = map_.get();
};

}  // namespace

std::unique_ptr<Cache> make_cache(const Tuning& tuning, std::span<Observer* const> observers) {
    return std::make_unique<RegionCache>(tuning, observers);
}

}  // namespace uxn::jit
