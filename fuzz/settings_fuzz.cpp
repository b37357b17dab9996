// Any bytes are files of settings, for all programs and after a line "%%" for one: what is wrong
// has a place that exists; what is right can be written and read again; and whatever can be put
// into a file is read from it as it was, with all that the file said besides.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.hpp"
#include "front/settings.hpp"

namespace {

using front::Settings;

const std::string kName = "name";

/// Reads a number off the front of a text, and the colon after it.
std::size_t take_number(std::string_view& text) {
    std::size_t value = 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9' && value < 1'000'000) {
        value = 10 * value + static_cast<std::size_t>(text[0] - '0');
        text.remove_prefix(1);
    }
    fuzz::check(text.starts_with(':'), "a number of a place ends with a colon");
    text.remove_prefix(1);
    return value;
}

void check_error(std::string_view error, std::string_view text) {
    fuzz::check(std::ranges::all_of(error, [](char c) { return c >= ' ' && c <= '~'; }),
                "an error is a line of ASCII");
    fuzz::check(error.starts_with(kName + ":"), "an error begins with the file's name");
    error.remove_prefix(kName.size() + 1);
    if (error.ends_with(" more")) {
        return;
    }
    const std::size_t line = take_number(error);
    const std::size_t column = take_number(error);
    fuzz::check(error.starts_with(" error: ") && error.size() > 10, "an error says something");
    for (std::size_t i = 1; i < line; ++i) {
        const std::size_t end = text.find('\n');
        fuzz::check(end != std::string_view::npos, "the line of an error exists");
        text.remove_prefix(end + 1);
    }
    const std::size_t end = std::min(text.find('\n'), text.size());
    fuzz::check(line >= 1 && column >= 1 && column <= end + 1, "the place of an error exists");
}

void check_settings(const Settings& settings) {
    fuzz::check(settings.zoom <= front::kMostZoom && settings.volume <= 100 &&
                    settings.speed >= front::kLeastSpeed && settings.speed <= front::kMostSpeed &&
                    settings.rewind_mb <= 64 && settings.last_seconds <= 120,
                "numbers are such as may be");
    for (std::size_t i = 0; i < front::kActions; ++i) {
        const auto action = static_cast<front::Action>(i);
        for (const front::Chord chord : settings.bindings.chords_of(action)) {
            fuzz::check(settings.bindings.action_of(chord) == action,
                        "a chord belongs to one action");
        }
    }
}

Settings read(std::string_view text, Settings settings) {
    const auto errors = front::read_settings(text, kName, settings);
    fuzz::check(errors.size() <= 21, "there is an end to errors");
    for (const std::string& error : errors) {
        check_error(error, text);
    }
    check_settings(settings);
    return settings;
}

/// Puts settings into a text, unless the text is an odd one.
void check_change(std::string_view text, const Settings& base, const Settings& wanted) {
    const auto changed = front::change_settings(text, kName, base, wanted);
    if (!changed) {
        fuzz::check(!text.empty(), "an empty text can be changed");
        fuzz::check(changed.error().code == base::ErrorCode::Malformed ||
                        changed.error().code == base::ErrorCode::Unsupported,
                    "what cannot be changed is broken, or unusual");
        return;
    }
    fuzz::check(read(*changed, base) == wanted, "settings are read as they were written");
    fuzz::check(front::change_settings(*changed, kName, base, wanted) == *changed,
                "what is written already is not written again");
    if (read(text, base) == wanted) {
        fuzz::check(*changed == text, "nothing is written where nothing is different");
    }
    // Comments that are part of no value are still there.
    text = text.substr(0, text.find_first_of("[\"'"));
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        fuzz::check(!line.starts_with('#') || changed->contains(line), "comments stay");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view kSeparator = "%%\n";
    const std::size_t middle = std::min(bytes.find(kSeparator), size);
    const std::string_view general = bytes.substr(0, middle);
    const std::string_view own = bytes.substr(std::min(middle + kSeparator.size(), size));
    const Settings base = read(general, Settings());
    const Settings wanted = read(own, base);
    check_change("", Settings(), base);
    check_change("", base, wanted);
    check_change(own, base, wanted);
    check_change(own, base, Settings());
    check_change(general, Settings(), wanted);
    return 0;
}
