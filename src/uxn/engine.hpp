#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"

namespace uxn {

inline constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

/// What may end a run from outside the program.
struct Limits {
    /// Most instructions to execute; all engines count the same ones.
    std::uint64_t instructions = kUnlimited;
    /// When set, by any thread or signal handler, the run ends within a millisecond. May be null.
    const std::atomic<bool>* interrupt = nullptr;
};

/// True when there is such a flag and it is set. (It orders nothing but itself.)
inline bool is_set(const std::atomic<bool>* interrupt) {
    return interrupt != nullptr && interrupt->load(std::memory_order_relaxed);
}

/// Why a run ended, and where.
struct Stop {
    enum class Reason {
        Break,        ///< BRK was executed
        Halted,       ///< a device asked for it
        Budget,       ///< Limits::instructions were executed
        Interrupted,  ///< Limits::interrupt was seen set
    };
    Reason reason = Reason::Break;
    std::uint16_t pc = 0;            ///< address of the instruction after the last one executed
    std::uint64_t instructions = 0;  ///< how many were executed, the last one included

    friend bool operator==(const Stop&, const Stop&) = default;
};

/// A way to execute Uxn instructions. Engines hold no state of their own: all that survives a run
/// is in the machine, so runs may be continued by another engine. All engines give the same final
/// state, the same device calls in the same order, and the same stops (an interrupt excepted, whose
/// moment is chance). One engine object may be used by several threads at once.
class Engine {
public:
    virtual ~Engine() = default;
    /// Executes instructions from `pc` until something in `Stop::Reason` happens.
    virtual Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
                     const Limits& limits) const noexcept = 0;
};

}  // namespace uxn
