#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "front/settings.hpp"
#include "front/settings_text/toml.hpp"

namespace front::settings_text {

/// What is in a file.
struct Reading {
    toml::table table;  ///< without the lines that are no TOML
    std::vector<std::string> errors;
    bool broken = false;  ///< there are such lines
    bool other_version = false;
};

/// Puts what a text says over `settings`; as `read_settings`.
Reading read(std::string_view text, const std::string& name, Settings& settings);

}  // namespace front::settings_text
