#pragma once

#include "uxn/engine.hpp"

namespace uxn {

/// Threaded code in assembly, machine state in registers: x86_64/engine.S and aarch64/engine.S.
/// Only where there is such a file for the target.
const Engine& native_engine();

}  // namespace uxn
