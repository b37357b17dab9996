#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cli_test {

/// How a process ended, and all that it printed.
struct Outcome {
    int exit_code = -1;  ///< -1 if a signal ended it
    int signal = 0;
    bool timed_out = false;  ///< and was killed for it
    std::string output;
    std::string error;
};

struct ProcessOptions {
    std::string folder = {};                    ///< where to run; empty: where the test runs
    std::vector<std::string> environment = {};  ///< besides the test's: NAME=VALUE; NAME: without
    bool merge_error = false;                   ///< standard error goes where standard output goes
    void (*prepare)() = nullptr;                ///< called in the process before leveret is
};

/// The leveret binary, run as from a shell, with pipes for its three streams.
class Process {
public:
    explicit Process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void write(std::string_view text);
    void close_input();
    /// Stops reading, as `head` does: the process gets a broken pipe.
    void close_output();
    void close_error();
    void send(int signal);

    /// Reads until that holds of what has been read; false if that takes too long.
    bool wait_until(const std::function<bool(const Outcome&)>& is_so);
    /// Until standard output contains `text`.
    bool wait_for_output(std::string_view text);

    /// Reads everything and waits for the end. Standard input stays as it is.
    Outcome wait();

    const std::string& output() const { return outcome_.output; }
    const std::string& error() const { return outcome_.error; }
    pid_t pid() const { return pid_; }

private:
    bool read_some(std::chrono::steady_clock::time_point deadline);

    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
    int error_ = -1;
    Outcome outcome_;
};

/// Runs leveret to its end with that text as its input.
Outcome leveret(const std::vector<std::string>& arguments, std::string_view input = {},
                const ProcessOptions& options = {});

/// The path of leveret itself.
std::string binary();

/// What stands before that path in a command: nothing, or the emulator of the machine it is built
/// for, its options and a space.
std::string emulator();

/// The path of a program in tests/cli/programs.
std::string program(std::string_view name);

}  // namespace cli_test
