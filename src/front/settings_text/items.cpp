#include "front/settings_text/items.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>
#include <utility>

namespace front::settings_text {
namespace {

/// An enumeration whose values have these names, in their order.
template <auto member>
constexpr ChoiceField choice(std::span<const std::string_view> names) {
    using Value = std::remove_cvref_t<decltype(std::declval<Settings>().*member)>;
    return {names,
            [](const Settings& settings) { return static_cast<std::size_t>(settings.*member); },
            [](Settings& settings, std::size_t value) {
                settings.*member = static_cast<Value>(value);
            }};
}

constexpr std::array<std::string_view, 3> kAccessNames = {"none", "ro", "rw"};
constexpr std::array<std::string_view, 4> kPixelsNames = {"auto", "kitty", "sixel", "blocks"};

constexpr std::array kFields = {
    Field{"zoom", NumberField{&Settings::zoom, 0, kMostZoom}},
    Field{"full_screen", FlagField{&Settings::full_screen}},
    Field{"border", FlagField{&Settings::border}},
    Field{"volume", NumberField{&Settings::volume, 0, 100}},
    Field{"muted", FlagField{&Settings::muted}},
    Field{"speed", NumberField{&Settings::speed, kLeastSpeed, kMostSpeed}},
    Field{"files", choice<&Settings::files>(kAccessNames)},
    Field{"resume", FlagField{&Settings::resume}},
    Field{"rewind_mb", NumberField{&Settings::rewind_mb, 0, 64}},
    Field{"last_seconds", NumberField{&Settings::last_seconds, 0, 120}},
    Field{"terminal_pixels", choice<&Settings::terminal_pixels>(kPixelsNames)},
    Field{"captures", FolderField{&Settings::captures}},
};

/// A basic string of TOML.
std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

/// One name alone, or a list of them.
std::string toml_list(const std::vector<std::string>& texts) {
    if (texts.size() == 1) {
        return toml_string(texts[0]);
    }
    std::string out;
    for (const std::string& text : texts) {
        out += (out.empty() ? "" : ", ") + toml_string(text);
    }
    return "[" + out + "]";
}

std::string print(const Field& field, const Settings& settings) {
    if (const auto* number = std::get_if<NumberField>(&field.kind)) {
        return std::to_string(settings.*number->member);
    }
    if (const auto* flag = std::get_if<FlagField>(&field.kind)) {
        return settings.*flag->member ? "true" : "false";
    }
    if (const auto* folder = std::get_if<FolderField>(&field.kind)) {
        return toml_string(settings.*folder->member);
    }
    const auto& options = std::get<ChoiceField>(field.kind);
    return toml_string(options.names[options.get(settings)]);
}

std::vector<std::string> print_all(std::span<const Chord> chords) {
    std::vector<std::string> texts;
    std::ranges::transform(chords, std::back_inserter(texts), [](Chord c) { return print(c); });
    return texts;
}

}  // namespace

std::span<const Field> fields() {
    return kFields;
}

std::string describe(const Field& field) {
    if (const auto* number = std::get_if<NumberField>(&field.kind)) {
        return "a whole number from " + std::to_string(number->least) + " to " +
               std::to_string(number->most);
    }
    if (std::holds_alternative<FlagField>(field.kind)) {
        return "true or false";
    }
    if (std::holds_alternative<FolderField>(field.kind)) {
        return "a folder: text that begins with \"/\" or \"~/\"";
    }
    return alternatives(std::get<ChoiceField>(field.kind).names);
}

std::string alternatives(std::span<const std::string_view> names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
        out += toml_string(names[i]);
    }
    return out;
}

std::string_view name_of_bit(std::uint8_t bit) {
    const auto found = std::ranges::find(kButtonNames, bit, &ButtonName::bit);
    return found == kButtonNames.end() ? "none" : found->name;
}

std::vector<Item> items_of(const Settings& settings) {
    std::vector<Item> items;
    std::ranges::transform(kFields, std::back_inserter(items), [&](const Field& field) {
        return Item{"", std::string(field.name), print(field, settings)};
    });
    const auto preset = static_cast<std::size_t>(settings.bindings.preset());
    items.push_back({"keys", std::string(kPresetName), toml_string(kKeyPresetNames[preset])});
    for (std::size_t i = 0; i < kActions; ++i) {
        const auto action = static_cast<Action>(i);
        items.push_back({"keys", std::string(info(action).name),
                         toml_list(print_all(settings.bindings.chords_of(action)))});
    }
    for (std::uint8_t pad = 0; pad < PadMap::kPads; ++pad) {
        const std::string number = std::to_string(pad + 1);
        for (const ButtonName& button : kButtonNames) {
            std::vector<std::string> keys;
            for (const Key key : settings.buttons.keys_of({pad, button.bit})) {
                keys.emplace_back(name_of(key));
            }
            items.push_back({"buttons." + number, std::string(button.name), toml_list(keys)});
        }
        for (std::size_t i = 0; i < kPadButtons; ++i) {
            const auto button = static_cast<PadButton>(i);
            items.push_back({"pads." + number, std::string(name_of(button)),
                             toml_string(name_of_bit(settings.pads.bit_of(pad, button)))});
        }
    }
    return items;
}

std::vector<Item> differences(const Settings& current, const Settings& wanted) {
    const std::vector<Item> before = items_of(current);
    std::vector<Item> items = items_of(wanted);
    std::vector<Item> different;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].value == before[i].value) {
            continue;
        }
        if (items[i].table == "keys" && items[i].name == kPresetName) {
            return {items[i]};
        }
        different.push_back(std::move(items[i]));
    }
    return different;
}

}  // namespace front::settings_text
