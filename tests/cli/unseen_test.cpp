// Programs that have a screen, where there is neither a display nor a terminal: in a pipe, a job.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "process.hpp"
#include "temporary_folder.hpp"

namespace cli_test {
namespace {

constexpr std::string_view kOnFrame = " ;on-frame #20 DEO2 ";
constexpr std::string_view kRest = " BRK @on-frame BRK\n";
constexpr std::string_view kPrints = " LIT \"x #18 DEO ";
constexpr std::string_view kEchoes = " ;on-input #10 DEO2 BRK @on-input #12 DEI #18 DEO BRK ";

class Unseen : public testing::Test {
protected:
    Outcome run(std::string_view source, std::vector<std::string> options = {},
                const std::string& display = "DISPLAY", std::string_view input = {}) const {
        options.insert(options.begin(), "run");
        options.push_back(folder_.write("program.tal", source));
        return leveret(options, input,
                       {.environment = {display, "WAYLAND_DISPLAY", "SDL_VIDEODRIVER",
                                        "HOME=" + folder_.path()}});
    }
    static std::string program(std::string_view what) {
        return "|0100" + std::string(what) + std::string(kRest);
    }

    TemporaryFolder folder_;
};

TEST_F(Unseen, IsAnErrorThatSaysWhatCanBeDone) {
    for (const std::string_view what :
         {kOnFrame, std::string_view(" ;on-frame #90 DEO2 "), std::string_view(" #01 #2e DEO ")}) {
        const Outcome outcome = run(program(what));
        EXPECT_EQ(outcome.exit_code, 1) << what;
        EXPECT_EQ(outcome.output, "");
        EXPECT_EQ(outcome.error,
                  "leveret: error: the program has a screen, but there is neither a display nor a "
                  "terminal to show it on; 'leveret run --headless FILE' runs it without\n");
    }
}

TEST_F(Unseen, IsAnErrorWhereNoDisplayAnswers) {
    const Outcome outcome = run(program(kOnFrame), {}, "DISPLAY=:63999");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.error.find("cannot"), std::string::npos) << outcome.error;
    EXPECT_NE(outcome.error.find("are no terminal; 'leveret run --headless FILE'"),
              std::string::npos)
        << outcome.error;
    EXPECT_EQ(outcome.error.find('\n'), outcome.error.size() - 1) << "one line";
}

TEST_F(Unseen, IsNoErrorOfAProgramThatPrints) {
    for (const char* display : {"DISPLAY", "DISPLAY=:63999"}) {
        const Outcome outcome =
            run(program(std::string(kOnFrame) + std::string(kPrints)), {}, display);
        EXPECT_EQ(outcome.exit_code, 0);
        EXPECT_EQ(outcome.output, "x");
        const Outcome echo =
            run(program(std::string(kOnFrame) + std::string(kEchoes)), {}, display, "abc");
        EXPECT_EQ(echo.exit_code, 0);
        EXPECT_EQ(echo.output, std::string("abc\0", 4));
    }
}

TEST_F(Unseen, IsNoErrorOfAProgramThatEndsByItself) {
    EXPECT_EQ(run(program(std::string(kOnFrame) + " #80 #0f DEO ")).exit_code, 0);
    EXPECT_EQ(run(program(std::string(kOnFrame) + " #83 #0f DEO ")).exit_code, 3);
}

TEST_F(Unseen, IsNoErrorWhereTheRunLeavesAFile) {
    EXPECT_EQ(run(program(kOnFrame), {"--dump-ram", folder_.path("ram")}).exit_code, 0);
    EXPECT_TRUE(folder_.has("ram"));
}

TEST_F(Unseen, IsAsItShouldBeWithoutAWindow) {
    const Outcome outcome = run(program(kOnFrame), {"--headless"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.error, "");
}

TEST_F(Unseen, IsAnErrorOfAProgramThatIsToBeMended) {
    for (const char* display : {"DISPLAY", "DISPLAY=:63999"}) {
        const Outcome outcome = run("|0100 nothing-like-it BRK\n", {"--watch"}, display);
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_NE(outcome.error.find("nothing is called `nothing-like-it`"), std::string::npos);
    }
}

}  // namespace
}  // namespace cli_test
