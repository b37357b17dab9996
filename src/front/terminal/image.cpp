#include "front/terminal/image.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace front::terminal {
namespace {

/// One direction of a view.
struct Span {
    int at;
    int begin;
    unsigned size;
};

unsigned scaled(unsigned length, const Placement& at) {
    return at.shrink > 1 ? (length + at.shrink - 1) / at.shrink : length * at.zoom;
}

Span span_of(unsigned length, int at, unsigned display) {
    const int first = std::clamp(at, 0, static_cast<int>(display));
    const int begin = std::clamp(first - at, 0, static_cast<int>(length));
    return {.at = first,
            .begin = begin,
            .size = std::min(length - static_cast<unsigned>(begin),
                             display - static_cast<unsigned>(first))};
}

/// Sums of the channels of some pixels. The largest picture, all white, just fits.
struct Sum {
    std::uint32_t red = 0;
    std::uint32_t green = 0;
    std::uint32_t blue = 0;
    std::uint32_t count = 0;

    void add(std::uint32_t pixel) {
        red += pixel >> 16 & 0xff;
        green += pixel >> 8 & 0xff;
        blue += pixel & 0xff;
        ++count;
    }
    std::uint32_t average() const {
        const auto channel = [&](std::uint32_t sum) {
            return static_cast<std::uint32_t>((std::uint64_t{sum} + count / 2) / count);
        };
        return channel(red) << 16 | channel(green) << 8 | channel(blue);
    }
};

/// One row of an image, `row` and `begin` counted in the scaled picture.
void draw_average(const Frame& frame, unsigned row, unsigned begin,
                  std::span<std::uint32_t> pixels) {
    const unsigned shrink = frame.at.shrink;
    const unsigned top = row * shrink;
    const unsigned bottom = std::min(top + shrink, frame.size.height);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const unsigned left = (begin + static_cast<unsigned>(i)) * shrink;
        const unsigned width = std::min(shrink, frame.size.width - left);
        Sum sum;
        for (unsigned y = top; y < bottom; ++y) {
            for (const std::uint32_t pixel :
                 frame.pixels.subspan(std::size_t{y} * frame.size.width + left, width)) {
                sum.add(pixel);
            }
        }
        pixels[i] = sum.average();
    }
}

void draw_zoomed(const Frame& frame, unsigned row, unsigned begin,
                 std::span<std::uint32_t> pixels) {
    const unsigned zoom = frame.at.zoom;
    const auto source =
        frame.pixels.subspan(std::size_t{row / zoom} * frame.size.width, frame.size.width);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels[i] = source[(begin + i) / zoom] & 0xffffff;
    }
}

/// Finds colours in a list that grows to 256 at most.
class ColourList {
public:
    explicit ColourList(std::size_t most) : most_(most) { slots_.fill(kFree); }

    /// Nothing if the list is full.
    std::optional<std::uint8_t> find(std::uint32_t colour) {
        std::size_t slot = (colour * 2654435761u) >> 22;
        while (slots_[slot] != kFree) {
            if (colours[static_cast<std::size_t>(slots_[slot])] == colour) {
                return static_cast<std::uint8_t>(slots_[slot]);
            }
            slot = (slot + 1) % slots_.size();
        }
        if (colours.size() == most_) {
            return std::nullopt;
        }
        slots_[slot] = static_cast<std::int16_t>(colours.size());
        colours.push_back(colour);
        return static_cast<std::uint8_t>(slots_[slot]);
    }

    std::vector<std::uint32_t> colours;

private:
    static constexpr std::int16_t kFree = -1;
    std::size_t most_;
    std::array<std::int16_t, 1024> slots_;
};

/// With only the `bits` highest bits of each channel, which are then spread over all eight.
std::uint32_t coarse(std::uint32_t colour, unsigned bits) {
    std::uint32_t result = 0;
    for (const unsigned shift : {16u, 8u, 0u}) {
        const std::uint32_t high = (colour >> shift & 0xff) >> (8 - bits);
        result |= high * 255 / ((1u << bits) - 1) << shift;
    }
    return result;
}

std::optional<Indexed> index_exactly(std::span<const std::uint32_t> pixels, std::size_t most,
                                     unsigned bits) {
    ColourList list(most);
    Indexed indexed;
    indexed.pixels.reserve(pixels.size());
    std::uint32_t last = 0;
    std::optional<std::uint8_t> index;
    for (const std::uint32_t pixel : pixels) {
        if (!index || pixel != last) {
            last = pixel;
            index = list.find(bits == 8 ? pixel : coarse(pixel, bits));
            if (!index) {
                return std::nullopt;
            }
        }
        indexed.pixels.push_back(*index);
    }
    indexed.colours = std::move(list.colours);
    return indexed;
}

}  // namespace

View view_of(Size picture, const Placement& at, Size display) {
    const Span across = span_of(scaled(picture.width, at), at.x, display.width);
    const Span down = span_of(scaled(picture.height, at), at.y, display.height);
    return {.at = {.x = across.at, .y = down.at},
            .begin = {.x = across.begin, .y = down.begin},
            .size = {.width = across.size, .height = down.size}};
}

varvara::Rows rows_in_view(varvara::Rows rows, const Placement& at, const View& view) {
    if (rows.begin >= rows.end) {
        return {};
    }
    const auto in_view = [&](unsigned row) {
        const int from_top = static_cast<int>(row) - view.begin.y;
        return static_cast<unsigned>(std::clamp(from_top, 0, static_cast<int>(view.size.height)));
    };
    return {.begin = in_view(at.shrink > 1 ? rows.begin / at.shrink : rows.begin * at.zoom),
            .end = in_view(scaled(rows.end, at))};
}

void draw(const Frame& frame, const View& view, varvara::Rows rows, Image& image) {
    image.size = view.size;
    image.pixels.resize(std::size_t{view.size.width} * view.size.height);
    const auto draw_row = frame.at.shrink > 1 ? draw_average : draw_zoomed;
    for (unsigned row = rows.begin; row < rows.end; ++row) {
        draw_row(
            frame, row + static_cast<unsigned>(view.begin.y), static_cast<unsigned>(view.begin.x),
            std::span(image.pixels).subspan(std::size_t{row} * view.size.width, view.size.width));
    }
}

Indexed index_colours(std::span<const std::uint32_t> pixels, std::size_t most) {
    for (unsigned bits = 8; bits > 1; --bits) {
        if (auto indexed = index_exactly(pixels, most, bits)) {
            return *std::move(indexed);
        }
    }
    return index_exactly(pixels, std::max<std::size_t>(most, 8), 1).value_or(Indexed{});
}

}  // namespace front::terminal
