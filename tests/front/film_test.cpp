#include "front/film.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "cli/temporary_folder.hpp"
#include "front/film_time.hpp"
#include "front/last_seconds.hpp"
#include "front/random.hpp"
#include "host/wav.hpp"
#include "support/animation.hpp"
#include "support/file_size_limit.hpp"

namespace front {
namespace {

using animation_test::Animation;
using animation_test::read_animation;
using cli_test::TemporaryFolder;
using varvara::Rows;
using Pixels = std::vector<std::uint32_t>;
using Samples = std::vector<std::int16_t>;

std::vector<std::string> names(const TemporaryFolder& folder,
                               std::initializer_list<std::string_view> files) {
    std::vector<std::string> paths;
    for (const std::string_view file : files) {
        paths.push_back(folder.path(file));
    }
    return paths;
}

/// What a writer, a film or the last seconds were shown, and the film that should come of it.
class Show {
public:
    explicit Show(Size size) : size_(size), pixels_(std::size_t{size.width} * size.height) {}

    /// Paints `colour` into a rectangle.
    void paint(unsigned x, unsigned y, unsigned width, unsigned height, std::uint32_t colour) {
        for (unsigned row = y; row < y + height; ++row) {
            std::fill_n(pixels_.begin() + static_cast<std::ptrdiff_t>(row) * size_.width + x, width,
                        colour);
        }
    }
    Pixels& pixels() { return pixels_; }
    Size size() const { return size_; }
    std::span<const std::uint32_t> rows(Rows rows) const {
        return std::span(pixels_).subspan(std::size_t{rows.begin} * size_.width,
                                          std::size_t{rows.end - rows.begin} * size_.width);
    }
    void write(FilmWriter& writer, FilmTime time) const {
        writer.add_frame(pixels_, size_, all(size_), time);
    }

private:
    Size size_;
    Pixels pixels_;
};

TEST(FilmWriter, WritesOnlyWhatChangesAndWhen) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show show({.width = 10, .height = 8});
    show.write(writer, at(0));
    const Pixels first = show.pixels();
    show.paint(3, 2, 4, 3, 0xff0000);
    writer.add_frame(show.rows({.begin = 0, .end = 8}), show.size(), {.begin = 0, .end = 8}, at(5));
    const Pixels second = show.pixels();
    show.write(writer, at(7));  // the same
    show.paint(9, 7, 1, 1, 0x00ff00);
    writer.add_frame(show.rows({.begin = 6, .end = 8}), show.size(), {.begin = 6, .end = 8}, at(9));
    const FilmEnd end = writer.finish(at(69));
    EXPECT_EQ(end.files, names(folder, {"a.png"}));
    EXPECT_FALSE(end.error);
    const Animation film = read_animation(folder.read("a.png"));
    ASSERT_EQ(film.frames.size(), 3u);
    EXPECT_EQ(film.frames[0].picture.pixels, first);
    EXPECT_EQ(film.frames[0].sixtieths, 5u);
    EXPECT_EQ(film.frames[1].picture.pixels, second);
    EXPECT_EQ(film.frames[1].sixtieths, 4u);
    EXPECT_EQ(film.frames[1].width, 4u);
    EXPECT_EQ(film.frames[1].height, 3u);
    EXPECT_EQ(film.frames[2].picture.pixels, show.pixels());
    EXPECT_EQ(film.frames[2].sixtieths, 60u);
    EXPECT_EQ(film.frames[2].width, 1u);
    EXPECT_EQ(film.frames[2].height, 1u);
    EXPECT_EQ(folder.size(), 1);
}

TEST(FilmWriter, ShowsTheLastPictureOfASixtieth) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show show({.width = 1, .height = 1});
    for (const std::uint32_t colour : {1u, 2u, 3u, 4u, 5u}) {
        show.pixels()[0] = colour;
        show.write(writer, at(2) * colour / 5);  // 0.4, 0.8, 1.2, 1.6 and 2 sixtieths
    }
    show.pixels()[0] = 6;
    show.write(writer, at(3));
    show.pixels()[0] = 5;  // and back again, before anybody sees it
    show.write(writer, at(3) + FilmTime(1));
    EXPECT_FALSE(writer.finish(FilmTime(0)).error);
    const Animation film = read_animation(folder.read("a.png"));
    EXPECT_EQ(film.at(0).pixels, Pixels{1});
    EXPECT_EQ(film.at(1).pixels, Pixels{3});
    EXPECT_EQ(film.at(2).pixels, Pixels{5});
    EXPECT_EQ(film.at(3).pixels, Pixels{5});
    EXPECT_EQ(film.sixtieths(), 4u);
}

TEST(FilmWriter, BeginsWithTheFirstPictureWheneverItComes) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show show({.width = 1, .height = 1});
    show.write(writer, at(4));
    show.pixels()[0] = 1;
    show.write(writer, at(6));
    writer.finish(at(10));
    const Animation film = read_animation(folder.read("a.png"));
    ASSERT_EQ(film.frames.size(), 2u);
    EXPECT_EQ(film.frames[0].sixtieths, 6u);
    EXPECT_EQ(film.frames[1].sixtieths, 4u);
}

TEST(FilmWriter, GoesOnInAnotherFileWhenTheScreenGrows) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show small({.width = 3, .height = 5});
    small.paint(0, 0, 3, 5, 0x111111);
    small.write(writer, at(0));
    Show wide({.width = 6, .height = 2});
    wide.paint(0, 0, 6, 2, 0x222222);
    wide.write(writer, at(10));
    small.write(writer, at(30));  // has room there
    const FilmEnd end = writer.finish(at(60));
    EXPECT_EQ(end.files, names(folder, {"a.png", "a-2.png"}));
    const Animation first = read_animation(folder.read("a.png"));
    ASSERT_EQ(first.frames.size(), 1u);
    EXPECT_EQ(first.frames[0].picture.pixels, small.pixels());
    EXPECT_EQ(first.sixtieths(), 10u);
    const Animation second = read_animation(folder.read("a-2.png"));
    EXPECT_EQ(second.width, 6u);
    EXPECT_EQ(second.height, 5u);
    ASSERT_EQ(second.frames.size(), 2u);
    Pixels expected(30);
    std::fill_n(expected.begin(), 12, 0x222222);
    EXPECT_EQ(second.frames[0].picture.pixels, expected);
    EXPECT_EQ(second.frames[0].sixtieths, 20u);
    std::ranges::fill(expected, 0);
    for (std::size_t y = 0; y < 5; ++y) {
        std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(6 * y), 3, 0x111111);
    }
    EXPECT_EQ(second.frames[1].picture.pixels, expected);
    EXPECT_EQ(second.frames[1].sixtieths, 30u);
}

TEST(FilmWriter, BeginsWithTheSizeThatAProgramChoosesAtOnce) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show(Size{.width = 2, .height = 2}).write(writer, at(0));
    const Show chosen({.width = 5, .height = 4});
    chosen.write(writer, at(0) + FilmTime(1000));
    EXPECT_EQ(writer.finish(at(1)).files, names(folder, {"a.png"}));
    EXPECT_EQ(read_animation(folder.read("a.png")).width, 5u);
}

TEST(FilmWriter, StopsWhenTheScreenGrowsAllTheTime) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.apng"), kRate);
    for (unsigned i = 0; i < 200; ++i) {
        Show(Size{.width = i + 1, .height = 1}).write(writer, at(i));
    }
    EXPECT_TRUE(writer.failed());
    const FilmEnd end = writer.finish(at(200));
    ASSERT_TRUE(end.error);
    EXPECT_EQ(end.error->detail, "cannot go on with '" + folder.path("a.apng") +
                                     "': the screen has changed its size too often");
    EXPECT_EQ(end.files.size(), 99u);
    EXPECT_EQ(end.files.back(), folder.path("a-99.apng"));
    EXPECT_EQ(read_animation(folder.read("a-99.apng")).width, 99u);
}

TEST(FilmWriter, GoesOnWithAnyColoursAfter256) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show show({.width = 2, .height = 1});
    std::vector<Pixels> shown;
    for (std::uint32_t i = 0; i < 300; ++i) {
        show.pixels() = {0x1000 * i, 0x1000 * i + 1};
        shown.push_back(show.pixels());
        show.write(writer, at(i));
    }
    EXPECT_EQ(writer.finish(at(300)).files, names(folder, {"a.png", "a-2.png"}));
    const Animation first = read_animation(folder.read("a.png"));
    const Animation second = read_animation(folder.read("a-2.png"));
    EXPECT_EQ(first.colour_type, 3u);
    EXPECT_EQ(second.colour_type, 2u);
    ASSERT_EQ(first.frames.size(), 128u);
    ASSERT_EQ(second.frames.size(), 172u);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto& frame = i < 128 ? first.frames[i] : second.frames[i - 128];
        EXPECT_EQ(frame.picture.pixels, shown[i]) << i;
        EXPECT_EQ(frame.sixtieths, 1u);
    }
}

TEST(FilmWriter, TakesAPictureOfManyColoursAtOnce) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show show({.width = 30, .height = 10});
    for (std::uint32_t i = 0; i < 300; ++i) {
        show.pixels()[i] = 77 * i;
    }
    show.write(writer, at(0));
    EXPECT_EQ(writer.finish(at(3)).files, names(folder, {"a.png"}));
    EXPECT_EQ(read_animation(folder.read("a.png")).at(2).pixels, show.pixels());
}

TEST(FilmWriter, PutsTheSoundBesideItFromTheSameBeginning) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show(Size{.width = 1, .height = 1}).write(writer, at(0));
    writer.add_sound(Samples(200, 0), at(0));  // nothing to hear so far
    writer.add_sound(Samples(200, 5), at(60));
    writer.add_sound(Samples(200, 6), at(62));   // a little late: it follows
    writer.add_sound(Samples(200, 7), at(120));  // a gap
    writer.add_sound(Samples(2000, 8), at(90));  // far too early: what is over is cut off
    const FilmEnd end = writer.finish(at(180));
    EXPECT_EQ(end.files, names(folder, {"a.png", "a.wav"}));
    const auto sound = host::read_wav(folder.path("a.wav"));
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->rate_hz, kRate);
    Samples expected(12'000);
    expected.insert(expected.end(), 200, 5);
    expected.insert(expected.end(), 200, 6);
    expected.resize(24'000);
    expected.insert(expected.end(), 200, 7);
    EXPECT_EQ(sound->samples, expected);
}

TEST(FilmWriter, HasNoSoundWhereThereWasNone) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    Show(Size{.width = 1, .height = 1}).write(writer, at(0));
    writer.add_sound(Samples(2000), at(0));
    EXPECT_EQ(writer.finish(at(60)).files, names(folder, {"a.png"}));
    EXPECT_EQ(folder.size(), 1);
}

TEST(FilmWriter, HasNoFilesWhenNothingWasShown) {
    const TemporaryFolder folder;
    FilmWriter writer(folder.path("a.png"), kRate);
    const FilmEnd end = writer.finish(at(60));
    EXPECT_TRUE(end.files.empty());
    EXPECT_FALSE(end.error);
    EXPECT_EQ(folder.size(), 0);
}

TEST(FilmWriter, KeepsWhatTheDiskHadRoomFor) {
    const TemporaryFolder folder;
    Random random(4);
    Show show({.width = 64, .height = 64});
    std::vector<Pixels> shown;
    FilmEnd end;
    {
        const uxn::test::FileSizeLimit limit(20'000);
        FilmWriter writer(folder.path("a.png"), kRate);
        for (unsigned i = 0; i < 100; ++i) {
            std::ranges::generate(show.pixels(), [&] { return random() % 4; });
            shown.push_back(show.pixels());
            show.write(writer, at(i));
            writer.add_sound(Samples(200, 9), at(i));
        }
        EXPECT_TRUE(writer.failed());
        end = writer.finish(at(100));
    }
    ASSERT_TRUE(end.error);
    EXPECT_EQ(end.error->code, base::ErrorCode::NotWritable);
    EXPECT_EQ(end.files, names(folder, {"a.png", "a.wav"}));
    const Animation film = read_animation(folder.read("a.png"));
    EXPECT_GT(film.frames.size(), 5u);
    for (std::size_t i = 0; i < film.frames.size(); ++i) {
        EXPECT_EQ(film.frames[i].picture.pixels, shown[i]);
    }
    const auto sound = host::read_wav(folder.path("a.wav"));
    ASSERT_TRUE(sound);
    EXPECT_GE(sound->samples.size(), 200u * film.frames.size());
    EXPECT_EQ(folder.size(), 2);
}

TEST(FilmWriter, KeepsThePicturesWhenTheSoundHasNoRoom) {
    const TemporaryFolder folder;
    FilmEnd end;
    {
        const uxn::test::FileSizeLimit limit(5000);
        FilmWriter writer(folder.path("a.png"), kRate);
        Show(Size{.width = 1, .height = 1}).write(writer, at(0));
        writer.add_sound(Samples(2000, 9), at(0));
        writer.add_sound(Samples(2000, 9), at(10));
        EXPECT_TRUE(writer.failed());
        end = writer.finish(at(60));
    }
    ASSERT_TRUE(end.error);
    const auto sound = host::read_wav(folder.path("a.wav"));
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->samples, Samples(2000, 9));
    EXPECT_EQ(folder.read("a.wav").size(), 44u + 4000);
}

TEST(FilmWriter, SaysThatTheFolderIsGoneAndLeavesNothing) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("sub"));
    FilmWriter writer(folder.path("sub/a.png"), kRate);
    Show(Size{.width = 4, .height = 4}).write(writer, at(0));
    writer.add_sound(Samples(200, 9), at(0));
    std::filesystem::remove_all(folder.path("sub"));
    const FilmEnd end = writer.finish(at(60));
    EXPECT_TRUE(end.files.empty());
    ASSERT_TRUE(end.error);
    EXPECT_EQ(end.error->detail,
              "cannot write '" + folder.path("sub/a.png") + "': No such file or directory");
    EXPECT_EQ(folder.size(), 0);
}

TEST(CheckFilm, SaysBeforehandWhatCannotBeWritten) {
    const TemporaryFolder folder;
    EXPECT_TRUE(check_film(folder.path("a.png")));
    EXPECT_FALSE(check_film(folder.path("missing/a.png")));
    std::filesystem::create_directory(folder.path("a.wav"));
    const auto sound = check_film(folder.path("a.png"));
    ASSERT_FALSE(sound);
    EXPECT_EQ(sound.error().detail, "cannot write '" + folder.path("a.wav") + "': it is a folder");
}

TEST(Film, IsWrittenWhileItIsShownAndHeard) {
    const TemporaryFolder folder;
    Random random(7);
    Show show({.width = 100, .height = 80});
    std::vector<Pixels> shown;
    Film film(folder.path("a.png"), kRate);
    std::thread audio([&] {
        for (unsigned i = 0; i < 200; ++i) {
            film.add_sound(Samples(200, static_cast<std::int16_t>(i)), at(i));
        }
    });
    for (unsigned i = 0; i < 200; ++i) {
        const unsigned y = random() % 80;
        const unsigned height = random() % (81 - y);
        show.paint(random() % 50, y, random() % 50, height, random() % 4 * 0x555555);
        film.add_frame(show.pixels(), show.size(), {.begin = y, .end = y + height}, at(i));
        shown.push_back(show.pixels());
    }
    audio.join();
    const FilmEnd end = film.finish(at(200));
    EXPECT_EQ(end.files, names(folder, {"a.png", "a.wav"}));
    EXPECT_FALSE(end.error);
    EXPECT_EQ(end.left_out, 0u);
    const Animation animation = read_animation(folder.read("a.png"));
    EXPECT_EQ(animation.sixtieths(), 200u);
    for (unsigned i = 0; i < 200; ++i) {
        ASSERT_EQ(animation.at(i).pixels, shown[i]) << i;
    }
    const auto sound = host::read_wav(folder.path("a.wav"));
    ASSERT_TRUE(sound);
    ASSERT_EQ(sound->samples.size(), 200u * 200);
    for (std::size_t i = 0; i < 200; ++i) {
        EXPECT_EQ(sound->samples[200 * i], static_cast<std::int16_t>(i));
        EXPECT_EQ(sound->samples[200 * i + 199], static_cast<std::int16_t>(i));
    }
}

TEST(Film, LeavesOutPicturesRatherThanLetAnybodyWait) {
    const TemporaryFolder folder;
    Random random(8);
    Show show({.width = 1600, .height = 1200});
    std::ranges::generate(show.pixels(), [&] { return random() % 4; });
    Film film(folder.path("a.png"), kRate);
    constexpr unsigned kFrames = 40;
    for (unsigned i = 0; i < kFrames; ++i) {
        // Everything changes, which takes far longer to write than to hand over. A pixel in each
        // row tells which picture it is.
        for (std::uint32_t& pixel : show.pixels()) {
            pixel ^= 3;
        }
        for (unsigned y = 0; y < 1200; ++y) {
            show.pixels()[1600 * y] = i + 10;
        }
        film.add_frame(show.pixels(), show.size(), all(show.size()), at(i));
    }
    // What the pictures that were left out have changed is not lost.
    show.pixels()[5] = 9;
    film.add_frame(show.pixels(), show.size(), {.begin = 0, .end = 1}, at(kFrames));
    const FilmEnd end = film.finish(at(kFrames + 1));
    EXPECT_FALSE(end.error);
    EXPECT_GT(end.left_out, 0u);
    const Animation animation = read_animation(folder.read("a.png"));
    EXPECT_GT(animation.frames.size(), 1u);
    EXPECT_EQ(animation.sixtieths(), kFrames + 1);
    unsigned time = 0;
    for (const auto& frame : animation.frames) {
        EXPECT_EQ(frame.picture.pixels[0], std::min(time, kFrames - 1) + 10);
        EXPECT_EQ(frame.picture.pixels[1600 * 1199], frame.picture.pixels[0]);
        time += frame.sixtieths;
    }
}

TEST(Film, SaysOnceThatItHasFailed) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("sub"));
    std::atomic<int> failures = 0;
    Show show({.width = 4, .height = 4});
    Film film(folder.path("missing/a.png"), kRate, [&] {
        ++failures;
        failures.notify_one();
    });
    film.add_frame(show.pixels(), show.size(), all(show.size()), at(0));
    failures.wait(0);
    for (unsigned i = 1; i < 10; ++i) {
        film.add_frame(show.pixels(), show.size(), all(show.size()), at(i));
        film.add_sound(Samples(200, 1), at(i));
    }
    const FilmEnd end = film.finish(at(10));
    EXPECT_EQ(failures, 1);
    ASSERT_TRUE(end.error);
    EXPECT_EQ(end.error->code, base::ErrorCode::NotWritable);
    EXPECT_TRUE(end.files.empty());
}

TEST(Film, IsFinishedWhenNobodyDoesSo) {
    const TemporaryFolder folder;
    {
        Film film(folder.path("a.png"), kRate);
        Show show({.width = 4, .height = 4});
        film.add_frame(show.pixels(), show.size(), all(show.size()), at(0));
        show.pixels()[0] = 1;
        film.add_frame(show.pixels(), show.size(), all(show.size()), at(9));
    }
    EXPECT_EQ(read_animation(folder.read("a.png")).sixtieths(), 10u);
}

TEST(SampleQueue, LosesWhatItHasNoRoomForAndNothingElse) {
    SampleQueue queue;
    unsigned kept = 0;
    while (queue.push(Samples(10'000, static_cast<std::int16_t>(kept)), at(kept))) {
        ++kept;
    }
    EXPECT_EQ(kept, (1u << 18) / 10'000);
    for (int round = 0; round < 3; ++round) {
        unsigned taken = 0;
        queue.drain([&](std::span<const std::int16_t> samples, FilmTime time) {
            EXPECT_EQ(time, at(taken));
            EXPECT_EQ(Samples(samples.begin(), samples.end()),
                      Samples(10'000, static_cast<std::int16_t>(taken)));
            ++taken;
        });
        EXPECT_EQ(taken, round == 0 ? kept : 20u);
        for (unsigned i = 0; i < 20; ++i) {
            EXPECT_TRUE(queue.push(Samples(10'000, static_cast<std::int16_t>(i)), at(i)));
        }
    }
}

}  // namespace
}  // namespace front
