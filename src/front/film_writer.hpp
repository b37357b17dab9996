#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "front/display.hpp"
#include "host/apng.hpp"
#include "host/wav.hpp"
#include "varvara/screen_layers.hpp"

namespace front {

/// Since a film began.
using FilmTime = std::chrono::nanoseconds;

/// What has become of a film.
struct FilmEnd {
    std::vector<std::string> files;    ///< that there are now
    std::optional<base::Error> error;  ///< why it is shorter than it should be, or not there at all
    std::uint64_t left_out = 0;        ///< pictures that there was no time for
};

/// Whether a film can be written to PATH and the sound beside it, to be known before it begins.
/// Errors: those of `host::check_writable`.
base::Result<void> check_film(const std::string& path);

/// Writes a film: an animated PNG of exact pixels at PATH and, beside it, what there is to hear in
/// a WAV file of the same name, from the same beginning.
///
/// Each picture stays until the next one that differs, in sixtieths of a second; only what changes
/// is written. A file has the size that it begins with: where the screen is smaller, the rest is
/// black, and once it is larger the film goes on in a file of its own, NAME-2.png, NAME-3.png... So
/// it does, once, when it has shown 256 colours. The sound stays one file.
///
/// All on one thread. After an error nothing more is written, and what there is can be finished.
class FilmWriter {
public:
    FilmWriter(std::string path, unsigned rate_hz) : path_(std::move(path)), rate_hz_(rate_hz) {}

    /// Rows of a picture of `size` that may differ from those shown before; all of them, where
    /// the size does. pixels: those rows, 0x00RRGGBB. Times do not go back.
    void add_frame(std::span<const std::uint32_t> pixels, Size size, varvara::Rows rows,
                   FilmTime time);
    /// samples: interleaved, left first, heard from `time` on. Gaps are filled with silence.
    void add_sound(std::span<const std::int16_t> samples, FilmTime time);

    bool failed() const { return end_.error.has_value(); }
    /// Puts the files in their places. end: how long the last picture stays.
    FilmEnd finish(FilmTime end);

private:
    using Pixels = std::vector<std::uint32_t>;

    void begin_part(Size size);
    void end_part();
    void begin_file();
    void show(std::span<const std::uint32_t> pixels, Size size, varvara::Rows rows);
    bool is_shown(std::span<const std::uint32_t> pixels, Size size, varvara::Rows rows) const;
    /// Writes what is shown, which stays until `tick`.
    void write_shown(std::uint64_t tick);
    base::Result<void> write_changes(std::uint64_t sixtieths);
    base::Result<void> write_samples(std::span<const std::int16_t> samples, std::uint64_t at);
    bool check(const base::Result<void>& result);

    std::string path_;
    unsigned rate_hz_;
    FilmEnd end_;

    unsigned part_ = 0;
    std::unique_ptr<host::AnimationWriter> file_;
    host::AnimationWriter::Colours colours_ = host::AnimationWriter::Colours::Upto256;
    Size canvas_;  ///< of the file
    Size size_;    ///< of the screen
    Pixels written_;
    Pixels shown_;            ///< from `tick_` on, but not yet written
    varvara::Rows changed_;   ///< where both differ
    std::uint64_t tick_ = 0;  ///< in sixtieths of a second

    std::unique_ptr<host::WavWriter> sound_;
    std::uint64_t heard_ = 0;  ///< frames of sound
};

}  // namespace front
