// Any bytes are a program for all devices, files, and a row of events: a headless run keeps its
// budgets and is the same on every engine, whether in one piece, from a saved state on, or repeated
// from its recording; and its picture is what the screen holds.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check.hpp"
#include "device_program.hpp"
#include "fuzz_bytes.hpp"
#include "headless_computer.hpp"
#include "picture_check.hpp"
#include "support/available_engines.hpp"
#include "varvara/script.hpp"

namespace {

using varvara::Event;
using varvara::Script;
using Kind = varvara::Event::Kind;

/// A script of events, and where it is cut in two.
struct Plan {
    Script script;
    std::size_t cut = 0;  ///< number of steps before

    /// Those before the cut, or from there on.
    Script half(bool first) const {
        Script half = script;
        const auto middle = half.steps.begin() + static_cast<std::ptrdiff_t>(cut);
        first ? half.steps.erase(middle, half.steps.end())
              : half.steps.erase(half.steps.begin(), middle);
        return half;
    }
};

fuzz::World choose_world(fuzz::FuzzBytes& bytes) {
    fuzz::World world;
    world.placement = bytes.pick({uxn::test::Placement::AtEnd, uxn::test::Placement::AtStart});
    world.budget = bytes.pick({20'000u, 2'000u, bytes.below(300), 60'000u});
    world.closes_after = bytes.one_in(8) ? bytes.below(64) : std::string::npos;
    world.clock_start =
        bytes.pick<std::int64_t>({varvara::VirtualClock::kDefaultStart, 0, 253402300799});
    world.audio_rate_hz = bytes.pick({44100u, 48000u, 8000u, 192000u});
    if (bytes.one_in(16)) {
        world.width = 512;
        world.height = 320;
    }
    world.quota = bytes.pick<std::uint64_t>({1u << 20, 1u << 16, 2000, bytes.word()});
    world.files = varvara::MemoryFiles(world.quota);
    for (unsigned i = bytes.below(4); i > 0; --i) {
        const std::string_view path = fuzz::kPaths[bytes.below(6)];
        const auto contents = bytes.take(bytes.below(0x40));
        std::string text(contents.begin(), contents.end());
        text.resize(bytes.one_in(8) ? bytes.below(0x12000) : text.size(), 'x');
        if (bytes.one_in(4)) {
            world.files.put_folder(path);
        } else {
            world.files.put_file(path, text);
        }
    }
    for (unsigned i = bytes.below(3); i > 0; --i) {
        const auto argument = bytes.take(bytes.below(5));
        world.arguments.emplace_back(argument.begin(), argument.end());
        std::erase(world.arguments.back(), '\0');
    }
    return world;
}

Event choose_event(fuzz::FuzzBytes& bytes) {
    const auto position = [&] {
        return static_cast<std::int16_t>(
            bytes.pick({bytes.below(64), 0x10000 - bytes.below(16), bytes.below(0x10000)}));
    };
    // Two in three are frames.
    switch (bytes.below(30)) {
        case 20: return {.kind = Kind::Input, .value = bytes.byte()};
        case 21: return {.kind = Kind::InputEnd};
        case 22: return {.kind = Kind::Key, .value = bytes.byte()};
        case 23:
        case 24:
            return {.kind = bytes.pick({Kind::Press, Kind::Release}),
                    .value = static_cast<std::uint8_t>(1 + bytes.below(0xff)),
                    .pad = static_cast<std::uint8_t>(bytes.below(4))};
        case 25: return {.kind = Kind::MouseMove, .x = position(), .y = position()};
        case 26:
            return {.kind = bytes.pick({Kind::MousePress, Kind::MouseRelease}),
                    .value = static_cast<std::uint8_t>(1 + bytes.below(7))};
        case 27: return {.kind = Kind::Scroll, .x = position(), .y = position()};
        case 28: return {.kind = bytes.pick({Kind::SoftReboot, Kind::HardReboot})};
        case 29: return {.kind = Kind::Drop};
        default: return {.kind = Kind::Frame};
    }
}

std::string print(const varvara::Step& step, const Script& script) {
    const Event& event = step.event;
    const char byte = static_cast<char>(event.value);
    switch (event.kind) {
        case Kind::Input:
        case Kind::Key: return varvara::print_bytes(event.kind, {&byte, 1});
        case Kind::Drop:
            return varvara::print_file("drop", script.drops[static_cast<std::size_t>(event.x)]);
        default: return varvara::print_event(event, step.count);
    }
}

/// dropped: what is dropped, if anything is.
Plan choose_plan(fuzz::FuzzBytes& bytes, const std::string& dropped) {
    Script script;
    std::string text;
    bool was_long = false;
    for (unsigned i = bytes.below(24); i > 0; --i) {
        Event event = choose_event(bytes);
        if (event.kind == Kind::Drop) {
            event.x = static_cast<std::int16_t>(script.drops.size());
            script.drops.push_back(
                {.name = "dropped.rom", .size = dropped.size(), .contents = dropped});
        }
        // At most once more than a second, so that the clock moves.
        const bool is_long =
            event.kind == Kind::Frame && bytes.one_in(32) && !std::exchange(was_long, true);
        script.steps.push_back(
            {.event = event, .count = is_long ? 61u : 1u, .check = {}, .line = 0});
        text += print(script.steps.back(), script);
    }
    auto parsed = varvara::parse_script(text, "script");
    fuzz::check(parsed.has_value(), "what was printed can be read");
    for (varvara::Step& step : parsed->steps) {
        step.line = 0;
    }
    fuzz::check(parsed->steps == script.steps && parsed->drops == script.drops,
                "what was printed is read as it was");
    const auto cut = bytes.below(static_cast<std::uint32_t>(script.steps.size()) + 1);
    return {.script = std::move(*parsed), .cut = cut};
}

/// What a recording has to say before it begins.
Script settings_of(const fuzz::World& world) {
    Script settings;
    settings.arguments = world.arguments;
    settings.rom = varvara::fingerprint(world.rom);
    settings.clock = world.clock_start;
    return settings;
}

std::uint64_t used_by(const varvara::MemoryFiles& files) {
    std::uint64_t used = 0;
    for (const auto& [path, contents] : files.tree()) {
        used += varvara::MemoryFiles::kEntrySize + (contents ? contents->size() : 0);
    }
    return used;
}

/// Another engine repeats the run from the recording alone.
void check_recording(const fuzz::World& world, const std::string& text, const uxn::Engine& engine,
                     const fuzz::Outcome& expected) {
    const auto script = varvara::parse_script(text, "recording");
    fuzz::check(script.has_value(), "a recording can be read");
    fuzz::check(script->rom == varvara::fingerprint(world.rom) &&
                    script->arguments == world.arguments && script->clock == world.clock_start,
                "a recording has its settings");
    fuzz::World recorded = world;
    recorded.files = varvara::files_of(*script);
    fuzz::Computer computer(recorded);
    const auto end = computer.run(engine, *script, script->frames());
    if (end.divergence) {
        std::fputs(text.c_str(), stderr);
        for (const std::string& part : end.divergence->what) {
            std::fprintf(stderr, "line %u: %s differ\n", end.divergence->line, part.c_str());
        }
    }
    fuzz::check(!end.divergence, "a replay does not part from its recording");
    fuzz::Outcome outcome = computer.outcome();
    // The recording brings only files that were looked at. What the program has left is the same.
    const auto before = world.files.tree();
    for (const auto& [path, contents] : expected.files) {
        const auto old = before.find(path);
        if (old == before.end() || old->second != contents) {
            fuzz::check(outcome.files.contains(path) && outcome.files[path] == contents,
                        "a replay leaves the files that the program has changed");
        }
    }
    outcome.files = expected.files;
    fuzz::check_same(outcome, expected, "from a recording");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FuzzBytes bytes({data, size});
    const bool is_raw = bytes.one_in(4);
    const unsigned turn = bytes.below(4);
    fuzz::World world = choose_world(bytes);
    const auto dropped = bytes.take(bytes.below(32));
    const Plan plan = choose_plan(bytes, {dropped.begin(), dropped.end()});
    if (is_raw) {
        const auto rest = bytes.take_rest();
        world.rom.assign(rest.begin(), rest.end());
    } else {
        world.rom = fuzz::DeviceProgram(bytes).compose();
    }
    const auto engines = uxn::test::available_engines();
    const auto engine = [&](std::size_t i) -> const uxn::Engine& {
        return *engines[(turn + i) % engines.size()].engine;
    };

    // In two pieces, recorded, and looked at after each frame.
    const std::uint64_t frames = plan.script.frames_to_show();
    const Script before = plan.half(true);
    const Script after = plan.half(false);
    const Script settings = settings_of(world);
    fuzz::Computer computer(world, &settings);
    fuzz::PictureCheck picture;
    computer.viewer.frame = [&](std::uint64_t) {
        picture.paint(computer.machine(), computer.varvara().screen);
        return true;
    };
    computer.run(uxn::test::oracle(), before, before.frames());
    std::optional<fuzz::Computer> resumed;
    if (computer.goes_on()) {
        // A state does not hold everything about a file that changes while it is open.
        if (!computer.watch().open_file_has_changed()) {
            const auto state = computer.save();
            resumed.emplace(world).follow(computer);
            fuzz::check(resumed->restore(state).has_value(),
                        "a state that was saved can be restored");
            fuzz::check(resumed->save() == state, "what was restored is what was saved");
        }
        computer.run(uxn::test::oracle(), after, frames - before.frames());
    }
    const fuzz::Outcome expected = computer.outcome();
    fuzz::check(expected.end.instructions <= world.budget, "the budget is kept");
    fuzz::check(used_by(computer.files()) <= world.quota, "the quota is kept");
    computer.recorder().check(varvara::digest_of(computer.machine(), computer.varvara()));
    const std::string recording = computer.recorder().text();

    fuzz::Computer copy(world);
    fuzz::check(copy.restore(expected.state).has_value(), "a state that was saved can be restored");
    picture.check_fresh(computer.machine(), computer.varvara().screen, copy.varvara().screen);

    for (const uxn::EngineEntry& entry : uxn::test::engines_but_oracle()) {
        fuzz::Computer other(world);
        other.run(*entry.engine, plan.script, frames);
        fuzz::check_same(other.outcome(), expected, "on another engine");
    }
    if (resumed) {
        resumed->run(engine(0), after, frames - before.frames());
        fuzz::check_same(resumed->outcome(), expected, "from a saved state");
    }
    // A replay has no quota.
    if (used_by(world.files) + computer.watch().most_used() <= world.quota) {
        check_recording(world, recording, engine(1), expected);
    }
    return 0;
}
