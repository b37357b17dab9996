#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "front/settings.hpp"

/// Every setting as text.
namespace front::settings_text {

inline constexpr unsigned kVersion = 1;
/// What the set of bindings to begin with is called.
inline constexpr std::string_view kPresetName = "map";

// The settings that are a line each.

struct NumberField {
    unsigned Settings::* member;
    unsigned least;
    unsigned most;
};
struct FlagField {
    bool Settings::* member;
};
struct FolderField {
    std::string Settings::* member;
};
struct ChoiceField {
    std::span<const std::string_view> names;
    std::size_t (*get)(const Settings& settings);
    void (*set)(Settings& settings, std::size_t value);
};
struct Field {
    std::string_view name;
    std::variant<NumberField, FlagField, FolderField, ChoiceField> kind;
};

std::span<const Field> fields();
/// What a field may be, for people.
std::string describe(const Field& field);

/// A line of a file: `name` in `table`, which is empty for the first lines of a file.
struct Item {
    std::string table;
    std::string name;
    std::string value;  ///< as TOML
};

/// Everything, in the order in which it is written.
std::vector<Item> items_of(const Settings& settings);
/// What of `wanted` is not so yet. Another map comes first, alone: it changes what others are.
std::vector<Item> differences(const Settings& current, const Settings& wanted);

/// The name of a bit of Controller::Button, or "none".
std::string_view name_of_bit(std::uint8_t bit);
/// Names with quotes, as in: "a", "b" or "c".
std::string alternatives(std::span<const std::string_view> names);

}  // namespace front::settings_text
