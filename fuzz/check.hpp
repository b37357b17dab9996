#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

/// Ends the process if something that must hold does not, so that the fuzzer keeps the input.
inline void check(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

}  // namespace fuzz
