#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>

#include "differential/trial.hpp"
#include "uxn/engine.hpp"

namespace uxn::test {

/// What programs did, seen from outside one instruction at a time, so that a generator which stops
/// doing something is noticed.
class Coverage {
public:
    /// Runs a trial on the oracle. Long runs are cut short.
    void observe(const Trial& trial);

    /// How often each opcode was executed.
    const std::array<std::uint64_t, 256>& opcodes() const { return opcodes_; }

    /// How often something happened, by its name: see `features()`.
    std::uint64_t count(std::string_view feature) const;

    /// The names of all that should happen.
    static std::span<const std::string_view> features();

private:
    class Observer;

    std::array<std::uint64_t, 256> opcodes_{};
    std::map<std::string_view, std::uint64_t> counts_;
};

}  // namespace uxn::test
