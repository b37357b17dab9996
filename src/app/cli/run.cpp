#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/commands.hpp"
#include "app/cli/headless_run.hpp"
#include "app/cli/launcher_run.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/onlookers.hpp"
#include "app/cli/people_run.hpp"
#include "app/cli/program.hpp"
#include "app/cli/program_files.hpp"
#include "app/cli/run_files.hpp"
#include "app/cli/run_options.hpp"
#include "host/clock.hpp"
#include "host/console.hpp"
#include "host/signals.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/terminal.hpp"
#include "varvara/virtual_clock.hpp"

namespace cli {
namespace {

constexpr std::string_view kUnseen =
    "the program has a screen, but there is neither a display nor a terminal to show it on; "
    "'leveret run --headless FILE' runs it without";

int finish(const varvara::SessionEnd& end, const host::ConsolePump& pump) {
    using Reason = varvara::SessionEnd::Reason;
    switch (end.reason) {
        case Reason::Exit: return end.exit_code;
        case Reason::Interrupted:
            if (host::interrupt_flag()) {
                host::end_as_interrupted();
            }
            return end.exit_code;  // whoever looked on has closed the window
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

/// Without a program there is the launcher, as far as it can be seen.
bool starts_with_launcher(const RunOptions& options) {
    return options.program[0].empty() && (options.headless || people_possible(options));
}

/// Whether a program that cannot be run may become one while people wait. A file that is not there
/// is rather a name that was mistyped.
bool may_be_mended(const RunOptions& options, const LoadedProgram& program) {
    return options.watch && people_possible(options) && !runs_by_script(options) &&
           options.state_in.empty() && outputs_of(options).empty() && program.error.empty() &&
           std::ranges::none_of(program.diagnostics, [](const tal::Diagnostic& diagnostic) {
               return diagnostic.category == tal::Category::SourceMissing;
           });
}

/// The ROM to run; empty if a saved state will bring its own. Nothing: it could not be had, which
/// has been said. symbols: of what was assembled. broken: filled in if the ROM only keeps the place
/// of a program with errors.
std::optional<std::vector<std::uint8_t>> load_rom(RunOptions& options, std::string_view engine,
                                                  std::vector<tal::Symbol>& symbols,
                                                  std::optional<LoadedProgram>& broken) {
    if (!options.program.empty()) {
        LoadedProgram program = read_program(options.program[0]);
        print_problems(program, options.warnings ? Warnings::Show : Warnings::Hide);
        if (!program.rom.empty()) {
            symbols = std::move(program.symbols);
            return std::move(program.rom);
        }
        if (!may_be_mended(options, program)) {
            return std::nullopt;
        }
        broken = std::move(program);
        return std::vector<std::uint8_t>{0};  // BRK
    }
    if (!options.state_in.empty()) {
        return std::vector<std::uint8_t>();
    }
    options.program = {"", std::string(engine)};
    if (starts_with_launcher(options)) {
        return std::vector<std::uint8_t>();  // it makes itself
    }
    return read_demo("hello").rom;
}

/// Whether a program has come to rest with something on its screen, or waiting for somebody at it.
bool has_a_screen(const uxn::Machine& machine, const varvara::Varvara& devices,
                  const varvara::SessionEnd& end) {
    const auto waits_for = [&](std::uint8_t vector) { return machine.dev_short(vector) != 0; };
    return end.reason == varvara::SessionEnd::Reason::Exit &&
           machine.dev[varvara::System::kState] == 0 &&
           (devices.screen.used() || waits_for(varvara::Screen::kVector) ||
            waits_for(varvara::Controller::kVector) || waits_for(varvara::Mouse::kVector));
}

/// Whether a program that has a screen, which nobody could see, has left nothing else either. One
/// that prints may have done all that it was started for.
bool was_in_vain(const RunOptions& options, const PatientConsole& console) {
    return !console.printed() && outputs_of(options).empty();
}

/// Whoever starts a graphical program in a terminal should not wonder why nothing happens.
void mention_the_screen(const uxn::Machine& machine) {
    if (machine.dev_short(varvara::Console::kVector) == 0 && isatty(STDERR_FILENO) != 0) {
        print_warning(
            "the program wants a screen; 'leveret run --window FILE' opens one, and "
            "'leveret run --screenshot FILE.png' takes a picture of it");
    }
}

}  // namespace

int run_command(Arguments arguments) {
    RunOptions options;
    if (const auto code = parse_run_options(arguments, options)) {
        return *code;
    }
    const auto [entry, code] = choose_engine(options);
    if (entry == nullptr) {
        return code;
    }
    if (!place_exists(options)) {
        return kFailure;
    }
    std::optional<LoadedProgram> broken;
    std::vector<tal::Symbol> symbols;
    auto rom = load_rom(options, entry->name, symbols, broken);
    if (!rom) {
        return kFailure;
    }
    const front::Settings settings = settings_of(options.program.empty() ? "" : options.program[0]);
    options.files.access = access_of(options, settings);
    RunFiles run_files;
    if (const auto failed = run_files.open(options)) {
        return *failed;
    }
    if (const auto failed = run_files.check_rom(*rom)) {
        return *failed;
    }
    Onlookers onlookers;
    if (const auto failed = onlookers.open(options, *entry, symbols)) {
        return *failed;
    }
    const uxn::Engine& engine = onlookers.engine();

    varvara::Script& script = run_files.script;
    varvara::MemoryFiles replayed_files;
    host::ConsolePump pump(STDOUT_FILENO, STDERR_FILENO);
    PatientConsole console(pump);
    ProgramFiles program_files(console);
    varvara::FileSystem* files = &replayed_files;
    std::optional<LauncherRun> launcher;
    if (!options.replay.empty()) {
        replayed_files = varvara::files_of(script);
    } else if (rom->empty() && options.headless && options.state_in.empty()) {
        launcher.emplace(console, options.files.folder.value_or("."));
        rom->assign(launcher->rom().begin(), launcher->rom().end());
        files = &*launcher;
        options.files.folder = options.files.folder.value_or(".");
        if (!program_files.open(options.files, "")) {
            return kFailure;
        }
    } else if (program_files.open(options.files,
                                  options.program.empty() ? "" : options.program[0])) {
        files = &program_files.system();
    } else {
        return kFailure;
    }
    const std::vector<const char*> program_arguments = as_arguments(script.arguments);

    // A run by a script, or one that will be repeated, has a clock that can be.
    const bool scripted = options.headless || runs_by_script(options);
    const bool own_clock = scripted || !options.record.empty() || script.clock || script.seed;
    varvara::VirtualClock virtual_clock(varvara::start_of_clock(script.clock, script.seed));
    host::SystemClock system_clock;
    varvara::Clock& clock = own_clock ? static_cast<varvara::Clock&>(virtual_clock) : system_clock;

    std::optional<varvara::Recorder> recorder;
    if (!options.record.empty()) {
        varvara::Script opening = script;
        opening.rom = varvara::fingerprint(*rom);
        opening.clock = script.clock.value_or(varvara::VirtualClock::kDefaultStart);
        files = &recorder.emplace(opening, *files);
    }

    const auto machine = std::make_unique<uxn::Machine>();
    varvara::Varvara devices({.console = console, .clock = clock, .files = *files});
    varvara::load_rom(*machine, devices, *rom);
    if (!options.state_in.empty()) {
        auto extras = run_files.restore(*machine, devices);
        if (!extras) {
            return kFailure;
        }
        virtual_clock = varvara::VirtualClock(extras->clock_start);
        virtual_clock.set_frame(extras->frame);
        if (rom->empty()) {
            *rom = std::move(extras->rom);
        }
    }

    host::ignore_broken_pipes();
    host::catch_interrupts();
    const std::vector<std::string> output_folders = output_folders_of(options);
    const uxn::Limits limits = {.instructions = options.max_instructions,
                                .interrupt = &host::interrupt_flag()};
    varvara::Recorder* const recording = recorder ? &*recorder : nullptr;
    varvara::SessionEnd end;
    std::span<const std::uint8_t> last_rom = *rom;
    int failures = 0;

    const bool launches = !options.program.empty() && starts_with_launcher(options);
    const auto run_with_people = [&](front::Performance* performance) {
        const front::DeskEnd desk = run_for_people(
            {.options = options,
             .console = console,
             .player = {.machine = *machine,
                        .varvara = devices,
                        .engine = engine,
                        .output = console,
                        .input_fd = performance == nullptr ? STDIN_FILENO : -1,
                        .rom = *rom,
                        .arguments = program_arguments,
                        .max_instructions = options.max_instructions,
                        .clock = own_clock ? &virtual_clock : nullptr,
                        .recorder = recording,
                        .performance = performance,
                        .placeholder = broken.has_value(),
                        .boot = options.state_in.empty(),
                        .for_people = options.place != RunOptions::Place::Anywhere || broken,
                        .rewind_bytes = own_clock ? 0 : std::size_t{settings.rewind_mb} << 20,
                        .prepare = [&] { program_files.confine(output_folders); },
                        .on_change = {}},
             .choice = {.kind =
                            launches ? front::Choice::Kind::Launcher : front::Choice::Kind::File,
                        .name = options.program.empty() ? "" : options.program[0]},
             .settings = settings,
             .sources = options.program.empty() ? std::vector<std::string>()
                                                : std::vector<std::string>{options.program[0]},
             .recorded = own_clock,
             .broken = broken});
        if (desk.no_display) {  // which has been said
            const bool unseen =
                has_a_screen(*machine, devices, desk.end) && was_in_vain(options, console);
            failures += unseen || broken || options.place != RunOptions::Place::Anywhere ? 1 : 0;
        }
        return desk.end;
    };
    const auto make_session = [&] {
        return varvara::Session({.machine = *machine,
                                 .varvara = devices,
                                 .engine = engine,
                                 .output = console,
                                 .limits = limits,
                                 .recorder = recording});
    };

    const std::function<std::optional<std::span<const std::uint8_t>>()> next_program = [&] {
        return launcher->next();  // NOLINT(bugprone-unchecked-optional-access): is asked only then
    };
    if (scripted) {
        varvara::Session scripted_session = make_session();
        const auto in_a_window = [&](const varvara::Headless& headless) {
            front::Performance performance = {.rom = headless.rom,
                                              .script = headless.script,
                                              .frames = headless.frames,
                                              .stays = !options.frames,
                                              .viewer = headless.viewer};
            end = run_with_people(&performance);
            return performance.end;
        };
        if (options.headless) {
            program_files.confine(output_folders);
        }
        const HeadlessOutcome outcome =
            run_by_script(options,
                          {.session = scripted_session,
                           .clock = virtual_clock,
                           .rom = *rom,
                           .script = script,
                           .frames = 0,
                           .arguments = program_arguments,
                           .recorder = recording,
                           .boot = options.state_in.empty(),
                           .viewer = {},
                           .next = launcher ? next_program : nullptr},
                          options.headless ? ScriptRunner(varvara::run_headless) : in_a_window);
        if (options.headless) {
            end = outcome.end;
        }
        last_rom = outcome.rom;
        failures += outcome.failures;
    } else if (people_possible(options) &&
               (launches || broken || options.place != RunOptions::Place::Anywhere ||
                !options.state_in.empty() || may_want_people(*rom))) {
        end = run_with_people(nullptr);
    } else {
        program_files.confine(output_folders);
        host::ConsoleReader reader(STDIN_FILENO);
        end = varvara::run_in_terminal(*machine, devices,
                                       {.engine = engine,
                                        .output = console,
                                        .input = reader,
                                        .arguments = program_arguments,
                                        .limits = limits,
                                        .recorder = recording,
                                        .boot = options.state_in.empty()});
        if (has_a_screen(*machine, devices, end)) {
            if (!people_possible(options) && was_in_vain(options, console)) {
                failures += print_error(kUnseen);
            } else {
                mention_the_screen(*machine);
            }
        }
    }
    // A vector that was cut short is nothing that a replay or a state could go on from.
    const bool between_vectors = end.reason == varvara::SessionEnd::Reason::Exit;
    if (recorder) {
        if (between_vectors) {
            recorder->check(varvara::digest_of(*machine, devices));
        }
        failures += run_files.save_recording(options, *recorder);
    }
    failures += run_files.save_memory(options, *machine);
    if (!options.state_out.empty() && !between_vectors) {
        print_error("no state was saved: the program was stopped within a vector");
        ++failures;
    } else {
        failures += run_files.save_state(options, *machine, devices,
                                         {.rom = {last_rom.begin(), last_rom.end()},
                                          .clock_start = virtual_clock.start(),
                                          .frame = virtual_clock.frame()});
    }
    failures += onlookers.finish(end.instructions);
    const int exit_code = finish(end, pump);
    return failures > 0 ? kFailure : exit_code;
}

}  // namespace cli
