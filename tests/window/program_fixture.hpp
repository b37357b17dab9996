#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/process.hpp"
#include "cli/temporary_folder.hpp"
#include "front/display.hpp"
#include "x_display.hpp"

namespace window_test {

/// Leveret on a screen of its own, in a home folder of its own, and somebody who uses it.
class ProgramTest : public testing::Test {
protected:
    static constexpr unsigned kScreenWidth = 1280;
    static constexpr unsigned kScreenHeight = 1024;
    static constexpr front::Size kSize = {64, 48};  ///< of the subject's picture

    void SetUp() override;

    /// The path of a program in tests/window/programs.
    static std::string program(std::string_view name);
    static std::string subject() { return program("subject.tal"); }
    /// What the subject shows.
    static host::Picture picture(front::Size size = kSize);

    /// environment: besides a home folder, a display and a sound card that plays nothing.
    void start(const std::vector<std::string>& arguments,
               const std::vector<std::string>& environment = {});
    /// Waits for its window, and points into it.
    void start_and_see(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment = {});
    /// The subject, and its picture is there.
    void start_subject(std::vector<std::string> options = {},
                       const std::vector<std::string>& environment = {});

    /// Waits until the program prints `text` after what was last waited for.
    testing::AssertionResult says(std::string_view text);
    /// The same on standard error.
    testing::AssertionResult complains(std::string_view text);
    /// Waits until the window shows that and nothing else.
    testing::AssertionResult shows(const host::Picture& picture);
    /// Waits until the window is as large as that, and the picture in it where it belongs.
    testing::AssertionResult shows(const host::Picture& picture, front::Size window, unsigned zoom);
    /// Waits until the pixels of the window are of such a kind.
    bool shows(const std::function<bool(const host::Picture&)>& kind) const;
    bool has_title(const std::string& title) const;
    /// The program that is shown still listens.
    testing::AssertionResult listens();

    /// Closes the window: the program ends with success.
    testing::AssertionResult closes();
    cli_test::Outcome wait() { return process_->wait(); }

    cli_test::TemporaryFolder home_;
    cli_test::TemporaryFolder folder_;  ///< for programs and scripts
    std::optional<XDisplay> user_;
    std::unique_ptr<cli_test::Process> process_;
    XWindow window_;

private:
    std::size_t heard_ = 0;  ///< of what was printed
};

/// What a window of that size has to look like with a picture in its middle.
host::Picture enlarged(const host::Picture& picture, front::Size window, unsigned zoom);

}  // namespace window_test
