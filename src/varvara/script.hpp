#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "varvara/digest.hpp"
#include "varvara/event.hpp"

/// The text form of everything that happens to a program from outside: written by hand to drive a
/// program without a window, and by a recording. docs/script.md describes it.
namespace varvara {

/// A file or folder that a script brings along.
struct ScriptFile {
    std::string name;
    bool folder = false;
    std::uint64_t size = 0;                 ///< of a file
    std::optional<std::string> contents{};  ///< nothing: only its size is known

    friend bool operator==(const ScriptFile&, const ScriptFile&) = default;
};

/// One line's worth of a script: events, or what the computer has to be like by then.
struct Step {
    Event event;
    std::uint32_t count = 1;      ///< how often the event happens
    std::optional<Digest> check;  ///< instead of an event
    std::uint32_t line = 0;       ///< where it stands

    friend bool operator==(const Step&, const Step&) = default;
};

struct Script {
    std::string name;  ///< of the file it was read from, for messages
    std::vector<std::string> arguments;
    std::optional<std::int64_t> clock;  ///< seconds since the start of 1970
    std::optional<std::uint64_t> seed;  ///< see `start_of_clock`
    std::optional<std::uint64_t> rom;   ///< `fingerprint` of the ROM it was made with
    std::vector<ScriptFile> files;      ///< what a recorded program found in its folder
    std::vector<ScriptFile> drops;      ///< files dropped; without contents: still to be read
    std::vector<Step> steps;

    /// How many frames pass.
    std::uint64_t frames() const;
    /// Likewise; and if something happens after the last of them, one more, in which the program
    /// can show it.
    std::uint64_t frames_to_show() const;
};

/// Reads a script. `name` is what messages call it.
/// Errors: Malformed, "NAME:LINE:COLUMN: what is wrong".
base::Result<Script> parse_script(std::string_view text, std::string name);

// Lines that `parse_script` reads back.

/// An event other than a byte or a drop, that happens `count` times.
std::string print_event(const Event& event, std::uint32_t count);
/// Events of one kind, Input or Key, a byte each.
std::string print_bytes(Event::Kind kind, std::string_view bytes);
std::string print_check(const Digest& digest);
/// keyword: "file" or "drop"; a folder says so itself.
std::string print_file(std::string_view keyword, const ScriptFile& file);
/// Arguments, clock, seed and ROM.
std::string print_settings(const Script& script);

/// When the clock of a scripted run starts: at `clock`, or the usual start, and so many seconds
/// later, less than a day, as `seed` stands for. Programs take their random numbers from the clock.
std::int64_t start_of_clock(const std::optional<std::int64_t>& clock,
                            const std::optional<std::uint64_t>& seed);

}  // namespace varvara
