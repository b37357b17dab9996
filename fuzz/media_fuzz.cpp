// Any bytes are a picture and a sound: what can be read is of a size that may be, and the same
// after it was written and read again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.hpp"
#include "host/png.hpp"
#include "host/wav.hpp"

namespace {

/// Writing larger pictures takes long.
constexpr std::size_t kMostPixelsToWrite = 10'000;

void check_error(const base::Error& error, base::ErrorCode other) {
    fuzz::check((error.code == base::ErrorCode::Malformed || error.code == other) &&
                    error.detail.starts_with("'name' is"),
                "what cannot be read is refused with a reason");
    fuzz::check(std::ranges::none_of(error.detail, [](unsigned char c) { return c < 0x20; }),
                "a reason is a line of text");
}

void check_picture(std::string_view file) {
    const auto picture = host::decode_png(file, "name");
    if (!picture) {
        check_error(picture.error(), base::ErrorCode::TooLarge);
        return;
    }
    fuzz::check(picture->width >= 1 && picture->width <= host::kMaxPictureSide &&
                    picture->height >= 1 && picture->height <= host::kMaxPictureSide,
                "a picture is of a size that may be");
    fuzz::check(picture->pixels.size() == std::size_t{picture->width} * picture->height,
                "a picture has its pixels");
    fuzz::check(std::ranges::all_of(picture->pixels, [](auto pixel) { return pixel <= 0xffffff; }),
                "a pixel is a colour");
    if (picture->pixels.size() <= kMostPixelsToWrite) {
        fuzz::check(host::decode_png(host::encode_png(*picture), "name") == *picture,
                    "a picture that was written is read as it was");
    }
}

void check_sound(std::string_view file) {
    const auto sound = host::decode_wav(file, "name");
    if (!sound) {
        check_error(sound.error(), base::ErrorCode::Unsupported);
        return;
    }
    fuzz::check(sound->rate_hz != 0 && sound->samples.size() % 2 == 0 &&
                    2 * sound->samples.size() <= file.size(),
                "a sound has a rate and as many samples on both sides");
    fuzz::check(host::decode_wav(host::encode_wav(*sound), "name") == *sound,
                "a sound that was written is read as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    check_picture(file);
    check_sound(file);
    return 0;
}
