#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace host {

/// Where a user's things are kept; empty where there is no place for them. None of them needs to
/// exist.
struct Folders {
    std::string home;
    std::string settings;  ///< $XDG_CONFIG_HOME/leveret, otherwise ~/.config/leveret
    std::string states;    ///< $XDG_STATE_HOME/leveret/states, otherwise in ~/.local/state
    std::string recent;    ///< a file: the programs last used; $XDG_STATE_HOME/leveret/recent
    std::string captures;  ///< pictures and films: $XDG_PICTURES_DIR/leveret, or ~/Pictures/leveret
};

/// The value of an environment variable; null if it is not set.
using Environment = std::function<const char*(const char* name)>;

/// As environment variables say. Those that are not absolute paths count as not set.
/// Source: XDG Base Directory Specification 0.8.
Folders user_folders();
Folders user_folders(const Environment& environment);

/// The folder that this program's binary is in; empty if that cannot be found out. What comes with
/// the program is near.
std::filesystem::path binary_folder();

/// What files that belong to a program are called: its own name, without folder and .rom or .tal,
/// and without what file systems or shells make trouble with. Never empty, never hidden, UTF-8 of
/// at most 100 bytes.
std::string name_for_files(std::string_view program);

/// Creates a folder, and those that it is in, for nobody else to read. Content if it exists.
/// Errors: NotWritable, NotAFile if there is something else.
base::Result<void> create_folder(const std::string& path);

}  // namespace host
