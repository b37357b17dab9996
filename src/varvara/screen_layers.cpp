#include "varvara/screen_layers.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace varvara {
namespace {

/// The same row eight times.
constexpr TileBits eight_rows(unsigned row) {
    return (row & 0xff) * TileBits{0x0101010101010101};
}

constexpr TileBits kAll = ~TileBits{0};

constexpr TileBits plane_of(std::uint8_t colour, unsigned bit) {
    return (colour >> bit & 1) != 0 ? kAll : 0;
}

void merge(TileBits& into, TileBits from, TileBits mask) {
    into ^= (into ^ from) & mask;
}

/// Puts `value` into a row of tiles: those of `rows` in all, and what `left` and `right` say of the
/// first and the last.
void fill_words(std::span<TileBits> words, TileBits value, TileBits rows, TileBits left,
                TileBits right) {
    if (words.size() == 1) {
        merge(words.front(), value, rows & left & right);
        return;
    }
    merge(words.front(), value, rows & left);
    merge(words.back(), value, rows & right);
    const auto inner = words.subspan(1, words.size() - 2);
    if (rows == kAll) {
        std::memset(inner.data(), static_cast<int>(value & 0xff), inner.size_bytes());
        return;
    }
    for (TileBits& word : inner) {
        merge(word, value, rows);
    }
}

/// The part of the interval `begin` to `end` - 1 that is inside a side; false if there is none.
bool clip(int& begin, int& end, unsigned side) {
    begin = std::max(begin, 0);
    end = std::min(end, static_cast<int>(side));
    return begin < end;
}

}  // namespace

void Layers::resize(unsigned width, unsigned height) {
    width_ = width;
    height_ = height;
    pitch_ = static_cast<std::size_t>(columns()) + 2;
    layer_size_ = 2 * pitch_ * (static_cast<std::size_t>(bands()) + 2);
    words_.assign(2 * layer_size_, 0);
    make_all_stale();
}

void Layers::make_all_stale() {
    stale_.assign(static_cast<std::size_t>(bands()) + 2, {.begin = 0, .end = columns()});
}

std::uint8_t Layers::colour(Layer layer, unsigned x, unsigned y) const {
    assert(x < width_ && y < height_);
    const std::size_t low = index(layer, static_cast<int>(x / 8), static_cast<int>(y / 8));
    const std::size_t high = low + pitch_;
    const unsigned bit = y % 8 * 8 + 7 - x % 8;
    return static_cast<std::uint8_t>((words_[high] >> bit & 1) << 1 | (words_[low] >> bit & 1));
}

void Layers::draw_pixel(Layer layer, int x, int y, std::uint8_t colour) {
    if (x < 0 || x >= static_cast<int>(width_) || y < 0 || y >= static_cast<int>(height_)) {
        return;
    }
    TileBits* const low = &words_[index(layer, x >> 3, y >> 3)];
    const TileBits mask = TileBits{0x80} >> (x & 7) << 8 * (y & 7);
    merge(low[0], plane_of(colour, 0), mask);
    merge(low[pitch_], plane_of(colour, 1), mask);
    stale(y >> 3).add(x >> 3, x >> 3);
}

void Layers::fill(Layer layer, int left, int top, int right, int bottom, std::uint8_t colour) {
    if (!clip(left, right, width_) || !clip(top, bottom, height_)) {
        return;
    }
    const int first = left >> 3;
    const int last = (right - 1) >> 3;
    const TileBits from_left = eight_rows(0xffu >> (left & 7));
    const TileBits to_right = eight_rows(0xff00u >> (((right - 1) & 7) + 1));
    for (int band = top >> 3; band <= (bottom - 1) >> 3; ++band) {
        const TileBits from_top = band == top >> 3 ? kAll << 8 * (top & 7) : kAll;
        const TileBits below = band == bottom >> 3 ? kAll << 8 * (bottom & 7) : 0;
        const TileBits rows = from_top & ~below;
        for (unsigned bit = 0; bit < 2; ++bit) {
            const std::span<TileBits> words(&words_[index(layer, first, band) + bit * pitch_],
                                            static_cast<std::size_t>(last - first) + 1);
            fill_words(words, plane_of(colour, bit), rows, from_left, to_right);
        }
        stale(band).add(first, last);
    }
}

void Layers::draw_tile(Layer layer, int x, int y, const Tile& tile) {
    if (x <= -kSide || x >= static_cast<int>(width_) || y <= -kSide ||
        y >= static_cast<int>(height_)) {
        return;
    }
    const int column = x >> 3;
    const int band = y >> 3;
    const unsigned right = x & 7;
    const unsigned down = 8 * (y & 7);
    TileBits* const words = &words_[index(layer, column, band)];
    const auto put = [&](TileBits* low, const Tile& part) {
        merge(low[0], part.low << down, part.mask << down);
        merge(low[pitch_], part.high << down, part.mask << down);
        if (down != 0) {
            const unsigned up = 64 - down;
            merge(low[2 * pitch_], part.low >> up, part.mask >> up);
            merge(low[3 * pitch_], part.high >> up, part.mask >> up);
        }
    };
    // What a shift moves into neighbouring rows belongs to the other part.
    const TileBits in_left = eight_rows(0xffu >> right);
    put(words, {.low = tile.low >> right,
                .high = tile.high >> right,
                .mask = tile.mask >> right & in_left});
    if (right != 0) {
        const unsigned left = 8 - right;
        put(words + 1, {.low = tile.low << left,
                        .high = tile.high << left,
                        .mask = tile.mask << left & ~in_left});
    }
    const int last_column = (x + kSide - 1) >> 3;
    stale(band).add(column, last_column);
    if (down != 0) {
        stale(band + 1).add(column, last_column);
    }
}

void Layers::set_palette(const Palette& palette) {
    if (palette_ == palette) {
        return;
    }
    palette_ = palette;
    for (unsigned i = 0; i < quads_.size(); ++i) {
        for (unsigned x = 0; x < 4; ++x) {
            quads_[i][x] = palette[(i >> (7 - x) & 1) << 1 | (i >> (3 - x) & 1)];
        }
    }
    make_all_stale();
}

Rows Layers::paint(const Palette& palette, std::span<std::uint32_t> pixels) {
    assert(pixels.size() == std::size_t{width_} * height_);
    set_palette(palette);
    Rows rows;
    for (int band = 0; band < bands(); ++band) {
        const int begin = std::max(stale(band).begin, 0);
        const int end = std::min(stale(band).end, columns());
        stale(band) = {};
        if (begin >= end) {
            continue;
        }
        for (int column = begin; column < end; ++column) {
            paint_tile(column, band, pixels.data());
        }
        rows.begin = rows.end == 0 ? static_cast<unsigned>(8 * band) : rows.begin;
        rows.end = std::min(static_cast<unsigned>(8 * band + 8), height_);
    }
    return rows;
}

Tile Layers::seen(int column, int band) const {
    const TileBits* const below = &words_[index(Background, column, band)];
    const TileBits* const above = &words_[index(Foreground, column, band)];
    const TileBits clear = ~(above[0] | above[pitch_]);
    return {.low = above[0] | (below[0] & clear),
            .high = above[pitch_] | (below[pitch_] & clear),
            .mask = ~TileBits{0}};
}

void Layers::combine(Rows rows, std::span<TileBits> picture) const {
    assert(picture.size() == picture_words(width_, height_));
    const int end = static_cast<int>(rows.end + 7) / kSide;
    for (int band = static_cast<int>(rows.begin) / kSide; band < end; ++band) {
        TileBits* to = &picture[static_cast<std::size_t>(band) * band_words(width_)];
        for (int column = 0; column < columns(); ++column) {
            const Tile tile = seen(column, band);
            *to++ = tile.low;
            *to++ = tile.high;
        }
    }
}

void Layers::paint_tile(int column, int band, std::uint32_t* pixels) const {
    const auto [low, high, _] = seen(column, band);
    TileBits left = (low >> 4 & eight_rows(0x0f)) | (high & eight_rows(0xf0));
    TileBits right = (low & eight_rows(0x0f)) | (high << 4 & eight_rows(0xf0));

    const unsigned x = 8 * static_cast<unsigned>(column);
    const unsigned y = 8 * static_cast<unsigned>(band);
    const unsigned rows = std::min(8u, height_ - y);
    const unsigned across = std::min(8u, width_ - x);
    std::uint32_t* out = pixels + std::size_t{y} * width_ + x;
    for (unsigned row = 0; row < rows; ++row, left >>= 8, right >>= 8, out += width_) {
        const Palette& left_half = quads_[left & 0xff];
        const Palette& right_half = quads_[right & 0xff];
        if (across == 8) {
            std::memcpy(out, left_half.data(), sizeof(Palette));
            std::memcpy(out + 4, right_half.data(), sizeof(Palette));
        } else {
            for (unsigned i = 0; i < across; ++i) {
                out[i] = i < 4 ? left_half[i] : right_half[i - 4];
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

/// Both planes of both layers, row by row, eight pixels a byte, bits beyond the right edge being 0.
void Layers::transfer_pixels(StateStream& state) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(columns()));
    const auto in_last_byte = static_cast<std::uint8_t>(0xff00u >> ((width_ - 1) % 8 + 1));
    for (const Layer layer : {Background, Foreground}) {
        for (const std::size_t plane : {std::size_t{0}, pitch_}) {
            for (unsigned y = 0; y < height_; ++y) {
                TileBits* const words = &words_[index(layer, 0, static_cast<int>(y / 8)) + plane];
                const unsigned shift = y % 8 * 8;
                for (std::size_t i = 0; i < bytes.size(); ++i) {
                    bytes[i] = static_cast<std::uint8_t>(words[i] >> shift);
                }
                bytes.back() &= in_last_byte;
                state.bytes(bytes);
                for (std::size_t i = 0; state.restoring() && i < bytes.size(); ++i) {
                    words[i] |= TileBits{bytes[i]} << shift;
                }
            }
        }
    }
}

}  // namespace varvara
