#include "differential/coverage.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "differential/side_by_side.hpp"
#include "support/available_engines.hpp"
#include "support/effects.hpp"

namespace uxn::test {
namespace {

constexpr std::array kFeatures = std::to_array<std::string_view>({
    "pops of wst wrap",
    "pops of rst wrap",
    "pushes of wst wrap",
    "pushes of rst wrap",
    "pc wraps",
    "an operand straddles ffff",
    "a jump crosses ffff",
    "a short in RAM straddles ffff",
    "a short in the zero page straddles ff",
    "DEI plain",
    "DEI hooked",
    "DEI2 plain",
    "DEI2 hooked",
    "DEI2 hooked on the second port only",
    "DEI2 at ff",
    "DEO plain",
    "DEO hooked",
    "DEO2 plain",
    "DEO2 hooked",
    "DEO2 hooked on the second port only",
    "DEO2 at ff",
    "a read moves a stack pointer",
    "a write moves a stack pointer",
    "a device changes the page",
    "a port is read that was hooked since the run began",
    "a port is read that became plain memory since the run began",
    "a port is written that was hooked since the run began",
    "a port is written that became plain memory since the run began",
    "DEI2 hooks its second port",
    "DEI2 unhooks its second port",
    "DEO2 hooks its second port",
    "DEO2 unhooks its second port",
    "a device writes RAM",
    "a device writes RAM across ffff",
    "a device writes the next opcode",
    "DEO2 halts in its first half",
    "DEO2 halts in its second half",
    "an opcode runs that the program wrote",
    "the next opcode runs that the program wrote",
    "an opcode runs that a device wrote",
    "a literal is pushed that the program wrote",
    "a jump is taken whose offset the program wrote",
    "four opcodes in a row run that the program wrote",
    "code runs that was written across ffff",
    "stops: break",
    "stops: halted",
    "stops: budget",
    "stops: interrupted",
    "a run of no instruction",
    "a run ends within 16 instructions of 65536",
    "a run ends within 16 instructions of 131072",
    "a vector follows another",
    "another engine takes over",
});

constexpr std::uint64_t kMostSteps = 4'000;  ///< of one slice

bool is_near(std::uint64_t value, std::uint64_t middle) {
    return value + 16 >= middle && value <= middle + 16;
}

}  // namespace

/// Steps through one trial and takes notes.
class Coverage::Observer {
public:
    Observer(Coverage& coverage, const Trial& trial)
        : coverage_(coverage), trial_(trial), side_(trial) {}

    void run() {
        std::uint16_t pc = trial_.pc;
        bool has_vector_ended = false;
        for (const Slice& slice : trial_.slices) {
            if (has_vector_ended && slice.vector) {
                pc = *slice.vector;
                note("a vector follows another");
            }
            note("another engine takes over", slice.relay.has_value());
            note("a run of no instruction", slice.budget == 0);
            reads_at_begin_ = side_.devices.reads();
            writes_at_begin_ = side_.devices.writes();
            // Nothing to see on the way, but the end of a budget that long is worth a note.
            if (is_near(slice.budget, 0x10000) || is_near(slice.budget, 0x20000)) {
                const Stop stop = side_.run(oracle(), pc, {.instructions = slice.budget});
                const bool is_budget = stop.reason == Stop::Reason::Budget;
                note("a run ends within 16 instructions of 65536",
                     is_budget && is_near(slice.budget, 0x10000));
                note("a run ends within 16 instructions of 131072",
                     is_budget && is_near(slice.budget, 0x20000));
                has_vector_ended = !is_budget;
                pc = stop.pc;
                std::ranges::fill(author_, Author::Nobody);
                continue;
            }
            Stop stop{.reason = Stop::Reason::Budget, .pc = pc, .instructions = 0};
            const std::uint64_t most = std::min(slice.budget, kMostSteps);
            for (std::uint64_t i = 0; i < most && stop.reason == Stop::Reason::Budget; ++i) {
                stop = step(stop.pc);
            }
            pc = stop.pc;
            note_stop(stop.reason);
            has_vector_ended =
                stop.reason == Stop::Reason::Break || stop.reason == Stop::Reason::Halted;
        }
    }

private:
    /// Who wrote a byte of RAM since the trial began.
    enum class Author : std::uint8_t { Nobody, Program, Device };

    void note(std::string_view feature, bool happened = true) {
        if (happened) {
            ++coverage_.counts_[feature];
        }
    }

    void note_stop(Stop::Reason reason) {
        switch (reason) {
            case Stop::Reason::Break: note("stops: break"); break;
            case Stop::Reason::Halted: note("stops: halted"); break;
            case Stop::Reason::Budget: note("stops: budget"); break;
            case Stop::Reason::Interrupted: note("stops: interrupted"); break;
        }
    }

    Stop step(std::uint16_t pc) {
        const Op op{side_.machine->ram[pc]};
        ++coverage_.opcodes_[byte_of(op)];
        note_rings(op);
        note_authors(pc, op);
        note_pc(pc, op);
        if (kEffects[byte_of(op)].uses_port) {
            note_port(op);
        }
        const std::uint16_t store_at = store_address(pc, op);
        const Stop stop =
            side_.run(oracle(), pc, {.instructions = 1, .interrupt = &side_.devices.interrupt()});
        side_.devices.interrupt() = false;
        if (kEffects[byte_of(op)].jumps) {
            const int distance = stop.pc - (pc + static_cast<int>(length_of(op)));
            note("a jump crosses ffff",
                 is_immediate(op) && (distance > 0x8000 || distance < -0x8000));
        }
        if (kEffects[byte_of(op)].stores) {
            note_store(op, store_at, stop.pc);
        }
        note_calls(op, stop);
        return stop;
    }

    /// The top of the stack of a mode, and what lies deeper.
    std::uint8_t cell(Op op, unsigned depth) const {
        const Machine& machine = *side_.machine;
        const Stack& stack = mode_of(op).ret ? machine.rst : machine.wst;
        return stack[static_cast<std::uint8_t>(stack.ptr - 1 - depth)];
    }

    std::uint16_t store_address(std::uint16_t pc, Op op) const {
        switch (base_of(op)) {
            case base_of(Op::STZ): return cell(op, 0);
            case base_of(Op::STR):
                return static_cast<std::uint16_t>(pc + 1 + static_cast<std::int8_t>(cell(op, 0)));
            default: return static_cast<std::uint16_t>(cell(op, 1) << 8 | cell(op, 0));
        }
    }

    void note_rings(Op op) {
        const StackEffect& effect = kEffects[byte_of(op)];
        const Mode mode = effect_mode(op);
        const Machine& machine = *side_.machine;
        const unsigned source = mode.ret ? machine.rst.ptr : machine.wst.ptr;
        const unsigned other = mode.ret ? machine.wst.ptr : machine.rst.ptr;
        const bool pops_wrap = effect.pops > source;
        const std::size_t left = source + kRingSize - (mode.keep ? 0 : effect.pops);
        const bool pushes_wrap = left % kRingSize + effect.pushes >= kRingSize;
        const bool other_wraps = other + effect.other_pushes >= kRingSize;
        note(mode.ret ? "pops of rst wrap" : "pops of wst wrap", pops_wrap);
        note(mode.ret ? "pushes of rst wrap" : "pushes of wst wrap", pushes_wrap);
        note(mode.ret ? "pushes of wst wrap" : "pushes of rst wrap", other_wraps);
    }

    void note_pc(std::uint16_t pc, Op op) {
        note("pc wraps", pc + length_of(op) > 0xffff);
        note("an operand straddles ffff", pc + length_of(op) - 1 > 0xffff);
    }

    void note_authors(std::uint16_t pc, Op op) {
        const auto author = [&](unsigned offset) {
            return author_[static_cast<std::uint16_t>(pc + offset)];
        };
        in_a_row_ = author(0) == Author::Program ? in_a_row_ + 1 : 0;
        note("an opcode runs that the program wrote", author(0) == Author::Program);
        note("an opcode runs that a device wrote", author(0) == Author::Device);
        note("four opcodes in a row run that the program wrote", in_a_row_ == 4);
        note("the next opcode runs that the program wrote",
             author(0) == Author::Program && has_just_written_ == pc);
        note("code runs that was written across ffff",
             (pc >= 0xfff0 || pc < 0x10) && author_[0xffff] != Author::Nobody &&
                 author_[0] != Author::Nobody && author(0) != Author::Nobody);
        for (unsigned i = 1; i < length_of(op); ++i) {
            const bool is_written = author(i) == Author::Program;
            note(kEffects[byte_of(op)].jumps ? "a jump is taken whose offset the program wrote"
                                             : "a literal is pushed that the program wrote",
                 is_written);
        }
        has_just_written_ = -1;
    }

    void note_store(Op op, std::uint16_t at, std::uint16_t next_pc) {
        const bool wide = mode_of(op).wide;
        const bool in_zero_page = base_of(op) == base_of(Op::STZ);
        const auto second = static_cast<std::uint16_t>(in_zero_page ? (at + 1) & 0xff : at + 1);
        note("a short in RAM straddles ffff", wide && at == 0xffff);
        note("a short in the zero page straddles ff", wide && in_zero_page && at == 0xff);
        author_[at] = Author::Program;
        if (wide) {
            author_[second] = Author::Program;
        }
        if (at == next_pc || (wide && second == next_pc)) {
            has_just_written_ = next_pc;
        }
    }

    void note_port(Op op) {
        const bool reads = base_of(op) == base_of(Op::DEI);
        const bool wide = mode_of(op).wide;
        const std::uint8_t port = cell(op, 0);
        const PortSet& ports = reads ? side_.devices.reads() : side_.devices.writes();
        const bool first = ports.contains(port);
        const bool second = wide && ports.contains(static_cast<std::uint8_t>(port + 1));
        if (reads) {
            note(wide ? "DEI2 plain" : "DEI plain", !first && !second);
            note(wide ? "DEI2 hooked" : "DEI hooked", first);
            note("DEI2 hooked on the second port only", !first && second);
            note("DEI2 at ff", wide && port == 0xff);
        } else {
            note(wide ? "DEO2 plain" : "DEO plain", !first && !second);
            note(wide ? "DEO2 hooked" : "DEO hooked", first);
            note("DEO2 hooked on the second port only", !first && second);
            note("DEO2 at ff", wide && port == 0xff);
        }
        const PortSet& at_begin = reads ? reads_at_begin_ : writes_at_begin_;
        const bool before = at_begin.contains(port);
        note(reads ? "a port is read that was hooked since the run began"
                   : "a port is written that was hooked since the run began",
             first && !before);
        note(reads ? "a port is read that became plain memory since the run began"
                   : "a port is written that became plain memory since the run began",
             !first && before);
        second_was_hooked_ = second;
        first_was_hooked_ = first;
    }

    void note_calls(Op op, const Stop& stop) {
        const auto& effects = side_.devices.effects();
        for (const DeviceCall& call : side_.devices.calls()) {
            if (call.kind == DeviceCall::Kind::Read) {
                const ReadEffect effect = trial_.devices.reads[call.port];
                note("a read moves a stack pointer",
                     effect == ReadEffect::MoveWst || effect == ReadEffect::MoveRst);
                note("a device changes the page", effect == ReadEffect::ChangePage);
            } else {
                const WriteEffect effect = trial_.devices.writes[call.port];
                note("a write moves a stack pointer",
                     effect == WriteEffect::SetWst || effect == WriteEffect::SetRst);
                note("a device changes the page", effect == WriteEffect::ChangePage);
            }
        }
        for (const DeviceEffect& effect : effects) {
            for (std::uint32_t i = 0; i < effect.ram_length; ++i) {
                const auto at = static_cast<std::uint16_t>(effect.ram_begin + i);
                author_[at] = Author::Device;
                note("a device writes the next opcode", at == stop.pc);
            }
            note("a device writes RAM", effect.ram_length > 0);
            note("a device writes RAM across ffff", effect.ram_begin + effect.ram_length > 0x10000);
        }
        if (kEffects[byte_of(op)].uses_port && mode_of(op).wide && first_was_hooked_) {
            const bool reads = base_of(op) == base_of(Op::DEI);
            const bool has_called_twice = side_.devices.calls().size() == 2;
            note(reads ? "DEI2 hooks its second port" : "DEO2 hooks its second port",
                 !second_was_hooked_ && has_called_twice);
            note(reads ? "DEI2 unhooks its second port" : "DEO2 unhooks its second port",
                 second_was_hooked_ && !has_called_twice);
        }
        if (mode_of(op).wide && effects.size() == 2) {
            note("DEO2 halts in its first half", effects[0].halt && !effects[1].halt);
            note("DEO2 halts in its second half", !effects[0].halt && effects[1].halt);
        }
    }

    Coverage& coverage_;
    const Trial& trial_;
    Side side_;
    std::vector<Author> author_ = std::vector<Author>(kRamSize);
    int has_just_written_ = -1;  ///< address of the next opcode, if the last one stored there
    unsigned in_a_row_ = 0;
    PortSet reads_at_begin_;
    PortSet writes_at_begin_;
    bool first_was_hooked_ = false;  ///< of the two ports of the instruction
    bool second_was_hooked_ = false;
};

void Coverage::observe(const Trial& trial) {
    Observer(*this, trial).run();
}

std::uint64_t Coverage::count(std::string_view feature) const {
    const auto found = counts_.find(feature);
    return found != counts_.end() ? found->second : 0;
}

std::span<const std::string_view> Coverage::features() {
    return kFeatures;
}

}  // namespace uxn::test
