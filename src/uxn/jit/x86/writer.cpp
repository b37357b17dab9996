#include <asmjit/x86.h>

#include <cstddef>

#include "uxn/jit/target.hpp"
#include "uxn/jit/writer.hpp"
#include "uxn/jit/x86/registers.hpp"

namespace uxn::jit {
namespace x86_64 {
namespace {

using asmjit::Imm;
using fused::CodeMap;

/// What code looks like on x86-64.
class WriterX86 final : public Writer {
public:
    WriterX86(const Region& region, x86::Assembler& a)
        : Writer(region, a, kValueRegisters, kScratchId),
          a_(a),
          odd_(a.newLabel()),
          out_of_fuel_(a.newLabel()),
          deep_(a.newLabel()) {}

private:
    // --- registers

    static x86::Gpd gp(std::uint8_t id) { return x86::gpd(id); }
    static x86::Mem slot(std::uint8_t number, std::uint32_t size = 4) {
        return context(offsetof(Context, slots) + std::size_t{8} * number, size);
    }

    void move(std::uint8_t to, std::uint8_t from) override { a_.mov(gp(to), gp(from)); }
    void set(std::uint8_t reg, unsigned bits) override { a_.mov(gp(reg), bits); }
    void narrow(std::uint8_t reg, bool wide) override {
        if (wide) {
            a_.movzx(gp(reg), gp(reg).r16());
        } else {
            a_.movzx(gp(reg), gp(reg).r8());
        }
    }
    void load_slot(std::uint8_t reg, std::uint8_t from) override { a_.mov(gp(reg), slot(from)); }
    void store_slot(std::uint8_t to, std::uint8_t reg) override { a_.mov(slot(to), gp(reg)); }
    void copy_slot(std::uint8_t to, std::uint8_t from) override {
        a_.push(slot(from, 8));
        a_.pop(slot(to, 8));
    }
    void set_slot(std::uint8_t to, unsigned bits) override { a_.mov(slot(to), bits); }

    // --- nodes

    static Gp sized(std::uint8_t reg, bool wide) {
        return wide ? Gp(gp(reg).r16()) : Gp(gp(reg).r8());
    }

    x86::Mem cell(CellPlace place, bool wide) const {
        const Gp& pointer = place.rst ? kRstPointer : kWstPointer;
        return {kMachine, pointer, 0, -place.at - (wide ? 1 : 0), wide ? 2U : 1U};
    }
    x86::Mem ram(Value at, std::uint32_t size) {
        return at.is_constant() ? x86::Mem(kMachine, at.bits, size)
                                : x86::Mem(kMachine, gp(clean(at)).r64(), 0, 0, size);
    }
    x86::Mem marks(Value at, std::uint32_t size) {
        return at.is_constant() ? x86::Mem(kMarks, at.bits, size)
                                : x86::Mem(kMarks, gp(clean(at)).r64(), 0, 0, size);
    }
    static x86::Mem port(Value at) {
        return {kMachine, static_cast<std::int32_t>(offsetof(Machine, dev)) + at.bits, 1};
    }

    void write_node(const Node& node) override {
        Known& it = nodes_[now_];
        switch (node.code) {
            case Code::Parameter: return;
            case Code::Cell: a_.movzx(gp(result()), cell(node.cell, node.wide)); break;
            case Code::Add:
            case Code::Subtract:
            case Code::And:
            case Code::Or:
            case Code::Xor: write_alu(node); break;
            case Code::Multiply: {
                if (node.b.is_constant()) {
                    const std::uint8_t from = reg_of(node.a);
                    a_.imul(gp(result()), gp(from), node.b.bits);
                } else {
                    const std::uint8_t by = reg_of(node.b);
                    a_.imul(gp(copy_of(node.a)), gp(by));
                }
                it.is_clean = false;
                break;
            }
            case Code::Divide: write_divide(node); break;
            case Code::Shift: write_shift(node); break;
            case Code::Equal:
            case Code::Greater: {
                const std::uint8_t to = take();
                a_.set(condition(node, compare(node)), gp(to).r8());
                own(to);
                narrow(to, false);
                break;
            }
            case Code::SignExtend: {
                const std::uint8_t from = reg_of(node.a);
                a_.movsx(gp(result()), gp(from).r8());
                it.is_clean = false;
                break;
            }
            case Code::MakeShort: {
                const std::uint8_t low = node.b.is_constant() ? kNoRegister : clean(node.b);
                const bool was_clean = is_clean(node.a);
                if (node.a.is_constant() && node.a.bits == 0) {
                    copy_of(node.b);
                    break;
                }
                if (node.a == node.b) {
                    a_.imul(gp(result()), gp(low), 0x101);
                    break;
                }
                const std::uint8_t to = copy_of(node.a);
                a_.shl(gp(to), 8);
                if (!node.b.is_constant()) {
                    a_.or_(gp(to), gp(low));
                } else if (node.b.bits != 0) {
                    a_.or_(gp(to), node.b.bits);
                }
                it.is_clean = was_clean;
                break;
            }
            case Code::HighByte: {
                clean(node.a);
                a_.shr(gp(copy_of(node.a)), 8);
                break;
            }
            case Code::LowByte: {
                copy_of(node.a);
                it.is_clean = false;
                break;
            }
            case Code::LoadRam: {
                const x86::Mem from = ram(node.a, node.wide ? 2 : 1);
                const std::uint8_t to = result();
                a_.movzx(gp(to), from);
                if (node.wide) {
                    a_.rol(gp(to).r16(), 8);
                }
                break;
            }
            case Code::LoadPort: a_.movzx(gp(result()), port(node.a)); break;
            case Code::StoreRam: write_store(node); break;
            case Code::StorePort:
                if (node.b.is_constant()) {
                    a_.mov(port(node.a), node.b.bits);
                } else {
                    a_.mov(port(node.a), gp(reg_of(node.b)).r8());
                }
                break;
            case Code::StoreCell: store_cell(cell_store(node), source_of(node.a)); break;
            case Code::UnlessCode:
                if (node.wide) {
                    a_.movzx(kScratch.r32(), marks(node.a, 2));
                    a_.test(kScratch.r32(), CodeMap::kCode << 8 | CodeMap::kCode);
                    a_.jnz(side_exit(node.exit));
                } else {
                    a_.cmp(marks(node.a, 1), 0);
                    a_.js(side_exit(node.exit));
                }
                break;
            case Code::UnlessWraps:
                // wide: of RAM, not of the zero page.
                if (node.a.is_constant()) {
                    a_.jmp(side_exit(node.exit));
                } else {
                    a_.cmp(gp(clean(node.a)), node.wide ? 0xffff : 0xff);
                    a_.je(side_exit(node.exit));
                }
                break;
        }
    }

    void write_alu(const Node& node) {
        Value a = node.a;
        Value b = node.b;
        if (node.code != Code::Subtract && !dies(a) && dies(b)) {
            std::swap(a, b);
        }
        Known& it = nodes_[now_];
        switch (node.code) {
            case Code::And: it.is_clean = is_clean(a) || is_clean(b); break;
            case Code::Or:
            case Code::Xor: it.is_clean = is_clean(a) && is_clean(b); break;
            default: it.is_clean = false; break;
        }
        if (node.code == Code::Add && !a.is_constant() && !dies(a)) {
            const std::uint8_t from = reg_of(a);
            if (b.is_constant()) {
                a_.lea(gp(result()), x86::ptr(gp(from).r64(), b.bits));
            } else {
                const std::uint8_t by = reg_of(b);
                a_.lea(gp(result()), x86::ptr(gp(from).r64(), gp(by).r64()));
            }
            return;
        }
        const std::uint8_t by = b.is_constant() ? kNoRegister : reg_of(b);
        const std::uint8_t to = copy_of(a);
        const auto apply = [&](const auto& with) {
            switch (node.code) {
                case Code::Add: a_.add(gp(to), with); break;
                case Code::Subtract: a_.sub(gp(to), with); break;
                case Code::And: a_.and_(gp(to), with); break;
                case Code::Or: a_.or_(gp(to), with); break;
                default: a_.xor_(gp(to), with); break;
            }
        };
        if (!b.is_constant()) {
            return apply(gp(by));
        }
        // Bits above do not matter: short forms of large constants.
        const std::int32_t bits =
            node.code == Code::Add || node.code == Code::Subtract
                ? (node.wide ? static_cast<std::int16_t>(b.bits) : static_cast<std::int8_t>(b.bits))
                : b.bits;
        apply(Imm(bits));
    }

    /// Gives back whether the operands were compared the other way round: constants come last.
    bool compare(const Node& node) {
        const bool is_swapped = node.a.is_constant();
        const Value first = is_swapped ? node.b : node.a;
        const Value second = is_swapped ? node.a : node.b;
        const std::uint8_t left = reg_of(first);
        if (!second.is_constant()) {
            a_.cmp(sized(left, node.wide), sized(reg_of(second), node.wide));
        } else if (node.code == Code::Equal && second.bits == 0) {
            a_.test(sized(left, node.wide), sized(left, node.wide));
        } else if (!node.wide) {
            a_.cmp(gp(left).r8(), second.bits);
        } else {
            a_.cmp(gp(clean(first)), second.bits);
        }
        return is_swapped;
    }
    static x86::CondCode condition(const Node& node, bool is_swapped) {
        return node.code == Code::Equal ? x86::CondCode::kEqual
               : is_swapped             ? x86::CondCode::kUnsignedLT
                                        : x86::CondCode::kUnsignedGT;
    }

    void prepare_comparison(const Node& node) override {
        for (const Value value : {node.a, node.b}) {
            if (value.is_constant()) {
                continue;
            }
            if (node.wide && (node.a.is_constant() || node.b.is_constant())) {
                clean(value);
            } else {
                reg_of(value);
            }
        }
    }
    void jump_if_compared(const Node& node, const Label& to, bool is_set) override {
        const x86::CondCode set = condition(node, compare(node));
        a_.j(is_set ? set : x86::negateCond(set), to);
    }
    void jump_if_flag(std::uint8_t reg, bool /*is_clean*/, const Label& to, bool is_set) override {
        a_.test(gp(reg).r8(), gp(reg).r8());
        is_set ? a_.jnz(to) : a_.jz(to);
    }
    void jump(const Label& to) override { a_.jmp(to); }

    void write_store(const Node& node) {
        if (node.b.is_constant()) {
            const unsigned bits = node.b.bits;
            a_.mov(ram(node.a, node.wide ? 2 : 1),
                   node.wide ? (bits << 8 | bits >> 8) & 0xffff : bits);
        } else if (node.wide) {
            a_.mov(kScratch.r32(), gp(reg_of(node.b)));
            a_.rol(kScratch.r16(), 8);
            a_.mov(ram(node.a, 2), kScratch.r16());
        } else {
            const std::uint8_t from = reg_of(node.b);
            a_.mov(ram(node.a, 1), gp(from).r8());
        }
    }

    void write_divide(const Node& node) {
        if (!node.a.is_constant()) {
            clean(node.a);
        }
        if (!node.b.is_constant()) {
            clean(node.b);
        }
        claim(Gp::kIdAx);
        claim(Gp::kIdDx);
        if (node.b.is_constant()) {
            a_.mov(kScratch.r32(), node.b.bits);
        } else {
            a_.mov(kScratch.r32(), gp(reg_of(node.b)));
        }
        if (node.a.is_constant()) {
            a_.mov(x86::eax, node.a.bits);
        } else {
            a_.mov(x86::eax, gp(reg_of(node.a)));
        }
        const Label done = a_.newLabel();
        a_.xor_(x86::edx, x86::edx);
        if (!node.b.is_constant()) {
            const Label go = a_.newLabel();
            a_.test(kScratch.r32(), kScratch.r32());
            a_.jnz(go);
            a_.xor_(x86::eax, x86::eax);
            a_.jmp(done);
            a_.bind(go);
        }
        a_.div(kScratch.r32());
        a_.bind(done);
        own(Gp::kIdAx);
    }

    void write_shift(const Node& node) {
        Known& it = nodes_[now_];
        if (node.b.is_constant()) {
            const unsigned right = node.b.bits & 0x0f;
            const unsigned left = node.b.bits >> 4;
            if (right != 0 && !node.a.is_constant()) {
                clean(node.a);
            }
            it.is_clean = left == 0 && is_clean(node.a);
            const std::uint8_t to = copy_of(node.a);
            if (right != 0) {
                a_.shr(gp(to), right);
            }
            if (left != 0) {
                a_.shl(gp(to), left);
            }
            return;
        }
        if (!node.a.is_constant()) {
            clean(node.a);
        }
        clean(node.b);
        claim(Gp::kIdCx);
        a_.mov(x86::ecx, gp(reg_of(node.b)));
        a_.mov(kScratch.r32(), x86::ecx);
        const std::uint8_t to = copy_of(node.a);
        a_.and_(x86::ecx, 0x0f);
        a_.shr(gp(to), x86::cl);
        a_.mov(x86::ecx, kScratch.r32());
        a_.shr(x86::ecx, 4);
        a_.shl(gp(to), x86::cl);
        it.is_clean = false;
    }

    // --- leaving

    void store_cell(const CellStore& store, Source from) {
        using Part = CellStore::Part;
        const bool wide = store.part == Part::Short;
        const x86::Mem to = cell(store.cell, wide);
        if (from.kind == Source::Kind::Constant) {
            a_.mov(to, cell_bits(store.part, from.number));
            return;
        }
        Gp reg = kScratch;
        if (from.kind == Source::Kind::Slot) {
            a_.mov(reg.r32(), slot(static_cast<std::uint8_t>(from.number)));
        } else {
            reg = gp(static_cast<std::uint8_t>(from.number));
        }
        if (store.part == Part::HighByte) {
            a_.mov(kScratch.r32(), reg.r32());
            a_.shr(kScratch.r32(), 8);
            reg = kScratch;
        } else if (store.part == Part::OrBytes) {
            a_.mov(kScratch.r32(), reg.r32());
            a_.shr(kScratch.r32(), 8);
            if (from.kind == Source::Kind::Slot) {
                a_.or_(kScratch.r8(), slot(static_cast<std::uint8_t>(from.number), 1));
            } else {
                a_.or_(kScratch.r8(), reg.r8());
            }
            reg = kScratch;
        }
        if (wide) {
            a_.mov(to, reg.r16());
        } else {
            a_.mov(to, reg.r8());
        }
    }

    void write_stacks(const Exit& exit, std::span<const Source> sources,
                      const CellPlace* pc) override {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            store_cell(region_.cells[exit.first + i], sources[i]);
        }
        if (pc != nullptr) {
            a_.movzx(kPc.r32(), cell(*pc, true));
        }
        if (exit.wst != 0) {
            a_.sub(kWstPointer, exit.wst);
        }
        if (exit.rst != 0) {
            a_.sub(kRstPointer, exit.rst);
        }
    }
    void set_pc(Source to) override {
        switch (to.kind) {
            case Source::Kind::Constant: a_.mov(kPc.r32(), to.number); break;
            case Source::Kind::Register:
                a_.movzx(kPc.r32(), gp(static_cast<std::uint8_t>(to.number)).r16());
                break;
            case Source::Kind::Slot:
                a_.movzx(kPc.r32(), slot(static_cast<std::uint8_t>(to.number), 2));
                break;
        }
    }
    void take_fuel(unsigned count) override { a_.sub(kLeft, count); }
    void take_fuel_and_jump(unsigned count, const Label& to) override {
        a_.sub(kLeft, count);
        a_.jg(to);
    }
    void leave(Leave how, Source to) override {
        const x86::Mem entry =
            to.kind == Source::Kind::Constant ? entry_of(to.number) : entry_of_pc();
        switch (how) {
            case Leave::Interpret:
            case Leave::OutOfFuel:
            case Leave::Jump: a_.jmp(entry); break;
            case Leave::Return: a_.ret(); break;
            case Leave::Call:
                a_.cmp(x86::rsp, context(offsetof(Context, stack_limit)));
                a_.jb(deep_);
                a_.call(entry);
                a_.jmp(entry_of_pc());
                break;
            case Leave::Step: a_.jmp(context(offsetof(Context, stubs.step))); break;
        }
    }
    void call_side_exit() override { a_.call(context(offsetof(Context, stubs.side_exit))); }

    void write_entry() override {
        check_fit(kWstPointer, 0);
        check_fit(kRstPointer, 1);
        a_.test(kLeft, kLeft);
        a_.jle(out_of_fuel_);
    }
    void check_fit(const Gp& pointer, int ring) {
        const int pops = region_.pops[ring];
        const int growth = region_.growth[ring];
        if (pops == 0 && growth == 0) {
            return;
        }
        if (growth == 0) {
            a_.cmp(pointer.r8(), 0xff - pops);
            a_.ja(odd_);
        } else if (pops == 0) {
            a_.cmp(pointer.r8(), growth);
            a_.jb(odd_);
        } else {
            a_.lea(kScratch.r32(), x86::ptr(pointer, -growth));
            a_.cmp(kScratch.r8(), 0xff - pops - growth);
            a_.ja(odd_);
        }
    }

    void write_ends() override {
        a_.bind(odd_);
        a_.mov(kPc.r32(), region_.pc);
        a_.jmp(context(offsetof(Context, stubs.careful)));
        a_.bind(out_of_fuel_);
        a_.mov(kPc.r32(), region_.pc);
        a_.jmp(context(offsetof(Context, stubs.leave)));
        a_.bind(deep_);
        a_.jmp(context(offsetof(Context, stubs.deep)));
    }

    x86::Assembler& a_;
    Label odd_, out_of_fuel_, deep_;
};

}  // namespace
}  // namespace x86_64

bool write_region(const Region& region, asmjit::CodeHolder& code, Compiled& compiled) {
    asmjit::x86::Assembler a(&code);
    return x86_64::WriterX86(region, a).write(compiled);
}

}  // namespace uxn::jit
