#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "uxn/engine.hpp"
#include "uxn/jit/observer.hpp"

namespace uxn::jit {

/// When to compile, and how much; tests have others.
struct Tuning {
    /// How often a slice of the budget has to end at an address before its region is compiled: code
    /// that takes a hundredth of the time is there after ten milliseconds.
    unsigned samples = 2;
    /// How often compiled code has to lead to an address before its region is compiled.
    unsigned leaves = 32;
    /// Instructions of a region, about.
    unsigned instructions = 250;
    /// Regions that are kept; when there are more, all are forgotten.
    std::size_t regions = 512;
    /// Of how many addresses that are come by for the first time one is compiled at once; 0: none.
    unsigned eager_one_in = 0;
    /// Of how many entries to compiled code one has a region forgotten; 0: none.
    unsigned forget_one_in = 0;
    /// All of these are chosen anew for each run.
    bool is_random = false;
};

/// What one thread has compiled, and the engine that makes use of it.
class Cache {
public:
    virtual ~Cache() = default;
    /// As Engine::run.
    virtual Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
                     const Limits& limits) noexcept = 0;
};

/// observers: they see the last of its code when it goes, and must outlive it.
std::unique_ptr<Cache> make_cache(const Tuning& tuning, std::span<Observer* const> observers = {});

}  // namespace uxn::jit
