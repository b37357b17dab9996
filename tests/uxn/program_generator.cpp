#include "program_generator.hpp"

#include <utility>

#include "uxn/opcode.hpp"

namespace uxn::test {
namespace {

/// Writes random idioms into RAM, one after the other.
class Weaver {
public:
    /// tame: nothing that could leave the stretch of code being written, or change its opcodes.
    Weaver(Machine& machine, Rng& rng, unsigned at, bool tame)
        : machine_(machine), rng_(rng), at_(at), tame_(tame) {}

    unsigned at() const { return at_; }

    void put_idiom() {
        switch (rng_.below(tame_ ? 16 : 20)) {
            case 0:
            case 1:
            case 2:
            case 3: put_literal(); break;
            case 4:
            case 5:
            case 6:
            case 7:
            case 8:
            case 9: put_stack_opcode(); break;
            case 10:
            case 11: put_zero_page_access(); break;
            case 12: put_memory_access(); break;
            case 13: put_literal_patch(); break;
            case 14: put_device_access(); break;
            case 15: put_counted_loop(); break;
            case 16: put_forward_jump(); break;
            case 17: put_far_jump(); break;
            case 18: put_relative_access(); break;
            default: put_rarity(); break;
        }
    }

    void put_jump_to(unsigned target) {
        put(Op::JMI);
        put_short(target - (at_ + 2));
    }

private:
    void put(unsigned byte) {
        machine_.ram[static_cast<std::uint16_t>(at_++)] = static_cast<std::uint8_t>(byte);
    }
    void put(Op op) { put(unsigned{byte_of(op)}); }
    /// The opcode in random modes, return mode being rarer.
    void put_in_any_mode(Op op) {
        put(byte_of(op) | (rng_.below(2) << 5) | (unsigned{rng_.one_in(5)} << 6) |
            (unsigned{rng_.one_in(4)} << 7));
    }
    void put_short(unsigned value) {
        put(value >> 8 & 0xff);
        put(value & 0xff);
    }
    void put_byte_literal(unsigned value, bool ret = false) {
        put(ret ? Op::LITr : Op::LIT);
        put(value);
    }
    void put_short_literal(unsigned value, bool ret = false) {
        put(ret ? Op::LIT2r : Op::LIT2);
        put_short(value);
    }

    unsigned any_byte() {
        return rng_.one_in(2) ? rng_.byte() : rng_.pick({0U, 1U, 2U, 3U, 0x7fU, 0x80U, 0xffU});
    }
    unsigned any_address() {
        if (tame_) {
            return rng_.pick({0x8000U, 0xfffeU, 0xffffU}) + (rng_.one_in(2) ? 0 : rng_.below(2));
        }
        switch (rng_.below(4)) {
            case 0: return rng_.word();
            case 1: return rng_.pick({0U, 1U, 0xfeU, 0xffU, 0x100U, 0xfffeU, 0xffffU});
            default: return at_ + rng_.below(64) - 16;
        }
    }

    void put_literal() {
        const bool ret = rng_.one_in(5);
        if (rng_.one_in(2)) {
            put_byte_literal(any_byte(), ret);
        } else {
            put_short_literal(any_byte() << 8 | any_byte(), ret);
        }
    }

    void put_stack_opcode() {
        put_in_any_mode(rng_.pick({Op::INC, Op::POP, Op::NIP, Op::SWP, Op::ROT, Op::DUP, Op::OVR,
                                   Op::EQU, Op::NEQ, Op::GTH, Op::LTH, Op::STH, Op::ADD, Op::SUB,
                                   Op::MUL, Op::DIV, Op::AND, Op::ORA, Op::EOR, Op::SFT}));
    }

    /// A load or store; the address is in line, on the stack that its mode reads.
    void put_access(Op load, Op store, auto&& put_address) {
        const std::uint8_t base = byte_of(rng_.one_in(2) ? load : store);
        const unsigned opcode = base | (rng_.below(2) << 5) | (unsigned{rng_.one_in(6)} << 6) |
                                (unsigned{rng_.one_in(4)} << 7);
        put_address((opcode & 0x40) != 0);
        put(opcode);
    }
    void put_zero_page_access() {
        put_access(Op::LDZ, Op::STZ, [this](bool ret) { put_byte_literal(any_byte(), ret); });
    }
    void put_memory_access() {
        put_access(Op::LDA, Op::STA, [this](bool ret) { put_short_literal(any_address(), ret); });
    }
    void put_relative_access() {
        put_access(Op::LDR, Op::STR,
                   [this](bool ret) { put_byte_literal(rng_.below(48) - 24, ret); });
    }
    void put_device_access() {
        put_access(Op::DEI, Op::DEO, [this](bool ret) { put_byte_literal(any_byte(), ret); });
    }

    /// Stores the top of the stack into a literal a little further on.
    void put_literal_patch() {
        const bool wide = rng_.one_in(2);
        put_byte_literal(1);
        put(wide ? Op::STR2 : Op::STR);
        wide ? put_short_literal(0) : put_byte_literal(0);
    }

    /// Counts a cell of the zero page up to 00 with a little work in between.
    void put_counted_loop() {
        const unsigned counter = rng_.byte();
        const unsigned start = at_;
        for (unsigned i = rng_.below(4); i > 0; --i) {
            put_stack_opcode();
        }
        put_byte_literal(counter);
        put(Op::LDZ);
        put_byte_literal(rng_.pick({1U, 2U, 16U, 64U}));
        put(Op::ADD);
        put(Op::DUP);
        put_byte_literal(counter);
        put(Op::STZ);
        put_byte_literal(0xf0);
        put(Op::AND);
        put(Op::JCI);
        put_short(start - (at_ + 2));
    }

    void put_forward_jump() {
        const unsigned distance = rng_.below(8);
        switch (rng_.below(3)) {
            case 0:
                put(rng_.pick({Op::JCI, Op::JMI, Op::JSI}));
                put_short(distance);
                break;
            case 1:
                put_byte_literal(distance);
                put_in_any_mode(rng_.pick({Op::JMP, Op::JCN, Op::JSR}));
                break;
            default:
                put_short_literal(at_ + 4 + distance);
                put(rng_.pick({Op::JMP2, Op::JCN2, Op::JSR2, Op::JMP2k, Op::JCN2k, Op::JSR2k}));
                break;
        }
    }

    void put_far_jump() {
        switch (rng_.below(4)) {
            case 0:
                put_short_literal(any_address());
                put(rng_.pick({Op::JMP2, Op::JCN2, Op::JSR2}));
                break;
            case 1: put(Op::JMP2r); break;
            default:
                put(rng_.pick({Op::JCI, Op::JMI, Op::JSI, Op::JSI}));
                put_short(any_address() - (at_ + 2));
                break;
        }
    }

    void put_rarity() { put(rng_.one_in(8) ? 0U : rng_.byte()); }

    Machine& machine_;
    Rng& rng_;
    unsigned at_;
    bool tame_;
};

void fill_with_noise(Machine& machine, Rng& rng) {
    for (std::uint8_t& byte : machine.ram.bytes()) {
        byte = rng.byte();
    }
}

void weave(Machine& machine, Rng& rng) {
    Weaver weaver(machine, rng, 0, false);
    while (weaver.at() < kRamSize) {
        weaver.put_idiom();
    }
}

void fill_straight(Machine& machine, Rng& rng) {
    // No BRK: it would end every run at once.
    const auto filling = static_cast<std::uint8_t>(rng.between(1, 0xff));
    for (std::uint8_t& byte : machine.ram.bytes()) {
        byte = filling;
    }
    for (unsigned i = rng.below(40); i > 0; --i) {
        machine.ram[rng.word()] = rng.byte();
    }
}

std::uint16_t near_the_edge(Rng& rng) {
    return static_cast<std::uint16_t>(rng.below(64) - 48);
}

}  // namespace

std::string_view name_of(ProgramKind kind) {
    switch (kind) {
        case ProgramKind::Noise: return "Noise";
        case ProgramKind::Woven: return "Woven";
        case ProgramKind::Endless: return "Endless";
        case ProgramKind::Edges: return "Edges";
        case ProgramKind::Straight: return "Straight";
    }
    return "";
}

Program generate(ProgramKind kind, Rng& rng) {
    Program program;
    Machine& machine = program.machine;
    for (Stack* stack : {&machine.wst, &machine.rst}) {
        for (std::uint8_t& cell : stack->storage) {
            cell = rng.byte();
        }
        stack->ptr = rng.one_in(2) ? rng.byte() : rng.pick<std::uint8_t>({0, 1, 2, 0x80, 0xff});
    }
    for (std::uint8_t& port : machine.dev) {
        port = rng.byte();
    }
    program.pc = rng.word();
    switch (kind) {
        case ProgramKind::Noise: fill_with_noise(machine, rng); break;
        case ProgramKind::Woven: weave(machine, rng); break;
        case ProgramKind::Endless: {
            weave(machine, rng);
            program.pc = static_cast<std::uint16_t>(rng.between(0x0100, 0x7000));
            Weaver weaver(machine, rng, program.pc, true);
            for (unsigned i = rng.between(1, 60); i > 0; --i) {
                weaver.put_idiom();
            }
            weaver.put_jump_to(program.pc);
            break;
        }
        case ProgramKind::Edges:
            weave(machine, rng);
            program.pc = near_the_edge(rng);
            machine.wst.ptr = static_cast<std::uint8_t>(rng.below(8) - 4);
            machine.rst.ptr = static_cast<std::uint8_t>(rng.below(8) - 4);
            for (unsigned i = rng.below(8); i > 0; --i) {
                Weaver weaver(machine, rng, rng.below(0x100), false);
                weaver.put_jump_to(near_the_edge(rng));
            }
            break;
        case ProgramKind::Straight: fill_straight(machine, rng); break;
    }
    return program;
}

}  // namespace uxn::test
