#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Whole files, for the host's own purposes: no program reaches these functions.
namespace host {

/// The contents of a file, pipe or device of at most `limit` bytes.
/// Errors: NotFound, NotAFile for a folder, NotReadable, TooLarge.
base::Result<std::string> read_file(const std::string& path, std::size_t limit);

/// Puts `contents` into a file: all of them or, on any error, nothing, with the file's old contents
/// untouched. The file keeps its permissions, a link stays a link. Pipes and devices are written
/// to. Errors: NotAFile for a folder, NotWritable.
base::Result<void> write_file(const std::string& path, std::string_view contents);

/// Whether `write_file` has a chance, to be known before work is done for the file.
/// Errors: as for `write_file`.
base::Result<void> check_writable(const std::string& path);

/// Makes sure that there is a folder in which files can be created: creates it, and those that it
/// is in, where they are missing. Errors: NotWritable.
base::Result<void> prepare_folder(const std::string& path);

/// The folder that holds, or would hold, what `path` leads to through links.
std::string folder_of(const std::string& path);

/// Whether both paths lead to the same file: existing, and no pipe or device.
bool same_file(const std::string& a, const std::string& b);

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace host
