#include "front/film_writer.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "host/files.hpp"

namespace front {
namespace {

using base::ErrorCode;
using varvara::Rows;

/// A screen that changes its size all the time shall not fill a folder.
constexpr unsigned kMostParts = 99;

/// PATH without the ending that says what it is.
std::string_view stem_of(std::string_view path) {
    for (const std::string_view ending : {".png", ".apng"}) {
        if (path.size() > ending.size() && path.ends_with(ending) &&
            path[path.size() - ending.size() - 1] != '/') {
            return path.substr(0, path.size() - ending.size());
        }
    }
    return path;
}

std::string part_path(std::string_view path, unsigned part) {
    if (part == 1) {
        return std::string(path);
    }
    const std::string_view stem = stem_of(path);
    return std::string(stem) + "-" + std::to_string(part) + std::string(path.substr(stem.size()));
}

std::string sound_path(std::string_view path) {
    return std::string(stem_of(path)) + ".wav";
}

/// Rounded; 0 for what is before the beginning.
std::uint64_t in_units(FilmTime time, std::uint64_t units_a_second) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
    const auto total = static_cast<std::uint64_t>(std::max<FilmTime::rep>(time.count(), 0));
    return total / kSecond * units_a_second +
           (total % kSecond * units_a_second + kSecond / 2) / kSecond;
}

Rows all_rows(Size size) {
    return {.begin = 0, .end = size.height};
}

Rows joined(Rows a, Rows b) {
    if (a.begin >= a.end || b.begin >= b.end) {
        return a.begin < a.end ? a : b;
    }
    return {.begin = std::min(a.begin, b.begin), .end = std::max(a.end, b.end)};
}

}  // namespace

base::Result<void> check_film(const std::string& path) {
    for (const std::string& file : {path, sound_path(path)}) {
        if (auto writable = host::check_writable(file); !writable) {
            return writable;
        }
    }
    return {};
}

bool FilmWriter::check(const base::Result<void>& result) {
    if (!result && !end_.error) {
        end_.error = result.error();
    }
    return result.has_value();
}

void FilmWriter::begin_part(Size size) {
    if (part_ == kMostParts) {
        check(base::fail(ErrorCode::TooLarge, "cannot go on with '" + path_ +
                                                  "': the screen has changed its size too often"));
        return;
    }
    ++part_;
    canvas_ = {.width = std::max(canvas_.width, size.width),
               .height = std::max(canvas_.height, size.height)};
    shown_.assign(std::size_t{canvas_.width} * canvas_.height, 0);
    written_.assign(shown_.size(), 0);
    begin_file();
}

void FilmWriter::begin_file() {
    file_.reset();
    auto file = host::AnimationWriter::create(part_path(path_, part_), canvas_.width,
                                              canvas_.height, colours_);
    if (file) {
        file_ = std::make_unique<host::AnimationWriter>(std::move(*file));
    } else {
        check(std::unexpected(file.error()));
    }
}

void FilmWriter::end_part() {
    if (file_ && file_->frames() == 0) {
        --part_;  // nothing of it was to be seen
    } else if (file_ && check(file_->finish())) {
        end_.files.push_back(part_path(path_, part_));
    }
    file_.reset();
}

void FilmWriter::add_frame(std::span<const std::uint32_t> pixels, Size size, Rows rows,
                           FilmTime time) {
    assert(pixels.size() == std::size_t{size.width} * (rows.end - rows.begin));
    if (failed() || pixels.empty()) {
        return;
    }
    const bool first = part_ == 0;
    const std::uint64_t tick = first ? 0 : std::max(tick_, in_units(time, 60));
    if (!first && is_shown(pixels, size, rows)) {
        return;
    }
    if (!first && tick > tick_) {
        write_shown(tick);
    }
    if (first || size.width > canvas_.width || size.height > canvas_.height) {
        // Of what was shown within the same sixtieth there is nothing to see.
        end_part();
        if (!failed()) {
            begin_part(size);
        }
    }
    if (!failed()) {
        show(pixels, size, rows);
        tick_ = tick;
    }
}

bool FilmWriter::is_shown(std::span<const std::uint32_t> pixels, Size size, Rows rows) const {
    if (size != size_) {
        return false;
    }
    for (unsigned y = rows.begin; y < rows.end; ++y) {
        const std::uint32_t* const row = shown_.data() + std::size_t{y} * canvas_.width;
        if (!std::equal(row, row + size.width,
                        pixels.data() + std::size_t{y - rows.begin} * size.width)) {
            return false;
        }
    }
    return true;
}

void FilmWriter::show(std::span<const std::uint32_t> pixels, Size size, Rows rows) {
    changed_ = joined(changed_, rows);
    if (size != std::exchange(size_, size)) {
        assert(rows == all_rows(size));
        std::ranges::fill(shown_, 0);
        changed_ = all_rows(canvas_);
    }
    for (unsigned y = rows.begin; y < rows.end; ++y) {
        std::ranges::copy(pixels.subspan(std::size_t{y - rows.begin} * size.width, size.width),
                          shown_.begin() + std::ptrdiff_t{y} * canvas_.width);
    }
}

void FilmWriter::write_shown(std::uint64_t tick) {
    using Colours = host::AnimationWriter::Colours;
    auto written = write_changes(tick - tick_);
    if (!written && written.error().code == ErrorCode::Unsupported && colours_ != Colours::Any) {
        colours_ = Colours::Any;
        if (file_->frames() == 0) {
            begin_file();
        } else {
            end_part();
            const Pixels shown = shown_;
            if (!failed()) {
                begin_part(canvas_);
            }
            shown_ = shown;
        }
        if (failed()) {
            return;
        }
        written = write_changes(tick - tick_);
    }
    if (check(written)) {
        for (unsigned y = changed_.begin; y < changed_.end; ++y) {
            const auto at = std::ptrdiff_t{y} * canvas_.width;
            std::copy_n(shown_.begin() + at, canvas_.width, written_.begin() + at);
        }
        changed_ = {};
    }
}

base::Result<void> FilmWriter::write_changes(std::uint64_t sixtieths) {
    const std::size_t pitch = canvas_.width;
    unsigned left = canvas_.width;
    unsigned right = 0;
    unsigned top = canvas_.height;
    unsigned bottom = 0;
    for (unsigned y = changed_.begin; y < changed_.end; ++y) {
        const auto shown = std::span(shown_).subspan(y * pitch, pitch);
        const auto written = std::span(written_).subspan(y * pitch, pitch);
        const auto first = std::ranges::mismatch(shown, written).in1 - shown.begin();
        if (first == std::ssize(shown)) {
            continue;
        }
        const auto last = std::mismatch(shown.rbegin(), shown.rend(), written.rbegin()).first;
        left = std::min(left, static_cast<unsigned>(first));
        right = std::max(right, static_cast<unsigned>(shown.rend() - last));
        top = std::min(top, y);
        bottom = y + 1;
    }
    if (file_->frames() == 0) {
        left = top = 0;
        right = canvas_.width;
        bottom = canvas_.height;
    } else if (top >= bottom) {
        left = top = 0;  // it is what it was; a pixel of it must do
        right = bottom = 1;
    }
    return file_->add({.x = left,
                       .y = top,
                       .width = right - left,
                       .height = bottom - top,
                       .pixels = std::span(shown_).subspan(top * pitch + left),
                       .pitch = pitch,
                       .sixtieths = sixtieths});
}

void FilmWriter::add_sound(std::span<const std::int16_t> samples, FilmTime time) {
    if (failed() || samples.empty() ||
        (!sound_ &&
         std::ranges::all_of(samples, [](std::int16_t sample) { return sample == 0; }))) {
        return;
    }
    if (!sound_) {
        auto sound = host::WavWriter::create(sound_path(path_), rate_hz_);
        if (!sound) {
            check(std::unexpected(sound.error()));
            return;
        }
        sound_ = std::make_unique<host::WavWriter>(std::move(*sound));
    }
    check(write_samples(samples, in_units(time, rate_hz_)));
}

base::Result<void> FilmWriter::write_samples(std::span<const std::int16_t> samples,
                                             std::uint64_t at) {
    // Blocks come when there is time, so a little off is where the last one ended.
    const std::uint64_t tolerance = rate_hz_ / 20;
    if (heard_ == 0 || at > heard_ + tolerance) {
        static constexpr std::array<std::int16_t, 8192> kSilence{};
        while (heard_ < at) {
            const auto count = std::min<std::uint64_t>(kSilence.size() / 2, at - heard_);
            if (auto written = sound_->write(std::span(kSilence).first(2 * count)); !written) {
                return written;
            }
            heard_ += count;
        }
    } else if (at + tolerance < heard_) {
        const std::uint64_t late = std::min<std::uint64_t>(heard_ - at, samples.size() / 2);
        samples = samples.subspan(2 * late);
    }
    heard_ += samples.size() / 2;
    return sound_->write(samples);
}

FilmEnd FilmWriter::finish(FilmTime end) {
    if (!failed() && part_ > 0) {
        write_shown(std::max(in_units(end, 60), tick_ + 1));
    }
    end_part();
    if (sound_ && check(sound_->finish())) {
        end_.files.push_back(sound_path(path_));
    }
    sound_.reset();
    return std::exchange(end_, {});
}

}  // namespace front
