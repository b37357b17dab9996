#include "differential/generator.hpp"

#include <algorithm>
#include <vector>

#include "differential/composer.hpp"
#include "differential/weaver.hpp"

namespace uxn::test {
namespace {

void fill_with_noise(Ram& ram, Rng random) {
    for (std::uint8_t& byte : ram.bytes()) {
        byte = static_cast<std::uint8_t>(random.next() >> 56);
    }
}

/// Fills RAM with idioms. One stretch is repeated: making all of it took longer than running it.
/// Choice by choice it would be too much for a fuzzer, too.
void weave(Ram& ram, Rng random) {
    constexpr std::size_t kStretch = 0x2000;
    Weaver weaver(ram, random, 0, false);
    while (weaver.at() < kStretch) {
        weaver.put_idiom();
    }
    for (std::size_t at = kStretch; at < kRamSize; at += kStretch) {
        std::copy_n(ram.data(), kStretch, ram.data() + at);
    }
}

void fill_straight(Ram& ram, Choices& choices) {
    // No BRK: it would end every run at once.
    const auto filling = static_cast<std::uint8_t>(choices.between(1, 0xff));
    for (std::uint8_t& byte : ram.bytes()) {
        byte = filling;
    }
    for (unsigned i = choices.one_in(3) ? 0 : choices.below(40); i > 0; --i) {
        const std::uint16_t at = choices.word();
        ram[at] = choices.byte();
    }
}

std::uint16_t near_the_edge(Choices& choices) {
    return static_cast<std::uint16_t>(choices.below(64) - 48);
}

void fill_stacks_and_page(Machine& machine, Choices& choices) {
    Rng random(choices.bits());
    for (Stack* stack : {&machine.wst, &machine.rst}) {
        for (std::uint8_t& cell : stack->storage) {
            cell = random.byte();
        }
        stack->ptr =
            choices.one_in(2) ? choices.byte() : choices.pick<std::uint8_t>({0, 1, 2, 0x80, 0xff});
    }
    for (std::uint8_t& port : machine.dev) {
        port = random.byte();
    }
}

/// Fills what a composed program leaves of RAM, since some of them get lost there.
void fill_background(Ram& ram, Choices& choices) {
    switch (choices.below(4)) {
        case 0: fill_with_noise(ram, Rng(choices.bits())); break;
        case 1: fill_straight(ram, choices); break;
        default: break;
    }
}

std::vector<std::uint16_t> compose(Trial& trial, Choices& choices, Emphasis emphasis) {
    fill_background(trial.machine.ram, choices);
    trial.pc = choices.pick<std::uint16_t>(
        {kResetVector, choices.word(), static_cast<std::uint16_t>(0 - choices.below(200))});
    Composer composer(trial.machine.ram, choices, trial.devices, trial.pc, emphasis);
    composer.compose();
    return composer.entries();
}

/// Mostly few; sometimes enough for the fast paths of all engines, or about where those begin.
std::uint64_t random_budget(Choices& choices, bool is_long) {
    if (is_long) {
        switch (choices.below(4)) {
            case 0: return choices.pick({0x10000U, 0x20000U}) + choices.below(24) - 8;
            case 1: return choices.between(200'000, 400'000);
            default: break;
        }
    }
    switch (choices.below(6)) {
        case 0: return choices.below(4);
        case 1:
        case 2: return choices.below(40);
        case 3:
        case 4: return choices.below(400);
        default: return choices.below(6'000);
    }
}

/// One in so many programs gets long runs, which take most of the time.
unsigned rarity_of_long_runs(ProgramKind kind) {
    return kind == ProgramKind::Endless || kind == ProgramKind::Straight ? 8 : 32;
}

}  // namespace

std::string_view name_of(ProgramKind kind) {
    switch (kind) {
        case ProgramKind::Noise: return "Noise";
        case ProgramKind::Woven: return "Woven";
        case ProgramKind::Endless: return "Endless";
        case ProgramKind::Edges: return "Edges";
        case ProgramKind::Straight: return "Straight";
        case ProgramKind::Structured: return "Structured";
        case ProgramKind::SelfModifying: return "SelfModifying";
        case ProgramKind::Ports: return "Ports";
    }
    return "";
}

std::vector<Slice> random_slices(Choices& choices, bool is_long,
                                 std::span<const std::uint16_t> entries) {
    const bool has_relays = choices.one_in(4);
    std::vector<Slice> slices(choices.between(2, 16));
    for (Slice& slice : slices) {
        slice.budget = random_budget(choices, is_long);
        if (choices.one_in(2)) {
            slice.vector = entries.empty() || choices.one_in(4)
                               ? choices.word()
                               : entries[choices.below(static_cast<std::uint32_t>(entries.size()))];
        }
        if (has_relays && choices.one_in(2)) {
            slice.relay = choices.below(16);
        }
    }
    return slices;
}

Trial generate(ProgramKind kind, Choices& choices) {
    Trial trial;
    Machine& machine = trial.machine;
    trial.placement = choices.pick({Placement::AtEnd, Placement::AtStart});
    trial.devices = random_devices(choices);
    fill_stacks_and_page(machine, choices);
    trial.pc = choices.word();
    std::vector<std::uint16_t> entries;
    switch (kind) {
        case ProgramKind::Noise: fill_with_noise(machine.ram, Rng(choices.bits())); break;
        case ProgramKind::Woven: weave(machine.ram, Rng(choices.bits())); break;
        case ProgramKind::Endless: {
            weave(machine.ram, Rng(choices.bits()));
            trial.pc = static_cast<std::uint16_t>(choices.between(0x0100, 0x7000));
            Weaver weaver(machine.ram, choices, trial.pc, true);
            for (unsigned i = choices.between(1, 60); i > 0; --i) {
                weaver.put_idiom();
            }
            weaver.put_jump_to(trial.pc);
            break;
        }
        case ProgramKind::Edges:
            weave(machine.ram, Rng(choices.bits()));
            trial.pc = near_the_edge(choices);
            machine.wst.ptr = static_cast<std::uint8_t>(choices.below(8) - 4);
            machine.rst.ptr = static_cast<std::uint8_t>(choices.below(8) - 4);
            for (unsigned i = choices.below(8); i > 0; --i) {
                Weaver weaver(machine.ram, choices, choices.below(0x100), false);
                weaver.put_jump_to(near_the_edge(choices));
            }
            break;
        case ProgramKind::Straight:
            fill_straight(machine.ram, choices);
            trial.pc = choices.one_in(2) ? near_the_edge(choices) : trial.pc;
            break;
        case ProgramKind::Structured: entries = compose(trial, choices, Emphasis::Control); break;
        case ProgramKind::SelfModifying:
            entries = compose(trial, choices, Emphasis::SelfModification);
            break;
        case ProgramKind::Ports: entries = compose(trial, choices, Emphasis::Ports); break;
    }
    const bool is_long = choices.one_in(rarity_of_long_runs(kind));
    trial.slices = random_slices(choices, is_long, entries);
    return trial;
}

}  // namespace uxn::test
