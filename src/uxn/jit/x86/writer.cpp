#include "uxn/jit/x86/writer.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "uxn/jit/uses.hpp"
#include "uxn/jit/x86/registers.hpp"

namespace uxn::jit::x86_64 {
namespace {

using asmjit::Imm;
using asmjit::Label;

constexpr std::uint8_t kCodeMark = 0x80;

/// Writes the code of one region, in one pass. A value is in a register, in a slot, or both. Those
/// that go from block to block do it at the places that the first edge to a block has found for its
/// parameters.
class Writer {
public:
    Writer(const Region& region, x86::Assembler& a)
        : region_(region),
          a_(a),
          uses_(region),
          nodes_(region.nodes.size()),
          pending_at_(region.blocks.size()),
          entered_(region.blocks.size()),
          labels_(region.blocks.size()) {}

    /// False if it got too complicated.
    bool write(Compiled& compiled) {
        compiled_ = &compiled;
        for (Label& label : labels_) {
            label = a_.newLabel();
        }
        enter_region();
        std::vector<std::uint32_t> waiting = {0};
        std::vector<bool> written(region_.blocks.size());
        while (!waiting.empty()) {
            std::uint32_t block = waiting.back();
            waiting.pop_back();
            while (block != kNone && !written[block]) {
                written[block] = true;
                block = write_block(block, written, waiting);
            }
            if (block != kNone) {
                a_.jmp(labels_[block]);
            }
        }
        write_late();
        return !failed_;
    }

private:
    static constexpr std::uint32_t kNone = ~0U;
    static constexpr std::uint8_t kNoRegister = 0xff;
    static constexpr std::uint8_t kNoSlot = 0xff;

    /// What is known of a node's value while its block is written.
    struct Known {
        std::uint8_t reg = kNoRegister;
        std::uint8_t slot = kNoSlot;
        bool is_clean = true;  ///< no bits above its own
    };
    struct Place {
        std::uint8_t reg = kNoRegister;
        std::uint8_t slot = kNoSlot;
        friend bool operator==(const Place&, const Place&) = default;
    };
    struct Late {
        enum class Kind { SideExit, Edge } kind;
        Label label;
        std::uint32_t exit = 0;
        std::uint32_t first = 0, last = 0;  ///< side exit: of the stores
        // An edge that needs code.
        const Edge* edge = nullptr;
        std::vector<Place> places;  ///< of its arguments
        std::uint32_t from = 0;     ///< its block
        unsigned pending = 0;       ///< side exit, too
    };

    Known& known(Value value) { return nodes_[static_cast<std::size_t>(value.node)]; }
    const Node& node_of(Value value) const {
        return region_.nodes[static_cast<std::size_t>(value.node)];
    }

    // --- registers

    static x86::Gpd gp(std::uint8_t id) { return x86::gpd(id); }

    void lock(std::uint8_t reg) { locked_ |= 1U << reg; }
    bool is_locked(std::uint8_t reg) const { return (locked_ >> reg & 1) != 0; }

    /// A register that nothing is in.
    std::uint8_t take() {
        std::uint8_t victim = kNoRegister;
        std::uint32_t latest = 0;
        for (const std::uint8_t reg : kRegisters) {
            if (is_locked(reg)) {
                continue;
            }
            if (owners_[reg] == Value::kConstant) {
                lock(reg);
                return reg;
            }
            const std::uint32_t use = uses_.last_use({.node = owners_[reg]});
            if (victim == kNoRegister || use > latest) {
                victim = reg;
                latest = use;
            }
        }
        if (victim == kNoRegister) {
            failed_ = true;
            return kRegisters[0];
        }
        evict(victim);
        lock(victim);
        return victim;
    }
    void evict(std::uint8_t reg) {
        Known& owner = nodes_[static_cast<std::size_t>(owners_[reg])];
        if (owner.slot == kNoSlot) {
            owner.slot = take_slot();
            a_.mov(slot(owner.slot), gp(reg));
        }
        owner.reg = kNoRegister;
        owners_[reg] = Value::kConstant;
    }
    /// That register, free; what was in it is elsewhere.
    void claim(std::uint8_t reg) {
        lock(reg);
        if (owners_[reg] == Value::kConstant) {
            return;
        }
        for (const std::uint8_t other : kRegisters) {
            if (owners_[other] == Value::kConstant && !is_locked(other)) {
                a_.mov(gp(other), gp(reg));
                owners_[other] = owners_[reg];
                nodes_[static_cast<std::size_t>(owners_[reg])].reg = other;
                owners_[reg] = Value::kConstant;
                lock(other);
                return;
            }
        }
        evict(reg);
    }
    std::uint8_t take_slot() {
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            if (!slots_[i]) {
                slots_[i] = true;
                return static_cast<std::uint8_t>(i);
            }
        }
        failed_ = true;
        return 0;
    }
    static x86::Mem slot(std::uint8_t number) {
        return context(offsetof(Context, slots) + std::size_t{8} * number, 4);
    }

    /// The register of a value, which is not to be changed. A constant gets one for this node.
    std::uint8_t reg_of(Value value) {
        if (value.is_constant()) {
            const std::uint8_t reg = take();
            set(reg, value.bits);
            return reg;
        }
        Known& it = known(value);
        if (it.reg == kNoRegister) {
            const std::uint8_t reg = take();
            a_.mov(gp(reg), slot(it.slot));
            it.reg = reg;
            owners_[reg] = value.node;
        }
        lock(it.reg);
        return it.reg;
    }
    /// The same, without bits above its own.
    std::uint8_t clean(Value value) {
        const std::uint8_t reg = reg_of(value);
        if (!value.is_constant() && !known(value).is_clean) {
            narrow(reg, node_of(value).wide);
            known(value).is_clean = true;
            known(value).slot = release_slot(known(value).slot);
        }
        return reg;
    }
    std::uint8_t release_slot(std::uint8_t number) {
        if (number != kNoSlot) {
            slots_[number] = false;
        }
        return kNoSlot;
    }
    void narrow(std::uint8_t reg, bool wide) {
        if (wide) {
            a_.movzx(gp(reg), gp(reg).r16());
        } else {
            a_.movzx(gp(reg), gp(reg).r8());
        }
    }
    void set(std::uint8_t reg, unsigned bits) { a_.mov(gp(reg), bits); }
    bool dies(Value value) { return !value.is_constant() && uses_.last_use(value) == now_; }

    /// A register that has the value and is the node's that is being written.
    std::uint8_t copy_of(Value value) {
        if (value.is_constant()) {
            const std::uint8_t reg = take();
            set(reg, value.bits);
            return own(reg);
        }
        const std::uint8_t from = reg_of(value);
        if (dies(value)) {
            known(value).reg = kNoRegister;
            return own(from);
        }
        const std::uint8_t reg = take();
        a_.mov(gp(reg), gp(from));
        return own(reg);
    }
    std::uint8_t own(std::uint8_t reg) {
        owners_[reg] = static_cast<std::int32_t>(now_);
        nodes_[now_].reg = reg;
        return reg;
    }
    /// A register for the node's result.
    std::uint8_t result() { return own(take()); }

    /// What nobody needs any more gives its places back.
    void let_go(Value value) {
        if (value.is_constant()) {
            return;
        }
        Known& it = known(value);
        if (uses_.last_use(value) <= now_) {
            if (it.reg != kNoRegister && owners_[it.reg] == value.node) {
                owners_[it.reg] = Value::kConstant;
            }
            it.reg = kNoRegister;
            it.slot = release_slot(it.slot);
        }
    }

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

    void write_node(std::size_t number) {
        const Node& node = region_.nodes[number];
        now_ = static_cast<std::uint32_t>(number);
        locked_ = 0;
        Known& it = nodes_[number];
        it.reg = kNoRegister;
        it.slot = kNoSlot;
        it.is_clean = true;
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
                const bool was_clean = node.a.is_constant() || known(node.a).is_clean;
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
            case Code::StoreCell:
                store_cell({.cell = node.cell,
                            .part = node.wide ? CellStore::Part::Short : CellStore::Part::Byte,
                            .value = node.a},
                           source_of(node.a));
                break;
            case Code::UnlessCode:
                if (node.wide) {
                    a_.movzx(kScratch.r32(), marks(node.a, 2));
                    a_.test(kScratch.r32(), kCodeMark << 8 | kCodeMark);
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
        for_each_value(region_, node, [&](Value value) { let_go(value); });
        if (it.reg != kNoRegister && !uses_.is_used({.node = static_cast<std::int32_t>(number)})) {
            owners_[it.reg] = Value::kConstant;
            it.reg = kNoRegister;
        }
    }

    void write_alu(const Node& node) {
        Value a = node.a;
        Value b = node.b;
        if (node.code != Code::Subtract && !dies(a) && dies(b)) {
            std::swap(a, b);
        }
        const bool a_clean = a.is_constant() || known(a).is_clean;
        const bool b_clean = b.is_constant() || known(b).is_clean;
        Known& it = nodes_[now_];
        switch (node.code) {
            case Code::And: it.is_clean = a_clean || b_clean; break;
            case Code::Or:
            case Code::Xor: it.is_clean = a_clean && b_clean; break;
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
            bool is_clean = node.a.is_constant() || known(node.a).is_clean;
            if (right != 0 && !node.a.is_constant()) {
                clean(node.a);
                is_clean = true;
            }
            const std::uint8_t to = copy_of(node.a);
            if (right != 0) {
                a_.shr(gp(to), right);
            }
            if (left != 0) {
                a_.shl(gp(to), left);
                is_clean = false;
            }
            it.is_clean = is_clean;
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

    Source source_of(Value value) {
        if (value.is_constant()) {
            return {Source::Kind::Constant, value.bits};
        }
        const Known& it = known(value);
        return it.reg != kNoRegister ? Source{Source::Kind::Register, it.reg}
                                     : Source{Source::Kind::Slot, it.slot};
    }

    void store_cell(const CellStore& store, Source from) {
        using Part = CellStore::Part;
        const bool wide = store.part == Part::Short;
        const x86::Mem to = cell(store.cell, wide);
        unsigned bits = from.number;
        if (from.kind == Source::Kind::Constant) {
            if (store.part == Part::HighByte) {
                bits >>= 8;
            }
            a_.mov(to, wide ? bits : bits & 0xff);
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
        }
        if (wide) {
            a_.mov(to, reg.r16());
        } else {
            a_.mov(to, reg.r8());
        }
    }

    /// Where to jump if the exit is to be taken, with all values where they are now.
    Label side_exit(std::uint32_t number) {
        Late late{.kind = Late::Kind::SideExit,
                  .label = a_.newLabel(),
                  .exit = number,
                  .places = {},
                  .pending = pending_};
        const Exit& exit = region_.exits[number];
        late.first = static_cast<std::uint32_t>(compiled_->stores.size());
        for (std::size_t i = exit.first; i < exit.last; ++i) {
            const CellStore& store = region_.cells[i];
            compiled_->stores.push_back({store.cell, store.part, source_of(store.value)});
        }
        late.last = static_cast<std::uint32_t>(compiled_->stores.size());
        late_.push_back(std::move(late));
        return late_.back().label;
    }

    void adjust(const Gp& pointer, int pushed) {
        if (pushed != 0) {
            a_.sub(pointer, pushed);
        }
    }

    /// Code that leaves. sources: of the cells' values, then of the pc.
    void write_exit(const Exit& exit, const std::vector<Source>& sources, unsigned pending) {
        const std::size_t cells = exit.last - exit.first;
        for (std::size_t i = 0; i < cells; ++i) {
            store_cell(region_.cells[exit.first + i], sources[i]);
        }
        const Source& to = sources[cells];
        switch (to.kind) {
            case Source::Kind::Constant: a_.mov(kPc.r32(), to.number); break;
            case Source::Kind::Register:
                a_.movzx(kPc.r32(), gp(static_cast<std::uint8_t>(to.number)).r16());
                break;
            case Source::Kind::Slot:
                a_.movzx(kPc.r32(),
                         context(offsetof(Context, slots) + std::size_t{8} * to.number, 2));
                break;
        }
        adjust(kWstPointer, exit.wst);
        adjust(kRstPointer, exit.rst);
        pay(pending + exit.count);
        const bool is_known = to.kind == Source::Kind::Constant;
        switch (exit.how) {
            case Leave::Interpret:
            case Leave::OutOfFuel:
            case Leave::Jump: a_.jmp(is_known ? entry_of(to.number) : entry_of_pc()); break;
            case Leave::Return: a_.ret(); break;
            case Leave::Call: {
                a_.cmp(x86::rsp, context(offsetof(Context, stack_limit)));
                a_.jb(deep_);
                a_.call(is_known ? entry_of(to.number) : entry_of_pc());
                a_.jmp(entry_of_pc());
                break;
            }
            case Leave::Step: a_.jmp(context(offsetof(Context, stubs.step))); break;
        }
    }

    /// Takes instructions that have been executed off the fuel.
    void pay(unsigned count) {
        if (count != 0) {
            a_.sub(kLeft, count);
        }
    }

    std::vector<Source> sources_of(const Exit& exit) {
        std::vector<Source> sources;
        for (std::size_t i = exit.first; i < exit.last; ++i) {
            sources.push_back(source_of(region_.cells[i].value));
        }
        sources.push_back(source_of(exit.pc));
        return sources;
    }

    /// The same, with everything where it is now.
    void write_exit(std::uint32_t number) {
        const Exit& exit = region_.exits[number];
        write_exit(exit, sources_of(exit), pending_);
    }

    void enter_region() {
        odd_ = a_.newLabel();
        out_of_fuel_ = a_.newLabel();
        deep_ = a_.newLabel();
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

    // --- blocks

    /// Gives back the block that comes next, if it is to follow at once.
    std::uint32_t write_block(std::uint32_t number, const std::vector<bool>& written,
                              std::vector<std::uint32_t>& waiting) {
        const Block& block = region_.blocks[number];
        a_.bind(labels_[number]);
        owners_.fill(Value::kConstant);
        slots_ = {};
        for (std::size_t i = 0; i < block.parameters.size(); ++i) {
            if (!uses_.is_used(block.parameters[i])) {
                continue;
            }
            const Place& place = entered_[number][i];
            Known& it = known(block.parameters[i]);
            it.reg = place.reg;
            it.slot = place.slot;
            it.is_clean = true;
            if (place.reg != kNoRegister) {
                owners_[place.reg] = block.parameters[i].node;
            }
            if (place.slot != kNoSlot) {
                slots_[place.slot] = true;
            }
        }
        pending_ = pending_at_[number];
        for (const Value parameter : block.parameters) {
            now_ = 0;
            if (uses_.last_use(parameter) == 0) {
                let_go(parameter);
            }
        }
        for (std::size_t i = block.first; i < block.last; ++i) {
            if (uses_.is_emitted(i) &&
                !(block.end == Block::End::Branch && is_needed_by_branch(block.flag, i))) {
                write_node(i);
            }
        }
        now_ = static_cast<std::uint32_t>(block.last);
        locked_ = 0;
        switch (block.end) {
            case Block::End::Exit: write_exit(block.exit); return kNone;
            case Block::End::Jump: pending_ += block.count; return write_jump(number);
            case Block::End::Branch:
                pending_ += block.count;
                return write_branch(number, written, waiting);
        }
        return kNone;
    }

    /// Whether it is the comparison that the branch does by itself.
    bool is_needed_by_branch(Value flag, std::size_t number) {
        if (!uses_.is_done_at_branch(flag)) {
            return false;
        }
        if (static_cast<std::size_t>(flag.node) == number) {
            return true;
        }
        const Value inner = node_of(flag).a;
        return uses_.is_inversion(node_of(flag)) &&
               static_cast<std::size_t>(inner.node) == number && uses_.is_done_at_branch(inner);
    }

    std::uint32_t write_jump(std::uint32_t number) {
        const Edge& edge = region_.blocks[number].edges[0];
        const Block& to = region_.blocks[edge.block];
        if (to.is_exit) {
            write_exit(to.exit);
            return kNone;
        }
        clean_arguments(edge);
        go(number, edge, places_of(edge), pending_);
        return edge.block;
    }

    static bool is_back(std::uint32_t from, const Edge& edge) { return edge.block <= from; }
    /// Whether the code before an edge can leave paying to the code behind it.
    bool is_only_way(const Edge& edge) const { return uses_.edges_to(edge.block) == 1; }

    /// What an edge does but for the jump.
    void go(std::uint32_t from, const Edge& edge, const std::vector<Place>& places,
            unsigned pending) {
        move(edge, places);
        if (is_back(from, edge)) {
            a_.sub(kLeft, pending);
            a_.jle(out_of_fuel_at(edge.block));
        } else if (is_only_way(edge)) {
            pending_at_[edge.block] = pending;
        } else {
            pay(pending);
        }
    }

    /// A way out with the parameters of the block where they have just been moved to.
    Label out_of_fuel_at(std::uint32_t number) {
        const Block& block = region_.blocks[number];
        for (std::size_t i = 0; i < block.parameters.size(); ++i) {
            const Place& place = entered_[number][i];
            known(block.parameters[i]).reg = place.reg;
            known(block.parameters[i]).slot = place.slot;
        }
        const unsigned pending = std::exchange(pending_, 0U);
        const Label label = side_exit(block.out_of_fuel);
        pending_ = pending;
        return label;
    }

    void clean_arguments(const Edge& edge) {
        const Block& to = region_.blocks[edge.block];
        for (std::size_t i = 0; i < edge.arguments.size(); ++i) {
            const Value value = edge.arguments[i];
            if (!uses_.is_used(to.parameters[i]) || value.is_constant() || known(value).is_clean) {
                continue;
            }
            locked_ = 0;
            clean(value);
        }
    }

    /// Where the arguments are; nothing for constants and for what is not needed.
    std::vector<Place> places_of(const Edge& edge) {
        const Block& to = region_.blocks[edge.block];
        std::vector<Place> places(edge.arguments.size());
        for (std::size_t i = 0; i < edge.arguments.size(); ++i) {
            if (uses_.is_used(to.parameters[i]) && !edge.arguments[i].is_constant()) {
                const Known& it = known(edge.arguments[i]);
                places[i] = it.reg != kNoRegister ? Place{.reg = it.reg} : Place{.slot = it.slot};
            }
        }
        return places;
    }

    /// Finds places for the parameters of a block that nobody has come to yet.
    void find_places(const Edge& edge, const std::vector<Place>& from) {
        const Block& to = region_.blocks[edge.block];
        std::vector<Place>& places = entered_[edge.block];
        places.resize(to.parameters.size());
        std::uint32_t taken = 0;
        std::array<bool, Context::kSlots> taken_slots{};
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (!uses_.is_used(to.parameters[i])) {
                continue;
            }
            const Place& place = from[i];
            if (place.reg != kNoRegister && (taken >> place.reg & 1) == 0) {
                places[i] = place;
                taken |= 1U << place.reg;
            } else if (place.reg == kNoRegister && place.slot != kNoSlot &&
                       !taken_slots[place.slot]) {
                places[i] = place;
                taken_slots[place.slot] = true;
            } else {
                open.push_back(i);
            }
        }
        for (const std::size_t i : open) {
            for (const std::uint8_t reg : kRegisters) {
                if ((taken >> reg & 1) == 0) {
                    places[i] = {.reg = reg};
                    taken |= 1U << reg;
                    break;
                }
            }
            for (std::size_t k = 0; places[i] == Place{} && k < taken_slots.size(); ++k) {
                // Not one that another value is still in.
                if (!taken_slots[k] && !slots_[k]) {
                    places[i] = {.slot = static_cast<std::uint8_t>(k)};
                    taken_slots[k] = true;
                }
            }
            if (places[i] == Place{}) {
                failed_ = true;
            }
        }
    }

    /// Whether the edge needs no code.
    bool is_free(std::uint32_t number, const Edge& edge, const std::vector<Place>& from) const {
        if (is_back(number, edge) || (pending_ != 0 && !is_only_way(edge))) {
            return false;
        }
        const Block& to = region_.blocks[edge.block];
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (uses_.is_used(to.parameters[i]) && from[i] != entered_[edge.block][i]) {
                return false;
            }
        }
        return true;
    }

    /// Moves all arguments at once.
    void move(const Edge& edge, const std::vector<Place>& from) {
        const Block& target = region_.blocks[edge.block];
        if (entered_[edge.block].empty()) {
            find_places(edge, from);
        }
        const std::vector<Place>& to = entered_[edge.block];
        struct Move {
            Place to;
            Place from;
        };
        std::vector<Move> moves;
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (uses_.is_used(target.parameters[i]) && !edge.arguments[i].is_constant() &&
                from[i] != to[i]) {
                moves.push_back({to[i], from[i]});
            }
        }
        while (!moves.empty()) {
            const auto ready = std::ranges::find_if(moves, [&](const Move& candidate) {
                return std::ranges::none_of(
                    moves, [&](const Move& other) { return other.from == candidate.to; });
            });
            if (ready != moves.end()) {
                move(ready->to, ready->from);
                moves.erase(ready);
                continue;
            }
            // A circle.
            const Place first = moves.front().from;
            move({.reg = kScratchId}, first);
            for (Move& other : moves) {
                if (other.from == first) {
                    other.from = {.reg = kScratchId};
                }
            }
        }
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (!uses_.is_used(target.parameters[i]) || !edge.arguments[i].is_constant()) {
                continue;
            }
            if (to[i].reg != kNoRegister) {
                set(to[i].reg, edge.arguments[i].bits);
            } else {
                a_.mov(slot(to[i].slot), edge.arguments[i].bits);
            }
        }
    }
    static constexpr std::uint8_t kScratchId = Gp::kIdR11;

    void move(Place to, Place from) {
        if (to.reg != kNoRegister) {
            if (from.reg != kNoRegister) {
                a_.mov(gp(to.reg), gp(from.reg));
            } else {
                a_.mov(gp(to.reg), slot(from.slot));
            }
        } else if (from.reg != kNoRegister) {
            a_.mov(slot(to.slot), gp(from.reg));
        } else {
            a_.push(context(offsetof(Context, slots) + std::size_t{8} * from.slot));
            a_.pop(context(offsetof(Context, slots) + std::size_t{8} * to.slot));
        }
    }

    /// Jumps if the flag is set, or if it is not.
    void jump_if(Value flag, const Label& to, bool is_set) {
        const Node& node = node_of(flag);
        if (known(flag).reg == kNoRegister && known(flag).slot == kNoSlot) {
            if (uses_.is_inversion(node)) {
                if (known(node.a).reg != kNoRegister || known(node.a).slot != kNoSlot) {
                    return jump_if(node.a, to, !is_set);
                }
                return jump_if_compared(node_of(node.a), to, !is_set);
            }
            return jump_if_compared(node, to, is_set);
        }
        const std::uint8_t reg = reg_of(flag);
        a_.test(gp(reg).r8(), gp(reg).r8());
        is_set ? a_.jnz(to) : a_.jz(to);
    }
    void jump_if_compared(const Node& node, const Label& to, bool is_set) {
        const x86::CondCode set = condition(node, compare(node));
        a_.j(is_set ? set : x86::negateCond(set), to);
    }

    std::uint32_t write_branch(std::uint32_t number, const std::vector<bool>& written,
                               std::vector<std::uint32_t>& waiting) {
        const Block& block = region_.blocks[number];
        for (const Edge& edge : block.edges) {
            clean_arguments(edge);
        }
        // What the comparison needs has to be in registers before places are looked at.
        locked_ = 0;
        load_operands(block.flag);
        std::array<std::vector<Place>, 2> places = {places_of(block.edges[0]),
                                                    places_of(block.edges[1])};
        // The edge whose code comes next: a way back that needs code, or what has not been written.
        const auto is_new = [&](int i) {
            return !written[block.edges[i].block] && !region_.blocks[block.edges[i].block].is_exit;
        };
        const auto is_out = [&](int i) { return region_.blocks[block.edges[i].block].is_exit; };
        for (const int i : {0, 1}) {
            if (is_new(i) && entered_[block.edges[i].block].empty()) {
                find_places(block.edges[i], places[static_cast<std::size_t>(i)]);
            }
        }
        const bool is_first_costly =
            !is_out(0) && !is_new(0) && !is_free(number, block.edges[0], places[0]);
        const bool is_first_better =
            is_new(0) && !is_new(1) && (is_out(1) || is_free(number, block.edges[1], places[1]));
        const int follows = is_first_costly || is_first_better ? 0 : 1;
        const int other = 1 - follows;
        const Edge& away = block.edges[other];
        const auto& away_places = places[static_cast<std::size_t>(other)];
        Label label;
        if (is_out(other) || !is_free(number, away, away_places)) {
            Late late{.kind = Late::Kind::Edge,
                      .label = a_.newLabel(),
                      .edge = &away,
                      .places = away_places,
                      .from = number,
                      .pending = pending_};
            if (is_out(other)) {
                const Exit& exit = region_.exits[region_.blocks[away.block].exit];
                exit_sources_.push_back(sources_of(exit));
                late.first = static_cast<std::uint32_t>(exit_sources_.size() - 1);
            }
            label = late.label;
            late_.push_back(std::move(late));
        } else {
            label = labels_[away.block];
        }
        if (is_only_way(away)) {
            pending_at_[away.block] = pending_;
        }
        jump_if(block.flag, label, other == 0);
        if (is_new(other)) {
            waiting.push_back(away.block);
        }
        const Edge& next = block.edges[follows];
        if (is_out(follows)) {
            write_exit(region_.blocks[next.block].exit);
            return kNone;
        }
        go(number, next, places[static_cast<std::size_t>(follows)], pending_);
        return next.block;
    }

    void load_operands(Value flag) {
        const Node& node = node_of(flag);
        if (known(flag).reg != kNoRegister || known(flag).slot != kNoSlot) {
            reg_of(flag);
            return;
        }
        if (uses_.is_inversion(node)) {
            return load_operands(node.a);
        }
        for (const Value value : {node.a, node.b}) {
            if (!value.is_constant()) {
                if (node.wide && (node.a.is_constant() || node.b.is_constant())) {
                    clean(value);
                } else {
                    reg_of(value);
                }
            }
        }
    }

    void write_late() {
        for (std::size_t i = 0; i < late_.size(); ++i) {
            const Late late = late_[i];  // writing it may add to them
            a_.bind(late.label);
            if (late.kind == Late::Kind::Edge) {
                const Edge& edge = *late.edge;
                const Block& to = region_.blocks[edge.block];
                if (to.is_exit) {
                    write_exit(region_.exits[to.exit], exit_sources_[late.first], late.pending);
                } else {
                    go(late.from, edge, late.places, late.pending);
                    a_.jmp(labels_[edge.block]);
                }
                continue;
            }
            a_.call(context(offsetof(Context, stubs.side_exit)));
            const Exit& exit = region_.exits[late.exit];
            compiled_->side_exits.push_back(
                {.offset = static_cast<std::uint32_t>(a_.offset()),
                 .pc = exit.pc.bits,
                 .wst = exit.wst,
                 .rst = exit.rst,
                 .count = static_cast<std::uint16_t>(exit.count + late.pending),
                 .is_jump = exit.how == Leave::OutOfFuel,
                 .first = late.first,
                 .last = late.last});
        }
        a_.bind(odd_);
        a_.mov(kPc.r32(), region_.pc);
        a_.jmp(context(offsetof(Context, stubs.careful)));
        a_.bind(out_of_fuel_);
        a_.mov(kPc.r32(), region_.pc);
        a_.jmp(context(offsetof(Context, stubs.leave)));
        a_.bind(deep_);
        a_.jmp(context(offsetof(Context, stubs.deep)));
    }

    const Region& region_;
    x86::Assembler& a_;
    const Uses uses_;
    Compiled* compiled_ = nullptr;
    std::vector<Known> nodes_;
    std::vector<unsigned> pending_at_;  ///< by block: executed before, not yet paid
    unsigned pending_ = 0;
    std::vector<std::vector<Place>> entered_;  ///< by block, where its parameters are
    std::vector<Label> labels_;
    std::vector<Late> late_;
    std::vector<std::vector<Source>> exit_sources_;
    std::array<std::int32_t, 16> owners_{};
    std::array<bool, Context::kSlots> slots_{};
    std::uint32_t locked_ = 0;
    std::uint32_t now_ = 0;
    bool failed_ = false;
    Label odd_, out_of_fuel_, deep_;
};

}  // namespace

bool write_region(const Region& region, x86::Assembler& a, Compiled& compiled) {
    return Writer(region, a).write(compiled);
}

}  // namespace uxn::jit::x86_64
