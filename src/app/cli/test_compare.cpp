#include "app/cli/test_compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/png.hpp"
#include "tal/utf8.hpp"

namespace cli {
namespace {

constexpr std::size_t kExcerpt = 60;
constexpr unsigned kGap = 8;
constexpr std::uint32_t kPaper = 0x808080;
constexpr std::uint32_t kSame = 0x202020;
constexpr std::uint32_t kDiffers = 0xff4040;

/// The pixel at a place, or paper beyond the edges.
std::uint32_t pixel(const host::Picture& picture, unsigned x, unsigned y) {
    return x < picture.width && y < picture.height ? picture.pixels[y * picture.width + x] : kPaper;
}

std::optional<std::string> compare_pictures(const std::string& expected, const std::string& left) {
    const auto a = host::decode_png(expected, "the expected picture");
    const auto b = host::decode_png(left, "the picture");
    if (!a || !b) {
        return (a ? b : a).error().detail;
    }
    if (a->width != b->width || a->height != b->height) {
        return fmt::format("{} by {} pixels instead of {} by {}", b->width, b->height, a->width,
                           a->height);
    }
    const auto first = std::ranges::mismatch(a->pixels, b->pixels).in1 - a->pixels.begin();
    std::size_t count = 0;
    for (std::size_t i = 0; i < a->pixels.size(); ++i) {
        count += a->pixels[i] != b->pixels[i];
    }
    if (count == 0) {
        return std::nullopt;
    }
    const auto at = static_cast<std::size_t>(first);
    return fmt::format("{} {} differ, the first at {},{}: #{:06x} instead of #{:06x}", count,
                       count == 1 ? "pixel" : "pixels", at % a->width, at / a->width, b->pixels[at],
                       a->pixels[at]);
}

/// The line of a text that starts at `start`, cut to what fits on a terminal.
std::string line_at(std::string_view text, std::size_t start) {
    const std::string_view line = text.substr(start, text.find('\n', start) - start);
    return '"' + tal::printable(line.substr(0, kExcerpt)) +
           (line.size() > kExcerpt ? "\"..." : "\"");
}

std::string compare_texts(std::string_view expected, std::string_view left) {
    const std::size_t same =
        static_cast<std::size_t>(std::ranges::mismatch(expected, left).in1 - expected.begin());
    const std::string_view before = expected.substr(0, same);
    const std::size_t newline = before.rfind('\n');
    const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
    const auto line = 1 + std::ranges::count(before, '\n');
    if (left.size() == same && start == same) {
        return fmt::format("ends before line {}, {}", line, line_at(expected, start));
    }
    if (expected.size() == same && start == same) {
        return fmt::format("goes on in line {}: {}", line, line_at(left, start));
    }
    return fmt::format("line {} is {} instead of {}", line, line_at(left, start),
                       line_at(expected, start));
}

std::string compare_bytes(std::string_view expected, std::string_view left) {
    const auto same = std::ranges::mismatch(expected, left).in1 - expected.begin();
    const auto at = static_cast<std::size_t>(same);
    if (at == expected.size() || at == left.size()) {
        return fmt::format("{} bytes instead of {}", left.size(), expected.size());
    }
    return fmt::format("byte {:04x} is {:02x} instead of {:02x}", at,
                       static_cast<unsigned char>(left[at]),
                       static_cast<unsigned char>(expected[at]));
}

}  // namespace

std::optional<std::string> compare_artefacts(std::string_view name, const std::string* expected,
                                             const std::string* left) {
    if (left == nullptr) {
        return "is missing";
    }
    if (expected == nullptr) {
        return "was not expected";
    }
    if (*expected == *left) {
        return std::nullopt;
    }
    if (name.ends_with(".png") && !name.starts_with("files/")) {
        return compare_pictures(*expected, *left);
    }
    return name.ends_with(".txt") ? compare_texts(*expected, *left)
                                  : compare_bytes(*expected, *left);
}

std::string side_by_side(const std::string& expected, const std::string& left) {
    const auto a = host::decode_png(expected, "");
    const auto b = host::decode_png(left, "");
    if (!a || !b) {
        return {};
    }
    const unsigned width = std::max(a->width, b->width);
    const unsigned height = std::max(a->height, b->height);
    host::Picture picture{.width = 3 * width + 2 * kGap, .height = height, .pixels = {}};
    picture.pixels.assign(std::size_t{picture.width} * height, kPaper);
    for (unsigned y = 0; y < height; ++y) {
        std::uint32_t* const row = &picture.pixels[std::size_t{y} * picture.width];
        for (unsigned x = 0; x < width; ++x) {
            const std::uint32_t wanted = pixel(*a, x, y);
            const std::uint32_t got = pixel(*b, x, y);
            row[x] = wanted;
            row[width + kGap + x] = got;
            row[2 * (width + kGap) + x] = wanted == got ? kSame : kDiffers;
        }
    }
    return host::encode_png(picture);
}

}  // namespace cli
