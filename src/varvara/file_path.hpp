#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace varvara {

/// The longest name between two '/', in bytes.
inline constexpr std::size_t kMaxNameSize = 255;

/// A path, taken apart. What it says alone, without a look at what is there.
struct FilePath {
    /// In order; the empty ones and "." left out. They point into the text.
    std::vector<std::string_view> names;
    /// Only a folder can be meant: it ends in '/', "." or "..".
    bool folder = false;
    /// It leaves the folder where it starts: absolute, or at some point more ".." than names.
    bool outside = false;

    /// The text before the last name, "." if that is nothing. `text` is what the path was made of.
    std::string_view parent(std::string_view text) const;
    /// One spelling for all paths that lead to the same place, links aside: "notes/a" for
    /// "./notes//b/../a". Empty for the folder itself, and for a path that is outside of it.
    std::string plain() const;
};

/// Nothing: no path at all, being empty, or holding a 00 or a name that is too long.
std::optional<FilePath> parse_path(std::string_view text);

}  // namespace varvara
