#include "front/actions.hpp"

#include <algorithm>
#include <array>

namespace front {
namespace {

constexpr std::array<ActionInfo, kActions> kInfos = {
#define FRONT_ACTION(id, name, group, about, official, uxn32) \
    ActionInfo{name, ActionGroup::group, about, official, uxn32},
#include "front/actions.inc"
#undef FRONT_ACTION
};

}  // namespace

const ActionInfo& info(Action action) {
    return kInfos[static_cast<std::size_t>(action)];
}

std::optional<Action> action_named(std::string_view name) {
    const auto found = std::ranges::find(kInfos, name, &ActionInfo::name);
    return found == kInfos.end() ? std::nullopt
                                 : std::optional(static_cast<Action>(found - kInfos.begin()));
}

}  // namespace front
