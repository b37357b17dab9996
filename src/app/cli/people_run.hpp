#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/program.hpp"
#include "app/cli/program_files.hpp"
#include "app/cli/run_options.hpp"
#include "front/desk.hpp"
#include "front/player.hpp"
#include "uxn/engine.hpp"
#include "varvara/hosts.hpp"

namespace cli {

/// A program's output on its way to the console, which waits while the terminal is its screen.
class PatientConsole final : public varvara::ConsoleSink {
public:
    explicit PatientConsole(varvara::ConsoleSink& console) : console_(console) {}

    bool write(varvara::Stream stream, std::string_view bytes) noexcept override;
    bool flush() noexcept override;

    /// From now on nothing is handed on.
    void hold();
    /// Hands on what has come since, or the end of it if it is very much.
    void release();

    /// Whether there has been any standard output.
    bool printed() const { return printed_; }

private:
    struct Piece {
        varvara::Stream stream;
        std::string bytes;
    };
    varvara::ConsoleSink& console_;
    std::atomic<bool> printed_{false};
    std::mutex mutex_;
    bool holding_ = false;
    std::deque<Piece> held_;
    std::size_t held_size_ = 0;
};

/// Whether what the options ask for, a window or a terminal, can be there at all; otherwise says
/// what is missing.
bool place_exists(const RunOptions& options);

/// What the user has set for a program, by the name of its file. What is wrong is said on standard
/// error.
front::Settings settings_of(const std::string& program);

/// What a program may do with its files: as the command line says, otherwise the settings; nothing:
/// neither says anything.
std::optional<host::FileAccess> access_of(const RunOptions& options,
                                          const front::Settings& settings);

/// Whether somebody may be there to look at a program, and to play it.
bool people_possible(const RunOptions& options);

/// Whether a ROM has instructions that look as if they used screen, sound, controller or mouse: a
/// literal port right before DEI or DEO. If it has none it is run without a thread of its own,
/// which a short program would wait for longer than for everything else. A program that computes
/// the ports' numbers is mistaken for one of the terminal; it is told so.
bool may_want_people(std::span<const std::uint8_t> rom);

/// A program that is ready to be run, with its computer.
struct PeopleRun {
    const RunOptions& options;
    PatientConsole& console;
    front::PlayerParts player;
    front::Choice choice;
    front::Settings settings;
    std::vector<std::string> sources;  ///< the files it was made from
    bool recorded = false;
    /// What the files were when they had errors, which have been said: the player's ROM only keeps
    /// the place until they are mended. It is nothing without a display.
    std::optional<LoadedProgram> broken = {};
};

/// Runs it where people can see it, and whatever they start from there.
front::DeskEnd run_for_people(PeopleRun run);

}  // namespace cli
