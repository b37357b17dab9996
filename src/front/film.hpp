#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "front/display.hpp"
#include "front/film_writer.hpp"
#include "varvara/screen_layers.hpp"

namespace front {

/// Samples on their way from the thread that mixes them to another one, without locks.
class SampleQueue {
public:
    /// False, and nothing is kept, if there is no room.
    bool push(std::span<const std::int16_t> samples, FilmTime time) noexcept;
    /// Hands all that is there to `take`, in pieces.
    void drain(const std::function<void(std::span<const std::int16_t>, FilmTime)>& take);

private:
    struct Block {
        FilmTime time{};
        std::size_t size = 0;
    };
    static constexpr std::size_t kSamples = std::size_t{1} << 18;  ///< three seconds at 44100 Hz
    static constexpr std::size_t kBlocks = 1024;

    std::vector<std::int16_t> samples_ = std::vector<std::int16_t>(kSamples);
    std::vector<Block> blocks_ = std::vector<Block>(kBlocks);
    // How many there were so far: pushed by one side, taken by the other.
    std::atomic<std::size_t> blocks_pushed_{0};
    std::atomic<std::size_t> blocks_taken_{0};
    std::atomic<std::size_t> samples_taken_{0};
    std::size_t samples_pushed_ = 0;   ///< the pushing side's
    std::vector<std::int16_t> piece_;  ///< the taking side's
};

/// A film of what is shown and heard while it is, written on a thread of its own
/// (`FilmWriter` says what). Nobody waits for it: pictures that come faster than it can write are
/// left out and counted, and what stays is shown at its time.
class Film {
public:
    /// failed: called once, on the film's thread, when it has ended by itself: `finish` says why.
    Film(std::string path, unsigned rate_hz, std::function<void()> failed = {});
    /// Finishes it, if nobody has.
    ~Film();
    Film(const Film&) = delete;
    Film& operator=(const Film&) = delete;

    /// pixels: all of the picture, 0x00RRGGBB. changed: rows that may differ from the last picture
    /// added; those that are, are copied. The first picture is there from the beginning. Times that
    /// are whole sixtieths of a second, as far as a program counts in them, stay exact.
    /// On one thread.
    void add_frame(std::span<const std::uint32_t> pixels, Size size, varvara::Rows changed,
                   FilmTime time);
    /// samples: interleaved, left first, heard from `time` on. On one thread, which may be another
    /// one; takes no lock.
    void add_sound(std::span<const std::int16_t> samples, FilmTime time) noexcept;

    /// Writes what is still to be written. end: how long the last picture stays.
    FilmEnd finish(FilmTime end);

private:
    struct Picture {
        std::vector<std::uint32_t> pixels;
        Size size;
        varvara::Rows rows;
        FilmTime time{};
    };

    void run();
    void write_waiting();
    void signal() noexcept;

    FilmWriter writer_;
    std::function<void()> on_failure_;
    SampleQueue sound_;

    // The adding thread's.
    Size size_;             ///< of the last picture
    varvara::Rows missed_;  ///< rows changed by pictures that were left out
    FilmTime last_{};
    std::uint64_t left_out_ = 0;

    std::mutex mutex_;
    std::deque<Picture> waiting_;
    std::size_t waiting_pixels_ = 0;
    std::vector<std::vector<std::uint32_t>> spare_;

    std::atomic<std::uint32_t> signals_{0};
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

}  // namespace front
