#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "app/cli/commands.hpp"
#include "app/cli/messages.hpp"
#include "host/signals.hpp"

namespace cli {

std::span<const Command> command_list() {
    static constexpr std::array kCommands{
        Command{"run", "run a program; may be left out", run_command},
        Command{"asm", "assemble Uxntal source into a ROM", asm_command},
        Command{"dis", "disassemble a ROM into Uxntal source", dis_command},
        Command{"export", "make a web page that plays a program", export_command},
        Command{"test", "run golden cases: programs and what they have to leave", test_command},
        Command{"bench", "race the engines against each other", bench_command},
        Command{"engines", "list the ways to execute a program", engines_command},
    };
    return kCommands;
}

namespace {

int print_help() {
    std::string text = fmt::format(
        "Leveret {}, a Uxn/Varvara machine\n\n"
        "Usage: leveret [OPTIONS] [FILE.rom|FILE.tal [ARGS...]]\n"
        "       leveret COMMAND [ARGS...]\n\n"
        "Commands:\n",
        LEVERET_VERSION);
    for (const Command& command : command_list()) {
        text += fmt::format("  {:10}{}\n", command.name, command.summary);
    }
    text +=
        "\nOptions:\n"
        "  -h,--help     Print this help and exit\n"
        "  -v,--version  Print the version and exit\n"
        "  others        as for 'leveret run'\n\n"
        "'leveret COMMAND --help' tells more.\n";
    print(text);
    return kSuccess;
}

int print_version() {
    print(fmt::format("Leveret {}\n", LEVERET_VERSION));
    return kSuccess;
}

/// A word that someone may have meant to be a command: neither a path nor a file name.
bool looks_like_a_command(std::string_view word) {
    return std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

bool exists(const char* path) {
    struct stat status{};
    return stat(path, &status) == 0;
}

int dispatch(Arguments arguments) {
    if (arguments.empty()) {
        return run_command(arguments);
    }
    const std::string_view first = arguments[0];
    const auto command = std::ranges::find(command_list(), first, &Command::name);
    if (command != command_list().end()) {
        return command->run(arguments.subspan(1));
    }
    if (first == "--help" || first == "-h") {
        return print_help();
    }
    if (first == "--version" || (first == "-v" && arguments.size() == 1)) {
        return print_version();
    }
    if (!first.starts_with('-') && looks_like_a_command(first) && !exists(arguments[0])) {
        std::vector<std::string> names;
        for (const Command& known : command_list()) {
            names.emplace_back(known.name);
        }
        return print_usage_error("", fmt::format("there is no file and no command '{}'{}", first,
                                                 did_you_mean(first, names)));
    }
    return run_command(arguments);
}

}  // namespace
}  // namespace cli

int main(int argc, char** argv) {
    // Before engines are looked at: memory for machine code is a file to the kernel.
    host::ignore_file_size_limits();
    const int code =
        cli::dispatch(cli::Arguments(argv, static_cast<std::size_t>(argc)).subspan(argc > 0));
    if (std::fflush(stdout) != 0) {
        return cli::print_error(fmt::format("cannot write the output: {}", std::strerror(errno)));
    }
    return code;
}
