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

/// One bit for each of 8 x 8 pixels: byte n, counted from the lowest, is row n, and its bit 7 the
/// leftmost pixel.
using TileBits = std::uint64_t;

/// 8 x 8 pixels of four colours, or of some of them.
struct Tile {
    TileBits low = 0;   ///< bit 0 of each colour
    TileBits high = 0;  ///< bit 1
    TileBits mask = 0;  ///< which pixels are meant
};

/// The pixels of a screen: background and foreground, four colours each.
///
/// They are kept as tiles of the shape that sprites have, so that a sprite, wherever it lies, is
/// drawn by shifting its rows as one word and merging them into the two or four tiles that it
/// touches. One more tile than the screen shows on every side takes what is drawn across its edges;
/// nobody ever sees them.
class Layers {
public:
    enum Layer : std::uint8_t { Background, Foreground };
    static constexpr unsigned kMaxSide = 4095;
    static constexpr int kSide = 8;  ///< of a tile

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
    /// With its top left corner at (x, y).
    void draw_tile(Layer layer, int x, int y, const Tile& tile);

    /// See `Screen::paint`.
    Rows paint(const Palette& palette, std::span<std::uint32_t> pixels);

    /// Words of a picture in tiles, and of each band, which is a row of tiles: of each tile from
    /// left to right the low plane, then the high one. They may reach over the right and lower
    /// edge.
    static std::size_t band_words(unsigned width) {
        return std::size_t{2} * ((width + 7u) / kSide);
    }
    static std::size_t picture_words(unsigned width, unsigned height) {
        return (height + 7u) / kSide * band_words(width);
    }
    /// What both layers show together, as such a picture: the bands that have some of these rows.
    void combine(Rows rows, std::span<TileBits> picture) const;

    /// Size and pixels. What cannot be restored leaves everything as it was.
    void transfer(StateStream& state);

private:
    /// Tiles of a band that were drawn on since they were painted: all are among `begin` to
    /// `end` - 1.
    struct Stale {
        int begin = kMaxSide;
        int end = 0;

        void add(int first, int last) {
            begin = first < begin ? first : begin;
            end = last >= end ? last + 1 : end;
        }
    };

    int columns() const { return static_cast<int>(width_ + 7) / kSide; }  ///< of tiles
    int bands() const { return static_cast<int>(height_ + 7) / kSide; }   ///< rows of tiles
    /// Both layers' planes together.
    Tile seen(int column, int band) const;
    /// Where a tile's low plane is: its high one is `pitch_` further, and the tile below twice as
    /// far. Columns -1 to `columns()`, bands -1 to `bands()`.
    std::size_t index(Layer layer, int column, int band) const {
        return layer * layer_size_ + (static_cast<std::size_t>(band) + 1) * 2 * pitch_ +
               static_cast<std::size_t>(column) + 1;
    }
    Stale& stale(int band) { return stale_[static_cast<std::size_t>(band) + 1]; }
    void make_all_stale();
    void set_palette(const Palette& palette);
    void paint_tile(int column, int band, std::uint32_t* pixels) const;
    void transfer_pixels(StateStream& state);

    unsigned width_ = 0;
    unsigned height_ = 0;
    std::size_t pitch_ = 0;        ///< tiles in a band
    std::size_t layer_size_ = 0;   ///< in words
    std::vector<TileBits> words_;  ///< the background's bands, each low then high, the foreground's
    std::vector<Stale> stale_;     ///< by band
    std::optional<Palette> palette_;
    /// Four pixels, by four bits of the low plane and, above them, four of the high one.
    std::array<Palette, 256> quads_{};
};

}  // namespace varvara
