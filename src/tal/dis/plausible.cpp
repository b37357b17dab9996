#include "tal/dis/plausible.hpp"

#include "tal/dis/text.hpp"

namespace tal::dis {
namespace {

using uxn::Op;

constexpr unsigned kLongestRun = 256;  // instructions without a jump

/// Opcodes that programs hardly use: each makes up less than a thousandth of public code. Letters
/// and arbitrary bytes are full of them.
bool is_rare(Op op) {
    if (uxn::is_immediate(op)) {
        return false;
    }
    const uxn::Mode mode = uxn::mode_of(op);
    const auto base = static_cast<Op>(uxn::base_of(op));
    if (!mode.ret) {
        return mode.keep && (base == Op::POP || base == Op::JMP || base == Op::JCN ||
                             base == Op::JSR || base == Op::LDR || base == Op::STR);
    }
    if (mode.keep) {
        return base != Op::STH && base != Op::LDA;
    }
    switch (base) {
        case Op::INC:
        case Op::POP:
        case Op::SWP:
        case Op::DUP:
        case Op::OVR:
        case Op::EQU:
        case Op::STH:
        case Op::ADD:
        case Op::SUB: return false;
        case Op::JMP: return !mode.wide;
        default: return true;
    }
}

bool may_lead_to(const Program& program, std::uint32_t target) {
    return program.may_begin(target) &&
           (program.is_code(target) ||
            (program.is_free(target) && !is_rare(program.op_at(target))));
}

bool is_literal(Op op) {
    return uxn::is_immediate(op) && (uxn::byte_of(op) & 0x80) != 0;
}

}  // namespace

bool reads_like_code(const Program& program, const KnownSymbols& symbols,
                     const std::vector<bool>& loaded, std::uint32_t start) {
    if (begins_text(program, start)) {
        return false;
    }
    unsigned worth = 0;  // instructions that tell something: literals and immediate jumps
    std::uint32_t address = start;
    Op before = Op::BRK;
    for (unsigned count = 0; count < kLongestRun; ++count) {
        if (address != start && program.is_code(address)) {
            return worth != 0;
        }
        if (address >= program.end() || !program.is_free(address) || loaded[address]) {
            return false;
        }
        const Op op = program.op_at(address);
        const unsigned length = uxn::length_of(op);
        if ((is_rare(op) && before != Op::LITr && before != Op::LIT2r) ||
            address + length > program.end() + 1) {
            return false;
        }
        for (unsigned i = 1; i < length; ++i) {
            if (symbols.is_labelled(address + i) && !is_literal(op)) {
                return false;
            }
        }
        if (op == Op::BRK) {
            return count > 1 && worth != 0;
        }
        if (length == 3 && !is_literal(op) &&
            !may_lead_to(program, (address + 3 + program.short_at(address + 1)) & 0xffff)) {
            return false;
        }
        worth += length > 1 ? 1 : 0;
        if (ends_flow(op, before)) {
            const bool follows_code = program.part(start - 1) != Part::Data;
            return worth != 0 || (op == Op::JMP2r && (count != 0 || follows_code));
        }
        before = op;
        address += length;
    }
    return false;
}

}  // namespace tal::dis
