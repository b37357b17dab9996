#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// How an artefact differs from the expected one, in a few words; nothing if it does not. Pictures
/// are compared by their pixels, all others by their bytes. Null: it is not there.
std::optional<std::string> compare_artefacts(std::string_view name, const std::string* expected,
                                             const std::string* left);

/// Two pictures and where they differ, side by side, as a PNG file; empty if one is no picture.
std::string side_by_side(const std::string& expected, const std::string& left);

}  // namespace cli
