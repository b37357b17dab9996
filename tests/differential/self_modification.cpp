// The statements of composed programs that change code which is about to run.

#include "differential/composer.hpp"

namespace uxn::test {

/// Stores the top of the working stack at an address that is to be found out.
Composer::Store Composer::put_store_ahead(bool wide) {
    Store store{};
    store.relative = choices_.one_in(2);
    store.operand = at() + 1;
    if (store.relative) {
        put_literal(0);
        put(wide ? Op::STR2 : Op::STR);
    } else {
        put_short_literal(0);
        put(wide ? Op::STA2 : Op::STA);
    }
    store.pc = at();
    return store;
}

void Composer::resolve(const Store& store, unsigned target) {
    if (store.relative) {
        code_.set_byte(store.operand, target - store.pc);
    } else {
        code_.set_short(store.operand, target);
    }
}

/// A literal is patched before it is pushed, in one piece or only one byte of it.
void Composer::put_literal_patch(unsigned) {
    const bool wide = choices_.one_in(2);
    const bool whole = !wide || choices_.one_in(2);
    need(false, wide && whole ? 2 : 1);
    const Store store = put_store_ahead(wide && whole);
    put_plain_ops(3);
    const unsigned slot = at() + 1;
    const bool ret = choices_.one_in(4);
    wide ? put_short_literal(choices_.word(), ret) : put_literal(choices_.byte(), ret);
    resolve(store, whole ? slot : slot + choices_.below(2));
}

/// One or two opcodes a little ahead are replaced, mostly the very next.
void Composer::put_opcode_patch(unsigned) {
    const bool wide = choices_.one_in(3);
    const Op first = any_plain();
    const Op second = any_plain();
    for (const Op op : {first, second}) {
        need(mode_of(op).ret, kEffects[byte_of(op)].pops);
    }
    wide ? put_short_literal(unsigned{byte_of(first)} << 8 | byte_of(second))
         : put_literal(byte_of(first));
    const Store store = put_store_ahead(wide);
    if (choices_.one_in(3)) {
        code_.put(Op::POPk);
    }
    resolve(store, at());
    // What stands there until then is never executed.
    code_.put_byte(choices_.byte());
    account(first);
    if (wide) {
        code_.put_byte(choices_.byte());
        account(second);
    }
}

/// The offset of an immediate jump is patched, whole or its low byte.
void Composer::put_jump_patch(unsigned) {
    const Op op = choices_.pick({Op::JMI, Op::JCI, Op::JSI});
    const bool whole = choices_.one_in(2);
    const unsigned skipped = choices_.below(6);
    if (op == Op::JCI) {
        put_literal(choices_.between(1, 0xff));
    }
    whole ? put_short_literal(skipped) : put_literal(skipped);
    const Store store = put_store_ahead(whole);
    resolve(store, at() + (whole ? 1 : 2));
    put(op);
    code_.put_short(whole ? choices_.word() : choices_.byte());
    for (unsigned i = 0; i < skipped; ++i) {
        code_.put_byte(choices_.byte());
    }
    if (op == Op::JSI) {
        put(Op::POP2r);
    }
}

/// Somewhere else, in the zero page, or across ffff; but not where the program is.
unsigned Composer::buffer_address(unsigned length) {
    const unsigned far = begin_ + 0x4000 + choices_.below(0x1000);
    if (begin_ < 0x0200 || begin_ > 0xe000) {
        return far;
    }
    return choices_.pick({far, 0x10000 - choices_.below(length + 1), 0x40U});
}

/// A loop copies a routine into a buffer, and the program calls it there.
void Composer::put_copied_code(unsigned) {
    unsigned begin = 0;
    unsigned end = 0;
    put_aside(false, 0, [&] {
        begin = at();
        const Depth start = depth_;
        put_plain_ops(8);
        settle(start);
        put(Op::JMP2r);
        end = at();
    });
    const unsigned buffer = buffer_address(end - begin);
    const Depth floor = floor_;
    put_short_literal(begin);
    put_short_literal(buffer, true);
    floor_ = depth_;
    const unsigned head = at();
    put(Op::LDAk);
    put(Op::STH2kr);
    put(Op::STA);
    put(Op::INC2);
    put(Op::INC2r);
    put(Op::DUP2);
    put_short_literal(end);
    put(Op::NEQ2);
    put_jump_to(Flow::If, head);
    put(Op::POP2);
    put(Op::POP2r);
    floor_ = floor;
    put_call_of({.address = buffer, .on_wst = false});
}

/// Leaves an address to a device. The ports are plain memory.
void Composer::put_device_address(std::uint8_t port, unsigned address) {
    put_short_literal(address);
    put_literal(port);
    put(Op::DEO2);
}

/// A device replaces the very next opcode.
void Composer::put_device_poke(unsigned level) {
    constexpr std::uint8_t kPoke = 0xa4;
    if (devices_.writes[kPoke] != WriteEffect::Poke) {
        put_opcode_patch(level);
        return;
    }
    const Op op = any_plain();
    need(mode_of(op).ret, kEffects[byte_of(op)].pops);
    const unsigned operand = at() + 1;
    put_device_address(DeviceSetup::kAddressPort, 0);
    put_literal(byte_of(op));
    put_literal(kPoke);
    put(Op::DEO);
    code_.set_short(operand, at());
    code_.put_byte(choices_.byte());
    account(op);
}

/// A device replaces the next few opcodes by others.
void Composer::put_device_copy(unsigned level) {
    constexpr std::uint8_t kCopy = 0xa5;
    if (devices_.writes[kCopy] != WriteEffect::Copy) {
        put_literal_patch(level);
        return;
    }
    std::vector<Op> ops(choices_.between(1, 6));
    for (Op& op : ops) {
        op = any_plain();
        need(mode_of(op).ret, kEffects[byte_of(op)].pops);
    }
    const Jump over = put_jump(Flow::Always);
    const unsigned source = at();
    for (const Op op : ops) {
        code_.put(op);
    }
    resolve(over, at());
    put_device_address(DeviceSetup::kSourcePort, source);
    const unsigned operand = at() + 1;
    put_device_address(DeviceSetup::kAddressPort, 0);
    put_literal(static_cast<unsigned>(ops.size()));
    put_literal(kCopy);
    put(Op::DEO);
    if (ops.size() > 1 && choices_.one_in(8)) {
        code_.set_short(operand, 0x10000 - 1);  // across the end of RAM, where it is only data
        return;
    }
    code_.set_short(operand, at());
    for (const Op op : ops) {
        code_.put_byte(choices_.byte());
        account(op);
    }
}

/// An opcode that takes and leaves as much as another one, on the same stack.
Op Composer::like(Op op) {
    std::vector<Op> ops;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const Op other{static_cast<std::uint8_t>(byte)};
        if (kEffects[byte] == kEffects[byte_of(op)] &&
            effect_mode(other).ret == effect_mode(op).ret &&
            effect_mode(other).keep == effect_mode(op).keep &&
            is_immediate(other) == is_immediate(op)) {
            ops.push_back(other);
        }
    }
    return ops[choices_.below(static_cast<std::uint32_t>(ops.size()))];
}

/// A loop around a sequence that has been decoded when one of its opcodes, or a literal of it, is
/// replaced: right before it runs again, or right after.
void Composer::put_sequence_patch(unsigned) {
    const std::span<const Op> ops = any_sequence();
    const std::size_t which = choices_.below(static_cast<std::uint32_t>(ops.size()));
    const bool is_literal = length_of(ops[which]) > 1 && choices_.one_in(2);
    const unsigned value = is_literal ? choices_.byte() : byte_of(like(ops[which]));
    const bool before = choices_.one_in(2);
    const Depth floor = floor_;
    put_literal(choices_.between(2, 12), true);
    floor_ = depth_;
    const Depth start = depth_;
    const unsigned head = at();
    std::optional<Store> store;
    const auto put_patch = [&] {
        put_literal(value);
        store = put_store_ahead(false);
    };
    if (before) {
        // What the row needs stands before the patch, so that the store and the row are neighbours.
        for (const Op op : ops) {
            need(effect_mode(op).ret, kEffects[byte_of(op)].pops);
        }
        put_patch();
    }
    const unsigned target = put_row(ops)[which] + (is_literal ? 1 : 0);
    if (!before) {
        put_patch();
    }
    resolve(*store, target);
    settle(start);
    put_literal(1, true);
    put(Op::SUBr);
    put(Op::STHkr);
    put_jump_to(Flow::If, head);
    floor_ = floor;
    put(Op::POPr);
}

}  // namespace uxn::test
