#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace cli_test {
namespace {

using Clock = std::chrono::steady_clock;

/// Long enough for a busy machine and sanitizers; what is waited for normally takes milliseconds.
constexpr std::chrono::seconds kPatience{60};

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("cannot create a pipe");
    }
    return ends;
}

void close_end(int& fd) {
    if (fd >= 0) {
        close(std::exchange(fd, -1));
    }
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& string : strings) {
        result.push_back(string.data());
    }
    result.push_back(nullptr);
    return result;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    signal(SIGPIPE, SIG_IGN);  // a process that ended early must not end the test
    std::vector<std::string> command = words(emulator());
    command.push_back(binary());
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv = pointers(command);
    const auto input = make_pipe();
    const auto output = make_pipe();
    const auto error = make_pipe();
    pid_ = fork();
    if (pid_ == 0) {
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        dup2(options.merge_error ? output[1] : error[1], STDERR_FILENO);
        for (const int signal_number : {SIGPIPE, SIGINT, SIGTERM}) {
            signal(signal_number, SIG_DFL);
        }
        for (const std::string& variable : options.environment) {
            putenv(const_cast<char*>(variable.c_str()));
        }
        if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) {
            _exit(126);
        }
        if (options.prepare != nullptr) {
            options.prepare();
        }
        execvp(argv[0], argv.data());
        _exit(127);
    }
    close(input[0]);
    close(output[1]);
    close(error[1]);
    input_ = input[1];
    output_ = output[0];
    error_ = error[0];
}

Process::~Process() {
    close_end(input_);
    close_end(output_);
    close_end(error_);
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
}

void Process::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(input_, text.data(), text.size());
        if (count <= 0) {
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Process::close_input() {
    close_end(input_);
}
void Process::close_output() {
    close_end(output_);
}
void Process::close_error() {
    close_end(error_);
}
void Process::send(int signal) {
    kill(pid_, signal);
}

bool Process::read_some(Clock::time_point deadline) {
    std::array<pollfd, 2> fds = {pollfd{output_, POLLIN, 0}, pollfd{error_, POLLIN, 0}};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0 || poll(fds.data(), fds.size(), static_cast<int>(left)) <= 0) {
        return false;
    }
    const auto take = [](int& fd, const pollfd& ready, std::string& text) {
        std::array<char, 65536> block;
        if (ready.revents == 0) {
            return;
        }
        const ssize_t count = read(fd, block.data(), block.size());
        if (count > 0) {
            text.append(block.data(), static_cast<std::size_t>(count));
        } else {
            close_end(fd);
        }
    };
    take(output_, fds[0], outcome_.output);
    take(error_, fds[1], outcome_.error);
    return true;
}

bool Process::wait_until(const std::function<bool(const Outcome&)>& is_so) {
    const auto deadline = Clock::now() + kPatience;
    while (!is_so(outcome_)) {
        if ((output_ < 0 && error_ < 0) || !read_some(deadline)) {
            return false;
        }
    }
    return true;
}

bool Process::wait_for_output(std::string_view text) {
    return wait_until(
        [&](const Outcome& outcome) { return outcome.output.find(text) != std::string::npos; });
}

Outcome Process::wait() {
    const auto deadline = Clock::now() + kPatience;
    while (output_ >= 0 || error_ >= 0) {
        if (!read_some(deadline)) {
            break;
        }
    }
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
        if (Clock::now() >= deadline) {
            outcome_.timed_out = true;
            kill(pid_, SIGKILL);
        }
        usleep(1000);
    }
    pid_ = -1;
    if (WIFEXITED(status)) {
        outcome_.exit_code = WEXITSTATUS(status);
    } else {
        outcome_.signal = WTERMSIG(status);
    }
    return outcome_;
}

Outcome leveret(const std::vector<std::string>& arguments, std::string_view input,
                const ProcessOptions& options) {
    Process process(arguments, options);
    process.write(input);
    process.close_input();
    return process.wait();
}

std::string binary() {
    const char* path = std::getenv("LEVERET_BINARY");
    return path != nullptr ? path : LEVERET_BINARY;
}

std::string emulator() {
    return LEVERET_EMULATOR;
}

std::string program(std::string_view name) {
    return LEVERET_PROGRAMS + std::string(name);
}

}  // namespace cli_test
