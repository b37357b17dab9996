#pragma once

#include <cstdint>
#include <string>

namespace front {

/// What can be run.
struct Choice {
    enum class Kind : std::uint8_t {
        File,      ///< a ROM or source: `name` is its path
        Demo,      ///< a program that is part of Leveret
        Launcher,  ///< the program that lets people choose one
    };
    Kind kind = Kind::File;
    std::string name;

    friend bool operator==(const Choice&, const Choice&) = default;
};

}  // namespace front
