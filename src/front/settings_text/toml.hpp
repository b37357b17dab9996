#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

// toml++, which needs neither exceptions nor to write.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace front::settings_text {

/// The first byte of a line, which counts from 1; the end if there are not so many.
inline std::size_t start_of_line(std::string_view text, std::size_t line) {
    std::size_t at = 0;
    for (; line > 1 && at < text.size(); --line) {
        at = std::min(text.find('\n', at), text.size() - 1) + 1;
    }
    return at;
}

}  // namespace front::settings_text
