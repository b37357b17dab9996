#include "host/png.hpp"

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "host/files.hpp"

namespace host {
namespace {

using base::ErrorCode;

constexpr int kRgbChannels = 3;

/// More than any picture of that size takes, even one that no compression helps.
constexpr std::size_t kMostBytes = std::size_t{128} << 20;
static_assert(kMostBytes <= INT_MAX);
static_assert(kMostBytes >= std::size_t{7} * kMaxPictureSide * kMaxPictureSide);

std::string size_of(unsigned width, unsigned height) {
    return std::to_string(width) + " by " + std::to_string(height) + " pixels";
}

bool is_writable(const Picture& picture) {
    return picture.width > 0 && picture.width <= kMaxPictureSide && picture.height > 0 &&
           picture.height <= kMaxPictureSide &&
           picture.pixels.size() == std::size_t{picture.width} * picture.height;
}

/// Why a picture could not be read. The reader quotes the file here and there: bytes that are not
/// text are left out.
std::string failure_reason() {
    std::string reason = stbi_failure_reason();
    std::erase_if(reason, [](char c) { return c < ' ' || c > '~'; });
    return reason.empty() ? "it is damaged" : reason;
}

}  // namespace

std::string encode_png(const Picture& picture) {
    std::vector<std::uint8_t> channels;
    channels.reserve(picture.pixels.size() * kRgbChannels);
    for (const std::uint32_t pixel : picture.pixels) {
        for (const unsigned shift : {16u, 8u, 0u}) {
            channels.push_back(static_cast<std::uint8_t>(pixel >> shift));
        }
    }
    std::string file;
    const auto append = [](void* to, void* bytes, int size) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(bytes),
                                              static_cast<std::size_t>(size));
    };
    if (is_writable(picture)) {
        stbi_write_png_to_func(append, &file, static_cast<int>(picture.width),
                               static_cast<int>(picture.height), kRgbChannels, channels.data(), 0);
    }
    return file;
}

base::Result<void> write_png(const std::string& path, const Picture& picture) {
    if (!is_writable(picture)) {
        return base::fail(ErrorCode::Malformed, "cannot write '" + path + "': no picture has " +
                                                    size_of(picture.width, picture.height));
    }
    return write_file(path, encode_png(picture));
}

base::Result<Picture> read_png(const std::string& path) {
    const base::Result<std::string> file = read_file(path, kMostBytes);
    if (!file) {
        return std::unexpected(file.error());
    }
    return decode_png(*file, path);
}

base::Result<Picture> decode_png(std::string_view file, const std::string& path) {
    const auto bytes = as_bytes(file);
    const auto size = static_cast<int>(std::min(bytes.size(), kMostBytes));
    const auto malformed = [&] {
        return base::fail(ErrorCode::Malformed,
                          "'" + path + "' is not a PNG picture: " + failure_reason());
    };
    int width = 0;
    int height = 0;
    int channels = 0;
    if (stbi_info_from_memory(bytes.data(), size, &width, &height, &channels) == 0) {
        return malformed();
    }
    Picture picture{.width = static_cast<unsigned>(width),
                    .height = static_cast<unsigned>(height),
                    .pixels = {}};
    if (picture.width > kMaxPictureSide || picture.height > kMaxPictureSide) {
        return base::fail(ErrorCode::TooLarge,
                          "'" + path + "' is too large: " + size_of(picture.width, picture.height) +
                              ", and " + size_of(kMaxPictureSide, kMaxPictureSide) +
                              " is the most");
    }
    const std::unique_ptr<stbi_uc, decltype(&std::free)> data(
        stbi_load_from_memory(bytes.data(), size, &width, &height, &channels, kRgbChannels),
        &std::free);
    if (!data) {
        return malformed();
    }
    const std::size_t count = std::size_t{picture.width} * picture.height;
    const std::span values(data.get(), count * kRgbChannels);
    picture.pixels.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = i * kRgbChannels;
        picture.pixels[i] =
            static_cast<std::uint32_t>(values[at] << 16 | values[at + 1] << 8 | values[at + 2]);
    }
    return picture;
}

}  // namespace host
