#include "program_fixture.hpp"

#include <algorithm>
#include <functional>

namespace window_test {
namespace {

/// The subject's palette.
constexpr std::uint32_t kColours[] = {0x444444, 0xff88ff, 0x00ff33, 0xaa22cc};

}  // namespace

void ProgramTest::SetUp() {
    if (!XDisplay::available()) {
        GTEST_SKIP() << "Xvfb is not installed";
    }
    user_.emplace(kScreenWidth, kScreenHeight);
}

std::string ProgramTest::program(std::string_view name) {
    return LEVERET_WINDOW_PROGRAMS + std::string(name);
}

host::Picture ProgramTest::picture(front::Size size) {
    host::Picture picture = {size.width, size.height, {}};
    for (unsigned y = 0; y < size.height; ++y) {
        for (unsigned x = 0; x < size.width; ++x) {
            const bool inside = x >= size.width / 2 && y >= size.height / 2;
            picture.pixels.push_back(kColours[inside ? 1 : 0]);
        }
    }
    picture.pixels.front() = kColours[3];
    picture.pixels[std::size_t{5} * size.width + 3] = kColours[2];
    picture.pixels.back() = kColours[2];
    return picture;
}

host::Picture enlarged(const host::Picture& picture, front::Size window, unsigned zoom) {
    host::Picture result = {window.width, window.height, {}};
    const unsigned width = picture.width * zoom;
    const unsigned height = picture.height * zoom;
    const unsigned left = (window.width - std::min(width, window.width)) / 2;
    const unsigned top = (window.height - std::min(height, window.height)) / 2;
    for (unsigned y = 0; y < window.height; ++y) {
        for (unsigned x = 0; x < window.width; ++x) {
            const bool inside = x >= left && x < left + width && y >= top && y < top + height;
            result.pixels.push_back(
                inside
                    ? picture
                          .pixels[std::size_t{(y - top) / zoom} * picture.width + (x - left) / zoom]
                    : 0);
        }
    }
    return result;
}

void ProgramTest::start(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment) {
    std::vector<std::string> variables = {
        "HOME=" + home_.path(), "DISPLAY=" + user_->name(), "SDL_AUDIODRIVER=dummy",
        "LC_ALL=C.UTF-8",       "WAYLAND_DISPLAY",          "SDL_VIDEODRIVER",
        "XDG_CONFIG_HOME",      "XDG_STATE_HOME",           "XDG_PICTURES_DIR",
        "XMODIFIERS",           "DBUS_SESSION_BUS_ADDRESS", "LSAN_OPTIONS=print_suppressions=0"};
    variables.insert(variables.end(), environment.begin(), environment.end());
    heard_ = 0;
    process_ = std::make_unique<cli_test::Process>(
        arguments,
        cli_test::ProcessOptions{.folder = folder_.path(), .environment = std::move(variables)});
}

void ProgramTest::start_and_see(const std::vector<std::string>& arguments,
                                const std::vector<std::string>& environment) {
    start(arguments, environment);
    window_ = user_->wait_for_window();
    // From elsewhere, so that it is told.
    user_->move(window_, static_cast<int>(window_.width) - 1, 1);
    user_->move(window_, 1, 1);
}

void ProgramTest::start_subject(std::vector<std::string> options,
                                const std::vector<std::string>& environment) {
    options.insert(options.begin(), "run");
    options.push_back(subject());
    start_and_see(options, environment);
    ASSERT_TRUE(says("s 00\n"));
    ASSERT_TRUE(says("m ")) << "the pointer is in the window";
}

testing::AssertionResult ProgramTest::says(std::string_view text) {
    std::size_t found = std::string::npos;
    if (process_->wait_until([&](const cli_test::Outcome& outcome) {
            found = outcome.output.find(text, heard_);
            return found != std::string::npos;
        })) {
        heard_ = found + text.size();
        return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "it has not said '" << text << "' in\n"
                                       << process_->output().substr(heard_) << "\nerrors:\n"
                                       << process_->error();
}

testing::AssertionResult ProgramTest::complains(std::string_view text) {
    if (process_->wait_until([&](const cli_test::Outcome& outcome) {
            return outcome.error.find(text) != std::string::npos;
        })) {
        return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "it has not complained about '" << text << "', but\n"
                                       << process_->error();
}

testing::AssertionResult ProgramTest::shows(const host::Picture& picture) {
    host::Picture seen;
    if (eventually([&] {
            seen = user_->picture(window_);
            return seen == picture;
        })) {
        return testing::AssertionSuccess();
    }
    std::size_t wrong = 0;
    if (seen.pixels.size() == picture.pixels.size()) {
        for (std::size_t i = 0; i < seen.pixels.size(); ++i) {
            wrong += seen.pixels[i] == picture.pixels[i] ? 0 : 1;
        }
    }
    return testing::AssertionFailure()
           << "the window shows " << seen.width << "x" << seen.height << " pixels, wanted were "
           << picture.width << "x" << picture.height << "; " << wrong << " differ";
}

testing::AssertionResult ProgramTest::shows(const host::Picture& picture, front::Size window,
                                            unsigned zoom) {
    return shows(enlarged(picture, window, zoom));
}

bool ProgramTest::shows(const std::function<bool(const host::Picture&)>& kind) const {
    return eventually([&] { return kind(user_->picture(window_)); });
}

bool ProgramTest::has_title(const std::string& title) const {
    return eventually([&] { return user_->property(window_, "_NET_WM_NAME") == title; });
}

testing::AssertionResult ProgramTest::listens() {
    user_->press(XK_x);
    return says("k 00 78\n");
}

testing::AssertionResult ProgramTest::closes() {
    user_->close(window_);
    const cli_test::Outcome outcome = wait();
    if (outcome.exit_code == 0) {
        return testing::AssertionSuccess();
    }
    return testing::AssertionFailure()
           << "exit code " << outcome.exit_code << ", signal " << outcome.signal
           << (outcome.timed_out ? ", too late" : "") << "\n"
           << outcome.error;
}

}  // namespace window_test
