#include "uxn/jit/recorder.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "uxn/fused/code_map.hpp"
#include "uxn/interp/exactness.hpp"
#include "uxn/machine.hpp"
#include "uxn/word.hpp"

namespace uxn::jit {
namespace {

template <class W>
std::uint16_t fold(Code code, Value a, Value b) {
    const W x(a.bits);
    const W y(b.bits);
    switch (code) {
        case Code::Add: return (x + y).bits;
        case Code::Subtract: return (x - y).bits;
        case Code::Multiply: return (x * y).bits;
        case Code::Divide: return (x / y).bits;
        case Code::And: return (x & y).bits;
        case Code::Or: return (x | y).bits;
        case Code::Xor: return (x ^ y).bits;
        case Code::Shift: return shift(x, uxn::Byte(b.bits)).bits;
        case Code::Equal: return equal(x, y).bits;
        case Code::Greater: return greater(x, y).bits;
        default: return 0;
    }
}

Value constant(unsigned bits) {
    return {.bits = static_cast<std::uint16_t>(bits)};
}

bool is_commutative(Code code) {
    switch (code) {
        case Code::Add:
        case Code::Multiply:
        case Code::And:
        case Code::Or:
        case Code::Xor:
        case Code::Equal: return true;
        default: return false;
    }
}

}  // namespace

Value NodeWriter::append(Node node) {
    region_.nodes.push_back(node);
    return {.node = static_cast<std::int32_t>(region_.nodes.size() - 1)};
}

Value NodeWriter::binary(Code code, bool wide, Value a, Value b) {
    if (a.is_constant() && b.is_constant()) {
        return constant(wide ? fold<uxn::Short>(code, a, b) : fold<uxn::Byte>(code, a, b));
    }
    if (is_commutative(code) && a.is_constant()) {
        std::swap(a, b);
    }
    const unsigned all = wide ? 0xffff : 0xff;
    if (b.is_constant()) {
        if (code == Code::Add || code == Code::Subtract) {
            const Node* inner = node_of(a);
            if (inner != nullptr && inner->wide == wide && inner->b.is_constant() &&
                (inner->code == Code::Add || inner->code == Code::Subtract)) {
                const unsigned sum =
                    (inner->code == Code::Add ? 0U + inner->b.bits : 0U - inner->b.bits) +
                    (code == Code::Add ? 0U + b.bits : 0U - b.bits);
                a = inner->a;
                b = constant(sum & all);
                code = Code::Add;
            }
        }
        switch (code) {
            case Code::Add:
            case Code::Subtract:
            case Code::Or:
            case Code::Xor:
            case Code::Shift:
                if (b.bits == 0) {
                    return a;
                }
                break;
            case Code::And:
                if (b.bits == all) {
                    return a;
                }
                if (b.bits == 0) {
                    return b;
                }
                break;
            case Code::Multiply:
                if (b.bits == 0) {
                    return b;
                }
                if (b.bits == 1) {
                    return a;
                }
                if (std::has_single_bit(b.bits)) {
                    return binary(Code::Shift, wide, a,
                                  constant(static_cast<unsigned>(std::countr_zero(b.bits)) << 4));
                }
                break;
            case Code::Divide:
                if (b.bits == 0) {
                    return b;
                }
                if (std::has_single_bit(b.bits)) {
                    return binary(Code::Shift, wide, a,
                                  constant(static_cast<unsigned>(std::countr_zero(b.bits))));
                }
                break;
            default: break;
        }
    }
    return append({.code = code, .wide = wide, .a = a, .b = b});
}

Value NodeWriter::unary(Code code, Value a) {
    if (a.is_constant()) {
        switch (code) {
            case Code::SignExtend: return constant(uxn::sign_extend(uxn::Byte(a.bits)).bits);
            case Code::HighByte: return constant(a.bits >> 8);
            default: return constant(a.bits & 0xff);
        }
    }
    const Node& node = *node_of(a);
    if (node.code == Code::MakeShort) {
        if (code == Code::HighByte) {
            return node.a;
        }
        if (code == Code::LowByte) {
            return node.b;
        }
    }
    return append({.code = code, .wide = code == Code::SignExtend, .a = a});
}

void NodeWriter::forget_ram(std::uint32_t begin, std::uint32_t end) {
    std::erase_if(ram_, [&](const Held& held) {
        return held.at < end && held.at + (held.wide ? 2U : 1U) > begin;
    });
}

Value NodeWriter::load(Value at, bool wide) {
    if (at.is_constant()) {
        for (const Held& held : ram_) {
            if (held.at == at.bits && held.wide == wide) {
                return held.value;
            }
        }
    }
    const Value value = append({.code = Code::LoadRam, .wide = wide, .a = at});
    if (at.is_constant()) {
        ram_.push_back({.at = at.bits, .wide = wide, .value = value});
    }
    return value;
}

void NodeWriter::store(Value at, bool wide, Value value) {
    append({.code = Code::StoreRam, .wide = wide, .a = at, .b = value});
    if (at.is_constant()) {
        forget_ram(at.bits, at.bits + (wide ? 2U : 1U));
        ram_.push_back({.at = at.bits, .wide = wide, .value = value});
    } else {
        forget_ram(0, kRamSize);
    }
}

Value NodeWriter::make_short(Value high, Value low) {
    if (high.is_constant() && low.is_constant()) {
        return constant(unsigned{high.bits} << 8 | low.bits);
    }
    const Node* from_high = node_of(high);
    const Node* from_low = node_of(low);
    if (from_high != nullptr && from_low != nullptr && from_high->code == Code::HighByte &&
        from_low->code == Code::LowByte && from_high->a == from_low->a) {
        return from_high->a;
    }
    return append({.code = Code::MakeShort, .wide = true, .a = high, .b = low});
}

std::optional<Value> NodeWriter::short_behind(Value ored) const {
    const Node* node = node_of(ored);
    if (node == nullptr || node->code != Code::Or || node->wide) {
        return std::nullopt;
    }
    const Node* high = node_of(node->a);
    const Node* low = node_of(node->b);
    if (high != nullptr && high->code == Code::LowByte) {
        std::swap(high, low);
    }
    if (high == nullptr || low == nullptr || high->code != Code::HighByte ||
        low->code != Code::LowByte || high->a != low->a) {
        return std::nullopt;
    }
    return high->a;
}

void Recorder::touch(bool rst, int place) {
    std::uint16_t& pops = region_.pops[rst];
    pops = std::max(pops, static_cast<std::uint16_t>(std::max(0, -place)));
}

Value Recorder::byte_at(bool rst, int place) {
    touch(rst, place);
    Cell& cell = ring(rst).touch(place);
    switch (cell.part) {
        case Cell::Part::Byte: return cell.value;
        case Cell::Part::High: return writer_.unary(Code::HighByte, cell.value);
        case Cell::Part::Low: return writer_.unary(Code::LowByte, cell.value);
        case Cell::Part::OrBytes:
            return writer_.binary(Code::Or, false, writer_.unary(Code::HighByte, cell.value),
                                  writer_.unary(Code::LowByte, cell.value));
        case Cell::Part::Unknown: break;
    }
    cell.value = writer_.append(
        {.code = Code::Cell, .cell = {.rst = rst, .at = static_cast<std::int16_t>(place)}});
    cell.part = Cell::Part::Byte;
    return cell.value;
}

Value Recorder::short_at(bool rst, int place) {
    touch(rst, place);
    Cell& high = ring(rst).touch(place);
    Cell& low = ring(rst).touch(place + 1);
    if (high.part == Cell::Part::High && low.part == Cell::Part::Low && high.value == low.value) {
        return high.value;
    }
    if (high.part == Cell::Part::Unknown && low.part == Cell::Part::Unknown) {
        const Value value =
            writer_.append({.code = Code::Cell,
                            .wide = true,
                            .cell = {.rst = rst, .at = static_cast<std::int16_t>(place)}});
        high = {.part = Cell::Part::High, .value = value};
        low = {.part = Cell::Part::Low, .value = value};
        return value;
    }
    return writer_.make_short(byte_at(rst, place), byte_at(rst, place + 1));
}

void Recorder::push(bool rst, Value value, bool wide) {
    Stacks::Ring& to = ring(rst);
    if (!wide) {
        const auto whole = writer_.short_behind(value);
        to.touch(to.depth) = {.part = whole ? Cell::Part::OrBytes : Cell::Part::Byte,
                              .dirty = true,
                              .value = whole.value_or(value)};
    } else if (value.is_constant()) {
        to.touch(to.depth) = {
            .part = Cell::Part::Byte, .dirty = true, .value = constant(value.bits >> 8)};
        to.touch(to.depth + 1) = {
            .part = Cell::Part::Byte, .dirty = true, .value = constant(value.bits & 0xff)};
    } else {
        to.touch(to.depth) = {.part = Cell::Part::High, .dirty = true, .value = value};
        to.touch(to.depth + 1) = {.part = Cell::Part::Low, .dirty = true, .value = value};
    }
    to.depth += wide ? 2 : 1;
    std::uint16_t& growth = region_.growth[rst];
    growth = std::max(growth, static_cast<std::uint16_t>(std::max(0, to.depth)));
}

std::optional<Value> Recorder::literal(std::uint16_t at) {
    if (const auto byte = bytes_.literal(at)) {
        return constant(*byte);
    }
    return std::nullopt;
}

Recorder::Byte Recorder::literal_byte() {
    const std::uint16_t at = pc_;
    pc_ += 1;
    if (const auto known = literal(at)) {
        return {&writer_, *known};
    }
    return {&writer_, writer_.load(constant(at), false)};
}

Recorder::Short Recorder::literal_short() {
    const std::uint16_t at = pc_;
    pc_ += 2;
    const auto high = literal(at);
    const auto low = literal(static_cast<std::uint16_t>(at + 1));
    if (high && low) {
        return {&writer_, writer_.make_short(*high, *low)};
    }
    return {&writer_, writer_.load(constant(at), true)};
}

Recorder::Short Recorder::literal_distance() {
    const unsigned high = bytes_.distance(pc_);
    const unsigned low = bytes_.distance(static_cast<std::uint16_t>(pc_ + 1));
    pc_ += 2;
    return {&writer_, constant(high << 8 | low)};
}

void Recorder::unless(Code code, bool wide, Value at) {
    if (!exit_) {
        exit_ = add_exit(Leave::Interpret, before_, constant(at_), count_);
    }
    writer_.append({.code = code, .wide = wide, .a = at, .exit = *exit_});
}

Value Recorder::load_ram(Value at, bool far, bool wide) {
    if (wide) {
        const unsigned last = far ? 0xffff : 0xff;
        if (!at.is_constant() || at.bits == last) {
            unless(Code::UnlessWraps, far, at);
        }
    }
    return writer_.load(at, wide);
}

bool Recorder::may_be_code(Value at, bool wide) {
    if constexpr (!kTestsStores) {
        return false;
    }
    if (!at.is_constant() || (wide && at.bits == 0xffff)) {
        return true;
    }
    for (unsigned byte = 0; byte < (wide ? 2U : 1U); ++byte) {
        const auto address = static_cast<std::uint16_t>(at.bits + byte);
        if (address >= fused::CodeMap::kFirst && !bytes_.is_data(address)) {
            return true;
        }
    }
    return false;
}

void Recorder::store_ram(Value at, bool far, Value value, bool wide) {
    // A short at ffff is taken for code, see CodeMap.
    if (wide && !far && (!at.is_constant() || at.bits == 0xff)) {
        unless(Code::UnlessWraps, far, at);
    }
    if (far && may_be_code(at, wide)) {
        unless(Code::UnlessCode, wide, at);
    }
    writer_.store(at, wide, value);
}

namespace {

CellStore::Part part_of(const Cell& cell) {
    using Part = CellStore::Part;
    switch (cell.part) {
        case Cell::Part::High: return Part::HighByte;
        case Cell::Part::Low: return Part::LowByte;
        case Cell::Part::OrBytes: return Part::OrBytes;
        default: return Part::Byte;
    }
}

}  // namespace

std::uint32_t Recorder::add_exit(Leave how, const Stacks& stacks, Value pc, unsigned count) {
    using Part = CellStore::Part;
    Exit exit{.how = how,
              .pc = pc,
              .wst = static_cast<std::int16_t>(stacks.rings[0].depth),
              .rst = static_cast<std::int16_t>(stacks.rings[1].depth),
              .count = static_cast<std::uint16_t>(count),
              .first = static_cast<std::uint32_t>(region_.cells.size())};
    for (const bool rst : {false, true}) {
        const Stacks::Ring& ring = stacks.rings[rst];
        for (int place = ring.low; place < ring.high; ++place) {
            const Cell& cell = ring.at(place);
            if (!cell.dirty) {
                continue;
            }
            CellStore store{.cell = {.rst = rst, .at = static_cast<std::int16_t>(place)},
                            .value = cell.value};
            if (place + 1 < ring.high && is_short(ring, place)) {
                store.part = Part::Short;
                store.value = short_of(cell, ring.at(place + 1));
                ++place;
            } else {
                store.part = part_of(cell);
            }
            region_.cells.push_back(store);
        }
    }
    exit.last = static_cast<std::uint32_t>(region_.cells.size());
    region_.exits.push_back(exit);
    return static_cast<std::uint32_t>(region_.exits.size() - 1);
}

bool is_short(const Stacks::Ring& ring, int place) {
    const Cell& high = ring.at(place);
    const Cell& low = ring.at(place + 1);
    if (high.dirty != low.dirty) {
        return false;
    }
    if (high.part == Cell::Part::High && low.part == Cell::Part::Low) {
        return high.value == low.value;
    }
    return high.part == Cell::Part::Byte && low.part == Cell::Part::Byte &&
           high.value.is_constant() && low.value.is_constant();
}

Value short_of(const Cell& high, const Cell& low) {
    return high.part == Cell::Part::High
               ? high.value
               : constant(unsigned{high.value.bits} << 8 | low.value.bits);
}

namespace {

/// Whether the body may ask for a guard.
bool is_memory_access(Op op) {
    return base_of(op) >= byte_of(Op::LDZ) && base_of(op) <= byte_of(Op::STA);
}

}  // namespace

void Recorder::record(Op op, std::uint16_t pc, unsigned count) {
    using Record = void (*)(Recorder&);
    static constexpr auto kRecord = []<std::size_t... opcodes>(std::index_sequence<opcodes...>) {
        return std::array<Record, 256>{[](Recorder& recorder) {
            execute<Op{static_cast<std::uint8_t>(opcodes)}>(recorder);
        }...};
    }(std::make_index_sequence<256>());
    if (is_memory_access(op)) {
        before_ = stacks_;
    }
    at_ = pc;
    pc_ = static_cast<std::uint16_t>(pc + 1);
    count_ = count;
    exit_.reset();
    jump_ = {};
    kRecord[byte_of(op)](*this);
    if constexpr (!kKeepsDeadCells) {
        for (Stacks::Ring& to : stacks_.rings) {
            for (int place = std::max(to.low, to.depth); place < to.high; ++place) {
                to.touch(place) = {};
            }
        }
    }
}

}  // namespace uxn::jit
