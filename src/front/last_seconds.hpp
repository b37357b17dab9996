#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "front/display.hpp"
#include "front/film_writer.hpp"
#include "front/picture.hpp"
#include "varvara/screen_layers.hpp"

namespace front {

/// What was heard last, in a ring that one thread writes and another one reads at any time: no
/// locks. Its memory is used only where there was sound.
class LastSamples {
public:
    /// most: frames that are kept. tolerance: how many a time may be off by.
    LastSamples(std::size_t most, std::int64_t tolerance);

    /// at: which frame the first of them is. Interleaved, left first.
    void add(std::span<const std::int16_t> samples, std::int64_t at) noexcept;

    struct Copy {
        std::vector<std::int16_t> samples;
        std::int64_t begin = 0;  ///< which frame is the first
    };
    /// All that there is, from frame `from` on.
    Copy copy(std::int64_t from) const;

private:
    struct Free {
        void operator()(std::uint32_t* memory) const { std::free(memory); }
    };
    std::uint32_t& frame(std::int64_t at) const {
        return frames_[static_cast<std::size_t>(at) % most_];
    }

    std::size_t most_;
    std::int64_t tolerance_;
    std::unique_ptr<std::uint32_t[], Free> frames_;
    std::atomic<std::int64_t> begin_{-1};   ///< of all that ever was
    std::atomic<std::int64_t> writing_{0};  ///< what is before it may be overwritten by now
    std::atomic<std::int64_t> end_{0};
};

/// The last seconds of what was shown and heard, as a copy that nothing happens to any more.
struct Excerpt {
    /// From one picture to the next.
    struct Change {
        FilmTime time{};
        Size size;
        varvara::Palette palette{};
        std::vector<std::uint8_t> runs;  ///< what differs in the tiles (`Runs`)
    };

    std::vector<std::shared_ptr<const Change>> changes;
    std::vector<std::uint8_t> first;  ///< the tiles that the first change leads to
    LastSamples::Copy sound;
    unsigned rate_hz = 0;
    FilmTime begin{};
    FilmTime end{};
};

/// Always on: keeps the last seconds, in little memory and next to no time.
///
/// Pictures are kept as the screen's tiles (`Picture::tiles`), two bits a pixel, and of each only
/// what differs from the one before.
class LastSeconds {
public:
    static constexpr std::size_t kUsualMemory = std::size_t{24} << 20;
    static constexpr std::chrono::seconds kUsualLength{30};

    /// length: how much is kept at most; most_memory: of pictures, in bytes; less is kept then.
    explicit LastSeconds(unsigned rate_hz, FilmTime length = kUsualLength,
                         std::size_t most_memory = kUsualMemory);

    /// changed: rows. Times count from anywhere.
    void add_frame(const Picture& picture, varvara::Rows changed, FilmTime time);
    void add_sound(std::span<const std::int16_t> samples, FilmTime time) noexcept;

    /// The seconds before `now`; nothing if nothing was shown. On the thread that adds pictures.
    std::optional<Excerpt> excerpt(FilmTime now) const;

    /// What is used of the memory for pictures.
    std::size_t memory() const;

private:
    using Tiles = std::vector<std::uint8_t>;
    using Change = Excerpt::Change;

    void forget_first();

    unsigned rate_hz_;
    FilmTime length_;
    std::size_t most_memory_;
    std::deque<std::shared_ptr<const Change>> changes_;
    std::size_t changes_memory_ = 0;
    Tiles first_;  ///< what the first change leads to
    Tiles last_;   ///< what the last one leads to
    LastSamples sound_;
};

/// Writes an excerpt as `FilmWriter` does.
FilmEnd write_film(const Excerpt& excerpt, std::string path);

/// The same on a thread of its own.
class FilmJob {
public:
    /// done: called on that thread at the end.
    FilmJob(Excerpt excerpt, std::string path, std::function<void()> done = {});
    ~FilmJob();
    FilmJob(const FilmJob&) = delete;
    FilmJob& operator=(const FilmJob&) = delete;

    /// Waits for the end.
    FilmEnd finish();

private:
    FilmEnd end_;
    std::thread thread_;
};

}  // namespace front
