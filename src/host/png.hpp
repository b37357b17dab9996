#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Pictures as PNG files, for the host's own purposes.
namespace host {

/// Sides of the largest picture that is written or read.
inline constexpr unsigned kMaxPictureSide = 4095;

struct Picture {
    unsigned width = 0;
    unsigned height = 0;
    std::vector<std::uint32_t> pixels;  ///< 0x00RRGGBB, row by row

    friend bool operator==(const Picture&, const Picture&) = default;
};

/// Puts a picture into a file, as `write_file` does; the same bytes each time.
/// Errors: those of `write_file`; Malformed when the sides are not 1 to kMaxPictureSide or the
/// pixels not as many as they say.
base::Result<void> write_png(const std::string& path, const Picture& picture);

/// The picture in a file; its transparency is ignored.
/// Errors: those of `read_file`; TooLarge for a picture, Malformed for anything that is not one.
base::Result<Picture> read_png(const std::string& path);

/// The contents of such a file; empty for a picture that cannot be written.
std::string encode_png(const Picture& picture);
/// The picture that such contents are of. path: what errors call them. Errors: as for `read_png`.
base::Result<Picture> decode_png(std::string_view file, const std::string& path);

}  // namespace host
