#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The programs that people started last, for the launcher: a text file with a path a line.
namespace cli {

/// Where they are kept: leveret/recent in XDG_STATE_HOME, which is ~/.local/state unless said
/// otherwise. Empty if neither says an absolute path: nothing is kept then.
std::string recent_file();

/// The absolute paths in the file, newest first, each once. Lines that are none are left out; an
/// unreadable file has no lines.
std::vector<std::string> read_recent(const std::string& file);

/// Puts a program first, and its old place and whatever is too long ago away. A path that does not
/// fit into a line is not kept. Errors: those of host::write_file.
base::Result<void> remember_program(const std::string& file, const std::string& path);

}  // namespace cli
