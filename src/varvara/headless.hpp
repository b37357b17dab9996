#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "varvara/script.hpp"
#include "varvara/session.hpp"
#include "varvara/virtual_clock.hpp"

namespace varvara {

/// Looks on while a session runs without a window. Any of the functions may be missing.
struct HeadlessViewer {
    /// After each frame, when the screen can be seen; and once as frame 0, after the program has
    /// started. False: end the run here.
    std::function<bool(std::uint64_t frame)> frame;
    /// The sound of a frame: interleaved stereo, left first.
    std::function<void(std::span<const std::int16_t> samples)> sound;
};

/// What a headless run is made of. All of it must outlive the run.
struct Headless {
    Session& session;
    VirtualClock& clock;
    std::span<const std::uint8_t> rom;  ///< for reboots
    const Script& script;               ///< `contents` of all drops must be there
    std::uint64_t frames;               ///< to run; the script's later steps are left out
    unsigned audio_rate_hz = 44100;
    std::span<const char* const> arguments = {};
    Recorder* recorder = nullptr;  ///< the session's; learns of drops, and how each frame ends
    bool boot = true;              ///< false: go on with what was restored from a state
    HeadlessViewer viewer = {};
    /// Asked when a program has ended: the ROM of the one that takes its place, which must live as
    /// long as the run. Nothing, as when this is missing: the run ends too.
    std::function<std::optional<std::span<const std::uint8_t>>()> next = {};
};

/// Where a run turned out to be another one than the one recorded.
struct Divergence {
    std::uint64_t frame;
    std::uint32_t line;             ///< of the script
    std::vector<std::string> what;  ///< names of `Digest::kNames`
};

struct HeadlessEnd {
    SessionEnd end;
    std::uint64_t frames = 0;              ///< that were run
    std::optional<Divergence> divergence;  ///< the first; the run ends there
    std::span<const std::uint8_t> rom;     ///< what a reboot would load now: the last one dropped
};

/// Runs a loaded program in virtual time, as fast as it goes: the script's events as they come, and
/// a frame after the other. The same program, script and clock give the same run on every engine
/// and machine. A frame is: the vectors of notes that have ended, the screen vector, a sixtieth of
/// a second of sound, then the clock goes on.
HeadlessEnd run_headless(const Headless& headless);

}  // namespace varvara
