#include <asmjit/arm/a64assembler.h>
#include <asmjit/arm/a64utils.h>

#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <utility>

#include "uxn/jit/aarch64/registers.hpp"
#include "uxn/jit/target.hpp"
#include "uxn/jit/writer.hpp"

namespace uxn::jit {
namespace aarch64 {
namespace {

using a64::CondCode;
using a64::GpW;

constexpr unsigned kCodeMarkBit = std::countr_zero(fused::CodeMap::kCode);

/// What code looks like on AArch64.
class WriterA64 final : public Writer {
public:
    /// near: code becomes so short that the short branches reach everywhere.
    WriterA64(const Region& region, a64::Assembler& a, bool near)
        : Writer(region, a, kValueRegisters, kScratchId),
          a_(a),
          near_(near),
          odd_(a.newLabel()),
          out_of_fuel_(a.newLabel()),
          deep_(a.newLabel()),
          side_exit_(a.newLabel()) {}

private:
    // --- registers

    static constexpr GpW gp(std::uint8_t id) { return GpW(id); }
    static a64::Mem slot(unsigned number) {
        return context(offsetof(Context, slots) + std::size_t{8} * number);
    }
    static constexpr unsigned bits_of(bool wide) { return wide ? 16 : 8; }
    static constexpr unsigned mask_of(bool wide) { return wide ? 0xffff : 0xff; }

    void move(std::uint8_t to, std::uint8_t from) override { a_.mov(gp(to), gp(from)); }
    void set(std::uint8_t reg, unsigned bits) override { a_.mov(gp(reg), bits); }
    void narrow(std::uint8_t reg, bool wide) override { a_.and_(gp(reg), gp(reg), mask_of(wide)); }
    void load_slot(std::uint8_t reg, std::uint8_t from) override { a_.ldr(gp(reg), slot(from)); }
    void store_slot(std::uint8_t to, std::uint8_t reg) override { a_.str(gp(reg), slot(to)); }
    void copy_slot(std::uint8_t to, std::uint8_t from) override {
        a_.ldr(kSecondScratch.w(), slot(from));
        a_.str(kSecondScratch.w(), slot(to));
    }
    void set_slot(std::uint8_t to, unsigned bits) override {
        a_.str(constant(kSecondScratch.w(), bits), slot(to));
    }

    /// A register that holds the constant: the one given, unless there is nothing to be set.
    GpW constant(const GpW& reg, unsigned bits) {
        if (bits == 0) {
            return a64::wzr;
        }
        a_.mov(reg, bits);
        return reg;
    }
    /// A register that holds the value without bits above its own; constants are in the scratch
    /// register.
    GpW operand(Value value) {
        return value.is_constant() ? constant(kScratch.w(), value.bits) : gp(clean(value));
    }
    /// A register for the node's result: that of an operand that is not needed any more, so that a
    /// variable stays where it is while a loop changes it.
    GpW result_over(Value a, Value b = {}) {
        for (const Value value : {a, b}) {
            if (dies(value) && known(value).reg != kNoRegister) {
                return gp(own(std::exchange(known(value).reg, kNoRegister)));
            }
        }
        return gp(result());
    }

    // --- nodes

    static a64::Mem cell(CellPlace place, bool wide) {
        return a64::ptr(pointer(place.rst), -place.at - (wide ? 2 : 1));
    }
    static const GpX& pointer(bool rst) { return rst ? kRstPointer : kWstPointer; }
    a64::Mem at(const GpX& base, Value address, bool wide) {
        if (!address.is_constant()) {
            return a64::ptr(base, GpX(clean(address)));
        }
        const int bits = address.bits;
        // What instructions have room for.
        if (bits < 0x100 || (wide ? bits < 0x2000 && bits % 2 == 0 : bits < 0x1000)) {
            return a64::ptr(base, bits);
        }
        a_.mov(kScratch.w(), bits);
        return a64::ptr(base, kScratch);
    }

    void write_node(const Node& node) override {
        Known& it = nodes_[now_];
        switch (node.code) {
            case Code::Parameter: return;
            case Code::Cell: load(result(), cell(node.cell, node.wide), node.wide); break;
            case Code::Add:
            case Code::Subtract: write_sum(node); break;
            case Code::And:
            case Code::Or:
            case Code::Xor: write_logic(node); break;
            case Code::Multiply: {
                const std::uint8_t from = reg_of(node.a);
                const GpW by =
                    node.b.is_constant() ? constant(kScratch.w(), node.b.bits) : gp(reg_of(node.b));
                a_.mul(result_over(node.a, node.b), gp(from), by);
                it.is_clean = false;
                break;
            }
            case Code::Divide: {
                const GpW from = operand(node.a);
                const GpW by = operand(node.b);
                a_.udiv(result_over(node.a, node.b), from, by);
                break;
            }
            case Code::Shift: write_shift(node); break;
            case Code::Equal:
            case Code::Greater: write_comparison(node); break;
            case Code::SignExtend: {
                const std::uint8_t from = reg_of(node.a);
                a_.sxtb(result_over(node.a), gp(from));
                it.is_clean = false;
                break;
            }
            case Code::MakeShort: write_short(node); break;
            case Code::HighByte: {
                const std::uint8_t from = reg_of(node.a);
                a_.ubfx(result_over(node.a), gp(from), 8, 8);
                break;
            }
            case Code::LowByte: {
                const std::uint8_t from = reg_of(node.a);
                if (dies(node.a)) {
                    result_over(node.a);
                    it.is_clean = false;
                } else {
                    a_.and_(gp(result()), gp(from), 0xff);
                }
                break;
            }
            case Code::LoadRam: {
                const a64::Mem from = at(kMachine, node.a, node.wide);
                const GpW to = result_over(node.a);
                load(static_cast<std::uint8_t>(to.id()), from, node.wide);
                if (node.wide) {
                    a_.rev16(to, to);
                }
                break;
            }
            case Code::LoadPort: load(result(), a64::ptr(kPorts, node.a.bits), false); break;
            case Code::StoreRam: write_store(node); break;
            case Code::StorePort:
                a_.strb(
                    node.b.is_constant() ? constant(kScratch.w(), node.b.bits) : gp(reg_of(node.b)),
                    a64::ptr(kPorts, node.a.bits));
                break;
            case Code::StoreCell: store_cell(cell_store(node), source_of(node.a)); break;
            case Code::UnlessCode:
                load(kScratchId, at(kMarks, node.a, node.wide), node.wide);
                if (node.wide) {
                    // The pattern is one that instructions have room for; above it is nothing.
                    a_.tst(kScratch.w(), 0x01010101U << kCodeMarkBit);
                    a_.b_ne(side_exit(node.exit));
                } else {
                    jump_if_bit(kScratch.w(), kCodeMarkBit, side_exit(node.exit), true);
                }
                break;
            case Code::UnlessWraps:
                // wide: of RAM, not of the zero page.
                if (node.a.is_constant()) {
                    a_.b(side_exit(node.exit));
                } else {
                    a_.add(kScratch.w(), gp(clean(node.a)), 1);
                    jump_if_bit(kScratch.w(), bits_of(node.wide), side_exit(node.exit), true);
                }
                break;
        }
    }

    void load(std::uint8_t to, const a64::Mem& from, bool wide) {
        if (wide) {
            a_.ldrh(gp(to), from);
        } else {
            a_.ldrb(gp(to), from);
        }
    }
    void save(const GpW& from, const a64::Mem& to, bool wide) {
        if (wide) {
            a_.strh(from, to);
        } else {
            a_.strb(from, to);
        }
    }

    /// Whether additions and comparisons have room for the number.
    static bool is_short_form(unsigned number) {
        return number < 0x1000 || (number < 0x1000000 && (number & 0xfff) == 0);
    }

    void write_sum(const Node& node) {
        nodes_[now_].is_clean = false;
        bool is_sum = node.code == Code::Add;
        if (node.a.is_constant()) {
            const std::uint8_t by = reg_of(node.b);
            const GpW from = constant(kScratch.w(), node.a.bits);
            is_sum ? a_.add(result_over(node.b), from, gp(by))
                   : a_.sub(result_over(node.b), from, gp(by));
            return;
        }
        const std::uint8_t from = reg_of(node.a);
        if (!node.b.is_constant()) {
            const std::uint8_t by = reg_of(node.b);
            const GpW to = result_over(node.a, node.b);
            is_sum ? a_.add(to, gp(from), gp(by)) : a_.sub(to, gp(from), gp(by));
            return;
        }
        // Bits above do not matter: the number may as well be negative.
        int number = node.wide ? static_cast<std::int16_t>(node.b.bits)
                               : static_cast<std::int8_t>(node.b.bits);
        if (number < 0) {
            number = -number;
            is_sum = !is_sum;
        }
        const GpW to = result_over(node.a);
        if (is_short_form(static_cast<unsigned>(number))) {
            is_sum ? a_.add(to, gp(from), number) : a_.sub(to, gp(from), number);
        } else {
            a_.mov(kScratch.w(), number);
            is_sum ? a_.add(to, gp(from), kScratch.w()) : a_.sub(to, gp(from), kScratch.w());
        }
    }

    void write_logic(const Node& node) {
        const bool a_clean = is_clean(node.a);
        const bool b_clean = is_clean(node.b);
        nodes_[now_].is_clean = node.code == Code::And ? a_clean || b_clean : a_clean && b_clean;
        const auto apply = [&](const GpW& to, const GpW& from, const auto& with) {
            switch (node.code) {
                case Code::And: a_.and_(to, from, with); break;
                case Code::Or: a_.orr(to, from, with); break;
                default: a_.eor(to, from, with); break;
            }
        };
        const Value constant_one = node.a.is_constant() ? node.a : node.b;
        const Value other = node.a.is_constant() ? node.b : node.a;
        const std::uint8_t from = reg_of(other);
        if (!constant_one.is_constant()) {
            const std::uint8_t by = reg_of(node.b);
            return apply(result_over(node.a, node.b), gp(from), gp(by));
        }
        const unsigned bits = constant_one.bits;
        if (a64::Utils::isLogicalImm(bits, 32)) {
            return apply(result_over(other), gp(from), asmjit::Imm(bits));
        }
        const GpW by = constant(kScratch.w(), bits);
        apply(result_over(other), gp(from), by);
    }

    void write_shift(const Node& node) {
        Known& it = nodes_[now_];
        if (!node.b.is_constant()) {
            const GpW by = gp(reg_of(node.b));
            const GpW from = operand(node.a);
            // Both numbers in one register, one after the other.
            a_.and_(kSecondScratch.w(), by, 0x0f);
            a_.lsr(kSecondScratch.w(), from, kSecondScratch.w());
            a_.ubfx(kScratch.w(), by, 4, 4);
            a_.lsl(result_over(node.a, node.b), kSecondScratch.w(), kScratch.w());
            it.is_clean = false;
            return;
        }
        const unsigned right = node.b.bits & 0x0f;
        const unsigned left = node.b.bits >> 4;
        const unsigned bits = bits_of(node.wide);
        const bool was_clean = is_clean(node.a);
        const std::uint8_t from = reg_of(node.a);
        const GpW to = result_over(node.a);
        if (right >= bits) {
            a_.mov(to, 0);
        } else if (right == left) {
            a_.and_(to, gp(from), mask_of(node.wide) >> right << right);
        } else {
            if (right != 0) {
                a_.ubfx(to, gp(from), right, bits - right);
            }
            if (left != 0) {
                a_.lsl(to, right != 0 ? to : gp(from), left);
            } else if (right == 0) {
                a_.mov(to, gp(from));
            }
            it.is_clean = left == 0 && (right != 0 || was_clean);
        }
    }

    void write_short(const Node& node) {
        if (node.a.is_constant()) {
            const GpW low = gp(clean(node.b));
            const unsigned high = unsigned{node.a.bits} << 8;
            if (high == 0) {
                copy_of(node.b);
            } else if (a64::Utils::isLogicalImm(high, 32)) {
                a_.orr(result_over(node.b), low, high);
            } else {
                a_.mov(kScratch.w(), high);
                a_.orr(result_over(node.b), low, kScratch.w());
            }
            return;
        }
        const GpW high = gp(reg_of(node.a));
        if (node.a != node.b && dies(node.b) && !is_clean(node.b)) {
            reg_of(node.b);
            a_.bfi(result_over(node.b), high, 8, 24);
        } else {
            const GpW low = operand(node.b);
            a_.orr(result_over(node.a, node.b), low, high, a64::lsl(8));
        }
        nodes_[now_].is_clean = is_clean(node.a);
    }

    void write_store(const Node& node) {
        const a64::Mem to = at(kMachine, node.a, node.wide);
        GpW from = kSecondScratch.w();
        if (node.b.is_constant()) {
            const unsigned bits = node.b.bits;
            from = constant(from, node.wide ? (bits << 8 | bits >> 8) & 0xffff : bits);
        } else if (node.wide) {
            a_.rev16(from, gp(reg_of(node.b)));
        } else {
            from = gp(reg_of(node.b));
        }
        save(from, to, node.wide);
    }

    // --- comparisons

    /// A comparison the way it takes the fewest instructions.
    struct Test {
        enum class Kind : std::uint8_t { IsZero, HasTopBit, Compare };
        Kind kind = Kind::Compare;
        bool is_turned = false;  ///< it holds if the test fails
        Value value;
        Value with = {};
        CondCode holds = CondCode::kEQ;
    };

    Test test_of(const Node& node) {
        const bool is_equal = node.code == Code::Equal;
        const bool is_swapped = node.a.is_constant();
        const Value value = is_swapped ? node.b : node.a;
        const Value with = is_swapped ? node.a : node.b;
        const unsigned half = 1U << (bits_of(node.wide) - 1);
        using Kind = Test::Kind;
        if (!with.is_constant()) {
            // An operand of comparisons may be narrowed by the way, but only the second one.
            const CondCode holds = is_equal ? CondCode::kEQ : CondCode::kHI;
            return is_clean(value) || !is_clean(with)
                       ? Test{.value = value, .with = with, .holds = holds}
                       : Test{.value = with,
                              .with = value,
                              .holds = is_equal ? CondCode::kEQ : CondCode::kLO};
        }
        const unsigned bits = with.bits;
        if (is_equal) {
            return bits == 0 ? Test{.kind = Kind::IsZero, .value = value}
                             : Test{.value = value, .with = with, .holds = CondCode::kEQ};
        }
        if (!is_swapped) {
            return bits == 0 ? Test{.kind = Kind::IsZero, .is_turned = true, .value = value}
                   : bits == half - 1 ? Test{.kind = Kind::HasTopBit, .value = value}
                                      : Test{.value = value, .with = with, .holds = CondCode::kHI};
        }
        return bits == 1      ? Test{.kind = Kind::IsZero, .value = value}
               : bits == half ? Test{.kind = Kind::HasTopBit, .is_turned = true, .value = value}
                              : Test{.value = value, .with = with, .holds = CondCode::kLO};
    }

    void prepare_comparison(const Node& node) override {
        const Test test = test_of(node);
        if (test.kind == Test::Kind::Compare) {
            clean(test.value);
            if (!test.with.is_constant()) {
                reg_of(test.with);
            }
        } else {
            reg_of(test.value);
        }
    }
    void compare(const Test& test, bool wide) {
        const GpW value = gp(clean(test.value));
        if (!test.with.is_constant()) {
            const GpW with = gp(reg_of(test.with));
            if (is_clean(test.with)) {
                a_.cmp(value, with);
            } else {
                a_.cmp(value, with, wide ? a64::uxth(0) : a64::uxtb(0));
            }
        } else if (is_short_form(test.with.bits)) {
            a_.cmp(value, test.with.bits);
        } else {
            a_.cmp(value, constant(kScratch.w(), test.with.bits));
        }
    }
    void test_zero(Value value, bool wide) {
        const GpW reg = gp(reg_of(value));
        if (is_clean(value)) {
            a_.cmp(reg, 0);
        } else {
            a_.tst(reg, mask_of(wide));
        }
    }

    void write_comparison(const Node& node) {
        const Test test = test_of(node);
        if (test.kind == Test::Kind::HasTopBit) {
            const std::uint8_t from = reg_of(test.value);
            const GpW to = result_over(test.value);
            a_.ubfx(to, gp(from), bits_of(node.wide) - 1, 1);
            if (test.is_turned) {
                a_.eor(to, to, 1);
            }
            return;
        }
        CondCode holds = test.holds;
        if (test.kind == Test::Kind::IsZero) {
            test_zero(test.value, node.wide);
            holds = test.is_turned ? CondCode::kNE : CondCode::kEQ;
        } else {
            compare(test, node.wide);
        }
        a_.cset(result_over(node.a, node.b), holds);
    }

    void jump_if_compared(const Node& node, const Label& to, bool is_set) override {
        const Test test = test_of(node);
        switch (test.kind) {
            case Test::Kind::IsZero:
                jump_if_zero(reg_of(test.value), node.wide, is_clean(test.value), to,
                             is_set != test.is_turned);
                break;
            case Test::Kind::HasTopBit:
                jump_if_bit(gp(reg_of(test.value)), bits_of(node.wide) - 1, to,
                            is_set != test.is_turned);
                break;
            case Test::Kind::Compare:
                compare(test, node.wide);
                a_.b(is_set ? test.holds : asmjit::arm::negateCond(test.holds), to);
                break;
        }
    }
    void jump_if_flag(std::uint8_t reg, bool is_clean, const Label& to, bool is_set) override {
        jump_if_zero(reg, false, is_clean, to, !is_set);
    }
    void jump_if_zero(std::uint8_t reg, bool wide, bool is_clean, const Label& to, bool is_zero) {
        if (is_clean) {
            is_zero ? a_.cbz(gp(reg), to) : a_.cbnz(gp(reg), to);
        } else {
            a_.tst(gp(reg), mask_of(wide));
            is_zero ? a_.b_eq(to) : a_.b_ne(to);
        }
    }
    void jump_if_bit(const Gp& reg, unsigned bit, const Label& to, bool is_set) {
        if (near_) {
            is_set ? a_.tbnz(reg, bit, to) : a_.tbz(reg, bit, to);
        } else {
            a_.tst(reg, std::uint64_t{1} << bit);
            is_set ? a_.b_ne(to) : a_.b_eq(to);
        }
    }
    void jump(const Label& to) override { a_.b(to); }

    // --- leaving

    void store_cell(const CellStore& store, Source from) {
        store_to(cell(store.cell, store.part == CellStore::Part::Short), store.part, from);
    }
    void store_to(const a64::Mem& to, CellStore::Part part, Source from) {
        using Part = CellStore::Part;
        const bool wide = part == Part::Short;
        if (from.kind == Source::Kind::Constant) {
            return save(constant(kScratch.w(), cell_bits(part, from.number)), to, wide);
        }
        GpW reg = kScratch.w();
        if (from.kind == Source::Kind::Slot) {
            a_.ldr(reg, slot(from.number));
        } else {
            reg = gp(static_cast<std::uint8_t>(from.number));
        }
        if (part == Part::HighByte) {
            a_.lsr(kScratch.w(), reg, 8);
            reg = kScratch.w();
        } else if (part == Part::OrBytes) {
            a_.orr(kScratch.w(), reg, reg, a64::lsr(8));
            reg = kScratch.w();
        }
        save(reg, to, wide);
    }

    /// What is on top comes last, and moves the pointer on the way.
    void write_stacks(const Exit& exit, std::span<const Source> sources,
                      const CellPlace* pc) override {
        struct Top {
            const CellStore* store = nullptr;
            Source from = {};
        };
        const std::array pushed = {exit.wst, exit.rst};
        std::array<Top, 2> tops;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const CellStore& store = region_.cells[exit.first + i];
            const int end = store.cell.at + (store.part == CellStore::Part::Short ? 2 : 1);
            if (end == pushed[store.cell.rst] && end != 0) {
                tops[store.cell.rst] = {.store = &store, .from = sources[i]};
            } else {
                store_cell(store, sources[i]);
            }
        }
        // A return address comes off its stack by being read.
        const bool is_popped = pc != nullptr && pc->at == -2 && pushed[pc->rst] == -2;
        if (is_popped) {
            a_.ldrh(kPc.w(), a64::ptr_post(pointer(pc->rst), 2));
        } else if (pc != nullptr) {
            a_.ldrh(kPc.w(), cell(*pc, true));
        }
        for (const bool rst : {false, true}) {
            const GpX& moved = pointer(rst);
            const Top& top = tops[rst];
            const int by = is_popped && rst == pc->rst ? 0 : pushed[rst];
            if (top.store != nullptr) {
                store_to(a64::ptr_pre(moved, -by), top.store->part, top.from);
            } else if (by > 0) {
                a_.sub(moved, moved, by);
            } else if (by < 0) {
                a_.add(moved, moved, -by);
            }
        }
    }
    void set_pc(Source to) override {
        switch (to.kind) {
            case Source::Kind::Constant: a_.mov(kPc.w(), to.number); break;
            case Source::Kind::Register:
                a_.and_(kPc.w(), gp(static_cast<std::uint8_t>(to.number)), 0xffff);
                break;
            case Source::Kind::Slot: a_.ldrh(kPc.w(), slot(to.number)); break;
        }
    }
    void take_fuel(unsigned count) override { a_.sub(kLeft, kLeft, count); }
    void take_fuel_and_jump(unsigned count, const Label& to) override {
        a_.subs(kLeft, kLeft, count);
        a_.b_pl(to);
    }
    void leave(Leave how, Source /*to*/) override {
        switch (how) {
            case Leave::Interpret:
            case Leave::OutOfFuel:
            case Leave::Jump: jump_to_entry(); break;
            case Leave::Return: a_.ret(a64::x30); break;
            case Leave::Call:
                a_.cmp(a64::sp, kStackLimit);
                a_.b_lo(deep_);
                a_.str(a64::x30, a64::ptr_pre(a64::sp, -16));
                a_.ldr(kScratch, entry_of_pc());
                a_.blr(kScratch);
                a_.ldr(a64::x30, a64::ptr_post(a64::sp, 16));
                jump_to_entry();
                break;
            case Leave::Step: jump_to(offsetof(Context, stubs.step)); break;
        }
    }
    void jump_to_entry() {
        a_.ldr(kScratch, entry_of_pc());
        a_.br(kScratch);
    }
    void jump_to(std::size_t stub) {
        a_.ldr(kScratch, context(stub));
        a_.br(kScratch);
    }
    void call_side_exit() override { a_.bl(side_exit_); }

    void write_entry() override {
        for (const bool rst : {false, true}) {
            check_end(pointer(rst), -1 - region_.growth[rst], region_.growth[rst] != 0);
            check_end(pointer(rst), region_.pops[rst] - 1, region_.pops[rst] != 0);
        }
        jump_if_bit(kLeft, 63, out_of_fuel_, true);
    }
    /// Bit 8 of an address tells whether it is in the ring.
    void check_end(const GpX& pointer, int distance, bool is_touched) {
        if (!is_touched) {
            return;
        }
        if (distance > 0) {
            a_.add(kScratch, pointer, distance);
        } else if (distance < 0) {
            a_.sub(kScratch, pointer, -distance);
        }
        jump_if_bit(distance == 0 ? pointer : kScratch, 8, odd_, true);
    }

    void write_ends() override {
        a_.bind(odd_);
        a_.mov(kPc.w(), region_.pc);
        jump_to(offsetof(Context, stubs.careful));
        a_.bind(out_of_fuel_);
        a_.mov(kPc.w(), region_.pc);
        jump_to(offsetof(Context, stubs.leave));
        a_.bind(deep_);
        jump_to(offsetof(Context, stubs.deep));
        a_.bind(side_exit_);
        jump_to(offsetof(Context, stubs.side_exit));
    }

    a64::Assembler& a_;
    const bool near_;
    Label odd_, out_of_fuel_, deep_, side_exit_;
};

/// Remembers that something could not be assembled.
class Errors final : public asmjit::ErrorHandler {
public:
    void handleError(asmjit::Error, const char*, asmjit::BaseEmitter*) override { any_ = true; }
    bool any() const { return any_; }

private:
    bool any_ = false;
};

}  // namespace
}  // namespace aarch64

bool write_region(const Region& region, asmjit::CodeHolder& code, Compiled& compiled) {
    for (const bool near : {true, false}) {
        aarch64::Errors errors;
        asmjit::a64::Assembler a(&code);
        a.setErrorHandler(&errors);
        compiled = {};
        const bool is_written = aarch64::WriterA64(region, a, near).write(compiled);
        if (!is_written || !errors.any()) {
            return is_written;
        }
        // A short branch did not reach: again, with long ones.
        const asmjit::Environment environment = code.environment();
        code.reset();
        if (code.init(environment) != asmjit::kErrorOk) {
            return false;
        }
    }
    return false;
}

}  // namespace uxn::jit
