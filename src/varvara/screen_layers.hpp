#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "varvara/state_stream.hpp"

namespace varvara {

/// What the four colours look like: 0x00RRGGBB each.
using Palette = std::array<std::uint32_t, 4>;

/// Rows `begin` to `end` - 1 of a picture.
struct Rows {
    unsigned begin = 0;
    unsigned end = 0;

    friend bool operator==(const Rows&, const Rows&) = default;
};

/// 8 x 8 pixels as two planes: byte n is row n, bit 7 of it the leftmost pixel.
struct Tile {
    std::uint64_t low = 0;   ///< bit 0 of each colour
    std::uint64_t high = 0;  ///< bit 1 of each colour
    std::uint64_t mask = 0;  ///< the pixels that it has; the others are left as they are
};

/// The pixels of a screen: background and foreground, four colours each.
///
/// A layer is two bit planes, and a plane is kept as the columns of bytes that sprites are made of:
/// 8 pixels wide, a byte a row. The rows of a sprite are then neighbours in memory, and drawing one
/// is a few operations on 64-bit words, wherever it lies. A column and some rows more than the
/// screen shows on every side take what is drawn across its edges; nobody ever sees them.
class Layers {
public:
    enum Layer : std::uint8_t { Background, Foreground };
    static constexpr unsigned kMaxSide = 4095;

    /// Sides are 1 to kMaxSide pixels; all of them have colour 0.
    Layers(unsigned width, unsigned height) { resize(width, height); }
    /// As new.
    void resize(unsigned width, unsigned height);

    unsigned width() const { return width_; }
    unsigned height() const { return height_; }
    /// The colour of a pixel that is on the screen.
    std::uint8_t colour(Layer layer, unsigned x, unsigned y) const;

    // What is outside the screen is left out.
    void draw_pixel(Layer layer, int x, int y, std::uint8_t colour);
    /// Columns `left` to `right` - 1 of rows `top` to `bottom` - 1.
    void fill(Layer layer, int left, int top, int right, int bottom, std::uint8_t colour);
    /// With its leftmost pixel in the top row at (x, y).
    void draw(Layer layer, int x, int y, const Tile& tile) {
        if (x > -kTile && x < static_cast<int>(width_) && y > -kTile &&
            y < static_cast<int>(height_)) {
            draw_visible(layer, x, y, tile);
        }
    }

    /// See `Screen::paint`.
    Rows paint(const Palette& palette, std::span<std::uint32_t> pixels);

    /// Size and pixels; after a failure the layers are as they were.
    void transfer(StateStream& state);

private:
    static constexpr int kTile = 8;

    void draw_visible(Layer layer, int x, int y, const Tile& tile);
    void paint_band(unsigned band, std::span<const Palette, 256> quads,
                    std::uint32_t* pixels) const;
    void transfer_pixels(StateStream& state);

    unsigned columns() const { return (width_ + 7) / 8; }
    unsigned bands() const { return (height_ + 7) / 8; }
    /// The byte of a layer's low plane; the one of its high plane is `plane_size_` further.
    /// Columns -1 to `columns()`, rows -8 to `height_` + 7.
    std::size_t at(Layer layer, int column, int row) const {
        return origin_ + layer * 2 * plane_size_ + static_cast<std::size_t>(column) * column_size_ +
               static_cast<std::size_t>(row);
    }
    void mark_row(int y) { stale_bands_[static_cast<std::size_t>((y >> 3) + 1)] = true; }

    unsigned width_ = 0;
    unsigned height_ = 0;
    std::size_t column_size_ = 0;
    std::size_t plane_size_ = 0;
    std::size_t origin_ = 0;           ///< of the background's top left pixels
    std::vector<std::uint8_t> bytes_;  ///< background low and high, foreground low and high
    /// Bands of 8 rows that were drawn on since they were painted, and one more at both ends.
    std::vector<std::uint8_t> stale_bands_;
    std::optional<Palette> painted_with_;
};

}  // namespace varvara
