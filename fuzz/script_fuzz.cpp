// Any bytes are a script: it is refused with a place that exists, or can be printed, read again and
// run, with every event seen by the program, the same on every engine.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "differential/code_writer.hpp"
#include "headless_computer.hpp"
#include "support/available_engines.hpp"
#include "varvara/controller.hpp"
#include "varvara/mouse.hpp"
#include "varvara/script.hpp"

namespace {

using varvara::Script;
using varvara::Step;
using Kind = varvara::Event::Kind;

constexpr std::uint64_t kMostFrames = 20;

/// Reads a number and the colon after it off the front of a text.
std::size_t take_number(std::string_view& text) {
    std::size_t value = 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9' && value < 1'000'000) {
        value = 10 * value + static_cast<std::size_t>(text[0] - '0');
        text.remove_prefix(1);
    }
    fuzz::check(text.starts_with(':'), "a message begins with a place");
    text.remove_prefix(1);
    return value;
}

/// "NAME:LINE:COLUMN: what is wrong"
void check_message(std::string_view message, std::string_view name, std::string_view text) {
    fuzz::check(message.starts_with(name) && message.substr(name.size()).starts_with(":"),
                "a message begins with the name of the script");
    message.remove_prefix(name.size() + 1);
    const std::size_t line = take_number(message);
    const std::size_t column = take_number(message);
    fuzz::check(message.size() > 1 && message[0] == ' ', "a message says something");
    fuzz::check(
        std::ranges::none_of(message, [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
        "a message is a line of text that does nothing to a terminal");
    for (std::size_t i = 1; i < line; ++i) {
        const std::size_t end = text.find('\n');
        fuzz::check(end != std::string_view::npos, "the line of a message exists");
        text.remove_prefix(end + 1);
    }
    const std::size_t end = std::min(text.find('\n'), text.size());
    fuzz::check(line >= 1 && column >= 1 && column <= end + 1, "the place of a message exists");
}

std::string print(const Script& script) {
    std::string text = varvara::print_settings(script);
    for (const varvara::ScriptFile& file : script.files) {
        text += varvara::print_file("file", file);
    }
    for (const Step& step : script.steps) {
        const char byte = static_cast<char>(step.event.value);
        if (step.check) {
            text += varvara::print_check(*step.check);
        } else if (step.event.kind == Kind::Key || step.event.kind == Kind::Input) {
            text += varvara::print_bytes(step.event.kind, {&byte, 1});
        } else if (step.event.kind == Kind::Drop) {
            text +=
                varvara::print_file("drop", script.drops[static_cast<std::size_t>(step.event.x)]);
        } else {
            text += varvara::print_event(step.event, step.count);
        }
    }
    return text;
}

void forget_lines(Script& script) {
    for (Step& step : script.steps) {
        step.line = 0;
    }
}

void check_printing(Script script) {
    forget_lines(script);
    auto again = varvara::parse_script(print(script), "");
    fuzz::check(again.has_value(), "a script that was printed can be read");
    forget_lines(*again);
    fuzz::check(again->arguments == script.arguments && again->clock == script.clock &&
                    again->seed == script.seed && again->rom == script.rom,
                "settings are read as they were printed");
    fuzz::check(again->files == script.files && again->drops == script.drops,
                "files are read as they were printed");
    fuzz::check(again->steps == script.steps, "steps are read as they were printed");
    const std::uint64_t more = script.frames_to_show() - script.frames();
    fuzz::check(again->frames() == script.frames() && more <= 1, "as many frames pass");
}

/// A program that prints 'r' when it starts, and ports of its devices for every vector.
std::vector<std::uint8_t> reporter() {
    using uxn::Op;
    constexpr std::array<std::uint8_t, 12> kPorts{0x12, 0x17, 0x82, 0x83, 0x85, 0x86,
                                                  0x87, 0x93, 0x95, 0x96, 0x9b, 0x9d};
    uxn::Ram ram;
    uxn::test::CodeWriter code(ram, uxn::kResetVector);
    const auto emit = [&] {
        code.put_literal(varvara::Console::kWrite);
        code.put(Op::DEO);
    };
    code.put_literal('r');
    emit();
    constexpr unsigned kVectors = 0x0200;
    for (const std::uint8_t vector : {varvara::Console::kVector, varvara::Screen::kVector,
                                      varvara::Controller::kVector, varvara::Mouse::kVector}) {
        code.put_short_literal(kVectors);
        code.put_literal(vector);
        code.put(Op::DEO2);
    }
    code.put(Op::BRK);
    while (code.at() < kVectors) {
        code.put(Op::BRK);
    }
    for (const std::uint8_t port : kPorts) {
        code.put_literal(port);
        code.put(Op::DEI);
        emit();
    }
    code.put(Op::BRK);
    return {ram.data() + uxn::kResetVector, ram.data() + code.at()};
}

/// How many vectors are evaluated in the first frames; nothing for scripts that start the program
/// over, or that may find a difference.
std::optional<std::size_t> vectors_of(const Script& script, std::uint64_t frames) {
    std::uint64_t passed = 0;
    std::size_t vectors = 0;
    for (const Step& step : script.steps) {
        if (step.check || step.event.kind == Kind::SoftReboot ||
            step.event.kind == Kind::HardReboot || step.event.kind == Kind::Drop) {
            return std::nullopt;
        }
        if (step.event.kind == Kind::Frame) {
            if (passed + step.count > frames) {
                return vectors + frames - passed;
            }
            passed += step.count;
        }
        vectors += step.count;
    }
    return vectors + frames - passed;
}

void check_run(const Script& script) {
    const std::uint64_t frames = std::min(script.frames_to_show(), kMostFrames);
    fuzz::World world;
    world.rom = reporter();
    world.files = varvara::files_of(script);
    world.clock_start = varvara::start_of_clock(script.clock, script.seed);
    world.budget = 1'000'000;
    world.width = 8;
    world.height = 8;
    std::optional<fuzz::Outcome> expected;
    for (const uxn::EngineEntry& entry : uxn::test::available_engines()) {
        fuzz::Computer computer(world);
        const auto end = computer.run(*entry.engine, script, frames);
        fuzz::check(end.frames <= frames, "no more frames pass than were wanted");
        const fuzz::Outcome outcome = computer.outcome();
        if (expected) {
            fuzz::check_same(outcome, *expected, "on another engine");
            continue;
        }
        expected = outcome;
        if (const auto vectors = vectors_of(script, frames)) {
            // Two bytes of text for each that is printed.
            fuzz::check(outcome.end.reason == varvara::SessionEnd::Reason::Exit &&
                            outcome.text.size() == 2 + *vectors * 12 * 2 && end.frames == frames,
                        "every event is seen once");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto script = varvara::parse_script(text, "a script");
    if (!script) {
        fuzz::check(script.error().code == base::ErrorCode::Malformed,
                    "a script that cannot be read is malformed");
        check_message(script.error().detail, "a script", text);
        return 0;
    }
    // Files without contents are empty, or still to be read.
    for (varvara::ScriptFile& file : script->files) {
        if (file.size == 0 && !file.folder) {
            file.contents.emplace();
        }
    }
    for (varvara::ScriptFile& drop : script->drops) {
        if (!drop.contents) {
            const std::vector<std::uint8_t> rom = reporter();
            drop.contents.emplace(rom.begin(), rom.end());
            drop.size = rom.size();
        }
    }
    check_printing(*script);
    check_run(*script);
    return 0;
}
