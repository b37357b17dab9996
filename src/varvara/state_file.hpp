#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "uxn/machine.hpp"
#include "varvara/varvara.hpp"

namespace varvara {

/// What a state file holds beside the computer itself.
struct StateExtras {
    std::vector<std::uint8_t> rom;  ///< for reboots
    std::int64_t clock_start = 0;   ///< of a VirtualClock, in seconds since the start of 1970
    std::uint64_t frame = 0;        ///< how many frames it has run
};

/// The whole computer between two events as the contents of a state file, which any engine can go
/// on with. docs/state-format.md describes the format.
std::vector<std::uint8_t> save_state(const uxn::Machine& machine, Varvara& varvara,
                                     const StateExtras& extras);

/// Makes the computer what it was when it was saved. On an error, of code Malformed or Unsupported,
/// machine and devices are in an unknown but safe condition: do not run them.
base::Result<StateExtras> restore_state(std::span<const std::uint8_t> bytes, uxn::Machine& machine,
                                        Varvara& varvara);

/// What of a state file's contents can be known before anything is restored.
/// Errors: as for `restore_state`.
base::Result<StateExtras> read_state_extras(std::span<const std::uint8_t> bytes);

/// The computer alone, for as long as this process runs: no format, no ROM, nothing is checked on
/// the way back but sizes. Ten times a second is no burden. `bytes` is replaced, its memory kept.
void save_snapshot(uxn::Machine& machine, Varvara& varvara, std::vector<std::uint8_t>& bytes);
/// The way back. Errors: as for `restore_state`, for bytes that are no snapshot.
base::Result<void> restore_snapshot(std::span<const std::uint8_t> bytes, uxn::Machine& machine,
                                    Varvara& varvara);

}  // namespace varvara
