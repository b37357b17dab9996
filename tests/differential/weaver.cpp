#include "differential/weaver.hpp"

namespace uxn::test {

void Weaver::put_idiom() {
    switch (choices_.below(tame_ ? 16 : 20)) {
        case 0:
        case 1:
        case 2:
        case 3: put_any_literal(); break;
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

/// The opcode in random modes, return mode being rarer.
void Weaver::put_in_any_mode(Op op) {
    code_.put_byte(byte_of(op) | (choices_.below(2) << 5) | (unsigned{choices_.one_in(5)} << 6) |
                   (unsigned{choices_.one_in(4)} << 7));
}

unsigned Weaver::any_byte() {
    return choices_.one_in(2) ? choices_.byte()
                              : choices_.pick({0U, 1U, 2U, 3U, 0x7fU, 0x80U, 0xffU});
}

unsigned Weaver::any_address() {
    if (tame_) {
        return choices_.pick({0x8000U, 0xfffeU, 0xffffU}) + choices_.pick({0U, 0U, 0U, 1U});
    }
    switch (choices_.below(4)) {
        case 0: return choices_.word();
        case 1: return choices_.pick({0U, 1U, 0xfeU, 0xffU, 0x100U, 0xfffeU, 0xffffU});
        default: return at() + choices_.below(64) - 16;
    }
}

void Weaver::put_any_literal() {
    const bool ret = choices_.one_in(5);
    if (choices_.one_in(2)) {
        code_.put_literal(any_byte(), ret);
    } else {
        code_.put_short_literal(any_byte() << 8 | any_byte(), ret);
    }
}

void Weaver::put_stack_opcode() {
    put_in_any_mode(choices_.pick({Op::INC, Op::POP, Op::NIP, Op::SWP, Op::ROT, Op::DUP, Op::OVR,
                                   Op::EQU, Op::NEQ, Op::GTH, Op::LTH, Op::STH, Op::ADD, Op::SUB,
                                   Op::MUL, Op::DIV, Op::AND, Op::ORA, Op::EOR, Op::SFT}));
}

/// A load or store; the address is in line, on the stack that its mode reads.
void Weaver::put_access(Op load, Op store, auto&& put_address) {
    const std::uint8_t base = byte_of(choices_.one_in(2) ? load : store);
    const unsigned opcode = base | (choices_.below(2) << 5) | (unsigned{choices_.one_in(6)} << 6) |
                            (unsigned{choices_.one_in(4)} << 7);
    put_address((opcode & 0x40) != 0);
    code_.put_byte(opcode);
}

void Weaver::put_zero_page_access() {
    put_access(Op::LDZ, Op::STZ, [this](bool ret) { code_.put_literal(any_byte(), ret); });
}

void Weaver::put_memory_access() {
    put_access(Op::LDA, Op::STA, [this](bool ret) { code_.put_short_literal(any_address(), ret); });
}

void Weaver::put_relative_access() {
    put_access(Op::LDR, Op::STR,
               [this](bool ret) { code_.put_literal(choices_.below(48) - 24, ret); });
}

void Weaver::put_device_access() {
    put_access(Op::DEI, Op::DEO, [this](bool ret) { code_.put_literal(any_byte(), ret); });
}

/// Stores the top of the stack into a literal a little further on.
void Weaver::put_literal_patch() {
    const bool wide = choices_.one_in(2);
    code_.put_literal(1);
    code_.put(wide ? Op::STR2 : Op::STR);
    wide ? code_.put_short_literal(0) : code_.put_literal(0);
}

/// Counts a cell of the zero page up to 00 with a little work in between.
void Weaver::put_counted_loop() {
    const unsigned counter = choices_.byte();
    const unsigned start = at();
    for (unsigned i = choices_.below(4); i > 0; --i) {
        put_stack_opcode();
    }
    code_.put_literal(counter);
    code_.put(Op::LDZ);
    code_.put_literal(choices_.pick({1U, 2U, 16U, 64U}));
    code_.put(Op::ADD);
    code_.put(Op::DUP);
    code_.put_literal(counter);
    code_.put(Op::STZ);
    code_.put_literal(0xf0);
    code_.put(Op::AND);
    code_.put_jump(Op::JCI, start);
}

void Weaver::put_forward_jump() {
    const unsigned distance = choices_.below(8);
    switch (choices_.below(3)) {
        case 0:
            code_.put(choices_.pick({Op::JCI, Op::JMI, Op::JSI}));
            code_.put_short(distance);
            break;
        case 1:
            code_.put_literal(distance);
            put_in_any_mode(choices_.pick({Op::JMP, Op::JCN, Op::JSR}));
            break;
        default:
            code_.put_short_literal(at() + 4 + distance);
            code_.put(
                choices_.pick({Op::JMP2, Op::JCN2, Op::JSR2, Op::JMP2k, Op::JCN2k, Op::JSR2k}));
            break;
    }
}

void Weaver::put_far_jump() {
    switch (choices_.below(4)) {
        case 0:
            code_.put_short_literal(any_address());
            code_.put(choices_.pick({Op::JMP2, Op::JCN2, Op::JSR2}));
            break;
        case 1: code_.put(Op::JMP2r); break;
        default:
            code_.put_jump(choices_.pick({Op::JCI, Op::JMI, Op::JSI, Op::JSI}), any_address());
            break;
    }
}

void Weaver::put_rarity() {
    code_.put_byte(choices_.one_in(8) ? 0U : choices_.byte());
}

}  // namespace uxn::test
