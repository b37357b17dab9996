#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace front {

/// Something that a user can ask a front end for.
enum class Action : std::uint8_t {
#define FRONT_ACTION(id, name, group, about, official, uxn32) id,
#include "front/actions.inc"
#undef FRONT_ACTION
};
inline constexpr std::size_t kActions = 0
#define FRONT_ACTION(id, name, group, about, official, uxn32) +1
#include "front/actions.inc"
#undef FRONT_ACTION
    ;

/// What belongs together in a list of keys.
enum class ActionGroup : std::uint8_t { Program, Time, Keep, Show };

/// A row of actions.inc.
struct ActionInfo {
    std::string_view name;
    ActionGroup group;
    std::string_view about;     ///< a few words
    std::string_view official;  ///< its chords, with blanks between them
    std::string_view uxn32;
};

const ActionInfo& info(Action action);
std::optional<Action> action_named(std::string_view name);

}  // namespace front
