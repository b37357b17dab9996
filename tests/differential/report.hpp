#pragma once

#include <string>

#include "differential/side_by_side.hpp"

namespace uxn::test {

/// A difference for people: what differs in the trial as it was, and the least found that shows it,
/// with its state at the start and the instructions that it reaches. Several lines, each indented.
std::string report(const Engine& engine, const Trial& trial, const Difference& difference);

/// The instructions that the oracle reaches in the first run of a trial, in the order of their
/// first execution, a line each; of many only some.
std::string disassemble(const Trial& trial);

}  // namespace uxn::test
