#pragma once

#include "uxn/engine.hpp"

namespace uxn {

/// A switch in a loop: clear before fast, portable, and the oracle for the other engines.
const Engine& loop_engine();

/// Executes the one instruction at `pc` as the loop engine does. The way out for other engines when
/// an instruction is too rare or too odd for their fast paths.
/// Looks at `interrupt` (may be null) after a device call. Returns Stop::Reason::Budget when the
/// vector goes on; `instructions` is always 1.
Stop step(Machine& machine, Devices& devices, std::uint16_t pc,
          const std::atomic<bool>* interrupt) noexcept;

}  // namespace uxn
