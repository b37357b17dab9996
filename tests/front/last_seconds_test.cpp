#include "front/last_seconds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/temporary_folder.hpp"
#include "front/film_time.hpp"
#include "front/random.hpp"
#include "host/wav.hpp"
#include "support/animation.hpp"

namespace front {
namespace {

using animation_test::Animation;
using animation_test::read_animation;
using cli_test::TemporaryFolder;
using varvara::Layers;
using varvara::Rows;
using namespace std::chrono_literals;
using Pixels = std::vector<std::uint32_t>;
using Samples = std::vector<std::int16_t>;

/// A screen that shows pixels of at most four colours, on both of its layers.
class Screen {
public:
    void show(LastSeconds& last, const Pixels& pixels, Size size, Rows changed, FilmTime time) {
        if (changed == all(size)) {
            colours_ = 0;  // only then may others stand for what is there
        }
        Layers layers(size.width, size.height);
        for (unsigned i = 0; i < pixels.size(); ++i) {
            const std::uint8_t colour = index(pixels[i]);
            const auto layer = i % 2 == 0 || colour == 0 ? Layers::Background : Layers::Foreground;
            layers.draw_pixel(layer, static_cast<int>(i % size.width),
                              static_cast<int>(i / size.width), colour);
        }
        std::vector<varvara::TileBits> tiles(Layers::picture_words(size.width, size.height));
        layers.combine(all(size), tiles);
        last.add_frame({pixels, size, tiles, palette_}, changed, time);
    }

private:
    std::uint8_t index(std::uint32_t pixel) {
        const auto end = palette_.begin() + colours_;
        const auto found = std::find(palette_.begin(), end, pixel);
        if (found == end) {
            palette_.at(colours_++) = pixel;
        }
        return static_cast<std::uint8_t>(found - palette_.begin());
    }

    varvara::Palette palette_{};
    unsigned colours_ = 0;
};

/// The film of the seconds before `now`.
Animation film_of(const LastSeconds& last, FilmTime now) {
    const TemporaryFolder folder;
    const auto excerpt = last.excerpt(now);
    EXPECT_TRUE(excerpt);
    const FilmEnd end = write_film(*excerpt, folder.path("a.png"));
    EXPECT_FALSE(end.error);
    EXPECT_EQ(end.files.size(), 1u);
    return read_animation(folder.read("a.png"));
}

TEST(LastSeconds, AreNothingWhereNothingWasShown) {
    const LastSeconds last(kRate);
    EXPECT_FALSE(last.excerpt(at(100)));
}

TEST(LastSeconds, AreWhatWasShown) {
    Random random(1);
    for (const Size size : {Size{.width = 1, .height = 1}, Size{.width = 37, .height = 21},
                            Size{.width = 64, .height = 8}}) {
        LastSeconds last(kRate);
        Screen screen;
        Pixels pixels(std::size_t{size.width} * size.height);
        Pixels palette = {0x000000, 0xff0000, 0x00ff00, 0x0000ff};
        std::vector<Pixels> shown;
        for (unsigned i = 0; i < 150; ++i) {
            Rows changed{};
            if (i == 0 || i % 50 == 0) {
                // Other colours, in the middle of it all.
                Pixels other(4);
                std::ranges::generate(other, [&] { return random() % 0x1000000; });
                for (std::uint32_t& pixel : pixels) {
                    pixel = other[static_cast<std::size_t>(std::ranges::find(palette, pixel) -
                                                           palette.begin())];
                }
                palette = other;
                changed = all(size);
            } else if (i % 5 != 0) {
                changed.begin = random() % size.height;
                changed.end = changed.begin + random() % (size.height - changed.begin + 1);
                for (unsigned y = changed.begin; y < changed.end; ++y) {
                    pixels[y * size.width + random() % size.width] = palette[random() % 4];
                }
            }
            screen.show(last, pixels, size, changed, at(100 + i));
            shown.push_back(pixels);
        }
        const Animation film = film_of(last, at(260));
        EXPECT_EQ(film.sixtieths(), 160u);
        for (unsigned i = 0; i < 150; ++i) {
            ASSERT_EQ(film.at(i).pixels, shown[i]) << i;
        }
    }
}

TEST(LastSeconds, AreNotLongerThanTheyShouldBe) {
    LastSeconds last(kRate, 1s);
    Screen screen;
    const Size size = {.width = 3, .height = 3};
    for (std::uint32_t i = 0; i < 200; ++i) {
        screen.show(last, Pixels(9, i), size, all(size), at(i));
    }
    // Pictures are there for as long as needed, and the film ends when it is asked for.
    const Animation film = film_of(last, at(229));
    EXPECT_EQ(film.sixtieths(), 60u);
    EXPECT_EQ(film.at(0).pixels, Pixels(9, 169));
    EXPECT_EQ(film.at(29).pixels, Pixels(9, 198));
    EXPECT_EQ(film.at(59).pixels, Pixels(9, 199));
    const Animation later = film_of(last, at(1000));
    EXPECT_EQ(later.frames.size(), 1u);
    EXPECT_EQ(later.at(59).pixels, Pixels(9, 199));
}

TEST(LastSeconds, AreFewerWhenMuchChanges) {
    Random random(2);
    const Size size = {.width = 256, .height = 256};
    constexpr std::size_t kMost = 300'000;
    LastSeconds last(kRate, 30s, kMost);
    Screen screen;
    std::vector<Pixels> shown;
    for (unsigned i = 0; i < 40; ++i) {
        Pixels pixels(std::size_t{256} * 256);
        std::ranges::generate(pixels, [&] { return random() % 4; });
        screen.show(last, pixels, size, all(size), at(i));
        EXPECT_LE(last.memory(), kMost);
        shown.push_back(std::move(pixels));
    }
    const Animation film = film_of(last, at(40));
    ASSERT_GE(film.frames.size(), 10u);  // 16 KiB each
    ASSERT_LT(film.frames.size(), 18u);
    for (std::size_t i = 0; i < film.frames.size(); ++i) {
        EXPECT_EQ(film.frames[i].picture.pixels, shown[40 - film.frames.size() + i]);
    }
}

TEST(LastSeconds, TakeLittleMemoryForLittleChange) {
    const Size size = {.width = 1024, .height = 768};
    Pixels pixels(std::size_t{1024} * 768);
    LastSeconds last(kRate);
    Screen screen;
    screen.show(last, pixels, size, all(size), at(0));
    const std::size_t before = last.memory();
    for (unsigned i = 1; i < 600; ++i) {
        pixels[i * 1000] = 0xff0000;
        screen.show(last, pixels, size, all(size), at(i));
    }
    EXPECT_LT(last.memory() - before, 600u * 300);
    // Colours alone may change as well: a fade.
    const std::size_t until_now = last.memory();
    for (unsigned i = 1; i < 100; ++i) {
        for (std::uint32_t& pixel : pixels) {
            pixel = (pixel & 0xff0000) != 0 ? 0xff0000 - (i << 16) : i;
        }
        screen.show(last, pixels, size, all(size), at(600 + i));
    }
    EXPECT_LT(last.memory() - until_now, 100u * 300);
}

TEST(LastSeconds, KeepScreensOfAllSizes) {
    LastSeconds last(kRate);
    Screen screen;
    const Size small = {.width = 5, .height = 3};
    const Size large = {.width = 9, .height = 9};
    screen.show(last, Pixels(15, 1), small, all(small), at(0));
    screen.show(last, Pixels(81, 2), large, all(large), at(10));
    screen.show(last, Pixels(15, 3), small, all(small), at(20));
    const TemporaryFolder folder;
    const FilmEnd end = write_film(*last.excerpt(at(30)), folder.path("a.png"));
    ASSERT_EQ(end.files.size(), 2u);
    EXPECT_EQ(read_animation(folder.read("a.png")).at(9).pixels, Pixels(15, 1));
    const Animation second = read_animation(folder.read("a-2.png"));
    EXPECT_EQ(second.at(0).pixels, Pixels(81, 2));
    EXPECT_EQ(second.at(10).pixels[2], 3u);
    EXPECT_EQ(second.at(10).pixels[5], 0u);
}

TEST(LastSeconds, StayAsTheyWereOnceTheyAreTaken) {
    const TemporaryFolder folder;
    LastSeconds last(kRate, 1s);
    Screen screen;
    const Size size = {.width = 2, .height = 2};
    std::atomic<bool> done = false;
    std::thread audio([&] {
        for (std::int64_t i = 0; !done; ++i) {
            last.add_sound(Samples(200, static_cast<std::int16_t>(i % 1000 + 1)),
                           at(static_cast<std::uint64_t>(i)));
        }
    });
    for (unsigned i = 0; i < 60; ++i) {
        screen.show(last, Pixels(4, i), size, all(size), at(i));
    }
    std::atomic<int> jobs_done = 0;
    FilmJob job(*last.excerpt(at(60)), folder.path("a.png"), [&] { ++jobs_done; });
    for (unsigned i = 60; i < 600; ++i) {
        screen.show(last, Pixels(4, i), size, all(size), at(i));
        (void)last.excerpt(at(i));
    }
    const FilmEnd end = job.finish();
    done = true;
    audio.join();
    EXPECT_EQ(jobs_done, 1);
    EXPECT_FALSE(end.error);
    const Animation film = read_animation(folder.read("a.png"));
    for (unsigned i = 0; i < 60; ++i) {
        EXPECT_EQ(film.at(i).pixels, Pixels(4, i));
    }
}

TEST(LastSeconds, AreInStepWithWhatWasHeard) {
    const TemporaryFolder folder;
    LastSeconds last(kRate, 1s);
    Screen screen;
    const Size size = {.width = 1, .height = 1};
    for (unsigned i = 0; i < 100; ++i) {
        screen.show(last, Pixels(1, i), size, all(size), at(i));
        if (i < 20 || i >= 70) {  // in between the sound was off
            last.add_sound(Samples(200, static_cast<std::int16_t>(i + 1)), at(i));
        }
    }
    const FilmEnd end = write_film(*last.excerpt(at(70 + 10)), folder.path("a.png"));
    ASSERT_EQ(end.files.size(), 2u);
    const auto sound = host::read_wav(folder.path("a.wav"));
    ASSERT_TRUE(sound);
    // The excerpt begins at picture 39, the oldest that is left.
    const Animation film = read_animation(folder.read("a.png"));
    const std::uint32_t first = film.at(0).pixels[0];
    EXPECT_GE(first, 20u);
    for (unsigned i = first; i < 100; ++i) {
        EXPECT_EQ(sound->samples.at(200 * (i - first)), i < 70 ? 0 : static_cast<int>(i) + 1) << i;
    }
}

TEST(LastSamples, KeepTheNewestOfThem) {
    LastSamples last(1000, 50);
    EXPECT_TRUE(last.copy(0).samples.empty());
    for (std::int64_t i = 0; i < 25; ++i) {
        Samples samples;
        for (std::int64_t frame = 100 * i; frame < 100 * (i + 1); ++frame) {
            samples.push_back(static_cast<std::int16_t>(frame));
            samples.push_back(static_cast<std::int16_t>(-frame));
        }
        last.add(samples, 100 * i + 7);  // a little off
    }
    const LastSamples::Copy copy = last.copy(0);
    EXPECT_EQ(copy.begin, 1507);  // 7 were before the first
    ASSERT_EQ(copy.samples.size(), 2000u);
    EXPECT_EQ(copy.samples.front(), 1500);
    EXPECT_EQ(copy.samples.back(), -2499);
    EXPECT_EQ(last.copy(2000).samples.front(), 1993);
    last.add(Samples(3000, 4), 10'000);  // more than there is room for
    const LastSamples::Copy later = last.copy(0);
    EXPECT_EQ(later.begin, 10'500);
    EXPECT_EQ(later.samples, Samples(2000, 4));
}

TEST(LastSamples, AreWholeWhoeverWritesMeanwhile) {
    LastSamples last(500, 1000);
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        for (std::int64_t at = 0; !done; at += 400) {
            Samples samples;
            for (std::int64_t frame = at; frame < at + 400; ++frame) {
                samples.push_back(static_cast<std::int16_t>(frame));
                samples.push_back(static_cast<std::int16_t>(frame >> 16));
            }
            last.add(samples, at);
        }
    });
    bool right = true;
    for (int seen = 0; seen < 20'000;) {
        const LastSamples::Copy copy = last.copy(0);
        for (std::size_t n = 0; n < copy.samples.size() / 2; ++n) {
            const std::int64_t frame = copy.begin + static_cast<std::int64_t>(n);
            right = right && copy.samples[2 * n] == static_cast<std::int16_t>(frame) &&
                    copy.samples[2 * n + 1] == static_cast<std::int16_t>(frame >> 16);
        }
        seen += copy.samples.empty() ? 0 : 1;
    }
    done = true;
    EXPECT_TRUE(right);
}

}  // namespace
}  // namespace front
