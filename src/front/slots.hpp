#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace front {

/// Where the states of a program are kept: ten slots, and one for the state in which it was left.
/// Files of a folder, which is made when it is needed: NAME-FINGERPRINT.N.state, so that other
/// programs, and other versions of this one, have slots of their own.
class Slots {
public:
    static constexpr unsigned kCount = 10;
    static constexpr unsigned kAutosave = kCount;  ///< the slot of its own, NAME-....auto.state

    /// name: what people call the program; other characters than letters, digits, '-' and '_' are
    /// replaced in it. rom: the program; it must outlive the slots.
    Slots(std::string folder, std::string_view name, std::span<const std::uint8_t> rom);

    // slot: 0 to kCount - 1, or kAutosave.

    /// Keeps the contents of a state file. Errors: those of `host::write_file`.
    base::Result<void> save(unsigned slot, std::span<const std::uint8_t> state) const;
    /// What was kept, for `restore_state`. Errors: those of `host::read_file`; those of
    /// `restore_state` that can be known before it begins; Unsupported for another program's state.
    base::Result<std::vector<std::uint8_t>> load(unsigned slot) const;
    /// Empties a slot, empty or not. Errors: NotWritable.
    base::Result<void> remove(unsigned slot) const;

    /// When each slot was written; nothing for those that are empty.
    using Times = std::array<std::optional<std::chrono::system_clock::time_point>, kCount + 1>;
    Times times() const;

    std::string path(unsigned slot) const;

private:
    std::string folder_;
    std::string start_;  ///< of the files' names
    std::span<const std::uint8_t> rom_;
};

}  // namespace front
