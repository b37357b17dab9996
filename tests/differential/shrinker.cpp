#include "differential/shrinker.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "support/available_engines.hpp"

namespace uxn::test {
namespace {

class Shrinker {
public:
    Shrinker(const Engine& engine, Trial trial, std::string what)
        : engine_(engine), best_(std::move(trial)), what_(std::move(what)) {}

    Shrunken run() {
        bool goes_on = true;
        while (goes_on) {
            goes_on = cut_end();
            goes_on |= cut_beginning();
            goes_on |= clear_state();
        }
        return {.trial = best_, .what = what_, .attempts = attempts_};
    }

private:
    static constexpr unsigned kMaxAttempts = 4'000;
    static constexpr std::uint64_t kMaxInstructions = 400'000'000;

    std::uint64_t& budget() { return best_.slices.front().budget; }

    /// Keeps the candidate if the engine differs on it, too.
    bool attempt(const Trial& candidate) {
        if (attempts_ >= kMaxAttempts || instructions_ >= kMaxInstructions) {
            return false;
        }
        ++attempts_;
        SideBySide sides(engine_, candidate);
        std::string what = sides.run(candidate.slices.front());
        instructions_ += sides.instructions();
        if (what.empty()) {
            return false;
        }
        what_ = std::move(what);
        best_ = candidate;
        return true;
    }

    bool attempt_budget(std::uint64_t budget) {
        Trial candidate = best_;
        candidate.slices.front().budget = budget;
        return attempt(candidate);
    }

    /// The least budget, as far as halving finds it.
    bool cut_end() {
        const std::uint64_t before = budget();
        std::uint64_t same = 0;
        while (budget() - same > 1) {
            const std::uint64_t middle = same + (budget() - same) / 2;
            if (!attempt_budget(middle)) {
                same = middle;
            }
        }
        return budget() < before;
    }

    /// The trial as it is after so many instructions of the oracle. (Engines keep nothing but what
    /// is in the machine, so that a program may begin anywhere.)
    Trial begun(std::uint64_t instructions) const {
        SideBySide oracles(oracle(), best_);
        oracles.run({.budget = instructions});
        const Slice& slice = best_.slices.front();
        return oracles.rest(slice.budget - oracles.instructions(), slice);
    }

    /// The latest beginning, going back in steps that double.
    bool cut_beginning() {
        for (std::uint64_t kept = 1; kept < budget(); kept *= 2) {
            if (attempt(begun(budget() - kept))) {
                return true;
            }
        }
        return false;
    }

    /// Sets what `part` finds in a trial to zero, in chunks that get ever smaller.
    template <class Part>
    bool clear(const Part& part) {
        using Value = typename std::remove_cvref_t<decltype(part(best_))>::value_type;
        const auto is_zero = [](Value value) { return value == Value{}; };
        bool has_changed = false;
        for (std::size_t size = part(best_).size(); size > 0; size /= 2) {
            for (std::size_t begin = 0; begin < part(best_).size(); begin += size) {
                const auto chunk_of = [&](Trial& trial) {
                    const auto all = part(trial);
                    return all.subspan(begin, std::min(size, all.size() - begin));
                };
                if (std::ranges::all_of(chunk_of(best_), is_zero)) {
                    continue;
                }
                Trial candidate = best_;
                std::ranges::fill(chunk_of(candidate), Value{});
                has_changed |= attempt(candidate);
            }
        }
        return has_changed;
    }

    bool clear_state() {
        bool changed =
            clear([](Trial& t) { return std::span<std::uint8_t>(t.machine.ram.bytes()); });
        changed |= clear([](Trial& t) { return std::span(t.machine.dev); });
        changed |= clear([](Trial& t) { return std::span(t.devices.reads); });
        changed |= clear([](Trial& t) { return std::span(t.devices.writes); });
        changed |= clear([](Trial& t) { return std::span(t.devices.changed_reads); });
        changed |= clear([](Trial& t) { return std::span(t.devices.changed_writes); });
        changed |= clear([](Trial& t) { return std::span(t.machine.wst.storage); });
        changed |= clear([](Trial& t) { return std::span(t.machine.rst.storage); });
        changed |= clear([](Trial& t) { return std::span(&t.machine.wst.ptr, 1); });
        changed |= clear([](Trial& t) { return std::span(&t.machine.rst.ptr, 1); });
        changed |= clear([](Trial& t) { return std::span(&t.devices.interrupt_at, 1); });
        changed |= clear([](Trial& t) { return std::span(&t.devices.calls_before, 1); });
        if (best_.slices.front().relay) {
            Trial candidate = best_;
            candidate.slices.front().relay.reset();
            changed |= attempt(candidate);
        }
        return changed;
    }

    const Engine& engine_;
    Trial best_;  ///< always of one slice
    std::string what_;
    unsigned attempts_ = 0;
    std::uint64_t instructions_ = 0;
};

}  // namespace

std::optional<Shrunken> shrink(const Engine& engine, const Trial& trial) {
    SideBySide sides(engine, trial);
    for (const Slice& slice : trial.slices) {
        Trial alone = sides.rest(slice.budget, slice);
        std::string what = sides.run(slice);
        if (!what.empty()) {
            return Shrinker(engine, std::move(alone), std::move(what)).run();
        }
    }
    return std::nullopt;
}

}  // namespace uxn::test
