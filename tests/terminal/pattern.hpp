#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "front/display.hpp"

namespace terminal_test {

/// A picture of four colours in which no two places look alike; another one for each number.
inline std::vector<std::uint32_t> pattern(front::Size size, unsigned number = 0) {
    constexpr std::uint32_t kColours[] = {0x102030, 0xf0e0d0, 0x40c080, 0xc04080};
    std::vector<std::uint32_t> pixels;
    std::uint32_t state = 12345 + number;
    for (std::size_t i = 0; i < std::size_t{size.width} * size.height; ++i) {
        state = state * 1664525 + 1013904223;
        pixels.push_back(kColours[state >> 30]);
    }
    return pixels;
}

}  // namespace terminal_test
