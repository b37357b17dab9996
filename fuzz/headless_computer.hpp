#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "check.hpp"
#include "differential/guarded_machine.hpp"
#include "quiet_hosts.hpp"
#include "varvara/headless.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/recorder.hpp"
#include "varvara/state_file.hpp"
#include "watched_files.hpp"

namespace fuzz {

/// All that decides how a run goes, but for its script.
struct World {
    std::vector<std::uint8_t> rom;
    std::uint64_t quota = varvara::MemoryFiles::kUnlimited;
    varvara::MemoryFiles files{quota};
    std::vector<std::string> arguments;
    std::int64_t clock_start = varvara::VirtualClock::kDefaultStart;
    unsigned audio_rate_hz = 44100;
    std::size_t closes_after = std::string::npos;  ///< as in `Sink`
    std::uint64_t budget = 20'000;                 ///< of instructions
    /// Of the screen when the program starts; that of a real one takes a fuzzer long to look at.
    std::uint16_t width = 72;
    std::uint16_t height = 40;
    uxn::test::Placement placement = uxn::test::Placement::AtEnd;
};

/// What can be seen of a run when it is over.
struct Outcome {
    varvara::SessionEnd end;
    std::string text;
    std::vector<std::int16_t> sound;
    varvara::MemoryFiles::Tree files;
    std::vector<std::uint8_t> state;
};

inline void check_same(const Outcome& a, const Outcome& b, const char* what) {
    const auto check_part = [&](bool same, const char* part) {
        check(same, (std::string(what) + ": " + part).c_str());
    };
    check_part(
        a.end.reason == b.end.reason && a.end.exit_code == b.end.exit_code && a.end.pc == b.end.pc,
        "runs end in the same way");
    check_part(a.end.instructions == b.end.instructions, "as many instructions are executed");
    check_part(a.text == b.text, "the same is printed");
    check_part(a.sound == b.sound, "the same is heard");
    check_part(a.files == b.files, "the same files are left");
    check_part(a.state == b.state, "the computers are equal");
}

/// A computer without a window, in memory.
class Computer {
public:
    /// recording: settings of a recording to make; null for none. Must outlive the computer, as
    /// `world` must.
    explicit Computer(const World& world, const varvara::Script* recording = nullptr)
        : world_(world),
          machine_(uxn::Machine{}, world.placement),
          clock_(world.clock_start),
          files_(world.files),
          watch_(files_),
          varvara_({.console = sink_,
                    .clock = clock_,
                    .files = recording == nullptr ? static_cast<varvara::FileSystem&>(watch_)
                                                  : recorder_.emplace(*recording, watch_),
                    .audio_rate_hz = world.audio_rate_hz}),
          rom_(world.rom) {
        sink_.closes_after = world.closes_after;
        resize(varvara::Screen::kWidth, world.width);
        resize(varvara::Screen::kHeight, world.height);
        varvara::load_rom(*machine_, varvara_, world.rom);
    }

    /// Becomes what was saved.
    base::Result<void> restore(std::span<const std::uint8_t> state) {
        auto extras = varvara::restore_state(state, *machine_, varvara_);
        if (!extras) {
            return std::unexpected(extras.error());
        }
        clock_ = varvara::VirtualClock(extras->clock_start);
        clock_.set_frame(extras->frame);
        own_rom_ = std::move(extras->rom);
        rom_ = own_rom_;
        is_restored_ = true;
        return {};
    }

    /// Runs a script for some frames, from the start or from where the last run ended.
    varvara::HeadlessEnd run(const uxn::Engine& engine, const varvara::Script& script,
                             std::uint64_t frames) {
        std::vector<const char*> arguments;
        for (const std::string& argument : world_.arguments) {
            arguments.push_back(argument.c_str());
        }
        varvara::Recorder* const recorder = recorder_ ? &*recorder_ : nullptr;
        varvara::Session session({.machine = *machine_,
                                  .varvara = varvara_,
                                  .engine = engine,
                                  .output = sink_,
                                  .limits = {.instructions = world_.budget - end_.instructions},
                                  .recorder = recorder});
        viewer.sound = [&](std::span<const std::int16_t> samples) {
            sound_.insert(sound_.end(), samples.begin(), samples.end());
        };
        varvara::HeadlessEnd end = varvara::run_headless({.session = session,
                                                          .clock = clock_,
                                                          .rom = rom_,
                                                          .script = script,
                                                          .frames = frames,
                                                          .audio_rate_hz = world_.audio_rate_hz,
                                                          .arguments = arguments,
                                                          .recorder = recorder,
                                                          .boot = !has_run_ && !is_restored_,
                                                          .viewer = viewer});
        check(machine_.is_padding_intact(), "nothing is written between a machine's members");
        end.end.instructions += end_.instructions;
        end_ = end.end;
        rom_ = end.rom;
        goes_on_ = session.running();
        has_run_ = true;
        return end;
    }

    /// Whether the program has not ended.
    bool goes_on() const { return goes_on_; }

    std::vector<std::uint8_t> save() {
        return varvara::save_state(*machine_, varvara_,
                                   {.rom = {rom_.begin(), rom_.end()},
                                    .clock_start = clock_.start(),
                                    .frame = clock_.frame()});
    }

    Outcome outcome() {
        return {.end = end_,
                .text = sink_.text,
                .sound = sound_,
                .files = files_.tree(),
                .state = save()};
    }

    /// Goes on from what another one has left outside itself.
    void follow(const Computer& other) {
        files_ = other.files_;
        sink_.text = other.sink_.text;
        sound_ = other.sound_;
        end_ = other.end_;
    }

    varvara::CivilTime now() { return clock_.now(); }
    uxn::Machine& machine() { return *machine_; }
    varvara::Varvara& varvara() { return varvara_; }
    varvara::Recorder& recorder() { return *recorder_; }
    const WatchedFiles& watch() const { return watch_; }
    const varvara::MemoryFiles& files() const { return files_; }

    varvara::HeadlessViewer viewer;  ///< `sound` is taken

private:
    void resize(std::uint8_t port, std::uint16_t side) {
        machine_->set_dev_short(port, side);
        varvara_.write(*machine_, port + 1);
    }

    const World& world_;
    uxn::test::GuardedMachine machine_;
    Sink sink_;
    varvara::VirtualClock clock_;
    varvara::MemoryFiles files_;
    WatchedFiles watch_;
    std::optional<varvara::Recorder> recorder_;
    varvara::Varvara varvara_;
    std::vector<std::uint8_t> own_rom_;
    std::span<const std::uint8_t> rom_;
    std::vector<std::int16_t> sound_;
    varvara::SessionEnd end_;
    bool goes_on_ = true;
    bool has_run_ = false;
    bool is_restored_ = false;
};

}  // namespace fuzz
