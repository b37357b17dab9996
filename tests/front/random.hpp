#pragma once

#include <random>

namespace front {

/// Numbers, the same each time.
struct Random {
    explicit Random(unsigned seed) : engine(seed) {}
    unsigned operator()() { return static_cast<unsigned>(engine()); }

    std::mt19937 engine;
};

}  // namespace front
