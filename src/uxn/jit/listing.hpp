#pragma once

#include <string>
#include <string_view>

namespace uxn::jit {

/// Machine code as text for people: what AsmJit logs (with the bytes of each instruction), with the
/// offset of each instruction instead, and what is where in the Context beside it.
/// context: the name of the register that points to it.
std::string listing(std::string_view log, std::string_view context);

}  // namespace uxn::jit
