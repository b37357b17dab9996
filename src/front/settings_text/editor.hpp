#pragma once

#include <span>
#include <string>
#include <string_view>

#include "front/settings_text/items.hpp"
#include "front/settings_text/toml.hpp"

namespace front::settings_text {

/// A text with these values in it, and everything else as it is. It may not be what was wanted if
/// the text is an odd one: whoever needs to know has to read it.
/// table: what the text says.
std::string edit(std::string_view text, const toml::table& table, std::span<const Item> items);

}  // namespace front::settings_text
