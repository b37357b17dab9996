#include "differential/composer.hpp"

#include <algorithm>
#include "uxn/fused/sequences.hpp"

namespace uxn::test {
namespace {

constexpr int kDeepest = 48;  ///< bytes on a stack above which a program begins to clear it

/// Opcodes that only compute: no jump, store, port or operand in line.
std::vector<Op> plain_opcodes() {
    std::vector<Op> ops;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const Op op{static_cast<std::uint8_t>(byte)};
        const StackEffect& effect = kEffects[byte];
        if (!is_immediate(op) && !effect.jumps && !effect.stores && !effect.uses_port) {
            ops.push_back(op);
        }
    }
    return ops;
}

/// The sequences of the fused engines that a composed program may have anywhere.
std::vector<std::size_t> plain_sequences() {
    const std::vector<Op> plain = plain_opcodes();
    std::vector<std::size_t> sequences;
    for (std::size_t i = 0; i < fused::sequence_count(); ++i) {
        if (std::ranges::all_of(fused::sequence_ops(i), [&](Op op) {
                return kEffects[byte_of(op)].literal != 0 ? !kEffects[byte_of(op)].jumps
                                                          : std::ranges::count(plain, op) != 0;
            })) {
            sequences.push_back(i);
        }
    }
    return sequences;
}

Op with_mode(Op op, Mode mode) {
    return Op{static_cast<std::uint8_t>(byte_of(op) | (mode.wide ? 0x20 : 0) |
                                        (mode.ret ? 0x40 : 0) | (mode.keep ? 0x80 : 0))};
}

bool is_hooked(const DeviceSetup& devices, std::uint8_t port, bool reads) {
    return reads ? devices.reads[port] != ReadEffect::Unhooked
                 : devices.writes[port] != WriteEffect::Unhooked;
}

}  // namespace

Composer::Composer(Ram& ram, Choices& choices, const DeviceSetup& devices, unsigned at,
                   Emphasis emphasis)
    : code_(ram, at), choices_(choices), devices_(devices), begin_(at), emphasis_(emphasis) {}

const std::vector<Composer::Statement>& Composer::statements() {
    static const std::vector<Statement> all{
        // clang-format off
        //                                    control  self-modification  ports
        {&Composer::put_straight_line,        {6, 3, 3}, false},
        {&Composer::put_zero_page_access,     {2, 1, 1}, false},
        {&Composer::put_memory_access,        {2, 1, 1}, false},
        {&Composer::put_cell,                 {1, 2, 0}, false},
        {&Composer::put_choice,               {4, 1, 1}, true},
        {&Composer::put_sequence,             {6, 3, 3}, false},
        {&Composer::put_loop,                 {4, 4, 3}, true},
        {&Composer::put_routine,              {2, 1, 1}, true},
        {&Composer::put_call,                 {4, 1, 1}, true},
        {&Composer::put_recursion,            {2, 0, 0}, true},
        {&Composer::put_computed_jump,        {2, 0, 0}, true},
        {&Composer::put_port_access,          {1, 1, 8}, false},
        {&Composer::put_stack_pointer_access, {0, 0, 2}, false},
        {&Composer::put_literal_patch,        {1, 6, 0}, false},
        {&Composer::put_opcode_patch,         {1, 6, 0}, false},
        {&Composer::put_jump_patch,           {0, 4, 0}, false},
        {&Composer::put_copied_code,          {0, 3, 0}, false},
        {&Composer::put_device_poke,          {0, 2, 2}, false},
        {&Composer::put_device_copy,          {0, 2, 2}, false},
        {&Composer::put_sequence_patch,       {1, 6, 0}, false},
        // clang-format on
    };
    return all;
}

void Composer::compose() {
    statements_left_ = choices_.between(4, 40);
    const Depth start = depth_;
    while (statements_left_ > 0) {
        entries_.push_back(static_cast<std::uint16_t>(at()));
        put_statement(3);
    }
    if (choices_.one_in(4)) {
        put(Op::BRK);
        return;
    }
    settle(start);
    put_jump_to(Flow::Always, begin_);
}

void Composer::put(Op op) {
    code_.put(op);
    account(op);
}

void Composer::account(Op op) {
    const StackEffect& effect = kEffects[byte_of(op)];
    const Mode mode = effect_mode(op);
    depth_[mode.ret] +=
        static_cast<int>(effect.pushes) - static_cast<int>(mode.keep ? 0 : effect.pops);
    depth_[!mode.ret] += static_cast<int>(effect.other_pushes);
}

void Composer::put_literal(unsigned byte, bool ret) {
    code_.put_literal(byte, ret);
    depth_[ret] += 1;
}

void Composer::put_short_literal(unsigned value, bool ret) {
    code_.put_short_literal(value, ret);
    depth_[ret] += 2;
}

void Composer::put_any_literal(bool ret) {
    if (choices_.one_in(2)) {
        put_short_literal(choices_.word(), ret);
    } else {
        put_literal(
            choices_.one_in(3) ? choices_.byte() : choices_.pick({0U, 1U, 2U, 0x7fU, 0x80U, 0xffU}),
            ret);
    }
}

Op Composer::any_plain() {
    static const std::vector<Op> ops = plain_opcodes();
    return ops[choices_.below(static_cast<std::uint32_t>(ops.size()))];
}

Op Composer::in_any_mode(Op op) {
    return with_mode(
        op, {.wide = choices_.one_in(2), .ret = choices_.one_in(5), .keep = choices_.one_in(4)});
}

void Composer::need(bool ret, unsigned bytes) {
    while (depth_[ret] - floor_[ret] < static_cast<int>(bytes)) {
        put_any_literal(ret);
    }
}

void Composer::put_plain() {
    const Op op = any_plain();
    const bool ret = mode_of(op).ret;
    // What it takes may also be missing, or belong to somebody else.
    if (!choices_.one_in(64)) {
        need(ret, kEffects[byte_of(op)].pops);
    }
    put(op);
    for (const bool stack : {false, true}) {
        while (depth_[stack] - floor_[stack] > kDeepest) {
            put(stack ? Op::POP2r : Op::POP2);
        }
    }
}

void Composer::put_plain_ops(unsigned most) {
    for (unsigned i = choices_.below(most + 1); i > 0; --i) {
        put_plain();
    }
}

std::span<const Op> Composer::any_sequence() {
    static const std::vector<std::size_t> plain = plain_sequences();
    return fused::sequence_ops(plain[choices_.below(static_cast<std::uint32_t>(plain.size()))]);
}

std::vector<unsigned> Composer::put_row(std::span<const Op> ops) {
    // All that the row takes from below comes first, so that nothing has to come between.
    Depth depth{};
    Depth lowest{};
    for (const Op op : ops) {
        const StackEffect& effect = kEffects[byte_of(op)];
        const Mode mode = effect_mode(op);
        lowest[mode.ret] =
            std::min(lowest[mode.ret], depth[mode.ret] - static_cast<int>(effect.pops));
        depth[mode.ret] +=
            static_cast<int>(effect.pushes) - static_cast<int>(mode.keep ? 0 : effect.pops);
        depth[!mode.ret] += static_cast<int>(effect.other_pushes);
    }
    for (const bool ret : {false, true}) {
        need(ret, static_cast<unsigned>(-lowest[ret]));
    }
    std::vector<unsigned> addresses;
    for (const Op op : ops) {
        addresses.push_back(at());
        put(op);
        for (unsigned i = 1; i < length_of(op); ++i) {
            code_.put_byte(choices_.byte());
        }
    }
    return addresses;
}

void Composer::put_sequence(unsigned) {
    put_row(any_sequence());
}

void Composer::settle(const Depth& target) {
    for (const bool ret : {false, true}) {
        while (depth_[ret] > target[ret]) {
            const bool wide = depth_[ret] - target[ret] > 1;
            put(with_mode(Op::POP, {.wide = wide, .ret = ret}));
        }
        while (depth_[ret] < target[ret]) {
            const bool wide = target[ret] - depth_[ret] > 1;
            wide ? put_short_literal(choices_.word(), ret) : put_literal(choices_.byte(), ret);
        }
    }
}

void Composer::put_block(unsigned level) {
    for (unsigned i = choices_.between(1, 3); i > 0; --i) {
        put_statement(level);
    }
}

void Composer::put_statement(unsigned level) {
    // Blocks hold statements too: this bounds the program as a whole.
    statements_left_ -= statements_left_ > 0 ? 1 : 0;
    const bool nests = level > 0 && statements_left_ > 0;
    const auto weight = [&](const Statement& statement) {
        return statement.nests && !nests ? 0
                                         : statement.weights[static_cast<std::size_t>(emphasis_)];
    };
    unsigned total = 0;
    for (const Statement& statement : statements()) {
        total += weight(statement);
    }
    unsigned ticket = choices_.below(total);
    for (const Statement& statement : statements()) {
        if (ticket < weight(statement)) {
            (this->*statement.put)(level);
            return;
        }
        ticket -= weight(statement);
    }
}

Composer::Jump Composer::put_jump(Flow flow, bool may_keep) {
    const Form form = choices_.pick({Form::Immediate, Form::Relative, Form::Absolute});
    const bool keep = may_keep && form == Form::Absolute && choices_.one_in(3);
    const Op immediate = flow == Flow::Always ? Op::JMI : flow == Flow::If ? Op::JCI : Op::JSI;
    const Op base = flow == Flow::Always ? Op::JMP : flow == Flow::If ? Op::JCN : Op::JSR;
    // On the return stack: a condition has to be moved there, and a call would return elsewhere.
    const bool ret = (flow == Flow::Always && form != Form::Immediate && choices_.one_in(4)) ||
                     (flow == Flow::If && form == Form::Absolute && !keep && choices_.one_in(4));
    if (flow == Flow::If && ret) {
        put(Op::STH);
    }
    const Jump jump{.at = at(), .form = form, .immediate = immediate};
    switch (form) {
        case Form::Immediate:
            put(immediate);
            code_.put_short(0);
            break;
        case Form::Relative:
            put_literal(0, ret);
            put(with_mode(base, {.ret = ret}));
            break;
        case Form::Absolute:
            put_short_literal(0, ret);
            put(with_mode(base, {.wide = true, .ret = ret, .keep = keep}));
            break;
    }
    return jump;
}

void Composer::resolve(const Jump& jump, unsigned target) {
    const int distance = static_cast<int>(target - (jump.at + 3));
    switch (jump.form) {
        case Form::Relative:
            if (distance >= -128 && distance <= 127) {
                code_.set_byte(jump.at + 1, static_cast<unsigned>(distance));
                return;
            }
            code_.set_byte(jump.at, byte_of(jump.immediate));
            [[fallthrough]];
        case Form::Immediate: code_.set_short(jump.at + 1, static_cast<unsigned>(distance)); return;
        case Form::Absolute: code_.set_short(jump.at + 1, target); return;
    }
}

void Composer::put_straight_line(unsigned) {
    for (unsigned i = choices_.between(1, 12); i > 0; --i) {
        put_plain();
    }
}

/// A store in any mode; its value is whatever lies on the stack of that mode.
void Composer::put_store(Op base, unsigned address) {
    const Op op = in_any_mode(base);
    const Mode mode = mode_of(op);
    need(mode.ret, mode.wide ? 2 : 1);
    switch (base) {
        case Op::STA: put_short_literal(address, mode.ret); break;
        case Op::STR: put_literal(address - (at() + 3), mode.ret); break;
        default: put_literal(address, mode.ret); break;
    }
    put(op);
}

void Composer::put_load(Op base, unsigned address) {
    const Op op = in_any_mode(base);
    const bool ret = mode_of(op).ret;
    switch (base) {
        case Op::LDA: put_short_literal(address, ret); break;
        case Op::LDR: put_literal(address - (at() + 3), ret); break;
        default: put_literal(address, ret); break;
    }
    put(op);
}

void Composer::put_zero_page_access(unsigned) {
    // Cells from e0 are for counters.
    const unsigned address = choices_.one_in(8) ? 0xff : choices_.below(0xdf);
    choices_.one_in(2) ? put_store(Op::STZ, address) : put_load(Op::LDZ, address);
}

unsigned Composer::data_address() {
    const bool is_far_from_edge = begin_ >= 0x0200 && begin_ < 0xe000;
    return is_far_from_edge && choices_.one_in(4) ? 0xffff : begin_ + 0x8000 + choices_.below(0x80);
}

void Composer::put_memory_access(unsigned) {
    const unsigned address = data_address();
    choices_.one_in(2) ? put_store(Op::STA, address) : put_load(Op::LDA, address);
}

/// A variable beside the code, reached by its distance.
void Composer::put_cell(unsigned) {
    if (!cell_ || at() - *cell_ > 100) {
        const Jump over = put_jump(Flow::Always);
        cell_ = at();
        code_.put_short(choices_.word());
        resolve(over, at());
    }
    choices_.one_in(2) ? put_store(Op::STR, *cell_) : put_load(Op::LDR, *cell_);
}

void Composer::put_choice(unsigned level) {
    need(false, 1);
    const Jump to_second = put_jump(Flow::If, true);
    const Depth start = depth_;
    put_block(level - 1);
    settle(start);
    const Jump to_end = put_jump(Flow::Always);
    resolve(to_second, at());
    put_block(level - 1);
    settle(start);
    resolve(to_end, at());
}

void Composer::put_loop(unsigned level) {
    const unsigned count = choices_.between(1, level == 1 ? 60 : 8);
    const unsigned cell = 0xe0 + choices_.below(0x1f);
    const auto kind = choices_.below(5);
    switch (kind) {
        case 0: put_literal(count); break;
        case 1: put_literal(count, true); break;
        case 2: put_short_literal(count); break;
        case 3: put_literal(0); break;
        default:
            put_literal(count);
            put_literal(cell);
            put(Op::STZ);
            break;
    }
    const Depth floor = floor_;
    floor_ = depth_;
    const Depth start = depth_;
    const unsigned head = at();
    put_block(level - 1);
    settle(start);
    switch (kind) {
        case 0:
            put_literal(1);
            put(Op::SUB);
            put(Op::DUP);
            break;
        case 1:
            put_literal(1, true);
            put(Op::SUBr);
            put(Op::STHkr);
            break;
        case 2:
            put_short_literal(1);
            put(Op::SUB2);
            put(Op::DUP2);
            put(Op::ORA);
            break;
        case 3:
            put(Op::INC);
            put(Op::DUP);
            put_literal(count);
            put(Op::LTH);
            break;
        default:
            put_literal(cell);
            put(Op::LDZ);
            put_literal(1);
            put(Op::SUB);
            put(Op::DUP);
            put_literal(cell);
            put(Op::STZ);
            break;
    }
    put_jump_to(Flow::If, head);
    floor_ = floor;
    switch (kind) {
        case 0:
        case 3: put(Op::POP); break;
        case 1: put(Op::POPr); break;
        case 2: put(Op::POP2); break;
        default: break;
    }
}

void Composer::put_aside(bool on_wst, unsigned arguments, const std::function<void()>& body) {
    const Jump over = put_jump(Flow::Always);
    const Depth depth = depth_;
    const Depth floor = floor_;
    const auto cell = cell_;
    depth_[0] += static_cast<int>(arguments);
    depth_[!on_wst] += 2;
    floor_ = depth_;
    entries_.push_back(static_cast<std::uint16_t>(at()));
    body();
    depth_ = depth;
    floor_ = floor;
    cell_ = cell;
    resolve(over, at());
}

void Composer::put_return(const Routine& routine) {
    const auto others = std::ranges::count(routines_, routine.on_wst, &Routine::on_wst);
    switch (choices_.below(others > 0 ? 4 : 3)) {
        case 0:
        case 1: put(routine.on_wst ? Op::JMP2 : Op::JMP2r); break;
        case 2:
            put(routine.on_wst ? Op::STH2 : Op::STH2r);
            put(routine.on_wst ? Op::JMP2r : Op::JMP2);
            break;
        default: {
            // A call at the end needs no return.
            const auto tail = std::ranges::find(routines_, routine.on_wst, &Routine::on_wst);
            put_jump_to(Flow::Always, tail->address);
            break;
        }
    }
}

void Composer::put_routine(unsigned level) {
    const bool on_wst = choices_.one_in(4);
    Routine routine{};
    put_aside(on_wst, 0, [&] {
        routine = {.address = at(), .on_wst = on_wst};
        const Depth start = depth_;
        put_block(level - 1);
        settle(start);
        put_return(routine);
    });
    routines_.push_back(routine);
}

/// What the routine does with the stacks is not accounted for.
void Composer::put_call_of(const Routine& routine) {
    const Depth before = depth_;
    if (!routine.on_wst) {
        const Jump call = put_jump(Flow::Call, true);
        resolve(call, routine.address);
        depth_[true] = before[true];
        return;
    }
    put_short_literal(routine.address, true);
    put(choices_.one_in(3) ? Op::JSR2kr : Op::JSR2r);
    depth_[false] = before[false];
}

void Composer::put_call(unsigned level) {
    if (routines_.empty()) {
        put_routine(level);
    }
    put_call_of(routines_[choices_.below(static_cast<std::uint32_t>(routines_.size()))]);
}

/// A routine that calls itself as often as its argument says.
void Composer::put_recursion(unsigned level) {
    Routine routine{};
    put_aside(false, 1, [&] {
        routine = {.address = at(), .on_wst = false};
        const Depth start = depth_;
        put(Op::DUP);
        const Jump more = put_jump(Flow::If);
        put(Op::POP);
        put(Op::JMP2r);
        resolve(more, at());
        depth_ = start;
        put_literal(1);
        put(Op::SUB);
        put_block(level - 1);
        settle(start);
        if (choices_.one_in(2)) {
            put_jump_to(Flow::Always, routine.address);
        } else {
            put_jump_to(Flow::Call, routine.address);
            put(Op::JMP2r);
        }
    });
    put_literal(choices_.one_in(8) ? choices_.byte() : choices_.below(12));
    put_call_of(routine);
    // Its argument is gone; where the call kept an address above it, one byte of that stays.
    depth_[0] -= 1;
}

void Composer::put_computed_jump(unsigned level) {
    need(false, 1);
    if (choices_.one_in(2)) {
        // Some distance into a row of instructions of one byte.
        put_literal(3);
        put(Op::AND);
        put(Op::JMP);
        for (unsigned i = 0; i < 3; ++i) {
            put(choices_.pick({Op::POPk, Op::POP2k, Op::INC, Op::INC2, Op::INCr, Op::SWP}));
        }
        return;
    }
    const unsigned count = choices_.pick({2U, 4U});
    put_literal(count - 1);
    put(Op::AND);
    put(Op::DUP);
    put(Op::ADD);
    put_literal(0);
    put(Op::SWP);
    const unsigned table_operand = at() + 1;
    put_short_literal(0);
    put(Op::ADD2);
    put(Op::LDA2);
    put(Op::JMP2);
    const unsigned table = at();
    code_.set_short(table_operand, table);
    for (unsigned i = 0; i < count; ++i) {
        code_.put_short(0);
    }
    const Depth start = depth_;
    std::vector<Jump> ends;
    for (unsigned i = 0; i < count; ++i) {
        code_.set_short(table + 2 * i, at());
        put_block(level - 1);
        settle(start);
        ends.push_back(put_jump(Flow::Always));
    }
    for (const Jump& end : ends) {
        resolve(end, at());
    }
}

/// A port of one of the kinds that engines tell apart; any port if the setup has none.
std::uint8_t Composer::choose_port(bool reads) {
    const auto kind = choices_.below(8);
    std::uint8_t port = choices_.byte();
    for (unsigned i = 0; i < kPortCount; ++i, ++port) {
        const bool read = is_hooked(devices_, port, true);
        const bool written = is_hooked(devices_, port, false);
        const auto next = static_cast<std::uint8_t>(port + 1);
        switch (kind) {
            case 0:
                if (!read && !written) {
                    return port;
                }
                break;
            case 1:
                if (read && !written) {
                    return port;
                }
                break;
            case 2:
                if (!read && written) {
                    return port;
                }
                break;
            case 3:
                if (read && written) {
                    return port;
                }
                break;
            case 4:
                if (!is_hooked(devices_, port, reads) && is_hooked(devices_, next, reads)) {
                    return port;
                }
                break;
            case 5:
                if (devices_.writes[next] == WriteEffect::Halt) {
                    return choices_.one_in(2) ? port : next;
                }
                break;
            case 6:
                if (devices_.writes[port] == WriteEffect::ChangePorts) {
                    return choices_.one_in(2) ? port : next;
                }
                break;
            default: return 0xff;
        }
    }
    return port;
}

void Composer::put_port_access(unsigned) {
    const bool reads = choices_.one_in(2);
    const std::uint8_t port = choose_port(reads);
    access_port(port, reads);
    if (!reads && devices_.writes[port] == WriteEffect::ChangePorts) {
        // What it has changed, as like as not.
        access_port(static_cast<std::uint8_t>(port + choices_.below(2)), choices_.one_in(2));
    }
}

void Composer::access_port(std::uint8_t port, bool reads) {
    // What a program that wants to stay on its way writes only now and then.
    const WriteEffect effect = devices_.writes[port];
    const bool derails = effect == WriteEffect::SetWst || effect == WriteEffect::SetRst ||
                         effect == WriteEffect::Fill;
    const Op op = in_any_mode(reads || (derails && !choices_.one_in(8)) ? Op::DEI : Op::DEO);
    const Mode mode = mode_of(op);
    if (kEffects[byte_of(op)].pops > 1) {
        need(mode.ret, mode.wide ? 2 : 1);
    }
    put_literal(port, mode.ret);
    put(op);
}

/// Reads a stack pointer and writes it back, as System's ports 04 and 05 allow.
void Composer::put_stack_pointer_access(unsigned) {
    const bool rst = choices_.one_in(2);
    const std::uint8_t port = rst ? 0x05 : 0x04;
    if (!is_hooked(devices_, port, true) || !is_hooked(devices_, port, false)) {
        put_plain_ops(3);
        return;
    }
    put_literal(port);
    put(Op::DEI);
    const unsigned more = choices_.below(3);
    put_literal(more);
    put(Op::ADD);
    put_literal(port);
    put(Op::DEO);
    depth_[rst] += static_cast<int>(more);
}

}  // namespace uxn::test
