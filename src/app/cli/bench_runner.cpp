#include "app/cli/bench_runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

#include "host/clock.hpp"
#include "host/signals.hpp"
#include "varvara/terminal.hpp"
#include "varvara/virtual_clock.hpp"

namespace cli {
namespace {

class CapturingSink final : public varvara::ConsoleSink {
public:
    bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
        if (stream == varvara::Stream::Output) {
            text.append(bytes);
        }
        return true;
    }
    bool flush() noexcept override { return true; }

    std::string text;
};

class TextInput final : public varvara::ConsoleInput {
public:
    explicit TextInput(std::string_view text) : rest_(text) {}
    std::span<const std::uint8_t> next() noexcept override {
        const std::string_view all = std::exchange(rest_, {});
        return {reinterpret_cast<const std::uint8_t*>(all.data()), all.size()};
    }

private:
    std::string_view rest_;
};

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> block;
    while (true) {
        const ssize_t count = read(fd, block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return text;
        }
        text.append(block.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

base::Result<Sample> run_on_engine(const uxn::Engine& engine, const std::vector<std::uint8_t>& rom,
                                   std::string_view input) {
    CapturingSink sink;
    TextInput text(input);
    varvara::VirtualClock clock(0);
    const auto machine = std::make_unique<uxn::Machine>();
    varvara::Varvara devices({.console = sink, .clock = clock});
    varvara::load_rom(*machine, devices, rom);

    const double start = cpu_seconds();
    const varvara::SessionEnd end = varvara::run_in_terminal(
        *machine, devices,
        {.engine = engine,
         .output = sink,
         .input = text,
         .arguments = {},
         .limits = {.instructions = uxn::kUnlimited, .interrupt = &host::interrupt_flag()}});
    const double seconds = cpu_seconds() - start;
    if (end.reason != varvara::SessionEnd::Reason::Exit) {
        return base::fail(base::ErrorCode::Malformed, "it was interrupted");
    }
    return Sample{
        .seconds = seconds, .instructions = end.instructions, .output = std::move(sink.text)};
}

base::Result<Sample> run_as_process(std::vector<std::string> command, const std::string& rom_path,
                                    const std::string& input_path) {
    command.push_back(rom_path);
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (std::string& word : command) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);

    std::array<int, 2> pipe_fds{};
    if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) {
        return base::fail(base::ErrorCode::Unsupported, std::strerror(errno));
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input_path.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
    pid_t child = 0;
    const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_fds[1]);
    if (error != 0) {
        close(pipe_fds[0]);
        return base::fail(base::ErrorCode::NotFound,
                          fmt::format("cannot start '{}': {}", command[0], std::strerror(error)));
    }
    Sample sample;
    sample.output = read_all(pipe_fds[0]);
    close(pipe_fds[0]);
    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return base::fail(
            base::ErrorCode::Malformed,
            WIFSIGNALED(status)
                ? fmt::format("'{}' was killed by signal {}", command[0], WTERMSIG(status))
                : fmt::format("'{}' ended with exit code {}", command[0], WEXITSTATUS(status)));
    }
    sample.seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    return sample;
}

}  // namespace cli
