#pragma once

namespace uxn {

// What makes engines exact and safe, each of which a build can be without, to measure what it
// costs: see bench/README.md.

/// Whether interpreters count instructions and can be stopped from outside.
#ifdef LEVERET_WITHOUT_BUDGET
inline constexpr bool kBounded = false;
#else
inline constexpr bool kBounded = true;
#endif

/// Whether compiled code does.
#ifdef LEVERET_WITHOUT_FUEL
inline constexpr bool kCountsFuel = false;
#else
inline constexpr bool kCountsFuel = true;
#endif

/// Whether compiled code looks where it stores: it may be to code.
#ifdef LEVERET_WITHOUT_CODE_TESTS
inline constexpr bool kTestsStores = false;
#else
inline constexpr bool kTestsStores = true;
#endif

/// Whether compiled code keeps what is above the stack pointers, for those who look there.
#ifdef LEVERET_WITHOUT_DEAD_CELLS
inline constexpr bool kKeepsDeadCells = false;
#else
inline constexpr bool kKeepsDeadCells = true;
#endif

}  // namespace uxn
