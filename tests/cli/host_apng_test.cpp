#include "host/apng.hpp"

#include <gtest/gtest.h>
#include <stb/stb_image.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "host/deflate.hpp"
#include "support/animation.hpp"
#include "support/file_size_limit.hpp"
#include "temporary_folder.hpp"

namespace host {
namespace {

using animation_test::Animation;
using animation_test::read_animation;
using base::ErrorCode;
using cli_test::TemporaryFolder;
using Colours = AnimationWriter::Colours;
using Bytes = std::vector<std::uint8_t>;
using Pixels = std::vector<std::uint32_t>;

void expect_inflates_to_the_same(const Bytes& bytes) {
    std::string stream;
    deflate(bytes, stream);
    Bytes again(bytes.size() + 1);
    const int size = stbi_zlib_decode_buffer(reinterpret_cast<char*>(again.data()),
                                             static_cast<int>(again.size()), stream.data(),
                                             static_cast<int>(stream.size()));
    ASSERT_EQ(size, static_cast<int>(bytes.size()));
    again.pop_back();
    EXPECT_EQ(again, bytes);
}

TEST(Deflate, WritesWhatOthersRead) {
    expect_inflates_to_the_same({7});
    expect_inflates_to_the_same(Bytes(100'000, 3));
    std::mt19937 random(1);
    for (int i = 0; i < 400; ++i) {
        // From a few kinds of bytes to all of them, alone or in runs, as often as not repeated.
        Bytes bytes;
        const std::size_t size = i % 40 == 0 ? 200'000 : 1 + random() % 600;
        const auto kinds = 1 + random() % (i % 2 == 0 ? 4 : 256);
        while (bytes.size() < size) {
            const std::size_t run = 1 + (i % 3 == 0 ? random() % 400 : 0);
            if (!bytes.empty() && random() % 16 == 0) {
                for (std::size_t from = random() % bytes.size(), n = 0; n < run; ++n) {
                    bytes.push_back(bytes[from + n]);
                }
            } else {
                bytes.insert(bytes.end(), run, static_cast<std::uint8_t>(random() % kinds));
            }
        }
        expect_inflates_to_the_same(bytes);
    }
}

/// A frame that is a whole picture.
AnimationFrame whole(const Pixels& pixels, unsigned width, std::uint64_t sixtieths = 1) {
    return {.x = 0,
            .y = 0,
            .width = width,
            .height = static_cast<unsigned>(pixels.size()) / width,
            .pixels = pixels,
            .pitch = width,
            .sixtieths = sixtieths};
}

TEST(AnimationWriter, WritesFramesAndTheirTimes) {
    const TemporaryFolder folder;
    for (const Colours colours : {Colours::Upto256, Colours::Any}) {
        auto writer = AnimationWriter::create(folder.path("a.png"), 3, 2, colours);
        ASSERT_TRUE(writer);
        const Pixels first = {0xff0000, 0x00ff00, 0x0000ff, 0x123456, 0, 0xffffff};
        ASSERT_TRUE(writer->add(whole(first, 3, 7)));
        const Pixels second = {0, 0x111111, 0, 0x222222, 0x333333, 0};
        ASSERT_TRUE(writer->add({.x = 1,
                                 .y = 0,
                                 .width = 1,
                                 .height = 2,
                                 .pixels = std::span(second).subspan(1),
                                 .pitch = 3,
                                 .sixtieths = 60}));
        ASSERT_TRUE(writer->finish());
        const Animation animation = read_animation(folder.read("a.png"));
        EXPECT_EQ(animation.width, 3u);
        EXPECT_EQ(animation.height, 2u);
        EXPECT_EQ(animation.plays, 1u);
        EXPECT_EQ(animation.colour_type, colours == Colours::Any ? 2u : 3u);
        ASSERT_EQ(animation.frames.size(), 2u);
        EXPECT_EQ(animation.frames[0].picture.pixels, first);
        EXPECT_EQ(animation.frames[0].sixtieths, 7u);
        EXPECT_EQ(animation.frames[1].picture.pixels,
                  (Pixels{0xff0000, 0x111111, 0x0000ff, 0x123456, 0x333333, 0xffffff}));
        EXPECT_EQ(animation.frames[1].sixtieths, 60u);
        EXPECT_EQ(folder.size(), 1);
    }
}

TEST(AnimationWriter, WritesAPictureThatOtherReadersSeeTheFirstFrameOf) {
    const TemporaryFolder folder;
    auto writer = AnimationWriter::create(folder.path("a.png"), 1, 1, Colours::Upto256);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->add(whole({0xabcdef}, 1)));
    ASSERT_TRUE(writer->add(whole({0x123456}, 1)));
    ASSERT_TRUE(writer->finish());
    const auto picture = read_png(folder.path("a.png"));
    ASSERT_TRUE(picture);
    EXPECT_EQ(*picture, (Picture{.width = 1, .height = 1, .pixels = {0xabcdef}}));
}

TEST(AnimationWriter, WritesFramesThatStayForHours) {
    const TemporaryFolder folder;
    auto writer = AnimationWriter::create(folder.path("a.png"), 2, 1, Colours::Upto256);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->add(whole({1, 2}, 2, 200'000)));
    ASSERT_TRUE(writer->add(whole({3, 4}, 2, 65'535)));
    ASSERT_TRUE(writer->finish());
    const Animation animation = read_animation(folder.read("a.png"));
    EXPECT_EQ(animation.frames.size(), 5u);
    EXPECT_EQ(animation.sixtieths(), 265'535u);
    EXPECT_EQ(animation.at(0).pixels, (Pixels{1, 2}));
    EXPECT_EQ(animation.at(199'999).pixels, (Pixels{1, 2}));
    EXPECT_EQ(animation.at(200'000).pixels, (Pixels{3, 4}));
}

TEST(AnimationWriter, RefusesThe257thColourAndGoesOn) {
    const TemporaryFolder folder;
    auto writer = AnimationWriter::create(folder.path("a.png"), 16, 16, Colours::Upto256);
    ASSERT_TRUE(writer);
    Pixels pixels(256);
    for (std::uint32_t i = 0; i < 256; ++i) {
        pixels[i] = i < 255 ? 0x10101 * i : 0;
    }
    ASSERT_TRUE(writer->add(whole(pixels, 16)));  // 255
    Pixels more(256, 0xff0000);
    more[9] = 0x00ff00;
    const auto refused = writer->add(whole(more, 16));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
    more.assign(256, 0x0000ff);
    ASSERT_TRUE(writer->add(whole(more, 16)));
    ASSERT_TRUE(writer->finish());
    const Animation animation = read_animation(folder.read("a.png"));
    ASSERT_EQ(animation.frames.size(), 2u);
    EXPECT_EQ(animation.frames[0].picture.pixels, pixels);
    EXPECT_EQ(animation.frames[1].picture.pixels, more);
}

TEST(AnimationWriter, LeavesEverythingAsItWasUntilItIsFinished) {
    const TemporaryFolder folder;
    folder.write("a.png", "what was there before");
    {
        auto writer = AnimationWriter::create(folder.path("a.png"), 1, 1, Colours::Any);
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->add(whole({1}, 1)));
    }
    EXPECT_EQ(folder.read("a.png"), "what was there before");
    EXPECT_EQ(folder.size(), 1);
}

TEST(AnimationWriter, SaysWhatIsWrongAndLeavesNothing) {
    const TemporaryFolder folder;
    const auto nowhere = AnimationWriter::create(folder.path("missing/a.png"), 1, 1, Colours::Any);
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::NotWritable);
    const auto device = AnimationWriter::create("/dev/full", 1, 1, Colours::Any);
    ASSERT_FALSE(device);
    EXPECT_EQ(device.error().detail, "cannot write '/dev/full': a film has to go into a file");
    EXPECT_EQ(folder.size(), 0);
}

TEST(AnimationWriter, CanBeFinishedWithWhatADiskHasRoomFor) {
    const TemporaryFolder folder;
    std::mt19937 random(3);
    std::vector<Pixels> frames;
    for (int i = 0; i < 20; ++i) {
        Pixels& pixels = frames.emplace_back(64 * 64);
        std::ranges::generate(pixels, [&] { return random() % 4 * 0x555555; });
    }
    // Wherever the room ends.
    for (std::size_t room = 5000; room < 7500; room += 83) {
        auto writer = AnimationWriter::create(folder.path("a.png"), 64, 64, Colours::Upto256);
        ASSERT_TRUE(writer);
        std::size_t written = 0;
        {
            const uxn::test::FileSizeLimit limit(room);
            while (const auto added = writer->add(whole(frames[written], 64))) {
                ++written;
            }
            ASSERT_GT(written, 0u);
            ASSERT_TRUE(writer->finish());
        }
        const Animation animation = read_animation(folder.read("a.png"));
        ASSERT_EQ(animation.frames.size(), written);
        for (std::size_t i = 0; i < written; ++i) {
            EXPECT_EQ(animation.frames[i].picture.pixels, frames[i]);
        }
    }
}

}  // namespace
}  // namespace host
