// The golden cases of the devices, played in a window: the same pixels as without one.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "program_fixture.hpp"

namespace window_test {
namespace {

namespace fs = std::filesystem;

/// A case that expects a picture at its end.
struct GoldenCase {
    fs::path folder;
    fs::path program;
    fs::path picture;
};

/// The last picture that is expected; empty if none is.
fs::path last_picture(const fs::path& expected) {
    fs::path last;
    unsigned last_frame = 0;
    if (!fs::is_directory(expected)) {
        return last;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(expected)) {
        const std::string name = entry.path().filename().string();
        if (name == "screen.png") {
            return entry.path();
        }
        if (name.starts_with("screen@")) {
            const auto frame = static_cast<unsigned>(std::stoul(name.substr(7)));
            if (last.empty() || frame > last_frame) {
                last = entry.path();
                last_frame = frame;
            }
        }
    }
    return last;
}

/// The program of a case; empty if the folder is none.
fs::path program_of(const fs::path& folder) {
    std::ifstream link(folder / "program.txt");
    if (std::string path; std::getline(link, path)) {
        return (folder / path).lexically_normal();
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".tal" || entry.path().extension() == ".rom") {
            return entry.path();
        }
    }
    return {};
}

std::vector<GoldenCase> cases_with_pictures() {
    std::vector<GoldenCase> cases;
    for (const fs::directory_entry& area : fs::directory_iterator(LEVERET_GOLDEN_CASES)) {
        if (!area.is_directory()) {
            continue;
        }
        for (const fs::directory_entry& entry : fs::directory_iterator(area)) {
            if (!entry.is_directory()) {
                continue;
            }
            const GoldenCase found = {.folder = entry.path(),
                                      .program = program_of(entry.path()),
                                      .picture = last_picture(entry.path() / "expected")};
            if (!found.program.empty() && !found.picture.empty()) {
                cases.push_back(found);
            }
        }
    }
    std::ranges::sort(cases, {}, &GoldenCase::folder);
    return cases;
}

class GoldenCasesTest : public ProgramTest {
protected:
    /// What a row of windows has room for.
    static constexpr unsigned kColumns = 2;
    static constexpr unsigned kRows = 2;
    static constexpr unsigned kWidth = kScreenWidth / kColumns;
    static constexpr unsigned kHeight = kScreenHeight / kRows;

    /// A case in its window.
    struct Played {
        const GoldenCase& golden;
        host::Picture expected;
        std::unique_ptr<cli_test::Process> process;
        XWindow window;
    };

    void SetUp() override {
        ProgramTest::SetUp();
        // Pictures take the same course at any speed.
        fs::create_directories(home_.path(".config/leveret"));
        home_.write(".config/leveret/settings.toml", "speed = 1600\n");
    }

    Played play(const GoldenCase& golden) {
        // What it finds is copied: some programs write.
        const fs::path files = folder_.path(golden.folder.filename().string());
        fs::create_directories(files);
        if (fs::exists(golden.folder / "files")) {
            fs::copy(golden.folder / "files", files, fs::copy_options::recursive);
        }
        const fs::path script = golden.folder / "script.txt";
        start({"run", "--window", "--zoom", "1", "--dir", files.string(), "--input",
               fs::exists(script) ? script.string() : folder_.write("empty.txt", ""),
               golden.program.string()});
        auto expected = host::read_png(golden.picture.string());
        EXPECT_TRUE(expected) << golden.picture;
        return {golden, expected.value_or(host::Picture{}), std::move(process_), {}};
    }

    /// The window that a process has opened; nothing: not yet.
    std::optional<XWindow> window_of(pid_t pid) const {
        for (const XWindow& window : user_->windows()) {
            if (user_->numbers(window, "_NET_WM_PID") ==
                std::vector{static_cast<std::uint32_t>(pid)}) {
                return window;
            }
        }
        return std::nullopt;
    }

    /// Plays some at the same time, side by side.
    void compare(std::span<const GoldenCase> cases) {
        std::vector<Played> all;
        for (const GoldenCase& golden : cases) {
            all.push_back(play(golden));
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            Played& played = all[i];
            std::optional<XWindow> window;
            ASSERT_TRUE(eventually([&] {
                window = window_of(played.process->pid());
                return window.has_value();
            })) << played.golden.folder;
            played.window = *window;
            user_->place(*window, static_cast<int>(i % kColumns * kWidth),
                         static_cast<int>(i / kColumns * kHeight));
        }
        for (Played& played : all) {
            window_ = played.window;
            EXPECT_TRUE(shows(played.expected)) << played.golden.folder;
            user_->close(window_);
            const cli_test::Outcome outcome = played.process->wait();
            EXPECT_EQ(outcome.exit_code, 0) << played.golden.folder << "\n" << outcome.error;
        }
        EXPECT_TRUE(user_->wait_for_no_window());
    }
};

TEST_F(GoldenCasesTest, HaveTheSamePicturesInAWindow) {
    const std::vector<GoldenCase> cases = cases_with_pictures();
    ASSERT_GE(cases.size(), 30U);
    constexpr std::size_t kTogether = kColumns * kRows;
    for (std::size_t at = 0; at < cases.size(); at += kTogether) {
        compare(std::span(cases).subspan(at, std::min(kTogether, cases.size() - at)));
    }
}

}  // namespace
}  // namespace window_test
