#include "differential/report.hpp"

#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "differential/shrinker.hpp"
#include "support/available_engines.hpp"
#include "support/describe.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

std::string_view name_of(ReadEffect effect) {
    constexpr std::array<std::string_view, 8> kNames{"Unhooked",   "Answer",     "GetWst",
                                                     "GetRst",     "MoveWst",    "MoveRst",
                                                     "ChangePage", "ChangePorts"};
    return kNames[static_cast<std::size_t>(effect)];
}

std::string_view name_of(WriteEffect effect) {
    constexpr std::array<std::string_view, 10> kNames{
        "Unhooked",    "Note", "SetWst", "SetRst", "ChangePage",
        "ChangePorts", "Poke", "Fill",   "Copy",   "Halt"};
    return kNames[static_cast<std::size_t>(effect)];
}

/// What is not zero, as in "ram[0100] = 80 12"; of much only the beginning.
std::string nonzero(std::string_view array, int digits, std::size_t size, auto&& at) {
    constexpr unsigned kMost = 64;
    std::string text;
    unsigned shown = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (at(i) == 0) {
            continue;
        }
        if (++shown > kMost) {
            return text + " ...";
        }
        if (i == 0 || at(i - 1) == 0) {
            text += (text.empty() ? "" : ", ") + std::string(array) + "[" +
                    hex(static_cast<unsigned>(i), digits) + "] =";
        }
        text += " " + hex(at(i), 2);
    }
    return text;
}

template <class Effects>
std::string hooked(std::string_view verb, const Effects& effects) {
    constexpr unsigned kMost = 12;
    std::string text;
    unsigned count = 0;
    for (unsigned port = 0; port < kPortCount; ++port) {
        if (effects[port] == typename Effects::value_type{}) {
            continue;
        }
        if (++count <= kMost) {
            text +=
                (count == 1 ? "" : ", ") + hex(port, 2) + " " + std::string(name_of(effects[port]));
        }
    }
    if (count > kMost) {
        text += ", and " + std::to_string(count - kMost) + " more";
    }
    return text.empty() ? "" : "hooked " + std::string(verb) + ": " + text;
}

std::vector<std::string> describe_start(const Trial& trial) {
    const Machine& machine = trial.machine;
    const DeviceSetup& devices = trial.devices;
    const auto cells = [](const Stack& stack) {
        return [&stack](std::size_t i) { return stack[static_cast<std::uint8_t>(i)]; };
    };
    std::vector<std::string> lines{
        "pc " + hex(trial.pc, 4) + ", wst.ptr " + hex(machine.wst.ptr, 2) + ", rst.ptr " +
            hex(machine.rst.ptr, 2),
        nonzero("ram", 4, kRamSize, [&](std::size_t i) { return machine.ram.data()[i]; }),
        nonzero("wst", 2, kRingSize, cells(machine.wst)),
        nonzero("rst", 2, kRingSize, cells(machine.rst)),
        nonzero("dev", 2, kPortCount, [&](std::size_t i) { return machine.dev[i]; }),
        hooked("reads", devices.reads),
        hooked("writes", devices.writes),
        nonzero("reads hooked the other way", 2, kPortCount,
                [&](std::size_t i) { return devices.changed_reads[i] ? 1u : 0u; }),
        nonzero("writes hooked the other way", 2, kPortCount,
                [&](std::size_t i) { return devices.changed_writes[i] ? 1u : 0u; })};
    if (devices.interrupt_at != 0) {
        lines.push_back("call " + std::to_string(devices.interrupt_at) + " interrupts; " +
                        std::to_string(devices.calls_before) + " have been made");
    }
    std::erase(lines, "");
    return lines;
}

}  // namespace

std::string disassemble(const Trial& trial) {
    constexpr std::size_t kMost = 40;
    constexpr std::uint64_t kMostStepsShown = 1'000'000;
    std::vector<std::string> lines;
    std::set<std::uint16_t> known;
    Side side(trial);
    std::uint16_t pc = trial.pc;
    const std::uint64_t budget = trial.slices.front().budget;
    for (std::uint64_t i = 0; i < budget && i < kMostStepsShown; ++i) {
        if (known.insert(pc).second) {
            lines.push_back(disassemble(*side.machine, pc));
        }
        const Stop stop = side.run(oracle(), pc, {.instructions = 1});
        if (stop.reason != Stop::Reason::Budget) {
            break;
        }
        pc = stop.pc;
    }
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines.size() > kMost && i == kMost / 2) {
            i = lines.size() - kMost / 2;
            text += "      ...\n";
        }
        text += "      " + lines[i] + "\n";
    }
    return text;
}

std::string report(const Engine& engine, const Trial& trial, const Difference& difference) {
    std::string text = "  run " + std::to_string(difference.slice + 1) + ", after " +
                       std::to_string(difference.before) +
                       " instructions in those before: " + difference.what + "\n";
    const std::optional<Shrunken> shrunken = shrink(engine, trial);
    if (!shrunken) {
        return text + "  It does not happen again.\n";
    }
    text += "  The least that shows it, found in " + std::to_string(shrunken->attempts) +
            " attempts:\n";
    for (const std::string& line : describe_start(shrunken->trial)) {
        text += "    " + line + "\n";
    }
    text += "    a run of " + std::to_string(shrunken->trial.slices.front().budget) +
            " instructions:\n" + disassemble(shrunken->trial);
    return text + "    " + shrunken->what + "\n";
}

}  // namespace uxn::test
