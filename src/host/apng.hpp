#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "host/new_file.hpp"

/// Animated PNG pictures. Source: W3C, Portable Network Graphics (Third Edition), 2025.
namespace host {

/// A part of an animation's picture that changes, and for how long it stays.
struct AnimationFrame {
    unsigned x = 0;
    unsigned y = 0;
    unsigned width = 0;
    unsigned height = 0;
    /// 0x00RRGGBB: the first row at the beginning, each following one `pitch` further.
    std::span<const std::uint32_t> pixels;
    std::size_t pitch = 0;
    std::uint64_t sixtieths = 1;  ///< of a second, at least one
};

/// Up to 256 colours in the order in which they came.
class GrowingPalette {
public:
    static constexpr std::size_t kMost = 256;

    /// Adds the colour if it is new; nothing if there is no room.
    std::optional<std::uint8_t> index_of(std::uint32_t colour);
    std::span<const std::uint32_t> colours() const { return colours_; }
    /// Forgets all but the first `count`.
    void shrink(std::size_t count);

private:
    std::vector<std::uint32_t> colours_;
    /// Their indexes plus 1, where the hash says or after it; 0: nothing.
    std::array<std::uint16_t, 4 * kMost> slots_{};
};

/// Writes an animation frame by frame into a file that appears when it is complete; it plays once.
/// After an error it can still be finished with the frames that it has.
class AnimationWriter {
public:
    /// How colours are written: an index into a palette that grows as they come, or as they are.
    enum class Colours : std::uint8_t { Upto256, Any };

    /// Sides are 1 to kMaxPictureSide.
    /// Errors: those of `NewFile`; NotWritable for pipes and devices.
    static base::Result<AnimationWriter> create(const std::string& path, unsigned width,
                                                unsigned height, Colours colours);

    /// The first frame is the whole picture, each further one lies within it.
    /// Errors: NotWritable; Unsupported for the 257th colour of 256, nothing being written then.
    base::Result<void> add(const AnimationFrame& frame);
    /// How many frames it has.
    unsigned frames() const { return frames_; }
    /// Puts the file, which has a frame at least, in its place. Errors: NotWritable.
    base::Result<void> finish();

private:
    AnimationWriter(NewFile file, unsigned width, unsigned height, Colours colours);

    base::Result<void> write_header();
    /// The frame's rows as bytes in `rows_`; false for too many colours.
    bool take_rows(const AnimationFrame& frame);
    /// Its chunks.
    void append_frame(const AnimationFrame& frame, std::uint16_t sixtieths, std::string& to);
    base::Result<void> write_at_end(std::string& bytes);

    NewFile file_;
    unsigned width_;
    unsigned height_;
    Colours colours_;
    GrowingPalette palette_;
    std::int64_t end_ = 0;  ///< of what is complete: where the last chunk begins
    std::uint32_t sequence_ = 0;
    unsigned frames_ = 0;
    std::vector<std::uint8_t> rows_;
    std::string compressed_;
};

}  // namespace host
