#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/engine_choice.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "host/clock.hpp"
#include "host/console.hpp"
#include "host/signals.hpp"
#include "varvara/terminal.hpp"
#include "varvara/virtual_clock.hpp"

namespace cli {
namespace {

constexpr std::uint64_t kLastSecond = 253402300799;  ///< of the year 9999

struct RunOptions {
    std::string engine = "auto";
    std::uint64_t max_instructions = uxn::kUnlimited;
    std::optional<std::uint64_t> clock;
    bool warnings = false;
    std::vector<std::string> program;  ///< the file and its arguments
};

std::optional<int> parse_options(Arguments arguments, RunOptions& options) {
    // By far the most usual command line needs no parser.
    if (!arguments.empty() && arguments[0][0] != '-') {
        options.program.assign(arguments.begin(), arguments.end());
        return std::nullopt;
    }
    CommandLine line("run [OPTIONS] [FILE.rom|FILE.tal [ARGS...]]",
                     "Run a program in the terminal. A .tal file is assembled first. Without a "
                     "file, run a built-in one.\nWhat follows FILE goes to the program as it is.");
    std::string max_instructions;
    std::string clock;
    line.add_option("-e,--engine", options.engine,
                    "How to run it: a name from 'leveret engines', or auto for the fastest")
        ->type_name("NAME");
    line.add_option("--max-instructions", max_instructions,
                    "Stop after N instructions, with exit code 124")
        ->type_name("N");
    line.add_option("--clock", clock,
                    "Let the clock stand at this time, in seconds since 1970, in UTC")
        ->type_name("SECONDS");
    line.add_flag("--warnings", options.warnings, "Show the warnings of the assembler");
    line.footer(
        "The exit code is the one that the program puts into System/state (0 to 127). Otherwise:\n"
        "  1 the program could not be loaded or its output not written   2 wrong usage\n"
        "  124 --max-instructions was reached");
    if (const auto code = line.parse_arguments(arguments, options.program)) {
        return code;
    }
    if (line.count("--max-instructions") > 0) {
        const auto number = parse_number(max_instructions, uxn::kUnlimited);
        if (!number) {
            return line.reject(
                fmt::format("--max-instructions takes a whole number, not '{}'", max_instructions));
        }
        options.max_instructions = *number;
    }
    if (line.count("--clock") > 0) {
        options.clock = parse_number(clock, kLastSecond);
        if (!options.clock) {
            return line.reject(fmt::format("--clock takes whole seconds from 0 to {}, not '{}'",
                                           kLastSecond, clock));
        }
    }
    return std::nullopt;
}

int finish(const varvara::SessionEnd& end, const host::ConsolePump& pump) {
    using Reason = varvara::SessionEnd::Reason;
    switch (end.reason) {
        case Reason::Exit: return end.exit_code;
        case Reason::Interrupted: host::end_as_interrupted();
        case Reason::OutputClosed:
            if (pump.failure() == EPIPE) {
                host::end_as_broken_pipe();
            }
            return print_error(
                fmt::format("cannot write the output: {}", std::strerror(pump.failure())));
        case Reason::Budget: break;
    }
    print_error(fmt::format("stopped at {:04x}, after {} instructions", end.pc, end.instructions));
    return kBudgetExhausted;
}

}  // namespace

int run_command(Arguments arguments) {
    RunOptions options;
    if (const auto code = parse_options(arguments, options)) {
        return *code;
    }
    const auto [engine, code] = choose_engine(options.engine);
    if (engine == nullptr) {
        return code;
    }
    const bool welcome = options.program.empty();
    if (welcome) {
        options.program = {"", std::string(engine->name)};
    }
    const auto rom = welcome ? welcome_program()
                             : load_program(options.program[0],
                                            options.warnings ? Warnings::Show : Warnings::Hide);
    if (!rom) {
        return kFailure;
    }
    std::vector<const char*> program_arguments;
    for (std::size_t i = 1; i < options.program.size(); ++i) {
        program_arguments.push_back(options.program[i].c_str());
    }

    host::ConsolePump pump(STDOUT_FILENO, STDERR_FILENO);
    host::ConsoleReader reader(STDIN_FILENO);
    std::unique_ptr<varvara::Clock> clock;
    if (options.clock) {
        clock = std::make_unique<varvara::VirtualClock>(static_cast<std::int64_t>(*options.clock));
    } else {
        clock = std::make_unique<host::SystemClock>();
    }
    const auto machine = std::make_unique<uxn::Machine>();
    varvara::Varvara devices({.console = pump, .clock = *clock});
    varvara::load_rom(*machine, devices, *rom);

    host::ignore_broken_pipes();
    host::catch_interrupts();
    const varvara::SessionEnd end =
        varvara::run_in_terminal(*machine, devices,
                                 {.engine = *engine->engine,
                                  .output = pump,
                                  .input = reader,
                                  .arguments = program_arguments,
                                  .limits = {.instructions = options.max_instructions,
                                             .interrupt = &host::interrupt_flag()}});
    return finish(end, pump);
}

}  // namespace cli
