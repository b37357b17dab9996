#include "front/last_seconds.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "front/difference.hpp"

namespace front {
namespace {

using varvara::Layers;
using varvara::Palette;
using varvara::Rows;
using varvara::TileBits;

/// What the tiles of a band take.
std::size_t band_bytes(Size size) {
    return Layers::band_words(size.width) * sizeof(TileBits);
}

std::size_t tiles_bytes(Size size) {
    return Layers::picture_words(size.width, size.height) * sizeof(TileBits);
}

std::int64_t frame_at(FilmTime time, unsigned rate_hz) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t seconds = time.count() / kSecond;
    return seconds * rate_hz + time.count() % kSecond * rate_hz / kSecond;
}

FilmTime time_of(std::int64_t frame, unsigned rate_hz) {
    const std::int64_t seconds = frame / rate_hz;
    return std::chrono::seconds(seconds) + FilmTime(frame % rate_hz * 1'000'000'000 / rate_hz);
}

/// What a change costs beside its runs: itself, its counters, its place in the queue.
constexpr std::size_t kChangeCost = sizeof(Excerpt::Change) + 8 * sizeof(void*);

std::size_t cost_of(const Excerpt::Change& change) {
    return change.runs.capacity() + kChangeCost;
}

void paint(std::span<const std::uint8_t> tiles, Size size, const Palette& palette,
           std::vector<std::uint32_t>& pixels) {
    pixels.resize(std::size_t{size.width} * size.height);
    for (unsigned y = 0; y < size.height; ++y) {
        const auto band = tiles.subspan(y / Layers::kSide * band_bytes(size), band_bytes(size));
        const auto row = std::span(pixels).subspan(std::size_t{y} * size.width, size.width);
        for (unsigned x = 0; x < size.width; ++x) {
            std::array<TileBits, 2> planes{};
            std::memcpy(planes.data(), &band[x / Layers::kSide * sizeof planes], sizeof planes);
            const unsigned bit = y % Layers::kSide * Layers::kSide + 7 - x % Layers::kSide;
            row[x] = palette[(planes[1] >> bit & 1) << 1 | (planes[0] >> bit & 1)];
        }
    }
}

/// Goes on from one picture to the next.
void advance(std::vector<std::uint8_t>& tiles, const Excerpt::Change& from,
             const Excerpt::Change& to) {
    if (from.size != to.size) {
        tiles.assign(tiles_bytes(to.size), 0);
    }
    apply_runs(to.runs, tiles);
}

}  // namespace

LastSamples::LastSamples(std::size_t most, std::int64_t tolerance)
    : most_(std::max<std::size_t>(most, 1)),
      tolerance_(tolerance),
      frames_(static_cast<std::uint32_t*>(std::calloc(most_, sizeof(std::uint32_t)))) {}

void LastSamples::add(std::span<const std::int16_t> samples, std::int64_t at) noexcept {
    if (frames_ == nullptr || samples.empty()) {
        return;
    }
    const auto put = [&](std::int64_t to, std::uint32_t value) {
        std::atomic_ref(frame(to)).store(value, std::memory_order_relaxed);
    };
    const auto most = static_cast<std::int64_t>(most_);
    auto count = static_cast<std::int64_t>(samples.size() / 2);
    const std::int64_t before = end_.load(std::memory_order_relaxed);
    // Blocks come when there is time: a little off is where the last one ended.
    std::int64_t begin = before;
    const bool first = begin_.load(std::memory_order_relaxed) < 0;
    if (first || at > before + tolerance_) {
        begin = at;
    } else if (at + tolerance_ < before) {
        const std::int64_t late = std::min(before - at, count);
        samples = samples.subspan(2 * static_cast<std::size_t>(late));
        count -= late;
    }
    const std::int64_t end = begin + count;
    writing_.store(end, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    if (!first) {
        for (std::int64_t to = std::max(before, begin - most); to < begin; ++to) {
            put(to, 0);
        }
    }
    const std::int64_t kept = std::max(begin, end - most);
    for (std::int64_t to = kept; to < end; ++to) {
        const auto pair = samples.subspan(2 * static_cast<std::size_t>(to - begin), 2);
        put(to, static_cast<std::uint16_t>(pair[0]) |
                    std::uint32_t{static_cast<std::uint16_t>(pair[1])} << 16);
    }
    if (first) {
        begin_.store(begin, std::memory_order_relaxed);
    }
    end_.store(end, std::memory_order_release);
}

LastSamples::Copy LastSamples::copy(std::int64_t from) const {
    const std::int64_t end = end_.load(std::memory_order_acquire);
    const std::int64_t first = begin_.load(std::memory_order_relaxed);
    const auto most = static_cast<std::int64_t>(most_);
    if (first < 0 || frames_ == nullptr) {
        return {};
    }
    const std::int64_t begin = std::max({from, first, end - most});
    std::vector<std::uint32_t> frames;
    for (std::int64_t at = begin; at < end; ++at) {
        frames.push_back(std::atomic_ref(frame(at)).load(std::memory_order_relaxed));
    }
    // What was overwritten meanwhile, or may have been, is not what it was.
    std::atomic_thread_fence(std::memory_order_acquire);
    const std::int64_t lost = writing_.load(std::memory_order_relaxed) - most - begin;
    const auto skipped = static_cast<std::size_t>(
        std::clamp(lost, std::int64_t{0}, static_cast<std::int64_t>(frames.size())));
    Copy copy{.samples = {}, .begin = begin + static_cast<std::int64_t>(skipped)};
    copy.samples.reserve(2 * (frames.size() - skipped));
    for (const std::uint32_t pair : std::span(frames).subspan(skipped)) {
        copy.samples.push_back(static_cast<std::int16_t>(pair));
        copy.samples.push_back(static_cast<std::int16_t>(pair >> 16));
    }
    return copy;
}

LastSeconds::LastSeconds(unsigned rate_hz, FilmTime length, std::size_t most_memory)
    : rate_hz_(rate_hz),
      length_(length),
      most_memory_(most_memory),
      sound_(static_cast<std::size_t>(frame_at(length, rate_hz)), rate_hz / 20) {}

void LastSeconds::add_frame(const Picture& picture, Rows changed, FilmTime time) {
    const Size size = picture.size;
    const bool fresh = changes_.empty() || size != changes_.back()->size;
    if (fresh) {
        changed = {.begin = 0, .end = size.height};
        last_.assign(tiles_bytes(size), 0);
    }
    auto change = std::make_shared<Change>(
        Change{.time = time, .size = size, .palette = picture.palette, .runs = {}});
    Runs runs(change->runs);
    const auto tiles = std::as_bytes(picture.tiles);
    const std::size_t begin = changed.begin / Layers::kSide * band_bytes(size);
    const std::size_t end = (changed.end + 7) / Layers::kSide * band_bytes(size);
    const std::span after(reinterpret_cast<const std::uint8_t*>(tiles.data()) + begin, end - begin);
    const auto before = std::span(last_).subspan(begin, after.size());
    for (std::size_t at = 0; at < after.size();) {
        const Differing part = next_difference(before, after, at);
        const auto bytes = after.subspan(part.begin, part.end - part.begin);
        runs.append(begin + part.begin, bytes);
        std::ranges::copy(bytes, before.begin() + static_cast<std::ptrdiff_t>(part.begin));
        at = part.end;
    }
    if (!fresh && runs.empty() && changes_.back()->palette == picture.palette) {
        return;
    }
    change->runs.shrink_to_fit();
    changes_memory_ += cost_of(*change);
    changes_.push_back(std::move(change));
    if (changes_.size() == 1) {
        first_ = last_;
    }
    while (changes_.size() > 1 &&
           (memory() > most_memory_ || changes_[1]->time <= time - length_)) {
        forget_first();
    }
}

void LastSeconds::forget_first() {
    changes_memory_ -= cost_of(*changes_[0]);
    advance(first_, *changes_[0], *changes_[1]);
    changes_.pop_front();
}

void LastSeconds::add_sound(std::span<const std::int16_t> samples, FilmTime time) noexcept {
    sound_.add(samples, frame_at(time, rate_hz_));
}

std::optional<Excerpt> LastSeconds::excerpt(FilmTime now) const {
    if (changes_.empty()) {
        return std::nullopt;
    }
    Excerpt excerpt{.changes = {changes_.begin(), changes_.end()},
                    .first = first_,
                    .sound = {},
                    .rate_hz = rate_hz_,
                    .begin = std::max(changes_.front()->time, now - length_),
                    .end = now};
    std::size_t before = 0;
    for (; before + 1 < changes_.size() && changes_[before + 1]->time <= excerpt.begin; ++before) {
        advance(excerpt.first, *changes_[before], *changes_[before + 1]);
    }
    excerpt.changes.erase(excerpt.changes.begin(),
                          excerpt.changes.begin() + static_cast<std::ptrdiff_t>(before));
    excerpt.sound = sound_.copy(frame_at(excerpt.begin, rate_hz_));
    return excerpt;
}

std::size_t LastSeconds::memory() const {
    return changes_memory_ + first_.capacity() + last_.capacity();
}

FilmEnd write_film(const Excerpt& excerpt, std::string path) {
    FilmWriter writer(std::move(path), excerpt.rate_hz);
    if (!excerpt.sound.samples.empty()) {
        writer.add_sound(excerpt.sound.samples,
                         time_of(excerpt.sound.begin, excerpt.rate_hz) - excerpt.begin);
    }
    std::vector<std::uint8_t> tiles = excerpt.first;
    std::vector<std::uint32_t> pixels;
    const Excerpt::Change* last = nullptr;
    for (const auto& change : excerpt.changes) {
        if (last != nullptr) {
            advance(tiles, *last, *change);
        }
        last = change.get();
        paint(tiles, change->size, change->palette, pixels);
        writer.add_frame(pixels, change->size, {.begin = 0, .end = change->size.height},
                         change->time - excerpt.begin);
    }
    return writer.finish(excerpt.end - excerpt.begin);
}

FilmJob::FilmJob(Excerpt excerpt, std::string path, std::function<void()> done)
    : thread_([this, what = std::move(excerpt), to = std::move(path), at_end = std::move(done)] {
          end_ = write_film(what, to);
          if (at_end) {
              at_end();
          }
      }) {}

FilmJob::~FilmJob() {
    if (thread_.joinable()) {
        thread_.join();
    }
}

FilmEnd FilmJob::finish() {
    thread_.join();
    return std::move(end_);
}

}  // namespace front
