#include "front/key.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/ascii.hpp"

namespace front {
namespace {

constexpr std::array kKeyNames = {
    std::string_view(),
#define FRONT_KEY(id, name) std::string_view(name),
#include "front/keys.inc"
#undef FRONT_KEY
};

constexpr std::array kPadButtonNames = {
#define FRONT_PAD_BUTTON(id, name) std::string_view(name),
#include "front/pad_buttons.inc"
#undef FRONT_PAD_BUTTON
};

/// The position of a name in a list; the list's size if it is not there.
std::size_t find(std::span<const std::string_view> names, std::string_view name) {
    const auto same = [&](std::string_view other) {
        return std::ranges::equal(name, other, {}, base::lower, base::lower);
    };
    return static_cast<std::size_t>(std::ranges::find_if(names, same) - names.begin());
}

}  // namespace

std::string_view name_of(Key key) {
    return kKeyNames[static_cast<std::size_t>(key)];
}

std::optional<Key> key_named(std::string_view name) {
    const std::size_t at = name.empty() ? kKeyNames.size() : find(kKeyNames, name);
    return at == kKeyNames.size() ? std::nullopt : std::optional(static_cast<Key>(at));
}

std::string_view name_of(PadButton button) {
    return kPadButtonNames[static_cast<std::size_t>(button)];
}

std::optional<PadButton> pad_button_named(std::string_view name) {
    const std::size_t at = find(kPadButtonNames, name);
    return at == kPadButtons ? std::nullopt : std::optional(static_cast<PadButton>(at));
}

}  // namespace front
