#include "varvara/screen_layers.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace varvara {
namespace {

/// The same byte eight times.
constexpr std::uint64_t eight(unsigned byte) {
    return (byte & 0xff) * std::uint64_t{0x0101010101010101};
}

std::uint64_t load(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
}

void merge(std::uint8_t* bytes, std::uint64_t mask, std::uint64_t value) {
    const std::uint64_t word = (load(bytes) & ~mask) | (value & mask);
    std::memcpy(bytes, &word, sizeof(word));
}

/// The visible part of the interval `begin` to `end` - 1, if there is any.
bool clip(int& begin, int& end, unsigned side) {
    begin = std::max(begin, 0);
    end = std::min(end, static_cast<int>(side));
    return begin < end;
}

}  // namespace

void Layers::resize(unsigned width, unsigned height) {
    width_ = width;
    height_ = height;
    // The rows below a column are also those above the next one.
    column_size_ = height + kTile;
    plane_size_ = (columns() + 2) * column_size_;
    origin_ = kTile + column_size_;
    bytes_.assign(kTile + 4 * plane_size_, 0);
    stale_bands_.assign(bands() + 2, 1);
}

std::uint8_t Layers::colour(Layer layer, unsigned x, unsigned y) const {
    assert(x < width_ && y < height_);
    const std::size_t place = at(layer, static_cast<int>(x / 8), static_cast<int>(y));
    const unsigned shift = 7 - x % 8;
    const unsigned low = bytes_[place] >> shift & 1u;
    const unsigned high = bytes_[place + plane_size_] >> shift & 1u;
    return static_cast<std::uint8_t>(high << 1 | low);
}

void Layers::draw_pixel(Layer layer, int x, int y, std::uint8_t colour) {
    if (x < 0 || x >= static_cast<int>(width_) || y < 0 || y >= static_cast<int>(height_)) {
        return;
    }
    const std::size_t place = at(layer, x >> 3, y);
    const unsigned bit = 0x80u >> (x & 7);
    for (unsigned plane = 0; plane < 2; ++plane) {
        std::uint8_t& byte = bytes_[place + plane * plane_size_];
        byte = static_cast<std::uint8_t>((colour >> plane & 1) != 0 ? byte | bit : byte & ~bit);
    }
    mark_row(y);
}

void Layers::fill(Layer layer, int left, int top, int right, int bottom, std::uint8_t colour) {
    if (!clip(left, right, width_) || !clip(top, bottom, height_)) {
        return;
    }
    const auto rows = static_cast<std::size_t>(bottom - top);
    for (int column = left >> 3; column <= (right - 1) >> 3; ++column) {
        const unsigned after_left = 0xffu >> std::max(left - 8 * column, 0);
        const unsigned after_right = 0xffu >> std::min(right - 8 * column, 8);
        const auto mask = static_cast<std::uint8_t>(after_left & ~after_right);
        for (unsigned plane = 0; plane < 2; ++plane) {
            const bool on = (colour >> plane & 1) != 0;
            const auto bytes =
                std::span(bytes_).subspan(at(layer, column, top) + plane * plane_size_, rows);
            if (mask == 0xff) {
                std::ranges::fill(bytes, on ? mask : std::uint8_t{0});
                continue;
            }
            for (std::uint8_t& byte : bytes) {
                byte = static_cast<std::uint8_t>(on ? byte | mask : byte & ~mask);
            }
        }
    }
    std::fill(stale_bands_.begin() + (top >> 3) + 1, stale_bands_.begin() + ((bottom - 1) >> 3) + 2,
              std::uint8_t{1});
}

void Layers::draw_visible(Layer layer, int x, int y, const Tile& tile) {
    mark_row(y);
    mark_row(y + kTile - 1);
    std::uint8_t* low = bytes_.data() + at(layer, x >> 3, y);
    std::uint8_t* high = low + plane_size_;
    const unsigned shift = x & 7;
    // Shifted as a word, bits fall into the neighbouring rows: those are not of this column.
    const std::uint64_t in_left = eight(0xffu >> shift);
    const std::uint64_t left = tile.mask >> shift & in_left;
    merge(low, left, tile.low >> shift);
    merge(high, left, tile.high >> shift);
    if (shift != 0) {
        const std::uint64_t right = tile.mask << (8 - shift) & ~in_left;
        merge(low + column_size_, right, tile.low << (8 - shift));
        merge(high + column_size_, right, tile.high << (8 - shift));
    }
}

Rows Layers::paint(const Palette& palette, std::span<std::uint32_t> pixels) {
    assert(pixels.size() == std::size_t{width_} * height_);
    const auto shown = std::span(stale_bands_).subspan(1, bands());
    if (painted_with_ != palette) {
        painted_with_ = palette;
        std::ranges::fill(shown, std::uint8_t{1});
    }
    const auto first = std::ranges::find(shown, std::uint8_t{1});
    if (first == shown.end()) {
        return {};
    }
    // Four pixels at a time, by four bits of the low plane and four of the high one above them.
    std::array<Palette, 256> quads;
    for (unsigned i = 0; i < quads.size(); ++i) {
        for (unsigned x = 0; x < 4; ++x) {
            quads[i][x] = palette[(i >> (7 - x) & 1) << 1 | (i >> (3 - x) & 1)];
        }
    }
    Rows rows;
    rows.begin = static_cast<unsigned>(first - shown.begin()) * 8;
    for (unsigned band = rows.begin / 8; band < bands(); ++band) {
        if (shown[band] != 0) {
            paint_band(band, quads, pixels.data());
            shown[band] = 0;
            rows.end = std::min(8 * band + 8, height_);
        }
    }
    return rows;
}

void Layers::paint_band(unsigned band, std::span<const Palette, 256> quads,
                        std::uint32_t* pixels) const {
    const unsigned rows = std::min(8u, height_ - 8 * band);
    std::uint32_t* const top = pixels + std::size_t{8} * band * width_;
    const std::uint8_t* background = bytes_.data() + at(Background, 0, static_cast<int>(8 * band));
    const std::uint8_t* foreground = bytes_.data() + at(Foreground, 0, static_cast<int>(8 * band));
    for (unsigned x = 0; x < width_; x += 8) {
        const std::uint64_t over_low = load(foreground);
        const std::uint64_t over_high = load(foreground + plane_size_);
        const std::uint64_t clear = ~(over_low | over_high);
        const std::uint64_t low = over_low | (load(background) & clear);
        const std::uint64_t high = over_high | (load(background + plane_size_) & clear);
        background += column_size_;
        foreground += column_size_;

        const std::uint64_t left_words = (low >> 4 & eight(0x0f)) | (high & eight(0xf0));
        const std::uint64_t right_words = (low & eight(0x0f)) | (high << 4 & eight(0xf0));
        std::array<std::uint8_t, 8> left;
        std::array<std::uint8_t, 8> right;
        std::memcpy(left.data(), &left_words, sizeof(left));
        std::memcpy(right.data(), &right_words, sizeof(right));
        std::uint32_t* out = top + x;
        if (x + 8 <= width_) {
            for (unsigned row = 0; row < rows; ++row, out += width_) {
                std::memcpy(out, &quads[left[row]], sizeof(Palette));
                std::memcpy(out + 4, &quads[right[row]], sizeof(Palette));
            }
            continue;
        }
        for (unsigned row = 0; row < rows; ++row, out += width_) {
            for (unsigned i = 0; i < width_ - x; ++i) {
                out[i] = i < 4 ? quads[left[row]][i] : quads[right[row]][i - 4];
            }
        }
    }
}

void Layers::transfer(StateStream& state) {
    auto width = static_cast<std::uint16_t>(width_);
    auto height = static_cast<std::uint16_t>(height_);
    state.number(width);
    state.number(height);
    if (!state.restoring()) {
        transfer_pixels(state);
        return;
    }
    if (width == 0 || width > kMaxSide || height == 0 || height > kMaxSide) {
        state.fail("its screen has an impossible size");
        return;
    }
    if (state.left() < std::size_t{4} * ((width + 7u) / 8) * height) {
        state.fail("it ends too early");
        return;
    }
    Layers restored(width, height);
    restored.transfer_pixels(state);
    *this = std::move(restored);
}

void Layers::transfer_pixels(StateStream& state) {
    const unsigned last = columns() - 1;
    const unsigned shown = 0xff00u >> (width_ - 8 * last);
    for (unsigned plane = 0; plane < 4; ++plane) {
        for (unsigned column = 0; column <= last; ++column) {
            const auto bytes = std::span(bytes_).subspan(
                origin_ + plane * plane_size_ + column * column_size_, height_);
            const auto clear_the_rest = [&] {
                for (std::uint8_t& byte : bytes) {
                    byte &= static_cast<std::uint8_t>(column == last ? shown : 0xff);
                }
            };
            clear_the_rest();
            state.bytes(bytes);
            clear_the_rest();
        }
    }
}

}  // namespace varvara
