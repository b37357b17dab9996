#include "terminal/tmux.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace terminal_test {
namespace {

using Clock = std::chrono::steady_clock;

/// Long enough for a busy machine and sanitizers; what is waited for normally takes milliseconds.
constexpr std::chrono::seconds kPatience{30};
constexpr std::string_view kPrompt = "ready$ ";

/// Runs a program to its end; what it has printed.
std::string run_program(const std::vector<std::string>& command) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
        throw std::runtime_error("cannot create a pipe");
    }
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        unsetenv("TMUX");
        setenv("LC_ALL", "C.UTF-8", 1);
        std::vector<char*> argv;
        for (const std::string& word : command) {
            argv.push_back(const_cast<char*>(word.c_str()));
        }
        argv.push_back(nullptr);
        execvp(argv[0], argv.data());
        _exit(127);
    }
    close(ends[1]);
    std::string output;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        output.append(buffer.data(), static_cast<std::size_t>(count));
    }
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    return output;
}

std::string without_newline(std::string text) {
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return text;
}

/// xterm's 256 colours, but for the first 16.
std::uint32_t colour_of_256(unsigned number) {
    if (number >= 232) {
        return (8 + 10 * (number - 232)) * 0x010101;
    }
    const unsigned place = number - 16;
    std::uint32_t colour = 0;
    for (const unsigned level : {place / 36, place / 6 % 6, place % 6}) {
        colour = colour << 8 | (level == 0 ? 0 : 55 + 40 * level);
    }
    return colour;
}

/// Applies the numbers of one SGR sequence.
void set_style(ScreenCell& style, const std::vector<unsigned>& codes) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
        auto& colour = codes[i] == 38 ? style.foreground : style.background;
        if (codes[i] == 0) {
            style = {};
        } else if (codes[i] == 1) {
            style.bold = true;
        } else if (codes[i] == 39) {
            style.foreground.reset();
        } else if (codes[i] == 49) {
            style.background.reset();
        } else if ((codes[i] == 38 || codes[i] == 48) && codes.at(i + 1) == 2) {
            colour = codes.at(i + 2) << 16 | codes.at(i + 3) << 8 | codes.at(i + 4);
            i += 4;
        } else if (codes[i] == 38 || codes[i] == 48) {
            colour = colour_of_256(codes.at(i + 2));
            i += 2;
        }
    }
}

}  // namespace

Screen read_screen(std::string_view text) {
    Screen screen(1);
    ScreenCell style;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '\n') {
            screen.emplace_back();
            ++i;
        } else if (text[i] == '\x1b') {
            std::vector<unsigned> codes{0};
            for (i += 2; text.at(i) != 'm'; ++i) {
                if (text[i] == ';') {
                    codes.push_back(0);
                } else {
                    codes.back() = 10 * codes.back() + static_cast<unsigned>(text[i] - '0');
                }
            }
            ++i;
            set_style(style, codes);
        } else {
            const auto lead = static_cast<unsigned char>(text[i]);
            const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
            ScreenCell cell = style;
            cell.glyph = text.substr(i, length);
            screen.back().push_back(cell);
            i += length;
        }
    }
    return screen;
}

std::optional<std::uint32_t> half_pixel(const Screen& screen, unsigned x, unsigned y) {
    if (y / 2 >= screen.size() || x >= screen[y / 2].size()) {
        return std::nullopt;
    }
    const ScreenCell& cell = screen[y / 2][x];
    const bool upper = y % 2 == 0;
    return cell.glyph == " "        ? cell.background
           : cell.glyph == "\u2580" ? (upper ? cell.foreground : cell.background)
           : cell.glyph == "\u2584" ? (upper ? cell.background : cell.foreground)
                                    : std::nullopt;
}

bool Tmux::available() {
    return run_program({"tmux", "-V"}).starts_with("tmux");
}

Tmux::Tmux(unsigned columns, unsigned rows) {
    folder_.write("shell", "PS1='" + std::string(kPrompt) + "'\n");
    // A shell with job control, and nobody's settings.
    tmux({"-f", "/dev/null", "new-session", "-d", "-x", std::to_string(columns), "-y",
          std::to_string(rows),
          "env -u COLORTERM ENV=" + folder_.path("shell") + " bash --noprofile --rcfile " +
              folder_.path("shell") + " -i"});
    if (!wait_for_prompt()) {
        throw std::runtime_error("no shell in tmux: " + text());
    }
}

Tmux::~Tmux() {
    try {
        tmux({"kill-server"});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tmux: %s\n", error.what());
    }
}

std::string Tmux::tmux(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{"tmux", "-S", folder_.path("socket")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_program(command);
}

void Tmux::run(std::string_view command_line) {
    type(command_line);
    press({"Enter"});
}

void Tmux::press(const std::vector<std::string>& keys) {
    std::vector<std::string> arguments{"send-keys"};
    arguments.insert(arguments.end(), keys.begin(), keys.end());
    tmux(arguments);
}

void Tmux::type(std::string_view text) {
    tmux({"send-keys", "-l", std::string(text)});
}

void Tmux::send_bytes(std::string_view bytes) {
    std::vector<std::string> arguments{"send-keys", "-H"};
    for (const char byte : bytes) {
        std::array<char, 3> digits{};
        std::snprintf(digits.data(), digits.size(), "%02x",
                      static_cast<unsigned>(static_cast<unsigned char>(byte)));
        arguments.emplace_back(digits.data());
    }
    tmux(arguments);
}

void Tmux::paste(std::string_view text) {
    tmux({"set-buffer", "--", std::string(text)});
    tmux({"paste-buffer", "-p"});
}

void Tmux::resize(unsigned columns, unsigned rows) {
    tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

std::string Tmux::text() const {
    return tmux({"capture-pane", "-p"});
}

Screen Tmux::screen() const {
    return read_screen(without_newline(tmux({"capture-pane", "-p", "-e", "-N"})));
}

std::string Tmux::variable(std::string_view format) const {
    return without_newline(tmux({"display-message", "-p", std::string(format)}));
}

pid_t Tmux::child() const {
    const std::string shell = variable("#{pane_pid}");
    std::ifstream file("/proc/" + shell + "/task/" + shell + "/children");
    pid_t last = 0;
    for (pid_t pid = 0; file >> pid;) {
        last = pid;
    }
    return last;
}

bool Tmux::wait_until(const std::function<bool()>& condition) const {
    const auto deadline = Clock::now() + kPatience;
    while (!condition()) {
        if (Clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

bool Tmux::wait_for_text(std::string_view wanted) const {
    return wait_until([&] { return text().find(wanted) != std::string::npos; });
}

bool Tmux::wait_for_prompt() const {
    // The last line that is not empty.
    return wait_until([&] {
        const std::string lines = without_newline(text());
        const std::size_t start = lines.rfind('\n') + 1;  // npos + 1 is 0
        return lines.substr(start) == kPrompt.substr(0, kPrompt.size() - 1);
    });
}

}  // namespace terminal_test
