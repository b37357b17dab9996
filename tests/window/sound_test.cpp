#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "module.hpp"

namespace window_test {
namespace {

using front::Mixer;
using front::Sound;

base::Result<std::unique_ptr<Sound>> open_sound(unsigned rate_hz, Mixer mixer) {
    return front::load_window_module(LEVERET_WINDOW_MODULE)
        .value()
        ->open_sound(rate_hz, std::move(mixer));
}

/// Sound into a file instead of a sound card.
class SoundTest : public testing::Test {
protected:
    ~SoundTest() override { std::filesystem::remove(path_); }

    std::vector<std::int16_t> played() const {
        std::ifstream file(path_, std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(file), {});
        std::vector<std::int16_t> samples(bytes.size() / 2);
        std::copy_n(bytes.data(), samples.size() * 2, reinterpret_cast<char*>(samples.data()));
        return samples;
    }

    const std::string path_ = testing::TempDir() + "leveret-sound-" + std::to_string(getpid());
    const Environment driver_{"SDL_AUDIODRIVER", "disk"};
    const Environment file_{"SDL_DISKAUDIOFILE", path_.c_str()};
};

TEST_F(SoundTest, PlaysExactlyWhatIsMixed) {
    std::atomic<int> frames = 0;
    std::int16_t next = 1;
    auto sound = open_sound(44100, [&](std::span<std::int16_t> samples) {
        for (std::size_t i = 0; i < samples.size(); i += 2) {
            samples[i] = next;
            samples[i + 1] = static_cast<std::int16_t>(-next);
            next = static_cast<std::int16_t>(next == 30000 ? 1 : next + 1);
        }
        frames += static_cast<int>(samples.size() / 2);
    });
    ASSERT_TRUE(sound) << sound.error().detail;
    (*sound)->play(true);
    EXPECT_TRUE(eventually([&] { return frames >= 8192; }));
    sound->reset();
    std::vector<std::int16_t> samples = played();
    // Silence until it begins and after it ends.
    std::size_t at = 0;
    while (at < samples.size() && samples[at] == 0) {
        ++at;
    }
    ASSERT_GE(samples.size() - at, 8192U);
    for (std::int16_t expected = 1; expected <= 4096; ++expected, at += 2) {
        ASSERT_EQ(samples[at], expected);
        ASSERT_EQ(samples[at + 1], -expected);
    }
}

TEST_F(SoundTest, MixesNothingBeforeItPlaysOrAfterItHasStopped) {
    std::atomic<int> calls = 0;
    auto sound = open_sound(44100, [&](std::span<std::int16_t> samples) {
        std::ranges::fill(samples, std::int16_t{0});
        ++calls;
    });
    ASSERT_TRUE(sound) << sound.error().detail;
    // Silence is written while nobody mixes.
    EXPECT_TRUE(eventually([&] { return played().size() > 4096; }));
    EXPECT_EQ(calls, 0);
    (*sound)->play(true);
    EXPECT_TRUE(eventually([&] { return calls > 2; }));
    (*sound)->play(false);
    // It stops on a thread of its own: sooner or later there is silence without a call.
    EXPECT_TRUE(eventually([&] {
        const int before = calls;
        const std::size_t length = played().size();
        return eventually([&] { return played().size() > length + 4096; }) && calls == before;
    }));
    (*sound)->play(true);
    const int before = calls;
    EXPECT_TRUE(eventually([&] { return calls > before + 2; })) << "it goes on";
}

TEST_F(SoundTest, ClosesADeviceThatHasNothingToPlayAndOpensItAgain) {
    std::atomic<int> calls = 0;
    auto sound = open_sound(44100, [&](std::span<std::int16_t> samples) {
        std::ranges::fill(samples, std::int16_t{0});
        ++calls;
    });
    ASSERT_TRUE(sound) << sound.error().detail;
    // The device is open as long as silence is written.
    EXPECT_TRUE(eventually([&] {
        const std::size_t length = played().size();
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return played().size() == length;
    }));
    EXPECT_EQ(calls, 0);
    (*sound)->play(true);
    EXPECT_TRUE(eventually([&] { return calls > 2; }));
}

TEST_F(SoundTest, TakesAnotherRate) {
    std::atomic<int> calls = 0;
    auto sound = open_sound(48000, [&](std::span<std::int16_t> /*samples*/) { ++calls; });
    ASSERT_TRUE(sound) << sound.error().detail;
    (*sound)->play(true);
    EXPECT_TRUE(eventually([&] { return calls > 0; }));
}

TEST(NoSound, IsAnErrorThatSaysWhy) {
    const Environment driver("SDL_AUDIODRIVER", "no-such-driver");
    const auto sound = open_sound(44100, [](std::span<std::int16_t> /*samples*/) {});
    ASSERT_FALSE(sound);
    EXPECT_EQ(sound.error().code, base::ErrorCode::Unsupported);
    EXPECT_NE(sound.error().detail.find("no-such-driver"), std::string::npos);
    EXPECT_EQ(sound.error().detail.find("no sound"), std::string::npos) << "whoever asks says it";
}

}  // namespace
}  // namespace window_test
