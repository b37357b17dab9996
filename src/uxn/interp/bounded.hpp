#pragma once

namespace uxn {

/// Whether the interpreters count instructions and can be stopped from outside. They always do,
/// but for a build that measures what it costs: see bench/README.md.
#ifdef LEVERET_UNBOUNDED
inline constexpr bool kBounded = false;
#else
inline constexpr bool kBounded = true;
#endif

}  // namespace uxn
