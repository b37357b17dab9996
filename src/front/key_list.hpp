#pragma once

#include <vector>

#include "front/bindings.hpp"
#include "front/overlay.hpp"

namespace front {

/// All keys and what they do, in two columns: ASCII, at most `kKeyListWidth` characters a line, 22
/// lines unless many keys were added.
std::vector<Overlay::Line> key_list(const Bindings& bindings, const KeyMap& buttons);

inline constexpr std::size_t kKeyListWidth = 60;

}  // namespace front
