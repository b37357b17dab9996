#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace front {

enum class Key : std::uint8_t {
    None,  ///< one that has no name here
#define FRONT_KEY(id, name) id,
#include "front/keys.inc"
#undef FRONT_KEY
};

inline constexpr std::size_t kKeys = 1  // None
#define FRONT_KEY(id, name) +1
#include "front/keys.inc"
#undef FRONT_KEY
    ;

/// The names of keys.inc; of None, an empty one. Without regard to case when reading.
std::string_view name_of(Key key);
std::optional<Key> key_named(std::string_view name);

/// Keys held with another one, as bits.
enum Modifier : std::uint8_t { Ctrl = 1, Alt = 2, Shift = 4, Super = 8 };
using Modifiers = std::uint8_t;

enum class PadButton : std::uint8_t {
#define FRONT_PAD_BUTTON(id, name) id,
#include "front/pad_buttons.inc"
#undef FRONT_PAD_BUTTON
};
inline constexpr std::size_t kPadButtons = 0
#define FRONT_PAD_BUTTON(id, name) +1
#include "front/pad_buttons.inc"
#undef FRONT_PAD_BUTTON
    ;

std::string_view name_of(PadButton button);
std::optional<PadButton> pad_button_named(std::string_view name);

}  // namespace front
