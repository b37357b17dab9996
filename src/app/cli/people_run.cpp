#include "app/cli/people_run.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

#include "app/cli/engine_choice.hpp"
#include "app/cli/launcher.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/recent.hpp"
#include "front/terminal/terminal.hpp"
#include "front/window_module.hpp"
#include "host/clock.hpp"
#include "host/folders.hpp"

namespace cli {
namespace {

constexpr std::size_t kMostHeld = std::size_t{1} << 20;
constexpr std::size_t kMostPrinted = std::size_t{16} << 10;

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool has_desktop() {
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") || is_set("SDL_VIDEODRIVER");
}

bool is_terminal() {
    return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
}

std::vector<front::Overlay::Line> lines_of(const LoadedProgram& program) {
    using Style = front::Overlay::Line::Style;
    std::vector<front::Overlay::Line> lines;
    if (!program.error.empty()) {
        lines.push_back({.text = program.error, .style = Style::Error});
    }
    for (const tal::Diagnostic& diagnostic : program.diagnostics) {
        if (diagnostic.severity != tal::Severity::Error) {
            continue;
        }
        const std::string text = tal::render(diagnostic, false);
        std::size_t begin = 0;
        while (begin < text.size()) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            std::string line = text.substr(begin, end - begin);
            const bool source =
                begin > 0 && !line.starts_with("    hint: ") && !line.starts_with("    note: ");
            lines.push_back({.text = std::move(line),
                             .style = begin == 0 ? Style::Error : Style::Plain,
                             .aligned = source});
            begin = end + 1;
        }
    }
    return lines;
}

/// The same for standard error, as when a program is started.
std::string text_of(const LoadedProgram& program) {
    std::string text;
    if (!program.error.empty()) {
        text = error_message(program.error);
    }
    for (const tal::Diagnostic& diagnostic : program.diagnostics) {
        if (diagnostic.severity == tal::Severity::Error) {
            text += tal::render(diagnostic, colour_wanted());
        }
    }
    return text;
}

front::TerminalOptions::Pictures pictures_of(const front::Settings& settings) {
    using Pictures = front::TerminalOptions::Pictures;
    switch (settings.terminal_pixels) {
        case front::TerminalPixels::Kitty: return Pictures::Kitty;
        case front::TerminalPixels::Sixel: return Pictures::Sixel;
        case front::TerminalPixels::Blocks: return Pictures::Blocks;
        default: return Pictures::Auto;
    }
}

/// How large the launcher may be as long as nobody knows the display. A terminal without graphics
/// has few pixels, in which it shows less.
Launcher::Room first_room() {
    winsize size{};
    if (has_desktop() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
        return {};
    }
    return {.width = size.ws_col, .height = 2U * size.ws_row};
}

/// LIT in any of its modes.
bool is_literal(std::uint8_t opcode) {
    return (opcode & 0x9f) == 0x80;
}

/// A program on the desk.
class ProgramRun final : public front::Running {
public:
    /// What it has of its own, if it is not the first one.
    struct Belongings {
        explicit Belongings(varvara::ConsoleSink& sink) : files(sink), console(sink) {}

        ProgramFiles files;
        host::SystemClock clock;
        /// What it prints goes on to the console, and its end is kept.
        class Tail final : public varvara::ConsoleSink {
        public:
            explicit Tail(varvara::ConsoleSink& console) : console_(console) {}

            bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
                text += bytes;
                if (text.size() > 2 * kMostPrinted) {
                    text.erase(0, text.size() - kMostPrinted);
                }
                return console_.write(stream, bytes);
            }
            bool flush() noexcept override { return console_.flush(); }

            std::string text;

        private:
            varvara::ConsoleSink& console_;
        };

        Tail console;
        Launcher* launcher = nullptr;  ///< if it is the launcher
        std::unique_ptr<uxn::Machine> machine = std::make_unique<uxn::Machine>();
        std::optional<varvara::Varvara> devices;
    };

    ProgramRun(front::Choice choice, front::Settings settings, std::vector<std::string> sources,
               PatientConsole& console, front::PlayerParts player, bool recorded,
               std::unique_ptr<Belongings> belongings = nullptr)
        : console_(console),
          choice_(std::move(choice)),
          settings_(std::move(settings)),
          sources_(std::move(sources)),
          rom_(player.rom),
          recorded_(recorded),
          belongings_(std::move(belongings)),
          player_(std::move(player)) {}

    /// These errors of its files have been said.
    void has_said(std::string complaint) { complaint_ = std::move(complaint); }

    front::Player& player() override { return player_; }
    const front::Choice& choice() const override { return choice_; }
    std::string name() const override {
        const std::string name = std::filesystem::path(choice_.name).filename().string();
        return name.empty() ? "Leveret" : name;
    }
    front::Settings& settings() override { return settings_; }
    std::span<const std::uint8_t> rom() const override { return rom_; }
    std::vector<std::string> sources() const override { return sources_; }
    bool recorded() const override { return recorded_; }

    std::optional<std::vector<std::uint8_t>> reload(
        std::vector<front::Overlay::Line>& errors) override {
        if (choice_.kind == front::Choice::Kind::File && !choice_.name.empty()) {
            LoadedProgram program = read_program(choice_.name);
            sources_ = program.sources;
            if (program.rom.empty()) {
                errors = lines_of(program);
                complain(text_of(program));
                return std::nullopt;
            }
            complaint_.clear();
            rom_ = std::move(program.rom);
        }
        return rom_;
    }

    base::Result<std::string> save_settings() override {
        auto saved = front::save_settings(host::user_folders(), name(), settings_);
        return saved ? fmt::format("saved {}", *saved) : std::move(saved);
    }
    std::string printed() override {
        return belongings_ == nullptr ? std::string() : belongings_->console.text;
    }
    std::optional<front::Choice> chosen() override {
        const Launcher* launcher = belongings_ == nullptr ? nullptr : belongings_->launcher;
        return launcher == nullptr ? std::nullopt : launcher->choice();
    }

private:
    /// On standard error, where there is room for all of it; not twice of a file that is only saved
    /// again.
    void complain(std::string text) {
        if (text != complaint_) {
            complaint_ = std::move(text);
            console_.write(varvara::Stream::Error, complaint_);
            console_.flush();
        }
    }

    PatientConsole& console_;
    std::string complaint_;  ///< what is wrong with the files now
    front::Choice choice_;
    front::Settings settings_;
    std::vector<std::string> sources_;
    std::vector<std::uint8_t> rom_;
    bool recorded_;
    std::unique_ptr<Belongings> belongings_;
    front::Player player_;  // last: it goes first
};

/// The programs that are started from the desk.
class ProgramShelf final : public front::Programs {
public:
    ProgramShelf(const RunOptions& options, const uxn::Engine& engine, PatientConsole& console)
        : options_(options), engine_(engine), console_(console) {}

    std::unique_ptr<front::Running> open(const front::Choice& choice,
                                         std::function<void()> on_change,
                                         std::vector<front::Overlay::Line>& errors) override {
        const front::Settings settings = settings_of(choice.name);
        auto own = std::make_unique<ProgramRun::Belongings>(console_);
        LoadedProgram program;
        varvara::FileSystem* files = &varvara::no_files();
        std::function<void()> prepare;
        switch (choice.kind) {
            case front::Choice::Kind::Launcher:
                own->launcher = &launcher();
                program.rom.assign(own->launcher->rom().begin(), own->launcher->rom().end());
                files = &own->launcher->files();
                break;
            case front::Choice::Kind::Demo:
                program = read_demo(choice.name);
                prepare = [&confined = own->files, folders = folders_written_meanwhile()] {
                    confined.confine(folders);
                };
                break;
            case front::Choice::Kind::File:
                program = read_program(choice.name);
                if (!own->files.open({.folder = {}, .access = access_of(options_, settings)},
                                     choice.name)) {
                    errors.push_back({.text = "the program's folder cannot be used"});
                    return nullptr;
                }
                files = &own->files.system();
                prepare = [&confined = own->files, folders = folders_written_meanwhile()] {
                    confined.confine(folders);
                };
                remember(choice.name);
                break;
        }
        if (program.rom.empty()) {
            errors = lines_of(program);
            return nullptr;
        }
        own->devices.emplace(
            varvara::Hosts{.console = own->console, .clock = own->clock, .files = *files});
        varvara::load_rom(*own->machine, *own->devices, program.rom);
        front::PlayerParts player = {.machine = *own->machine,
                                     .varvara = *own->devices,
                                     .engine = engine_,
                                     .output = own->console,
                                     .rom = std::move(program.rom),
                                     .rewind_bytes = std::size_t{settings.rewind_mb} << 20,
                                     .prepare = std::move(prepare),
                                     .on_change = std::move(on_change)};
        return std::make_unique<ProgramRun>(choice, settings, std::move(program.sources), console_,
                                            std::move(player), false, std::move(own));
    }

    void set_room(front::Size size) override {
        room_ = {.width = size.width, .height = size.height};
    }

    /// So that the launcher lists it.
    void remember(const std::string& path) {
        // Not to be able to is no reason to disturb anybody.
        [[maybe_unused]] const auto kept = remember_program(recent_file(), path);
    }

private:
    /// By whatever program runs; the other outputs are those of the first one.
    std::vector<std::string> folders_written_meanwhile() const {
        return options_.jit_dump.empty() ? std::vector<std::string>()
                                         : std::vector{options_.jit_dump};
    }

    /// Looks around anew each time it is needed.
    Launcher& launcher() {
        if (launcher_ != nullptr) {
            launcher_->come_back(read_recent(recent_file()), room_);
        } else {
            launcher_ = std::make_unique<Launcher>(options_.files.folder.value_or("."),
                                                   read_recent(recent_file()), room_);
        }
        return *launcher_;
    }

    const RunOptions& options_;
    const uxn::Engine& engine_;
    PatientConsole& console_;
    Launcher::Room room_ = first_room();
    std::unique_ptr<Launcher> launcher_;  ///< once it was shown
};

}  // namespace

// --- the console --------------------------------------------------------------------------------

bool PatientConsole::write(varvara::Stream stream, std::string_view bytes) noexcept {
    if (stream == varvara::Stream::Output && !bytes.empty()) {
        printed_ = true;
    }
    const std::scoped_lock lock(mutex_);
    if (!holding_) {
        return console_.write(stream, bytes);
    }
    if (held_.empty() || held_.back().stream != stream ||
        held_.back().bytes.size() > kMostHeld / 16) {
        held_.push_back({.stream = stream, .bytes = {}});
    }
    held_.back().bytes += bytes;
    held_size_ += bytes.size();
    while (held_size_ > kMostHeld) {
        held_size_ -= held_.front().bytes.size();
        held_.pop_front();
    }
    return true;
}

bool PatientConsole::flush() noexcept {
    const std::scoped_lock lock(mutex_);
    return holding_ || console_.flush();
}

void PatientConsole::hold() {
    const std::scoped_lock lock(mutex_);
    console_.flush();
    holding_ = true;
}

void PatientConsole::release() {
    const std::scoped_lock lock(mutex_);
    for (const Piece& piece : held_) {
        console_.write(piece.stream, piece.bytes);
    }
    held_.clear();
    held_size_ = 0;
    holding_ = false;
    console_.flush();
}

// --- settings -----------------------------------------------------------------------------------

front::Settings settings_of(const std::string& program) {
    const host::Folders folders = host::user_folders();
    if (access(folders.settings.c_str(), F_OK) != 0) {
        return front::Settings();  // mostly so, and programs of the terminal are in a hurry
    }
    front::LoadedSettings loaded =
        front::load_settings(folders, std::filesystem::path(program).filename().string());
    for (const std::string& error : loaded.errors) {
        print_to_error(error + "\n");
    }
    return std::move(loaded.settings);
}

std::optional<host::FileAccess> access_of(const RunOptions& options,
                                          const front::Settings& settings) {
    if (options.files.access || settings.files == host::FileAccess::ReadWrite) {
        return options.files.access;
    }
    return settings.files;
}

// --- people -------------------------------------------------------------------------------------

bool people_possible(const RunOptions& options) {
    return !options.headless &&
           (options.place != RunOptions::Place::Anywhere || has_desktop() || is_terminal());
}

bool place_exists(const RunOptions& options) {
    using Place = RunOptions::Place;
    if (options.place == Place::Terminal && !is_terminal()) {
        print_error("standard input and output are no terminal");
        return false;
    }
    if (options.place == Place::Window && !has_desktop()) {
        print_error(
            "cannot open a window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is "
            "set)");
        return false;
    }
    return true;
}

bool may_want_people(std::span<const std::uint8_t> rom) {
    const auto is_for_people = [](std::uint8_t port) {
        return (port >= 0x20 && port <= 0x6f) || (port >= 0x80 && port <= 0x9f);
    };
    for (std::size_t i = 2; i < rom.size(); ++i) {
        const unsigned operation = rom[i] & 0x1fU;
        const bool device = operation == 0x16 || operation == 0x17;
        if (device && is_for_people(rom[i - 1]) &&
            (is_literal(rom[i - 2]) || (i > 2 && is_literal(rom[i - 3])))) {
            return true;
        }
    }
    return false;
}

front::DeskEnd run_for_people(PeopleRun run) {
    using Place = RunOptions::Place;
    const RunOptions& options = run.options;
    const host::Folders folders = host::user_folders();
    ProgramShelf shelf(options, run.player.engine, run.console);
    const bool display_needed = options.place != Place::Anywhere || run.broken;
    bool in_terminal = false;

    const auto open_display =
        [&](const front::DisplayOptions& display) -> base::Result<std::unique_ptr<front::Display>> {
        if (run.choice.kind == front::Choice::Kind::File) {
            shelf.remember(run.choice.name);
        }
        std::string why =
            "the program wants a screen, and there is no desktop (neither DISPLAY nor "
            "WAYLAND_DISPLAY is set)";
        if (options.place != Place::Terminal && (has_desktop() || options.place == Place::Window)) {
            auto module = front::load_window_module();
            auto window =
                module ? (*module)->open_window(display) : std::unexpected(module.error());
            if (window || options.place == Place::Window) {
                return window;
            }
            why = window.error().detail;
        }
        if (is_terminal()) {
            run.console.hold();
            auto terminal = front::open_terminal(
                {.pictures = pictures_of(run.settings), .title = display.title, .device = {}});
            if (terminal) {
                in_terminal = true;
                return terminal;
            }
            run.console.release();
            why = terminal.error().detail;
        } else {
            why +=
                ", and standard input and output are no terminal; 'leveret run --headless FILE' "
                "runs it without a screen";
        }
        return base::fail(base::ErrorCode::Unsupported, why);
    };
    const auto open_sound = [&](unsigned rate_hz,
                                front::Mixer mixer) -> base::Result<std::unique_ptr<front::Sound>> {
        auto module = front::load_window_module();
        return module ? (*module)->open_sound(rate_hz, std::move(mixer))
                      : std::unexpected(module.error());
    };
    const auto make_first =
        [&](std::function<void()> on_change) -> std::unique_ptr<front::Running> {
        if (run.choice.kind == front::Choice::Kind::Launcher) {
            std::vector<front::Overlay::Line> errors;
            return shelf.open(run.choice, std::move(on_change), errors);
        }
        run.player.on_change = std::move(on_change);
        auto first = std::make_unique<ProgramRun>(run.choice, run.settings, run.sources,
                                                  run.console, std::move(run.player), run.recorded);
        if (run.broken) {
            first->has_said(text_of(*run.broken));
        }
        return first;
    };
    front::DeskEnd end =
        front::run_desk({.programs = shelf,
                         .open_display = open_display,
                         .open_sound = open_sound,
                         .warn =
                             [&](const std::string& text) {
                                 display_needed ? (void)print_error(text) : print_warning(text);
                             },
                         .display_needed = display_needed,
                         .watch = options.watch,
                         .resume = options.resume,
                         .zoom = options.zoom,
                         .full_screen = options.full_screen,
                         .captures_folder = front::captures_folder(run.settings, folders),
                         .states_folder = folders.states},
                        make_first);
    if (in_terminal) {
        run.console.release();
    }
    return end;
}

}  // namespace cli
