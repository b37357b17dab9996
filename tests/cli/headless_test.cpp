// leveret run without a window: scripts, pictures, sounds, recordings and states, as a user makes
// them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "host/png.hpp"
#include "host/wav.hpp"
#include "process.hpp"
#include "temporary_folder.hpp"
#include "unprivileged.hpp"

namespace cli_test {
namespace {

class Headless : public testing::Test {
protected:
    /// leveret run OPTIONS graphics.tal
    static Outcome run(std::vector<std::string> options) {
        options.insert(options.begin(), "run");
        options.push_back(program("graphics.tal"));
        return leveret(options);
    }
    std::string script(std::string_view text) const { return folder.write("script", text); }
    std::string path(std::string_view name) const { return folder.path(name); }

    TemporaryFolder folder;
};

void expect_success(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.error, "");
}

// The palette of graphics.tal: white, black, green, magenta... as its ports say.
constexpr std::uint32_t kColour0 = 0xffffff;
constexpr std::uint32_t kColour1 = 0x000000;

TEST_F(Headless, SavesTheScreenOneToOne) {
    expect_success(
        run({"--input", script("mouse 3 2\nmouse 15 7"), "--screenshot", path("a.png")}));
    const auto picture = host::read_png(path("a.png"));
    ASSERT_TRUE(picture.has_value());
    EXPECT_EQ(picture->width, 16u);
    EXPECT_EQ(picture->height, 8u);
    for (unsigned y = 0; y < 8; ++y) {
        for (unsigned x = 0; x < 16; ++x) {
            const bool painted = (x == 3 && y == 2) || (x == 15 && y == 7);
            EXPECT_EQ(picture->pixels[y * 16 + x], painted ? kColour1 : kColour0) << x << ',' << y;
        }
    }
}

TEST_F(Headless, SavesTheScreenOfAnyFrame) {
    expect_success(run({"--input", script("mouse 1 1\nwait 2\nmouse 2 2"), "--screenshot",
                        path("0.png") + "@0", "--screenshot", path("1.png") + "@1", "--screenshot",
                        path("5.png") + "@5", "--screenshot", path("end.png")}));
    const auto painted = [&](const std::string& name) {
        return std::ranges::count(host::read_png(path(name))->pixels, kColour1);
    };
    EXPECT_EQ(painted("0.png"), 0);
    EXPECT_EQ(painted("1.png"), 1);
    EXPECT_EQ(painted("5.png"), 2);
    EXPECT_EQ(painted("end.png"), 2);
}

TEST_F(Headless, SaysWhenAFrameWasNotReached) {
    const Outcome outcome = run({"--frames", "3", "--screenshot", path("a.png@4")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error,
              "leveret: error: the run ended at frame 3: there is no frame 4 to save as '" +
                  path("a.png") + "'\n");
    EXPECT_FALSE(folder.has("a.png"));
}

TEST_F(Headless, TypesAndPressesAsTheScriptSays) {
    const Outcome outcome =
        run({"--input", script("text \"héllo\"\nconsole \" line\"\nwait\nbutton +Start\nkey x\n")});
    EXPECT_EQ(outcome.output, "héllo line\n");
    EXPECT_EQ(outcome.exit_code, 3);
}

TEST_F(Headless, SavesTheSound) {
    // The note starts with the first frame and loops: half a second of 261.6 Hz or so.
    expect_success(run({"--input", script("key a\nwait 30"), "--audio", path("a.wav")}));
    const auto sound = host::read_wav(path("a.wav"));
    ASSERT_TRUE(sound.has_value());
    EXPECT_EQ(sound->rate_hz, 44100u);
    ASSERT_EQ(sound->samples.size(), 2u * 30 * 735);
    int periods = 0;
    for (std::size_t i = 2; i < sound->samples.size(); i += 2) {
        periods += sound->samples[i - 2] < 0 && sound->samples[i] >= 0;
    }
    EXPECT_NEAR(periods, 131, 1);
}

TEST_F(Headless, SavesTheMemory) {
    expect_success(run({"--frames", "1", "--dump-ram", path("ram")}));
    const std::string ram = folder.read("ram");
    ASSERT_EQ(ram.size(), 65536u);
    EXPECT_EQ(ram.substr(0x100, 3), "\xa0\xf0\x0f");  // #f00f
}

TEST_F(Headless, IsTheSameOnEveryEngine) {
    std::string first;
    for (const std::string engine : {"loop", "auto"}) {
        expect_success(run({"--engine", engine, "--input", script("key a\nmouse 1 1\nwait 9"),
                            "--screenshot", path("a.png"), "--audio", path("a.wav"), "--dump-ram",
                            path("ram"), "--state-out", path("state")}));
        const std::string all =
            folder.read("a.png") + folder.read("a.wav") + folder.read("ram") + folder.read("state");
        EXPECT_TRUE(first.empty() || first == all);
        first = all;
    }
}

TEST_F(Headless, TakesItsRandomnessFromTheSeedAlone) {
    const auto clock_of = [&](const std::vector<std::string>& options) {
        std::vector<std::string> arguments = {"run", "--headless"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.push_back(program("clock.tal"));
        return leveret(arguments).output;
    };
    EXPECT_EQ(clock_of({}), clock_of({}));
    EXPECT_EQ(clock_of({"--seed", "5"}), clock_of({"--seed", "5"}));
    EXPECT_NE(clock_of({"--seed", "5"}), clock_of({"--seed", "6"}));
    EXPECT_NE(clock_of({"--clock", "0"}), clock_of({"--clock", "86400"}));
}

TEST_F(Headless, StopsAVectorThatDoesNotEnd) {
    const Outcome outcome =
        leveret({"run", "--frames", "2", "--max-instructions", "1000", program("loop.tal")});
    EXPECT_EQ(outcome.exit_code, 124);
}

TEST_F(Headless, IsEndedByASignal) {
    Process process({"run", "--frames", "1000000000000", program("graphics.tal")});
    usleep(100000);
    process.send(SIGINT);
    EXPECT_EQ(process.wait().signal, SIGINT);
}

TEST_F(Headless, RepeatsARecording) {
    const Outcome first = run(
        {"--input", script("text \"abc\"\nmouse 5 5\nwait 3\nbutton +B"), "--record", path("r")});
    EXPECT_EQ(first.exit_code, 3);
    const Outcome second = run({"--replay", path("r")});
    EXPECT_EQ(second.exit_code, 3);
    EXPECT_EQ(second.output, first.output);
    EXPECT_EQ(second.error, "");
}

TEST_F(Headless, RepeatsARunInTheTerminal) {
    const std::string record = path("r");
    const Outcome first =
        leveret({"run", "--record", record, program("cat.tal"), "an", "argument"}, "some\ninput");
    const Outcome second = leveret({"run", "--replay", record, program("cat.tal")});
    EXPECT_EQ(second.output, first.output);
    EXPECT_EQ(second.exit_code, first.exit_code);
    EXPECT_NE(first.output, "");
}

TEST_F(Headless, SaysWhereAReplayDiffers) {
    run({"--input", script("wait 2\nmouse 1 1\nwait 3"), "--record", path("r")});
    std::string recording = folder.read("r");
    const std::size_t mouse = recording.find("mouse 1 1");
    ASSERT_NE(mouse, std::string::npos);
    recording.replace(mouse, 9, "mouse 1 2");
    const std::string changed = folder.write("changed", recording);
    const auto line = std::to_string(2 + std::ranges::count(recording.substr(0, mouse), '\n') + 1);
    const Outcome outcome = run({"--replay", changed});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error, "leveret: error: " + changed + ":" + line +
                                 ": the run differs from the recorded one at frame 3, in the "
                                 "device page, the screen\n");
}

TEST_F(Headless, RefusesARecordingOfAnotherProgram) {
    run({"--frames", "1", "--record", path("r")});
    const Outcome outcome = leveret({"run", "--replay", path("r"), program("cat.tal")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error,
              "leveret: error: " + path("r") + " was recorded with another program\n");
}

TEST_F(Headless, ReplaysWithTheRecordedFilesNotThoseOfTheDisk) {
    leveret({"asm", "-q", "--no-sym", program("files.tal"), path("files.rom")});
    folder.write("f", "old contents");
    const Outcome first =
        leveret({"run", "--record", path("r"), path("files.rom"), "rf", "wf", "rg"});
    EXPECT_NE(first.output.find("old"), std::string::npos) << first.output;
    folder.write("f", "new");
    folder.write("g", "was not there");
    const Outcome second = leveret({"run", "--replay", path("r"), path("files.rom")});
    EXPECT_EQ(second.output, first.output);
    EXPECT_EQ(second.error, "");
    EXPECT_EQ(folder.read("f"), "new");
}

TEST_F(Headless, GoesOnFromAState) {
    run({"--input", script("mouse 1 1\nwait 2"), "--state-out", path("s")});
    const Outcome outcome = run({"--state-in", path("s"), "--input", script("mouse 2 2\nkey z"),
                                 "--screenshot", path("a.png")});
    EXPECT_EQ(outcome.output, "z");
    EXPECT_EQ(std::ranges::count(host::read_png(path("a.png"))->pixels, kColour1), 2);
}

TEST_F(Headless, NeedsNoProgramForAState) {
    run({"--input", script("mouse 1 1"), "--state-out", path("s")});
    expect_success(leveret({"run", "--state-in", path("s"), "--input",
                            script("reboot soft\nmouse 2 2"), "--screenshot", path("a.png")}));
    EXPECT_EQ(std::ranges::count(host::read_png(path("a.png"))->pixels, kColour1), 1);
}

TEST_F(Headless, SavesNoStateWithinAVector) {
    const Outcome outcome = leveret({"run", "--frames", "2", "--max-instructions", "1000",
                                     "--state-out", path("s"), program("loop.tal")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("no state was saved: the program was stopped within a vector"),
              std::string::npos);
    EXPECT_FALSE(folder.has("s"));
}

TEST_F(Headless, RepeatsARunThatWasCutShort) {
    const std::vector<std::string> cut = {"run", "--max-instructions", "1000"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), cut.begin(), cut.end());
        more.push_back(program("loop.tal"));
        return leveret(more);
    };
    EXPECT_EQ(with({"--frames", "2", "--record", path("r")}).exit_code, 124);
    const Outcome again = with({"--replay", path("r")});
    EXPECT_EQ(again.exit_code, 124);
    EXPECT_EQ(again.error.find("differs"), std::string::npos) << again.error;
}

TEST_F(Headless, RunsAProgramThatIsDropped) {
    folder.write("other.tal", "|0100 LIT \"! #18 DEO BRK");
    const Outcome outcome = run({"--input", script("key a\ndrop other.tal")});
    EXPECT_EQ(outcome.output, "a!");
}

TEST_F(Headless, RebootsAfterAStateWhatWasDroppedBefore) {
    folder.write("other.tal", "|0100 LIT \"! #18 DEO BRK");
    run({"--input", script("drop other.tal"), "--state-out", path("s")});
    const Outcome outcome =
        leveret({"run", "--state-in", path("s"), "--input", script("reboot hard")});
    EXPECT_EQ(outcome.output, "!");
}

TEST_F(Headless, NamesThePlaceInABadScript) {
    const Outcome outcome = run({"--input", script("wait\nmouse here")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error, "leveret: error: " + path("script") +
                                 ":2:7: 'here' is not + (press) or - (release) and one of left, "
                                 "middle, right\n");
}

TEST_F(Headless, RefusesADamagedState) {
    run({"--frames", "1", "--state-out", path("s")});
    std::string state = folder.read("s");
    state[1000] ^= 1;
    const Outcome outcome = run({"--state-in", folder.write("bad", state)});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error,
              "leveret: error: " + path("bad") + ": the saved state is damaged or incomplete\n");
}

TEST_F(Headless, SaysBeforeTheRunWhatItCannotReadOrWrite) {
    for (const std::string option : {"--input", "--replay", "--state-in"}) {
        const Outcome outcome = run({option, path("missing")});
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_EQ(outcome.error, "leveret: error: cannot read '" + path("missing") +
                                     "': No such file or directory\n");
    }
    for (const std::string option :
         {"--screenshot", "--audio", "--record", "--dump-ram", "--state-out"}) {
        const Outcome outcome = run({option, path("missing/file"), "--input", script("key a")});
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_EQ(outcome.output, "");
        EXPECT_EQ(outcome.error, "leveret: error: cannot write '" + path("missing/file") +
                                     "': No such file or directory\n");
        const Outcome folder_outcome = run({option, folder.path()});
        EXPECT_EQ(folder_outcome.error,
                  "leveret: error: cannot write '" + folder.path() + "': it is a folder\n");
    }
}

TEST_F(Headless, NeverWritesOverWhatItReads) {
    const std::string copy = path("p.tal");
    std::filesystem::copy_file(program("graphics.tal"), copy);
    const Outcome outcome = leveret({"run", "--screenshot", copy, copy});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.error, "leveret: error: '" + copy + "' would be overwritten\n");
}

TEST_F(Headless, LeavesNothingHalfWritten) {
    const std::string sound = folder.write("a.wav", "old");
    Process process(
        {"run", "--frames", "1000000000000", "--audio", sound, program("graphics.tal")});
    usleep(100000);
    process.send(SIGTERM);
    process.wait();
    EXPECT_TRUE(folder.read("a.wav") == "old" || host::read_wav(sound).has_value());
}

TEST_F(Headless, RejectsOptionsThatMakeNoSense) {
    const auto error_of = [&](const std::vector<std::string>& options) {
        const Outcome outcome = run(options);
        EXPECT_EQ(outcome.exit_code, 2);
        return outcome.error.substr(0, outcome.error.find('\n'));
    };
    EXPECT_EQ(error_of({"--frames", "-1"}),
              "leveret: error: --frames takes a whole number up to 1000000000000, not '-1'");
    EXPECT_EQ(error_of({"--seed", "x"}), "leveret: error: --seed takes a whole number, not 'x'");
    EXPECT_EQ(error_of({"--input", "a", "--replay", "b"}),
              "leveret: error: --input and --replay exclude each other");
    EXPECT_EQ(error_of({"--record", "a", "--state-in", "b"}),
              "leveret: error: a recording begins with the program: --record takes no --state-in");
    EXPECT_EQ(error_of({"--replay", "b", "--clock", "1"}),
              "leveret: error: a recording has its own clock, length and arguments: --replay takes "
              "none");
}

TEST_F(Headless, StaysWithinItsMemoryWhateverTheProgramDoes) {
#ifdef LEVERET_SANITIZED
    GTEST_SKIP() << "sanitizers take memory of their own";
#endif
    if (!emulator().empty()) {
        GTEST_SKIP() << "an emulator takes memory of its own";
    }
    // The largest screen, all banks, and a note in each voice.
    const std::string greedy = folder.write("greedy.tal", R"(
|00 @System &vector $2 &expansion $2
|20 @Screen &vector $2 &width $2 &height $2 &pad $8 &pixel $1
|3f @Audio0 |4f @Audio1 |5f @Audio2 |6f @Audio3
|0100 ;on-frame .Screen/vector DEO2
    #ffff .Screen/width DEO2 #ffff .Screen/height DEO2
    ;fill .System/expansion DEO2
    #3c .Audio0 DEO #3c .Audio1 DEO #3c .Audio2 DEO #3c .Audio3 DEO BRK
@on-frame [ LIT &colour 00 ] INC DUP ,&colour STR #03 AND #80 ORA .Screen/pixel DEO BRK
@fill 00 ffff 000f 0000 41
)");
    const std::string command = "ulimit -v 400000; exec '" + binary() +
                                "' run --frames 4 --screenshot '" + path("a.png") + "' '" + greedy +
                                "'";
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT(concurrency-mt-unsafe)
    const auto picture = host::read_png(path("a.png"));
    ASSERT_TRUE(picture.has_value());
    EXPECT_EQ(picture->width, 4095u);
    EXPECT_EQ(picture->height, 4095u);
}

TEST_F(Headless, RepeatsNothingWithoutAProgram) {
    const Outcome outcome = leveret({"run", "--replay", script("wait")});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.error.substr(0, outcome.error.find('\n')),
              "leveret: error: --replay needs the program that was recorded");
}

TEST_F(Headless, LetsTheProgramWriteItsFilesAndTheUserTheirs) {
    // The folders of results are open to the process, not to the program.
    const TemporaryFolder other;
    leveret({"asm", "-q", "--no-sym", program("files.tal"), path("files.rom")});
    const Outcome outcome = leveret({"run", "--headless", "--state-out", other.path("s"),
                                     "--dump-ram", other.path("m"), path("files.rom"), "wf"});
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(folder.has("f"));
    EXPECT_TRUE(other.has("s"));
    EXPECT_TRUE(other.has("m"));
}

}  // namespace
}  // namespace cli_test
