#pragma once

#include <cstdint>

#include "front/film.hpp"

namespace front {

inline constexpr unsigned kRate = 6000;  ///< a hundred frames of sound a sixtieth of a second

inline FilmTime at(std::uint64_t sixtieth) {
    return FilmTime(sixtieth * 1'000'000'000 / 60);
}

inline varvara::Rows all(Size size) {
    return {.begin = 0, .end = size.height};
}

}  // namespace front
