#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "front/bindings.hpp"
#include "host/folder_files.hpp"
#include "host/folders.hpp"

/// What users set, for all programs or for one. docs/settings.md describes the files.
namespace front {

/// How a terminal is to show a picture.
enum class TerminalPixels : std::uint8_t { Auto, Kitty, Sixel, Blocks };

struct Settings {
    Bindings bindings;
    KeyMap buttons;
    PadMap pads;
    unsigned zoom = 0;  ///< 0: as large as fits
    bool full_screen = false;
    bool border = true;
    unsigned volume = 100;  ///< percent
    bool muted = false;
    unsigned speed = 100;  ///< percent
    host::FileAccess files = host::FileAccess::ReadWrite;
    bool resume = false;         ///< save the state at the end, and go on from there
    unsigned rewind_mb = 64;     ///< memory for rewinding, in MiB; 0: none
    unsigned last_seconds = 30;  ///< how much of the past can be saved as a film; 0: nothing
    TerminalPixels terminal_pixels = TerminalPixels::Auto;
    std::string captures;  ///< a folder, which may begin with "~/"; empty: the usual one

    friend bool operator==(const Settings&, const Settings&) = default;
};

inline constexpr unsigned kMostZoom = 32;
inline constexpr unsigned kLeastSpeed = 10;
inline constexpr unsigned kMostSpeed = 1600;
inline constexpr std::size_t kMostSettingsBytes = 65'536;

/// Puts what a file says over `settings`. Mistakes cost no more than the lines they are in.
/// Returns what is wrong: "NAME:LINE:COLUMN: error: ...", each a line of ASCII after the name.
std::vector<std::string> read_settings(std::string_view text, const std::string& name,
                                       Settings& settings);

/// The text of a file which, over `base`, gives `wanted`: `text` with as few lines changed or added
/// as that takes.
/// Errors: Malformed or Unsupported if something is wrong with the text that a user should see to,
/// or it is of another version.
base::Result<std::string> change_settings(std::string_view text, const std::string& name,
                                          const Settings& base, const Settings& wanted);

struct LoadedSettings {
    Settings settings;
    std::vector<std::string> errors;  ///< to be shown; the program runs all the same
};

/// Those for all programs, and over them those of the program with this file, if it is not empty.
LoadedSettings load_settings(const host::Folders& folders, std::string_view program);

/// Writes what is different into the file of the program, or of all programs if it is empty.
/// Returns its path. Errors: those of `change_settings` and of reading and writing; NotFound if
/// there is no folder for settings.
base::Result<std::string> save_settings(const host::Folders& folders, std::string_view program,
                                        const Settings& wanted);

/// Where pictures and films go; empty: nobody knows.
std::string captures_folder(const Settings& settings, const host::Folders& folders);

}  // namespace front
