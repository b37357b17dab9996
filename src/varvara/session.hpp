#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "uxn/engine.hpp"
#include "uxn/machine.hpp"
#include "varvara/event.hpp"
#include "varvara/hosts.hpp"
#include "varvara/recorder.hpp"
#include "varvara/varvara.hpp"

namespace varvara {

/// How a program came to its end.
struct SessionEnd {
    enum class Reason : std::uint8_t {
        Exit,          ///< the program ended, or nothing more was to come
        OutputClosed,  ///< a device halted the machine: nobody receives the output any more
        Budget,        ///< as in uxn::Stop
        Interrupted,   ///< as in uxn::Stop
    };
    Reason reason = Reason::Exit;
    std::uint8_t exit_code = 0;      ///< System/state & 7f
    std::uint16_t pc = 0;            ///< the next instruction, where the run was cut short
    std::uint64_t instructions = 0;  ///< executed in all vectors together
};

/// What a session runs with. All of it must outlive the session.
struct SessionParts {
    uxn::Machine& machine;
    Varvara& varvara;
    const uxn::Engine& engine;
    ConsoleSink& output;
    uxn::Limits limits = {};       ///< for all vectors together
    Recorder* recorder = nullptr;  ///< learns of all events before they happen
};

/// A program while it runs: the order in which its vectors are evaluated. Front ends turn what
/// happens into events and hand them over one by one; all on one thread.
/// Output is flushed every few hundredths of a second while a vector runs, and when `flush` says.
/// Source: spec/varvara.md, sections 2.5, 3, 4.1, 6, 7 and 11.
class Session {
public:
    /// For a machine that has just been loaded, or restored from a state.
    explicit Session(const SessionParts& parts)
        : parts_(parts), running_(parts.machine.dev[System::kState] == 0) {}

    // These say whether the program goes on. Once it does not, they do nothing more.

    /// Runs the reset vector of a program that has just been loaded, then hands the arguments to
    /// the console vector if there is one.
    bool boot(std::span<const char* const> arguments);
    /// Clears the computer as a reboot or a drop does, loads the ROM and runs its reset vector.
    bool reboot(Event::Kind kind, std::span<const std::uint8_t> rom);
    /// After a program has ended: another one takes its place on the same computer, which is
    /// cleared as by a drop, and its reset vector is run.
    bool follow(std::span<const std::uint8_t> rom);
    /// The first half of a reboot, in which nobody may mix sound: up to the reset vector.
    bool load(Event::Kind kind, std::span<const std::uint8_t> rom);
    /// The other half.
    bool start();
    /// Evaluates the vectors of notes that have ended, which otherwise wait for the next frame.
    bool end_notes();
    /// Lets an event happen; a reboot or a drop, which need a ROM, are ignored here.
    bool handle(const Event& event);
    /// Hands on all output.
    bool flush();

    bool running() const { return running_; }
    /// How it ended; valid once it has, and after every call for `instructions`.
    SessionEnd end() const;

    uxn::Machine& machine() { return parts_.machine; }
    const uxn::Machine& machine() const { return parts_.machine; }
    Varvara& varvara() { return parts_.varvara; }

private:
    bool console(std::uint8_t byte, Console::Type type);
    bool happen(std::uint8_t vector_port);
    bool evaluate(std::uint16_t vector);
    bool finish(SessionEnd::Reason reason, std::uint16_t pc);
    bool frame();

    SessionParts parts_;
    SessionEnd end_;
    bool running_;
    std::uint64_t until_flush_ = 0;
};

}  // namespace varvara
