#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/temporary_folder.hpp"

namespace terminal_test {

/// What tmux has on its screen in one place.
struct ScreenCell {
    std::string glyph = " ";
    std::optional<std::uint32_t> foreground;  ///< 0x00RRGGBB; nothing: the terminal's own
    std::optional<std::uint32_t> background;
    bool bold = false;
};

using Screen = std::vector<std::vector<ScreenCell>>;  ///< by row; rows may end early

/// A tmux server of its own, with one pane in which a shell runs.
class Tmux {
public:
    /// False if there is no tmux: tests of it skip themselves.
    static bool available();

    explicit Tmux(unsigned columns = 80, unsigned rows = 24);
    ~Tmux();
    Tmux(const Tmux&) = delete;
    Tmux& operator=(const Tmux&) = delete;

    const cli_test::TemporaryFolder& folder() const { return folder_; }

    /// Types a line into the shell.
    void run(std::string_view command_line);
    /// Presses keys, as tmux calls them: "Up", "C-c", "M-a", "x".
    void press(const std::vector<std::string>& keys);
    /// Types this as it is.
    void type(std::string_view text);
    /// What a terminal sends: a mouse sequence, say.
    void send_bytes(std::string_view bytes);
    /// Pastes as the user would, bracketed if the program wants that.
    void paste(std::string_view text);
    void resize(unsigned columns, unsigned rows);

    std::string text() const;  ///< of the screen, a line for each row
    Screen screen() const;     ///< with colours
    /// A variable of tmux, such as "#{alternate_on}".
    std::string variable(std::string_view format) const;
    /// The process that the shell has started last and that still runs, or 0.
    pid_t child() const;

    /// Waits until that holds, for long. False if it never does.
    bool wait_until(const std::function<bool()>& condition) const;
    bool wait_for_text(std::string_view text) const;
    /// Waits until the shell has its prompt again, at the start of a line.
    bool wait_for_prompt() const;

private:
    std::string tmux(const std::vector<std::string>& arguments) const;

    cli_test::TemporaryFolder folder_;
};

/// The screen that text with SGR sequences describes, as `tmux capture-pane -e` prints it.
Screen read_screen(std::string_view text);

/// A half of a cell, in pixels from the upper left; nothing where there is text or no colour.
std::optional<std::uint32_t> half_pixel(const Screen& screen, unsigned x, unsigned y);

}  // namespace terminal_test
