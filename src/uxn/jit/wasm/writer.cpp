#include "uxn/jit/wasm/writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "uxn/fused/code_map.hpp"
#include "uxn/interp/exactness.hpp"
#include "uxn/jit/uses.hpp"
#include "uxn/jit/wasm/encoder.hpp"
#include "uxn/jit/wasm/flow.hpp"

namespace uxn::jit::wasm {
namespace {

using fused::CodeMap;

std::uint32_t address_of(const void* place) {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(place));
}

/// Whether the node's value depends on its operands alone.
bool is_pure(Code code) {
    switch (code) {
        case Code::Add:
        case Code::Subtract:
        case Code::Multiply:
        case Code::Divide:
        case Code::And:
        case Code::Or:
        case Code::Xor:
        case Code::Shift:
        case Code::Equal:
        case Code::Greater:
        case Code::SignExtend:
        case Code::MakeShort:
        case Code::HighByte:
        case Code::LowByte: return true;
        default: return false;
    }
}

/// Writes the body of the function. Blocks of the region become blocks and loops as they dominate
/// each other: N. Ramsey, "Beyond Relooper" (2022). A value that is used once is computed where it
/// is used; any other one has a local variable.
class Writer {
public:
    Writer(const Region& region, const Context& context)
        : region_(region),
          context_(context),
          uses_(region),
          flow_(region),
          machine_(address_of(context.machine)),
          locals_(region.nodes.size()),
          pending_at_(region.blocks.size()) {}

    /// The function as it stands in the code section.
    std::vector<std::uint8_t> function() {
        write_entry();
        write_tree(0);
        code_.op(Op::Unreachable);
        code_.op(Op::End);
        Encoder whole;
        whole.number(1);
        whole.number(next_local_ - kParameters);
        whole.byte(kI32);
        whole.append(code_.bytes());
        return {whole.bytes().begin(), whole.bytes().end()};
    }

    static constexpr unsigned kI32 = 0x7f;
    // The locals that are there from the beginning: parameters, then two for a moment.
    enum Local : std::uint32_t { kWst, kRst, kLeft, kPc, kParameters, kAt = kParameters, kBits };

private:
    // --- values

    const Node& node_of(Value value) const {
        return region_.nodes[static_cast<std::size_t>(value.node)];
    }
    /// Whether it is computed where it is used, not where it stands.
    bool is_inlined(Value value) const {
        return is_pure(node_of(value).code) && uses_.is_used_once(value);
    }
    std::uint32_t local_of(Value value) {
        std::uint32_t& local = locals_[static_cast<std::size_t>(value.node)];
        if (local == 0) {
            local = next_local_++;
        }
        return local;
    }

    /// Whether `push` leaves no bits above the value's own.
    bool is_clean(Value value) const {
        return value.is_constant() || !is_inlined(value) || is_clean(node_of(value));
    }
    bool is_clean(const Node& node) const {
        switch (node.code) {
            case Code::Add:
            case Code::Subtract:
            case Code::Multiply:
            case Code::SignExtend:
            case Code::LowByte: return false;
            case Code::And: return is_clean(node.a) || is_clean(node.b);
            case Code::Or:
            case Code::Xor: return is_clean(node.a) && is_clean(node.b);
            case Code::Shift: return node.b.is_constant() && node.b.bits < 0x10;
            case Code::MakeShort: return is_clean(node.a);
            default: return true;
        }
    }

    /// Puts the value on top of WebAssembly's stack, with any bits above its own.
    void push(Value value) {
        if (value.is_constant()) {
            code_.constant(value.bits);
        } else if (is_inlined(value)) {
            compute(node_of(value));
        } else {
            code_.local(Op::LocalGet, local_of(value));
        }
    }
    /// The same without.
    void push_clean(Value value) {
        push(value);
        if (!is_clean(value)) {
            mask(node_of(value).wide);
        }
    }
    void mask(bool wide) {
        code_.constant(wide ? 0xffff : 0xff);
        code_.op(Op::I32And);
    }

    void compute(const Node& node) {
        const auto both = [&](Op op) {
            push(node.a);
            push(node.b);
            code_.op(op);
        };
        switch (node.code) {
            case Code::Add: return both(Op::I32Add);
            case Code::Subtract: return both(Op::I32Sub);
            case Code::Multiply: return both(Op::I32Mul);
            case Code::And: return both(Op::I32And);
            case Code::Or: return both(Op::I32Or);
            case Code::Xor: return both(Op::I32Xor);
            case Code::Divide: return divide(node);
            case Code::Shift: return shift(node);
            case Code::Equal:
                push_clean(node.a);
                if (node.b == Value{}) {
                    return code_.op(Op::I32Eqz);
                }
                push_clean(node.b);
                return code_.op(Op::I32Eq);
            case Code::Greater:
                push_clean(node.a);
                push_clean(node.b);
                return code_.op(Op::I32GtU);
            case Code::SignExtend: push(node.a); return code_.op(Op::I32Extend8S);
            case Code::MakeShort:
                push(node.a);
                code_.constant(8);
                code_.op(Op::I32Shl);
                push_clean(node.b);
                return code_.op(Op::I32Or);
            case Code::HighByte:
                push_clean(node.a);
                code_.constant(8);
                return code_.op(Op::I32ShrU);
            case Code::LowByte: return push(node.a);
            default: return;
        }
    }

    /// Division by zero gives zero, where WebAssembly's traps.
    void divide(const Node& node) {
        push_clean(node.a);
        if (node.b.is_constant()) {
            code_.constant(node.b.bits);
            return code_.op(Op::I32DivU);
        }
        // a / b = b == 0 ? a / ffffffff : a / b
        push_clean(node.b);
        code_.local(Op::LocalTee, kBits);
        code_.constant(~0U);
        code_.local(Op::LocalGet, kBits);
        code_.op(Op::Select);
        code_.op(Op::I32DivU);
    }

    void shift(const Node& node) {
        if (node.b.is_constant()) {
            const unsigned right = node.b.bits & 0x0f;
            const unsigned left = node.b.bits >> 4;
            push_clean(node.a);
            if (right != 0) {
                code_.constant(right);
                code_.op(Op::I32ShrU);
            }
            if (left != 0) {
                code_.constant(left);
                code_.op(Op::I32Shl);
            }
            return;
        }
        push_clean(node.a);
        push_clean(node.b);
        code_.local(Op::LocalTee, kBits);
        code_.constant(0x0f);
        code_.op(Op::I32And);
        code_.op(Op::I32ShrU);
        code_.local(Op::LocalGet, kBits);
        code_.constant(4);
        code_.op(Op::I32ShrU);
        code_.op(Op::I32Shl);
    }

    // --- nodes

    void write_nodes(const Block& block) {
        for (std::size_t i = block.first; i < block.last; ++i) {
            const Value value{.node = static_cast<std::int32_t>(i)};
            const Node& node = region_.nodes[i];
            if (!uses_.is_emitted(i) || (uses_.is_used(value) && is_inlined(value))) {
                continue;
            }
            if (is_pure(node.code)) {
                compute(node);
                if (!is_clean(node)) {
                    mask(node.wide);
                }
                code_.local(Op::LocalSet, local_of(value));
            } else {
                write_node(node, value);
            }
        }
    }

    void write_node(const Node& node, Value value) {
        switch (node.code) {
            case Code::Cell:
                push_cell_base(node.cell);
                code_.memory(node.wide ? Op::I32Load16U : Op::I32Load8U,
                             cell_offset(node.cell, node.wide));
                return code_.local(Op::LocalSet, local_of(value));
            case Code::LoadRam: load_ram(node); return code_.local(Op::LocalSet, local_of(value));
            case Code::LoadPort:
                code_.constant(0);
                code_.memory(Op::I32Load8U, port(node.a));
                return code_.local(Op::LocalSet, local_of(value));
            case Code::StoreRam: return store_ram(node);
            case Code::StorePort:
                code_.constant(0);
                push(node.b);
                return code_.memory(Op::I32Store8, port(node.a));
            case Code::StoreCell: return store_cell(cell_store(node));
            case Code::UnlessCode:
                push_clean(node.a);
                if (node.wide) {
                    code_.memory(Op::I32Load16U, address_of(context_.marks));
                    code_.constant(CodeMap::kCode << 8 | CodeMap::kCode);
                    code_.op(Op::I32And);
                } else {
                    // kCode is the sign.
                    code_.memory(Op::I32Load8S, address_of(context_.marks));
                    code_.constant(0);
                    code_.op(Op::I32LtS);
                }
                return exit_if(node.exit);
            case Code::UnlessWraps:
                // wide: of RAM, not of the zero page.
                push_clean(node.a);
                code_.constant(node.wide ? 0xffff : 0xff);
                code_.op(Op::I32Eq);
                return exit_if(node.exit);
            default: return;
        }
    }

    std::uint32_t port(Value at) const {
        return machine_ + static_cast<std::uint32_t>(offsetof(Machine, dev)) + at.bits;
    }

    /// RAM has the high byte of a short first, WebAssembly the low one.
    void load_ram(const Node& node) {
        push_clean(node.a);
        if (!node.wide) {
            return code_.memory(Op::I32Load8U, machine_);
        }
        code_.local(Op::LocalTee, kAt);
        code_.memory(Op::I32Load8U, machine_);
        code_.constant(8);
        code_.op(Op::I32Shl);
        code_.local(Op::LocalGet, kAt);
        code_.memory(Op::I32Load8U, machine_ + 1);
        code_.op(Op::I32Or);
    }

    void store_ram(const Node& node) {
        push_clean(node.a);
        if (!node.wide) {
            push(node.b);
            return code_.memory(Op::I32Store8, machine_);
        }
        if (node.b.is_constant()) {
            const unsigned bits = node.b.bits;
            code_.constant((bits << 8 | bits >> 8) & 0xffff);
            return code_.memory(Op::I32Store16, machine_);
        }
        code_.local(Op::LocalSet, kAt);
        push(node.b);
        code_.local(Op::LocalSet, kBits);
        code_.local(Op::LocalGet, kAt);
        code_.local(Op::LocalGet, kBits);
        code_.constant(8);
        code_.op(Op::I32ShrU);
        code_.memory(Op::I32Store8, machine_);
        code_.local(Op::LocalGet, kAt);
        code_.local(Op::LocalGet, kBits);
        code_.memory(Op::I32Store8, machine_ + 1);
    }

    void push_cell_base(CellPlace cell) { code_.local(Op::LocalGet, cell.rst ? kRst : kWst); }
    std::uint32_t cell_offset(CellPlace cell, bool wide) const {
        return machine_ - static_cast<std::uint32_t>(std::int32_t{cell.at}) - (wide ? 1 : 0);
    }

    void store_cell(const CellStore& store) {
        using Part = CellStore::Part;
        const bool wide = store.part == Part::Short;
        push_cell_base(store.cell);
        if (store.value.is_constant()) {
            code_.constant(cell_bits(store.part, store.value.bits));
        } else {
            push(store.value);
            if (store.part == Part::HighByte) {
                code_.constant(8);
                code_.op(Op::I32ShrU);
            } else if (store.part == Part::OrBytes) {
                code_.local(Op::LocalTee, kBits);
                code_.constant(8);
                code_.op(Op::I32ShrU);
                code_.local(Op::LocalGet, kBits);
                code_.op(Op::I32Or);
            }
        }
        code_.memory(wide ? Op::I32Store16 : Op::I32Store8, cell_offset(store.cell, wide));
    }

    // --- leaving

    void write_entry() {
        push_is_unfit(kWst, 0);
        push_is_unfit(kRst, 1);
        const auto stub = [&](CodePointer code) {
            code_.local(Op::LocalGet, kWst);
            code_.local(Op::LocalGet, kRst);
            code_.local(Op::LocalGet, kLeft);
            code_.constant(region_.pc);
            code_.constant(address_of(code));
            go_there();
        };
        code_.op(Op::I32Or);
        code_.block(Op::If);
        stub(context_.stubs.careful);
        code_.op(Op::End);
        code_.local(Op::LocalGet, kLeft);
        code_.constant(0);
        code_.op(Op::I32LeS);
        code_.block(Op::If);
        stub(context_.stubs.leave);
        code_.op(Op::End);
    }
    /// Whether the ring wraps where the region touches it.
    void push_is_unfit(std::uint32_t pointer, int ring) {
        const unsigned pops = region_.pops[ring];
        const unsigned growth = region_.growth[ring];
        if (pops == 0 && growth == 0) {
            return code_.constant(0);
        }
        code_.local(Op::LocalGet, pointer);
        code_.constant(growth);
        code_.op(Op::I32Sub);
        mask(false);
        code_.constant(0xff - pops - growth);
        code_.op(Op::I32GtU);
    }

    void take_fuel(unsigned count) {
        if (kCountsFuel && count != 0) {
            push_left(count);
            code_.local(Op::LocalSet, kLeft);
        }
    }
    void push_less(std::uint32_t local, std::int32_t less) {
        code_.local(Op::LocalGet, local);
        if (less != 0) {
            code_.constant(static_cast<std::uint32_t>(less));
            code_.op(Op::I32Sub);
        }
    }
    void push_left(unsigned count) { push_less(kLeft, static_cast<std::int32_t>(count)); }

    void go_there() {
        code_.op(Op::ReturnCallIndirect);
        code_.number(0);  // type
        code_.number(0);  // table
    }

    /// executed: instructions not yet taken off the fuel, those of the exit's block left out.
    void write_exit(const Exit& exit, Leave how, unsigned executed) {
        for (std::size_t i = exit.first; i < exit.last; ++i) {
            store_cell(region_.cells[i]);
        }
        if (!exit.pc.is_constant()) {
            push_clean(exit.pc);
            code_.local(Op::LocalSet, kPc);
        }
        push_less(kWst, exit.wst);
        push_less(kRst, exit.rst);
        push_left(kCountsFuel ? executed + exit.count : 0);
        if (exit.pc.is_constant()) {
            code_.constant(exit.pc.bits);
        } else {
            code_.local(Op::LocalGet, kPc);
        }
        switch (how) {
            case Leave::Interpret: code_.constant(address_of(context_.stubs.careful)); break;
            case Leave::OutOfFuel: code_.constant(address_of(context_.stubs.leave)); break;
            case Leave::Step: code_.constant(address_of(context_.stubs.step)); break;
            case Leave::Jump:
            case Leave::Return:
            case Leave::Call: push_entry(exit.pc); break;
        }
        go_there();
    }
    void push_entry(Value pc) {
        const std::uint32_t entries = address_of(context_.entries.data());
        if (pc.is_constant()) {
            code_.constant(0);
            return code_.memory(Op::I32Load, entries + std::uint32_t{4} * pc.bits);
        }
        code_.local(Op::LocalGet, kPc);
        code_.constant(2);
        code_.op(Op::I32Shl);
        code_.memory(Op::I32Load, entries);
    }
    /// Leaves if what is on the stack is not zero.
    void exit_if(std::uint32_t number) {
        code_.block(Op::If);
        write_exit(region_.exits[number], region_.exits[number].how, pending_);
        code_.op(Op::End);
    }

    // --- blocks

    /// What a branch can lead to: the beginning of a loop, or the end of a block that is followed
    /// by a merge.
    struct Label {
        std::uint32_t block;
        bool is_loop;
    };
    static constexpr std::uint32_t kNoBlock = ~0U;

    void push_label(std::uint32_t block, bool is_loop) { labels_.push_back({block, is_loop}); }
    std::uint32_t depth_of(std::uint32_t block, bool is_loop) const {
        const auto found = std::find_if(labels_.rbegin(), labels_.rend(), [&](const Label& label) {
            return label.block == block && label.is_loop == is_loop;
        });
        return static_cast<std::uint32_t>(found - labels_.rbegin());
    }
    void end() {
        code_.op(Op::End);
        labels_.pop_back();
    }

    /// The block, and all that it dominates.
    void write_tree(std::uint32_t number) {
        const bool is_loop = flow_.is_loop(number);
        if (is_loop) {
            code_.block(Op::Loop);
            push_label(number, true);
        }
        const std::vector<std::uint32_t> merges = flow_.merges_below(number);
        for (std::size_t i = merges.size(); i-- > 0;) {
            code_.block(Op::Block);
            push_label(merges[i], false);
        }
        write_block(number);
        for (const std::uint32_t merge : merges) {
            end();
            write_tree(merge);
        }
        if (is_loop) {
            end();
        }
    }

    void write_block(std::uint32_t number) {
        const Block& block = region_.blocks[number];
        pending_ = pending_at_[number];
        write_nodes(block);
        const unsigned pending = pending_ + block.count;
        switch (block.end) {
            case Block::End::Exit: {
                const Exit& exit = region_.exits[block.exit];
                return write_exit(exit, exit.how, pending_);
            }
            case Block::End::Jump: return go(number, block.edges[0], pending);
            case Block::End::Branch: break;
        }
        const bool is_inverted = is_inlined_inversion(block.flag);
        push_clean(is_inverted ? node_of(block.flag).a : block.flag);
        code_.block(Op::If);
        push_label(kNoBlock, false);
        go(number, block.edges[is_inverted ? 1 : 0], pending);
        code_.op(Op::Else);
        go(number, block.edges[is_inverted ? 0 : 1], pending);
        end();
    }
    /// Whether it is another flag turned round, and needed for nothing else.
    bool is_inlined_inversion(Value flag) const {
        return !flag.is_constant() && is_inlined(flag) && uses_.is_inversion(node_of(flag));
    }

    /// pending: instructions executed and not yet taken off the fuel.
    void go(std::uint32_t from, const Edge& edge, unsigned pending) {
        const std::uint32_t to = edge.block;
        const Block& target = region_.blocks[to];
        if (target.is_exit) {
            const Exit& exit = region_.exits[target.exit];
            return write_exit(exit, exit.how, pending);
        }
        move_arguments(edge);
        const bool is_back = flow_.is_back(from, to);
        if (!is_back && !flow_.is_merge(to) && !flow_.is_loop(to)) {
            pending_at_[to] = pending;
            return write_tree(to);
        }
        take_fuel(pending);
        if (!is_back) {
            if (!flow_.is_merge(to)) {
                return write_tree(to);
            }
            code_.op(Op::Br);
            return code_.number(depth_of(to, false));
        }
        const Exit& exit = region_.exits[target.out_of_fuel];
        if (!flow_.dominates(to, from)) {
            // Into the middle of a loop, which cannot be expressed: out, and in again. (With a
            // dispatcher in front of such loops, no program was faster: they are where a region is
            // entered, and soon left for versions of their blocks that know more.)
            return write_exit(exit, Leave::Jump, 0);
        }
        if constexpr (kCountsFuel) {
            code_.local(Op::LocalGet, kLeft);
            code_.constant(0);
            code_.op(Op::I32GtS);
            code_.op(Op::BrIf);
            code_.number(depth_of(to, true));
            return write_exit(exit, Leave::OutOfFuel, 0);
        }
        code_.op(Op::Br);
        code_.number(depth_of(to, true));
    }

    /// All at once: a parameter may be another one's argument.
    void move_arguments(const Edge& edge) {
        const std::vector<Value>& parameters = region_.blocks[edge.block].parameters;
        const auto stays = [&](std::size_t i) {
            return !uses_.is_used(parameters[i]) || parameters[i] == edge.arguments[i];
        };
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (!stays(i)) {
                push_clean(edge.arguments[i]);
            }
        }
        for (std::size_t i = parameters.size(); i-- > 0;) {
            if (!stays(i)) {
                code_.local(Op::LocalSet, local_of(parameters[i]));
            }
        }
    }

    const Region& region_;
    const Context& context_;
    const Uses uses_;
    const Flow flow_;
    const std::uint32_t machine_;
    Encoder code_;
    std::vector<std::uint32_t> locals_;  ///< by node; 0: none yet
    std::uint32_t next_local_ = kBits + 1;
    std::vector<Label> labels_;
    std::vector<unsigned> pending_at_;  ///< by block: executed before, not yet taken off the fuel
    unsigned pending_ = 0;
};

}  // namespace

std::vector<std::uint8_t> write_module(const Region& region, const Context& context) {
    // Source: WebAssembly Core Specification, "Binary Format", "Modules".
    enum Section : std::uint8_t {
        kTypes = 1,
        kImports = 2,
        kFunctions = 3,
        kExports = 7,
        kCode = 10
    };
    enum Kind : std::uint8_t { kFunction = 0, kTable = 1, kMemory = 2 };
    constexpr std::array<std::uint8_t, 8> kMagicAndVersion = {0x00, 0x61, 0x73, 0x6d,
                                                              0x01, 0x00, 0x00, 0x00};
    constexpr unsigned kFunctionType = 0x60;
    constexpr unsigned kFuncRef = 0x70;
    Encoder module;
    module.append(kMagicAndVersion);
    const auto section = [&](Section id, auto write) {
        module.byte(id);
        module.sized(write);
    };
    section(kTypes, [](Encoder& to) {
        to.number(1);
        to.byte(kFunctionType);
        to.number(Writer::kParameters);
        for (unsigned i = 0; i < Writer::kParameters; ++i) {
            to.byte(Writer::kI32);
        }
        to.number(0);
    });
    section(kImports, [](Encoder& to) {
        to.number(2);
        to.name("e");
        to.name("m");
        to.byte(kMemory);
        to.number(0);  // no maximum
        to.number(1);
        to.name("e");
        to.name("t");
        to.byte(kTable);
        to.byte(kFuncRef);
        to.number(0);
        to.number(1);
    });
    section(kFunctions, [](Encoder& to) {
        to.number(1);
        to.number(0);
    });
    section(kExports, [](Encoder& to) {
        to.number(1);
        to.name("f");
        to.byte(kFunction);
        to.number(0);
    });
    section(kCode, [&](Encoder& to) {
        to.number(1);
        const std::vector<std::uint8_t> function = Writer(region, context).function();
        to.number(static_cast<std::uint32_t>(function.size()));
        to.append(function);
    });
    return {module.bytes().begin(), module.bytes().end()};
}

}  // namespace uxn::jit::wasm
