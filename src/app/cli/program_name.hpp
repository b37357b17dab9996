#pragma once

#include <algorithm>
#include <string_view>

/// What a file is by its name.
namespace cli {

/// Whether a name or path ends so. ending: in lower case; that of the name does not matter.
inline bool has_ending(std::string_view name, std::string_view ending) {
    return name.size() >= ending.size() &&
           std::ranges::equal(name.substr(name.size() - ending.size()), ending, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
           });
}

inline bool is_source(std::string_view path) {
    return has_ending(path, ".tal");
}
inline bool is_program(std::string_view path) {
    return is_source(path) || has_ending(path, ".rom");
}

}  // namespace cli
