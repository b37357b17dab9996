#include "host/wav.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "temporary_folder.hpp"

namespace host {
namespace {

using base::ErrorCode;
using cli_test::TemporaryFolder;
using namespace std::string_view_literals;

/// Two frames at 44100 Hz, by the book.
constexpr std::string_view kTwoFrames =
    "RIFF\x2c\x00\x00\x00WAVE"
    "fmt \x10\x00\x00\x00\x01\x00\x02\x00\x44\xac\x00\x00\x10\xb1\x02\x00\x04\x00\x10\x00"
    "data\x08\x00\x00\x00\x01\x00\xff\xff\xff\x7f\x00\x80"sv;
const Sound kSoundOfTwoFrames = {.rate_hz = 44100, .samples = {1, -1, 32767, -32768}};

void write_two_frames(const std::string& path) {
    auto wav = WavWriter::create(path, 44100);
    ASSERT_TRUE(wav);
    ASSERT_TRUE(wav->write(std::span(kSoundOfTwoFrames.samples).first(2)));
    ASSERT_TRUE(wav->write(std::span(kSoundOfTwoFrames.samples).subspan(2)));
    ASSERT_TRUE(wav->finish());
}

TEST(WavWriter, WritesByTheBook) {
    const TemporaryFolder folder;
    write_two_frames(folder.path("a.wav"));
    EXPECT_EQ(folder.read("a.wav"), kTwoFrames);
    EXPECT_EQ(folder.size(), 1);
}

TEST(WavWriter, WritesASoundOfNoLength) {
    const TemporaryFolder folder;
    auto wav = WavWriter::create(folder.path("a.wav"), 8000);
    ASSERT_TRUE(wav);
    ASSERT_TRUE(wav->finish());
    EXPECT_EQ(folder.read("a.wav").size(), 44u);
    EXPECT_EQ(read_wav(folder.path("a.wav")), (Sound{.rate_hz = 8000, .samples = {}}));
}

TEST(WavWriter, LeavesEverythingAsItWasUntilItIsFinished) {
    const TemporaryFolder folder;
    folder.write("a.wav", "what was there before");
    {
        auto wav = WavWriter::create(folder.path("a.wav"), 44100);
        ASSERT_TRUE(wav);
        ASSERT_TRUE(wav->write(kSoundOfTwoFrames.samples));
        EXPECT_EQ(folder.read("a.wav"), "what was there before");
    }
    EXPECT_EQ(folder.read("a.wav"), "what was there before");
    EXPECT_EQ(folder.size(), 1);
}

TEST(WavWriter, LeavesTheLengthOpenInAPipe) {
    const TemporaryFolder folder;
    ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
    std::string seen;
    {
        std::jthread reader([&] { seen = folder.read("pipe"); });
        write_two_frames(folder.path("pipe"));
    }
    std::string expected(kTwoFrames);
    expected.replace(4, 4, "\xff\xff\xff\xff");
    expected.replace(40, 4, "\xff\xff\xff\xff");
    EXPECT_EQ(seen, expected);
    EXPECT_EQ(read_wav(folder.write("a.wav", seen)), kSoundOfTwoFrames);
}

TEST(WavWriter, SaysWhatIsWrongAndLeavesNothing) {
    const TemporaryFolder folder;
    const auto nowhere = WavWriter::create(folder.path("missing/a.wav"), 44100);
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(nowhere.error().detail,
              "cannot write '" + folder.path("missing/a.wav") + "': No such file or directory");
    const auto a_folder = WavWriter::create(folder.path(), 44100);
    ASSERT_FALSE(a_folder);
    EXPECT_EQ(a_folder.error().code, ErrorCode::NotAFile);
    const auto full = WavWriter::create("/dev/full", 44100);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::NotWritable);
    EXPECT_EQ(folder.size(), 0);
}

TEST(WavWriter, LeavesNothingWhenTheDiskIsFull) {
    const TemporaryFolder folder;
    // A limit on the size of files stands in for the disk.
    struct rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small = {.rlim_cur = 1000, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    {
        auto wav = WavWriter::create(folder.path("a.wav"), 44100);
        ASSERT_TRUE(wav);
        const auto result = wav->write(std::vector<std::int16_t>(1000));
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::NotWritable);
    }
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    EXPECT_EQ(folder.size(), 0);
}

TEST(WavWriter, SaysThatTheFormatEndsAtFourGiB) {
    const TemporaryFolder folder;
    // Addresses without memory behind them: nobody gets to the samples.
    constexpr std::size_t kSize = std::size_t{1} << 32;
    void* const nothing =
        mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT_NE(nothing, MAP_FAILED);
    auto wav = WavWriter::create(folder.path("a.wav"), 44100);
    ASSERT_TRUE(wav);
    ASSERT_TRUE(wav->write(std::vector<std::int16_t>(100)));
    const auto result =
        wav->write({static_cast<const std::int16_t*>(nothing), (kSize - 236) / 2 + 2});
    munmap(nothing, kSize);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::TooLarge);
    EXPECT_EQ(result.error().detail, "cannot write '" + folder.path("a.wav") +
                                         "': a WAV file cannot be larger than 4 GiB");
}

TEST(ReadWav, GivesWhatWasWritten) {
    const TemporaryFolder folder;
    EXPECT_EQ(read_wav(folder.write("a.wav", kTwoFrames)), kSoundOfTwoFrames);
}

TEST(ReadWav, SkipsChunksThatItDoesNotKnow) {
    const TemporaryFolder folder;
    std::string wav(kTwoFrames);
    wav.insert(36,
               "LIST\x03\x00\x00\x00"
               "abc\x00"sv);  // an odd size, so a byte of padding
    wav.insert(12, "junk\x00\x00\x00\x00"sv);
    EXPECT_EQ(read_wav(folder.write("a.wav", wav)), kSoundOfTwoFrames);
}

TEST(ReadWav, SaysWhatIsWrong) {
    const TemporaryFolder folder;
    const auto error_of = [&](std::string_view contents) {
        const std::string path = folder.write("a.wav", contents);
        const auto result = read_wav(path);
        EXPECT_FALSE(result);
        if (result) {
            return std::string();
        }
        std::string detail = result.error().detail;
        EXPECT_EQ(detail.substr(0, path.size() + 2), "'" + path + "'");
        return detail.substr(path.size() + 3);
    };
    const auto with = [](std::size_t at, std::string_view bytes) {
        return std::string(kTwoFrames).replace(at, bytes.size(), bytes);
    };
    EXPECT_EQ(error_of(""), "is no sound: it is not a WAV file");
    EXPECT_EQ(error_of("a picture, not a sound"), "is no sound: it is not a WAV file");
    EXPECT_EQ(error_of(with(8, "AVI ")), "is no sound: it is not a WAV file");
    EXPECT_EQ(error_of(kTwoFrames.substr(0, 36)), "is no sound: it has no samples");
    EXPECT_EQ(error_of(kTwoFrames.substr(0, 51)), "is no sound: it ends too early");
    EXPECT_EQ(error_of(with(40, "\x06"sv)), "is no sound: it ends within a frame");
    EXPECT_EQ(error_of(with(12, "what")), "is no sound: its samples come before their format");
    EXPECT_EQ(error_of(with(16, "\x0e"sv)), "is no sound: its format is too short");
    EXPECT_EQ(error_of(with(24, "\x00\x00"sv)), "is no sound: its rate is 0");
    EXPECT_EQ(error_of(with(22, "\x01"sv)), "is not 16-bit stereo PCM");
    EXPECT_EQ(error_of(with(20, "\x03"sv)), "is not 16-bit stereo PCM");
    EXPECT_EQ(error_of(with(34, "\x08"sv)), "is not 16-bit stereo PCM");
    const auto missing = read_wav(folder.path("missing.wav"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
}

TEST(ReadWav, RefusesEveryFileThatIsCutShort) {
    const TemporaryFolder folder;
    for (std::size_t size = 0; size < kTwoFrames.size(); ++size) {
        EXPECT_FALSE(read_wav(folder.write("a.wav", kTwoFrames.substr(0, size)))) << size;
    }
}

}  // namespace
}  // namespace host
