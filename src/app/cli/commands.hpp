#pragma once

#include <span>
#include <string_view>

namespace cli {

/// What follows the name of a command on the command line.
using Arguments = std::span<const char* const>;

/// Where a command takes a file name: standard input, or output.
inline constexpr char kStandardStream[] = "-";
/// How that input can be opened.
inline constexpr char kInputPath[] = "/dev/stdin";

/// A subcommand. `run` returns the exit code of the process.
struct Command {
    std::string_view name;
    std::string_view summary;
    int (*run)(Arguments arguments);
};

/// All subcommands, in the order that the help lists them.
std::span<const Command> command_list();

// Each in a file of its own; command_list() in main.cpp names them.
int run_command(Arguments arguments);
int asm_command(Arguments arguments);
int dis_command(Arguments arguments);
int export_command(Arguments arguments);
int test_command(Arguments arguments);
int bench_command(Arguments arguments);
int engines_command(Arguments arguments);

}  // namespace cli
