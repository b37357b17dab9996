#include "front/film.hpp"

#include <algorithm>
#include <utility>

namespace front {
namespace {

using varvara::Rows;

/// Of pixels that wait to be written: 24 MB, ten pictures of 1024 by 768 pixels.
constexpr std::size_t kMostWaiting = std::size_t{6} << 20;
constexpr std::size_t kMostPictures = 1000;
constexpr std::size_t kMostSpare = 4;

}  // namespace

bool SampleQueue::push(std::span<const std::int16_t> samples, FilmTime time) noexcept {
    const std::size_t block = blocks_pushed_.load(std::memory_order_relaxed);
    if (block - blocks_taken_.load(std::memory_order_acquire) == kBlocks ||
        samples_pushed_ - samples_taken_.load(std::memory_order_acquire) + samples.size() >
            kSamples) {
        return false;
    }
    const std::size_t at = samples_pushed_ % kSamples;
    const auto first = samples.first(std::min(samples.size(), kSamples - at));
    std::ranges::copy(first, samples_.begin() + static_cast<std::ptrdiff_t>(at));
    std::ranges::copy(samples.subspan(first.size()), samples_.begin());
    samples_pushed_ += samples.size();
    blocks_[block % kBlocks] = {.time = time, .size = samples.size()};
    blocks_pushed_.store(block + 1, std::memory_order_release);
    return true;
}

void SampleQueue::drain(const std::function<void(std::span<const std::int16_t>, FilmTime)>& take) {
    std::size_t block = blocks_taken_.load(std::memory_order_relaxed);
    std::size_t begin = samples_taken_.load(std::memory_order_relaxed);
    for (; block != blocks_pushed_.load(std::memory_order_acquire); ++block) {
        const auto [time, size] = blocks_[block % kBlocks];
        const std::size_t at = begin % kSamples;
        const auto first = std::span(samples_).subspan(at, std::min(size, kSamples - at));
        piece_.assign(first.begin(), first.end());
        const auto rest = std::span(samples_).first(size - first.size());
        piece_.insert(piece_.end(), rest.begin(), rest.end());
        begin += size;
        samples_taken_.store(begin, std::memory_order_release);
        blocks_taken_.store(block + 1, std::memory_order_release);
        take(piece_, time);
    }
}

Film::Film(std::string path, unsigned rate_hz, std::function<void()> failed)
    : writer_(std::move(path), rate_hz),
      on_failure_(std::move(failed)),
      thread_([this] { run(); }) {}

Film::~Film() {
    if (thread_.joinable()) {
        finish(last_);
    }
}

void Film::add_frame(std::span<const std::uint32_t> pixels, Size size, Rows changed,
                     FilmTime time) {
    last_ = time;
    if (size != size_) {
        size_ = size;
        missed_ = {.begin = 0, .end = size.height};
    }
    if (missed_.begin < missed_.end) {
        changed = changed.begin < changed.end
                      ? Rows{.begin = std::min(changed.begin, missed_.begin),
                             .end = std::max(changed.end, missed_.end)}
                      : missed_;
    }
    const auto rows = pixels.subspan(std::size_t{changed.begin} * size.width,
                                     std::size_t{changed.end - changed.begin} * size.width);
    if (rows.empty()) {
        return;
    }
    Picture picture{.pixels = {}, .size = size, .rows = changed, .time = time};
    {
        const std::scoped_lock lock(mutex_);
        if (waiting_.size() == kMostPictures ||
            (!waiting_.empty() && waiting_pixels_ + rows.size() > kMostWaiting)) {
            missed_ = changed;
            ++left_out_;
            return;
        }
        if (!spare_.empty()) {
            picture.pixels = std::move(spare_.back());
            spare_.pop_back();
        }
    }
    missed_ = {};
    picture.pixels.assign(rows.begin(), rows.end());
    {
        const std::scoped_lock lock(mutex_);
        waiting_pixels_ += rows.size();
        waiting_.push_back(std::move(picture));
    }
    signal();
}

void Film::add_sound(std::span<const std::int16_t> samples, FilmTime time) noexcept {
    if (sound_.push(samples, time)) {  // what is lost becomes silence
        signal();
    }
}

void Film::signal() noexcept {
    signals_.fetch_add(1, std::memory_order_release);
    signals_.notify_one();
}

void Film::run() {
    bool ending = false;
    while (!ending) {
        const std::uint32_t seen = signals_.load(std::memory_order_acquire);
        ending = ending_.load(std::memory_order_acquire);
        const bool failed = writer_.failed();
        write_waiting();
        if (writer_.failed() && !failed && on_failure_) {
            on_failure_();
        }
        if (!ending) {
            signals_.wait(seen, std::memory_order_acquire);
        }
    }
}

void Film::write_waiting() {
    while (true) {
        sound_.drain([&](std::span<const std::int16_t> samples, FilmTime time) {
            writer_.add_sound(samples, time);
        });
        Picture picture;
        {
            const std::scoped_lock lock(mutex_);
            if (waiting_.empty()) {
                return;
            }
            picture = std::move(waiting_.front());
            waiting_.pop_front();
            waiting_pixels_ -= picture.pixels.size();
        }
        writer_.add_frame(picture.pixels, picture.size, picture.rows, picture.time);
        const std::scoped_lock lock(mutex_);
        if (spare_.size() < kMostSpare) {
            spare_.push_back(std::move(picture.pixels));
        }
    }
}

FilmEnd Film::finish(FilmTime end) {
    ending_.store(true, std::memory_order_release);
    signal();
    thread_.join();
    FilmEnd result = writer_.finish(end);
    result.left_out = left_out_;
    return result;
}

}  // namespace front
