#include "front/settings_text/reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "base/did_you_mean.hpp"
#include "front/settings_text/items.hpp"

namespace front::settings_text {
namespace {

bool is_folder(std::string_view text) {
    return (text.empty() || text.starts_with('/') || text.starts_with("~/")) &&
           std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

/// False if the field cannot be that.
bool assign(const Field& field, const toml::node& node, Settings& settings) {
    if (const auto* number = std::get_if<NumberField>(&field.kind)) {
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < number->least || *value > number->most) {
            return false;
        }
        settings.*number->member = static_cast<unsigned>(*value);
        return true;
    }
    if (const auto* flag = std::get_if<FlagField>(&field.kind)) {
        const auto value = node.value_exact<bool>();
        settings.*flag->member = value.value_or(settings.*flag->member);
        return value.has_value();
    }
    const auto text = node.value_exact<std::string_view>();
    if (!text) {
        return false;
    }
    if (const auto* folder = std::get_if<FolderField>(&field.kind)) {
        if (is_folder(*text)) {
            settings.*folder->member = *text;
        }
        return is_folder(*text);
    }
    const auto& options = std::get<ChoiceField>(field.kind);
    const auto found = std::ranges::find(options.names, *text);
    if (found == options.names.end()) {
        return false;
    }
    options.set(settings, static_cast<std::size_t>(found - options.names.begin()));
    return true;
}

/// Something that a file said, in a message: printable, and not too long.
std::string quoted(std::string_view text) {
    constexpr std::size_t kLongest = 40;
    std::string out = "'";
    for (const char c : text.substr(0, kLongest)) {
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out + (text.size() > kLongest ? "...'" : "'");
}

bool is_header(std::string_view line) {
    const std::size_t at = line.find_first_not_of(" \t");
    return at != std::string_view::npos && line[at] == '[';
}

/// Empties a line, and where that began a table, what belonged to it. False if there was nothing.
bool empty_line(std::string& text, std::size_t line) {
    const std::size_t start = start_of_line(text, line);
    bool emptied = false;
    bool in_table = false;
    for (std::size_t at = start; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const bool header = is_header(std::string_view(text).substr(at, end - at));
        if (at != start && (!in_table || header)) {
            break;
        }
        in_table = in_table || header;
        emptied = emptied || end != at;
        text.erase(at, end - at);
        ++at;
    }
    return emptied;
}

/// toml++ 3.3 frees nested tables with a call for each level, and dotted keys nest without limit.
bool is_too_deep(std::string_view text) {
    constexpr std::ptrdiff_t kMostLevels = 4000;
    std::ptrdiff_t levels = 0;
    while (!text.empty() && levels <= kMostLevels) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (!line.starts_with('#')) {
            levels += std::ranges::count_if(
                line, [](char c) { return c == '.' || c == '[' || c == '{'; });
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return levels > kMostLevels;
}

class Reader {
public:
    Reader(std::string_view text, const std::string& name, Settings& settings)
        : text_(text), name_(name), settings_(settings) {
        parse();
        read();
    }

    Reading finish() && {
        if (omitted_ > 0) {
            reading_.errors.push_back(name_ + ": error: " + std::to_string(omitted_) + " more");
        }
        return std::move(reading_);
    }

private:
    struct Entry {
        const toml::key* key;
        const toml::node* node;
    };

    void complain(toml::source_position at, const std::string& message) {
        constexpr std::size_t kMostErrors = 20;
        if (reading_.errors.size() == kMostErrors) {
            ++omitted_;
            return;
        }
        // The parser may see the end of a text a little beyond it.
        const auto lines = static_cast<std::size_t>(std::ranges::count(text_, '\n')) + 1;
        const std::size_t line = std::clamp<std::size_t>(at.line, 1, lines);
        const std::string_view rest = text_.substr(start_of_line(text_, line));
        const std::size_t columns = std::min(rest.find('\n'), rest.size()) + 1;
        const std::size_t column = std::clamp<std::size_t>(at.column, 1, columns);
        reading_.errors.push_back(name_ + ":" + std::to_string(line) + ":" +
                                  std::to_string(column) + ": error: " + message);
    }
    void complain(const Entry& entry, const std::string& message) {
        complain(entry.node->source().begin, message);
    }

    /// Leaves out lines that are not TOML.
    void parse() {
        constexpr std::size_t kMostRetries = 10;
        std::string text(text_);
        if (text.size() > kMostSettingsBytes || is_too_deep(text)) {
            reading_.broken = true;
            complain({1, 1}, "this is too much for settings");
            return;
        }
        for (std::size_t retry = 0;; ++retry) {
            auto result = toml::parse(std::string_view(text));
            if (result) {
                reading_.table = std::move(result).table();
                return;
            }
            reading_.broken = true;
            const auto at = result.error().source().begin;
            const bool last = retry == kMostRetries || !empty_line(text, at.line);
            complain(at, syntax_error(result.error().description()) +
                             (last ? "; nothing in this file counts" : ""));
            if (last) {
                return;
            }
        }
    }

    static std::string syntax_error(std::string_view description) {
        if (description.contains("could not determine value type")) {
            return "this is no value; text stands between quotes";
        }
        constexpr std::string_view kPrefix = "Error while parsing ";
        const std::size_t colon = description.find(": ");
        if (description.starts_with(kPrefix) && colon != std::string_view::npos) {
            description.remove_prefix(colon + 2);
        }
        std::string message(description);
        std::ranges::replace_if(message, [](char c) { return c < ' ' || c > '~'; }, '?');
        return message;
    }

    /// What is in a table, in the order of the file.
    static std::vector<Entry> entries(const toml::table& table) {
        std::vector<Entry> entries;
        for (const auto& [key, node] : table) {
            entries.push_back({&key, &node});
        }
        std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
            return a.key->source().begin < b.key->source().begin;
        });
        return entries;
    }

    /// Likewise; complains if it is no table.
    std::vector<Entry> entries_of(const Entry& entry) {
        if (const toml::table* table = entry.node->as_table()) {
            return entries(*table);
        }
        complain(entry, quoted(entry.key->str()) + " is a table, with lines of its own");
        return {};
    }

    template <class Names>
    void complain_of_name(const Entry& entry, std::string_view what, const Names& names) {
        complain(entry.key->source().begin, "there is no " + std::string(what) + " " +
                                                quoted(entry.key->str()) +
                                                base::did_you_mean(entry.key->str(), names));
    }

    void read() {
        std::vector<std::string_view> names = {"version", "keys", "buttons", "pads"};
        std::ranges::transform(fields(), std::back_inserter(names), &Field::name);
        for (const Entry& entry : entries(reading_.table)) {
            const std::string_view name = entry.key->str();
            if (name == "version") {
                read_version(entry);
            } else if (name == "keys") {
                read_keys(entries_of(entry));
            } else if (name == "buttons") {
                for (const Entry& pad : entries_of(entry)) {
                    read_buttons(pad);
                }
            } else if (name == "pads") {
                for (const Entry& pad : entries_of(entry)) {
                    read_pad(pad);
                }
            } else if (const auto field = std::ranges::find(fields(), name, &Field::name);
                       field == fields().end()) {
                complain_of_name(entry, "setting", names);
            } else if (!assign(*field, *entry.node, settings_)) {
                complain(entry, quoted(name) + " takes " + describe(*field));
            }
        }
    }

    void read_version(const Entry& entry) {
        if (entry.node->value_exact<std::int64_t>() != std::int64_t{kVersion}) {
            reading_.other_version = true;
            complain(entry, "this Leveret knows version " + std::to_string(kVersion) +
                                " of settings; of another one, it takes what it understands");
        }
    }

    /// A text, or a list of texts; complains and gives nothing if it is something else.
    std::optional<std::vector<Entry>> texts_of(const Entry& entry) {
        std::vector<Entry> texts;
        if (const toml::array* list = entry.node->as_array()) {
            for (const toml::node& node : *list) {
                texts.push_back({entry.key, &node});
            }
        } else {
            texts.push_back(entry);
        }
        if (!std::ranges::all_of(texts, [](const Entry& text) { return text.node->is_string(); })) {
            complain(entry, quoted(entry.key->str()) +
                                " takes the name of a key as text, or a list of them");
            return std::nullopt;
        }
        return texts;
    }

    void complain_of_key(const Entry& entry, std::string_view text) {
        std::vector<std::string_view> names;
        for (std::size_t i = 1; i < kKeys; ++i) {
            names.push_back(name_of(static_cast<Key>(i)));
        }
        const std::size_t last = text.find_last_of("-+");
        const std::string_view key = last == std::string_view::npos ? text : text.substr(last + 1);
        complain(entry, "there is no key " + quoted(text) +
                            (key_named(key) ? "" : base::did_you_mean(key, names)));
    }

    /// What `read_one` makes of the texts; nothing if there are texts and none of them is right.
    template <class Value, class Read>
    std::optional<std::vector<Value>> values_of(const Entry& entry, Read read_one) {
        const auto texts = texts_of(entry);
        if (!texts) {
            return std::nullopt;
        }
        std::vector<Value> values;
        for (const Entry& text : *texts) {
            if (const std::optional<Value> value = read_one(text, text.node->ref<std::string>())) {
                values.push_back(*value);
            }
        }
        return values.empty() && !texts->empty() ? std::nullopt : std::optional(std::move(values));
    }

    void read_keys(const std::vector<Entry>& entries) {
        std::vector<std::string_view> names = {kPresetName};
        for (std::size_t i = 0; i < kActions; ++i) {
            names.push_back(info(static_cast<Action>(i)).name);
        }
        // Whatever the order of the lines.
        for (const Entry& entry : entries) {
            if (entry.key->str() == kPresetName) {
                read_preset(entry);
            }
        }
        for (const Entry& entry : entries) {
            if (const auto action = action_named(entry.key->str())) {
                read_chords(entry, *action);
            } else if (entry.key->str() != kPresetName) {
                complain_of_name(entry, "action", names);
            }
        }
    }

    void read_preset(const Entry& entry) {
        const auto text = entry.node->value_exact<std::string_view>();
        const auto found = std::ranges::find(kKeyPresetNames, text.value_or(""));
        if (found == kKeyPresetNames.end()) {
            complain(entry, quoted(kPresetName) + " takes " + alternatives(kKeyPresetNames));
            return;
        }
        settings_.bindings = Bindings(static_cast<KeyPreset>(found - kKeyPresetNames.begin()));
    }

    void read_chords(const Entry& entry, Action action) {
        const auto read_one = [&](const Entry& text, std::string_view name) {
            const auto chord = parse_chord(name);
            if (!chord) {
                complain_of_key(text, name);
                return chord;
            }
            const auto taken = std::ranges::find(chords_, *chord, &TakenChord::chord);
            if (taken != chords_.end() && taken->action != action) {
                complain(text, quoted(name) + " is already the key of " +
                                   quoted(info(taken->action).name));
                return std::optional<Chord>();
            }
            chords_.push_back({*chord, action});
            return chord;
        };
        if (const auto chords = values_of<Chord>(entry, read_one)) {
            settings_.bindings.set(action, *chords);
        }
    }

    /// 0 to 3 for "1" to "4".
    std::optional<std::uint8_t> pad_of(const Entry& entry) {
        const std::string_view name = entry.key->str();
        if (name.size() != 1 || name[0] < '1' ||
            static_cast<unsigned>(name[0] - '1') >= PadMap::kPads) {
            complain(entry.key->source().begin,
                     "there is no controller " + quoted(name) + "; they are called 1 to 4");
            return std::nullopt;
        }
        return static_cast<std::uint8_t>(name[0] - '1');
    }

    void read_buttons(const Entry& table) {
        const auto pad = pad_of(table);
        if (!pad) {
            return;
        }
        for (const Entry& entry : entries_of(table)) {
            const auto button =
                std::ranges::find(kButtonNames, entry.key->str(), &ButtonName::name);
            if (button == kButtonNames.end()) {
                complain_of_button(entry);
            } else {
                read_button_keys(entry, {*pad, button->bit});
            }
        }
    }

    void read_button_keys(const Entry& entry, KeyMap::Button button) {
        const auto read_one = [&](const Entry& text, std::string_view name) {
            const auto key = key_named(name);
            if (!key) {
                complain_of_key(text, name);
                return key;
            }
            const auto taken = std::ranges::find(keys_, *key, &TakenKey::key);
            if (taken != keys_.end() && taken->button != button) {
                complain(text, quoted(name) + " is already " +
                                   quoted(name_of_bit(taken->button.bit)) + " of controller " +
                                   std::to_string(taken->button.pad + 1));
                return std::optional<Key>();
            }
            keys_.push_back({*key, button});
            return key;
        };
        if (const auto keys = values_of<Key>(entry, read_one)) {
            settings_.buttons.set(button, *keys);
        }
    }

    void complain_of_button(const Entry& entry) {
        std::array<std::string_view, kButtonNames.size()> names;
        std::ranges::transform(kButtonNames, names.begin(), &ButtonName::name);
        complain_of_name(entry, "button", names);
    }

    void read_pad(const Entry& table) {
        const auto pad = pad_of(table);
        if (!pad) {
            return;
        }
        std::array<std::string_view, kPadButtons> names;
        for (std::size_t i = 0; i < kPadButtons; ++i) {
            names[i] = name_of(static_cast<PadButton>(i));
        }
        for (const Entry& entry : entries_of(table)) {
            const auto found = std::ranges::find(names, entry.key->str());
            if (found == names.end()) {
                complain_of_name(entry, "button of a pad", names);
                continue;
            }
            const auto text = entry.node->value_exact<std::string_view>();
            const auto button =
                std::ranges::find(kButtonNames, text.value_or(""), &ButtonName::name);
            if (button == kButtonNames.end() && text != "none") {
                complain(entry, quoted(entry.key->str()) +
                                    " takes a button: A, B, Select, Start, Up, Down, Left, Right "
                                    "or none, as text");
                continue;
            }
            settings_.pads.set(*pad, static_cast<PadButton>(found - names.begin()),
                               button == kButtonNames.end() ? std::uint8_t{0} : button->bit);
        }
    }

    struct TakenChord {
        Chord chord;
        Action action;
    };
    struct TakenKey {
        Key key;
        KeyMap::Button button;
    };

    std::string_view text_;
    const std::string& name_;
    Settings& settings_;
    Reading reading_;
    std::size_t omitted_ = 0;
    std::vector<TakenChord> chords_;  // that this file has bound
    std::vector<TakenKey> keys_;
};

}  // namespace

Reading read(std::string_view text, const std::string& name, Settings& settings) {
    return Reader(text, name, settings).finish();
}

}  // namespace front::settings_text
