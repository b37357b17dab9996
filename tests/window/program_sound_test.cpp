// What is to be heard of a program in a window: through SDL's driver that writes to a file.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "host/files.hpp"
#include "host/wav.hpp"
#include "program_fixture.hpp"

namespace window_test {
namespace {

class ProgramSoundTest : public ProgramTest {
protected:
    std::string sound_file() const { return folder_.path("sound.raw"); }
    std::vector<std::string> to_file() const {
        return {"SDL_AUDIODRIVER=disk", "SDL_DISKAUDIOFILE=" + sound_file()};
    }
    /// What the sound card has got so far: 16-bit stereo.
    std::vector<std::int16_t> heard() const {
        const std::string bytes =
            host::read_file(sound_file(), std::size_t{1} << 28).value_or(std::string());
        std::vector<std::int16_t> samples(bytes.size() / 2);
        std::copy_n(bytes.data(), samples.size() * 2, reinterpret_cast<char*>(samples.data()));
        return samples;
    }
};

struct Note {
    int loudest = 0;
    std::size_t length = 0;  ///< in samples, from the first to the last that is not 0
};

Note note_in(const std::vector<std::int16_t>& samples) {
    const auto sounds = [](std::int16_t sample) { return sample != 0; };
    const auto first = std::ranges::find_if(samples, sounds);
    const auto last = std::find_if(samples.rbegin(), samples.rend(), sounds).base();
    Note note;
    for (const std::int16_t sample : samples) {
        note.loudest = std::max(note.loudest, std::abs(int{sample}));
    }
    note.length = first < last ? static_cast<std::size_t>(last - first) : 0;
    return note;
}

TEST_F(ProgramSoundTest, IsTheSameNoteAsWithoutAWindow) {
    const std::string wav = folder_.path("note.wav");
    ASSERT_EQ(
        cli_test::leveret({"run", "--input", folder_.write("n.txt", "wait\nkey n\nwait 300\n"),
                           "--audio", wav, subject()})
            .exit_code,
        0);
    const Note expected = note_in(host::read_wav(wav).value().samples);
    ASSERT_GT(expected.loudest, 1000);
    ASSERT_GT(expected.length, 44100U / 10);
    start_subject({}, to_file());
    user_->press(XK_n);
    ASSERT_TRUE(says("k 00 6e\n"));
    // Until it is followed by some silence.
    Note played;
    EXPECT_TRUE(eventually([&] {
        const auto samples = heard();
        played = note_in(samples);
        constexpr std::size_t kSilence = 44100 / 5;
        return played.length > 0 && samples.size() > kSilence &&
               std::all_of(samples.end() - kSilence, samples.end(),
                           [](std::int16_t sample) { return sample == 0; });
    }));
    EXPECT_EQ(played.loudest, expected.loudest);
    // It may begin and end within a frame: a sixtieth of a second.
    EXPECT_NEAR(static_cast<double>(played.length), static_cast<double>(expected.length),
                2 * 44100.0 / 60);
    EXPECT_TRUE(closes());
}

TEST_F(ProgramSoundTest, IsNotHeardWhenItIsMuted) {
    start_subject({}, to_file());
    user_->press({XK_Shift_L}, XK_F10);
    user_->press(XK_n);
    ASSERT_TRUE(says("k 00 6e\n"));
    EXPECT_TRUE(eventually([&] { return heard().size() > 2 * 44100; }));
    EXPECT_EQ(note_in(heard()).loudest, 0);
    user_->press({XK_Shift_L}, XK_F10);
    user_->press(XK_n);
    EXPECT_TRUE(eventually([&] { return note_in(heard()).loudest > 1000; }));
    EXPECT_TRUE(closes());
}

TEST_F(ProgramSoundTest, IsMissedWithoutASoundCardButTheProgramGoesOn) {
    start_subject({}, {"SDL_AUDIODRIVER=nonsense"});
    user_->resize(window_, 640, 480);
    const host::Picture plain = enlarged(picture(), {640, 480}, 10);
    ASSERT_TRUE(shows(plain));
    user_->press(XK_n);
    EXPECT_TRUE(shows([&](const host::Picture& seen) { return seen != plain; })) << "a notice";
    EXPECT_TRUE(listens());
    EXPECT_TRUE(shows(plain)) << "which goes";
    EXPECT_TRUE(closes());
}

}  // namespace
}  // namespace window_test
