#include "uxn/jit/region_builder.hpp"

#include <algorithm>
#include <bitset>
#include <map>
#include <vector>

#include "uxn/fused/code_map.hpp"
#include "uxn/jit/recorder.hpp"

namespace uxn::jit {
namespace {

using Part = Cell::Part;

constexpr unsigned kMostVersions = 6;  ///< of the code at one address
constexpr unsigned kManyVersions = 3;
constexpr unsigned kMostBlocks = 120;
constexpr std::size_t kMostValues = 6;  ///< that are carried from block to block in registers
constexpr std::size_t kMostValuesAndDead = 7;
constexpr int kMostNested = 2;  ///< of a routine that calls itself
constexpr int kMargin = 8;      ///< more cells than any instruction touches

bool uses_port(Op op) {
    return base_of(op) == base_of(Op::DEI) || base_of(op) == base_of(Op::DEO);
}

/// A parameter of a block, and the cells that have its value.
struct Slot {
    CellPlace cell;          ///< the first one
    Part part = Part::Byte;  ///< what that is of the value
    int cells = 1;
    bool is_shared = false;  ///< by more than a byte's cell or the two of a short
};

class Builder final : Recorder::Bytes {
public:
    /// trusts_data: bytes that were never executed are taken for data where they are stored to.
    Builder(const Ram& ram, const Ports& ports, Habits& habits, unsigned most, bool trusts_data)
        : ram_(ram),
          ports_(ports),
          habits_(habits),
          most_(most),
          trusts_data_(trusts_data),
          recorder_(region_, *this) {}

    std::optional<Region> build(std::uint16_t pc) {
        region_.pc = pc;
        add_block(pc, Stacks());
        // Every state could be turned into this one, and a loop would run from memory then.
        versions_.clear();
        for (std::size_t i = 0; i < region_.blocks.size(); ++i) {
            if (!region_.blocks[i].is_exit) {
                record_block(i);
            }
        }
        if (again_ || region_.instructions == 0) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < region_.blocks.size(); ++i) {
            if (!region_.blocks[i].is_exit) {
                region_.blocks[i].out_of_fuel = recorder_.add_exit(
                    Leave::OutOfFuel, entries_[i], {.bits = region_.blocks[i].pc}, 0);
            }
        }
        std::ranges::sort(region_.looked_at);
        return std::move(region_);
    }

    /// Whether a literal turned out to be a variable on the way, or data to be code: begin anew.
    bool again() const { return again_; }
    bool found_code_in_data() const { return found_code_in_data_; }

private:
    std::optional<std::uint8_t> literal(std::uint16_t at) override {
        if (habits_.is_variable(at)) {
            return std::nullopt;
        }
        look_at(at);
        literals_.set(at);
        return ram_[at];
    }
    std::uint8_t distance(std::uint16_t at) override {
        look_at(at);
        return ram_[at];
    }
    bool is_data(std::uint16_t at) override {
        if (!trusts_data_ || looked_at_[at] || habits_.is_code(at)) {
            return false;
        }
        if (std::ranges::find(region_.data, at) == region_.data.end()) {
            region_.data.push_back(at);
        }
        return true;
    }
    void look_at(std::uint16_t at) {
        if (!looked_at_[at]) {
            looked_at_.set(at);
            if (std::ranges::find(region_.data, at) != region_.data.end()) {
                found_code_in_data_ = true;
                again_ = true;
            }
            region_.looked_at.push_back(at);
        }
    }

    std::uint32_t add_block(std::uint16_t pc, const Stacks& stacks, bool is_exit = false) {
        Block& block = region_.blocks.emplace_back();
        block.pc = pc;
        block.is_exit = is_exit;
        entries_.push_back(stacks);
        slots_.emplace_back();
        const auto number = static_cast<std::uint32_t>(region_.blocks.size() - 1);
        if (!is_exit) {
            versions_[pc].push_back(number);
        }
        return number;
    }

    bool can_record(std::uint16_t pc) const {
        if (pc < fused::CodeMap::kFirst || pc >= fused::CodeMap::kEnd ||
            habits_.keeps_changing(pc)) {
            return false;
        }
        const Op op{ram_[pc]};
        if (is_immediate_jump(op) && (habits_.keeps_changing(static_cast<std::uint16_t>(pc + 1)) ||
                                      habits_.keeps_changing(static_cast<std::uint16_t>(pc + 2)))) {
            return false;
        }
        return op != Op::BRK;
    }

    /// Whether the ports that `op` is about to use are known, and plain memory.
    bool uses_plain_port(Op op) {
        const Mode m = mode_of(op);
        const Stacks::Ring& ring = recorder_.stacks().rings[m.ret];
        const Cell& cell = ring.at(ring.depth - 1);
        if (cell.part != Part::Byte || !cell.value.is_constant()) {
            return false;
        }
        const auto port = static_cast<std::uint8_t>(cell.value.bits);
        const PortSet& ports = base_of(op) == base_of(Op::DEI) ? ports_.reads : ports_.writes;
        return !ports.contains(port) &&
               !(m.wide && ports.contains(static_cast<std::uint8_t>(port + 1)));
    }

    bool is_within_reach() {
        return std::ranges::all_of(recorder_.stacks().rings, [](const Stacks::Ring& ring) {
            return ring.depth > -Stacks::kReach + kMargin && ring.depth < Stacks::kReach - kMargin;
        });
    }

    void record_block(std::size_t number) {
        region_.blocks[number].first = region_.nodes.size();
        recorder_.stacks() = entries_[number];
        recorder_.writer().forget_ram();
        std::uint16_t pc = region_.blocks[number].pc;
        unsigned count = 0;
        const auto leave = [&](Leave how) { this->leave(number, how, {.bits = pc}, count); };
        while (true) {
            if (count > 0 && versions_.contains(pc)) {
                jump(number, pc);
                break;
            }
            if (!can_record(pc)) {
                leave(Leave::Step);
                break;
            }
            if (!is_within_reach() || region_.instructions >= most_) {
                leave(Leave::Jump);
                break;
            }
            const Op op{ram_[pc]};
            if (uses_port(op) && !uses_plain_port(op)) {
                leave(Leave::Step);
                region_.next.push_back(static_cast<std::uint16_t>(pc + 1));
                break;
            }
            const std::size_t begin = region_.nodes.size();
            look_at(pc);
            recorder_.record(op, pc, count);
            note_stores(begin);
            ++count;
            ++region_.instructions;
            pc = recorder_.pc_after();
            const Jump& wanted = recorder_.jump_wanted();
            if (!wanted.taken) {
                continue;
            }
            end_with_jump(number, op, wanted, pc, count);
            break;
        }
        Block& block = region_.blocks[number];
        block.count = static_cast<std::uint16_t>(count);
        block.last = region_.nodes.size();
    }

    static bool is_call(Op op) { return op == Op::JSI || base_of(op) == byte_of(Op::JSR); }

    void end_with_jump(std::size_t number, Op op, const Jump& wanted, std::uint16_t next,
                       unsigned count) {
        if (is_call(op) && !(wanted.to.is_constant() && is_worth_inlining(wanted.to.bits))) {
            leave(number, Leave::Call, wanted.to, count);
            region_.next.push_back(next);
            if (wanted.to.is_constant()) {
                region_.next.push_back(wanted.to.bits);
            }
            return;
        }
        const Leave how = base_of(op) == byte_of(Op::JMP) && mode_of(op).ret && mode_of(op).wide
                              ? Leave::Return
                              : Leave::Jump;
        if (!wanted.flag || wanted.flag->is_constant()) {
            const bool taken = !wanted.flag || wanted.flag->bits != 0;
            const Value to = taken ? wanted.to : Value{.bits = next};
            if (!to.is_constant()) {
                leave(number, how, to, count);
            } else {
                if (is_call(op)) {
                    callees_[next] = to.bits;
                }
                jump(number, to.bits);
            }
            return;
        }
        if (!wanted.to.is_constant()) {
            // Rare: out, with an address that depends on the flag, is not worth code of its own.
            Block& block = region_.blocks[number];
            const auto both = std::array{wanted.to, Value{.bits = next}};
            block.end = Block::End::Branch;
            block.flag = *wanted.flag;
            for (std::size_t i = 0; i < 2; ++i) {
                const std::uint32_t out = add_exit_block(both[i], recorder_.stacks());
                region_.blocks[number].edges[i] = {.block = out, .arguments = {}};
            }
            return;
        }
        // Whether a short is zero is a question to the short itself.
        const auto whole = recorder_.writer().short_behind(*wanted.flag);
        const Value flag = whole ? recorder_.writer().is_not_zero(*whole) : *wanted.flag;
        trim(flag);
        const Stacks stacks = recorder_.stacks();
        Edge edges[2];
        const std::uint16_t targets[2] = {wanted.to.bits, next};
        for (int i = 0; i < 2; ++i) {
            Stacks known = stacks;
            if (whole && i == 1) {
                refine_to_zero(known, *whole);
            } else {
                refine(known, flag, i == 0);
            }
            edges[i] = edge_to(targets[i], known);
        }
        Block& block = region_.blocks[number];
        block.end = Block::End::Branch;
        block.flag = flag;
        block.edges[0] = std::move(edges[0]);
        block.edges[1] = std::move(edges[1]);
    }

    /// Whether a routine becomes part of this region where it is called, instead of one of its own.
    bool is_worth_inlining(std::uint16_t to) {
        int nested = to == region_.pc ? 1 : 0;
        const Stacks::Ring& rst = recorder_.stacks().rings[1];
        // The topmost return address is that of this call.
        for (int place = rst.depth - 3; place >= rst.low; --place) {
            if (is_short(rst, place)) {
                const auto callee = callees_.find(short_of(rst.at(place), rst.at(place + 1)).bits);
                nested += callee != callees_.end() && callee->second == to ? 1 : 0;
            }
        }
        return nested < kMostNested;
    }

    void jump(std::size_t number, std::uint16_t to) {
        trim({});
        Edge edge = edge_to(to, recorder_.stacks());
        Block& block = region_.blocks[number];
        block.end = Block::End::Jump;
        block.edges[0] = std::move(edge);
    }

    void leave(std::size_t number, Leave how, Value to, unsigned count) {
        const std::uint32_t exit = recorder_.add_exit(how, recorder_.stacks(), to, count);
        region_.blocks[number].end = Block::End::Exit;
        region_.blocks[number].exit = exit;
    }

    /// A block that does nothing but leave. It sees the nodes of the one before.
    std::uint32_t add_exit_block(Value to, const Stacks& stacks) {
        const std::uint32_t exit = recorder_.add_exit(Leave::Jump, stacks, to, 0);
        const std::uint32_t number = add_block(to.bits, stacks, true);
        region_.blocks[number].exit = exit;
        return number;
    }

    void note_stores(std::size_t begin) {
        for (std::size_t i = begin; i < region_.nodes.size(); ++i) {
            const Node& node = region_.nodes[i];
            if (node.code != Code::StoreRam || !node.a.is_constant()) {
                continue;
            }
            for (unsigned byte = 0; byte < (node.wide ? 2U : 1U); ++byte) {
                const auto at = static_cast<std::uint16_t>(node.a.bits + byte);
                habits_.set_variable(at);
                if (literals_[at]) {
                    again_ = true;
                }
            }
        }
    }

    bool is_flag(Value value) {
        const Node* node = recorder_.writer().node_of(value);
        if (node == nullptr) {
            return false;
        }
        if (node->code == Code::Xor && node->b == Value{.bits = 1} && !node->wide) {
            return is_flag(node->a);
        }
        return node->code == Code::Equal || node->code == Code::Greater;
    }

    /// What a branch tells about the cells that hold its flag.
    void refine(Stacks& stacks, Value flag, bool taken) {
        if (taken && !is_flag(flag)) {
            return;
        }
        for (Stacks::Ring& ring : stacks.rings) {
            for (int place = ring.low; place < ring.high; ++place) {
                Cell& cell = ring.touch(place);
                if (cell.part == Part::Byte && cell.value == flag) {
                    cell.value = {.bits = static_cast<std::uint16_t>(taken ? 1 : 0)};
                }
            }
        }
    }

    /// The same for a branch that depends on whether `whole` is zero.
    static void refine_to_zero(Stacks& stacks, Value whole) {
        for (Stacks::Ring& ring : stacks.rings) {
            for (int place = ring.low; place < ring.high; ++place) {
                Cell& cell = ring.touch(place);
                if (cell.part != Part::Unknown && cell.part != Part::Byte && cell.value == whole) {
                    cell = {.part = Part::Byte, .dirty = cell.dirty, .value = {}};
                }
            }
        }
    }

    /// Writes to memory what is not worth a register in the blocks to come: all but the topmost
    /// values, and of the cells above the pointers, which are dead but to those who look, all but a
    /// few. A value may be in several cells, and constants cost nothing.
    void trim(Value flag) {
        std::vector<Value> kept;
        const auto keeps = [&](const Cell& cell, std::size_t most) {
            if (cell.value.is_constant() || std::ranges::find(kept, cell.value) != kept.end()) {
                return true;
            }
            if (kept.size() >= most) {
                return false;
            }
            kept.push_back(cell.value);
            return true;
        };
        for (const bool are_dead : {false, true}) {
            for (const bool rst : {false, true}) {
                const Stacks::Ring& ring = recorder_.stacks().rings[rst];
                const int depth = std::clamp(ring.depth, ring.low, ring.high);
                const int low = are_dead ? depth : ring.low;
                for (int place = (are_dead ? ring.high : depth) - 1; place >= low; --place) {
                    const bool is_pair = place > low && is_short(ring, place - 1);
                    const int begin = is_pair ? place - 1 : place;
                    const Cell& cell = ring.at(begin);
                    // A flag is known on both ways.
                    const bool stays = are_dead
                                           ? cell.dirty && ((cell.value == flag && is_flag(flag)) ||
                                                            keeps(cell, kMostValuesAndDead))
                                           : keeps(cell, kMostValues);
                    if (cell.part != Part::Unknown && !stays) {
                        forget(rst, begin, is_pair);
                    }
                    place = begin;
                }
            }
        }
    }

    void forget(bool rst, int place, bool is_pair) {
        Stacks::Ring& ring = recorder_.stacks().rings[rst];
        if (ring.at(place).dirty) {
            const Value value =
                is_pair ? recorder_.short_at(rst, place) : recorder_.byte_at(rst, place);
            recorder_.writer().append(
                {.code = Code::StoreCell,
                 .wide = is_pair,
                 .a = value,
                 .cell = {.rst = rst, .at = static_cast<std::int16_t>(place)}});
        }
        ring.touch(place) = {};
        if (is_pair) {
            ring.touch(place + 1) = {};
        }
    }

    /// Whether the block will do for what is known now.
    bool accepts(std::uint32_t number, const Stacks& now) const {
        const Stacks& known = entries_[number];
        for (std::size_t r = 0; r < 2; ++r) {
            if (known.rings[r].depth != now.rings[r].depth) {
                return false;
            }
            const int low = std::min(known.rings[r].low, now.rings[r].low);
            const int high = std::max(known.rings[r].high, now.rings[r].high);
            for (int place = low; place < high; ++place) {
                const Cell& cell = known.rings[r].at(place);
                const Cell& has = now.rings[r].at(place);
                if (has.dirty && !cell.dirty) {
                    return false;
                }
                if (cell.part == Part::Unknown) {
                    continue;
                }
                if (has.part == Part::Unknown) {
                    return false;
                }
                if (cell.value.is_constant() ? cell.value != has.value
                                             : !fits(slot_of(number, cell.value), cell, has, now)) {
                    return false;
                }
            }
        }
        return true;
    }
    const Slot& slot_of(std::uint32_t number, Value parameter) const {
        const std::vector<Value>& parameters = region_.blocks[number].parameters;
        const auto found = std::ranges::find(parameters, parameter);
        return slots_[number][static_cast<std::size_t>(found - parameters.begin())];
    }
    /// Whether the cell can become the parameter that is in `cell`. One for several cells needs the
    /// same value in all of them.
    static bool fits(const Slot& slot, const Cell& cell, const Cell& has, const Stacks& now) {
        const Cell& first = now.rings[slot.cell.rst].at(slot.cell.at);
        return !slot.is_shared ||
               (has.part == cell.part && has.value == first.value && !has.value.is_constant());
    }

    Edge edge_to(std::uint16_t to, const Stacks& now) {
        if (const auto found = versions_.find(to); found != versions_.end()) {
            for (const std::uint32_t number : found->second) {
                if (accepts(number, now)) {
                    return {.block = number, .arguments = arguments_for(number, now)};
                }
            }
            if (found->second.size() >= kManyVersions) {
                // Rather one of those that know less.
                const Stacks less = without_dead(now);
                for (const std::uint32_t number : found->second) {
                    if (accepts(number, less)) {
                        return {.block = number, .arguments = arguments_for(number, less)};
                    }
                }
                if (found->second.size() < kMostVersions) {
                    const std::uint32_t number = new_version(to, less);
                    return {.block = number, .arguments = arguments_for(number, less)};
                }
                return {.block = add_exit_block({.bits = to}, now), .arguments = {}};
            }
        }
        if (region_.blocks.size() >= kMostBlocks || region_.instructions >= most_) {
            return {.block = add_exit_block({.bits = to}, now), .arguments = {}};
        }
        const std::uint32_t number = new_version(to, now);
        return {.block = number, .arguments = arguments_for(number, now)};
    }

    /// Whether a cell below the pointers has the value, or part of it.
    bool is_alive(Value value) {
        if (value.is_constant()) {
            return false;
        }
        return std::ranges::any_of(recorder_.stacks().rings, [&](const Stacks::Ring& ring) {
            for (int place = ring.low; place < std::min(ring.depth, ring.high); ++place) {
                if (ring.at(place).part != Part::Unknown && ring.at(place).value == value) {
                    return true;
                }
            }
            return false;
        });
    }

    /// The same, with the cells above the pointers in memory, but for flags that differ on the two
    /// ways of a branch, and for what is carried along anyway.
    Stacks without_dead(const Stacks& now) {
        Stacks less = now;
        for (const bool rst : {false, true}) {
            const Stacks::Ring& ring = recorder_.stacks().rings[rst];
            for (int place = std::max(ring.low, ring.depth); place < ring.high; ++place) {
                if (ring.at(place).part == Part::Unknown ||
                    ring.at(place) != now.rings[rst].at(place) || is_alive(ring.at(place).value)) {
                    continue;
                }
                const bool is_pair = place + 1 < ring.high && is_short(ring, place) &&
                                     ring.at(place + 1) == now.rings[rst].at(place + 1);
                forget(rst, place, is_pair);
                less.rings[rst].touch(place) = {};
                if (is_pair) {
                    less.rings[rst].touch(++place) = {};
                }
            }
        }
        return less;
    }

    /// A block for what is known now; what was another constant before is a value there.
    std::uint32_t new_version(std::uint16_t to, const Stacks& now) {
        Stacks entry = now;
        std::vector<Slot> slots;
        std::vector<Value> parameters;
        // Constants that change from one time to the next.
        std::bitset<Stacks::kCells> changes;
        for (const std::uint32_t other : versions_[to]) {
            const Stacks& known = entries_[other];
            if (known.rings[0].depth != now.rings[0].depth) {
                continue;
            }
            for (int place = now.rings[0].low; place < now.rings[0].depth; ++place) {
                const Cell& cell = now.rings[0].at(place);
                if (cell.part == Part::Byte && cell.value.is_constant() &&
                    known.rings[0].at(place) != cell &&
                    known.rings[0].at(place).part != Part::Unknown) {
                    changes.set(Stacks::index(place));
                }
            }
        }
        const std::uint32_t number = add_block(to, {});
        std::vector<Value> values;  // what becomes a parameter
        for (const bool rst : {false, true}) {
            Stacks::Ring& ring = entry.rings[rst];
            for (int place = ring.low; place < ring.high; ++place) {
                Cell& cell = ring.touch(place);
                const bool is_changing = !rst && changes[Stacks::index(place)];
                if (cell.part == Part::Unknown || (cell.value.is_constant() && !is_changing)) {
                    continue;
                }
                const auto known = std::ranges::find(values, cell.value);
                if (known != values.end() && !cell.value.is_constant()) {
                    const auto index = static_cast<std::size_t>(known - values.begin());
                    Slot& slot = slots[index];
                    const bool is_other_half = slot.cells == 1 && slot.part == Part::High &&
                                               cell.part == Part::Low && slot.cell.rst == rst &&
                                               slot.cell.at + 1 == place;
                    slot.cells += 1;
                    slot.is_shared = slot.is_shared || !is_other_half;
                    cell.value = parameters[index];
                    continue;
                }
                const CellPlace where{.rst = rst, .at = static_cast<std::int16_t>(place)};
                values.push_back(cell.value);
                slots.push_back({.cell = where, .part = cell.part});
                parameters.push_back(recorder_.writer().append(
                    {.code = Code::Parameter, .wide = cell.part != Part::Byte, .cell = where}));
                cell.value = parameters.back();
            }
        }
        // Half of a short by itself can only come from a short.
        for (Slot& slot : slots) {
            slot.is_shared = slot.is_shared || (slot.part != Part::Byte && slot.cells == 1);
        }
        region_.blocks[number].parameters = std::move(parameters);
        entries_[number] = entry;
        slots_[number] = std::move(slots);
        return number;
    }

    std::vector<Value> arguments_for(std::uint32_t number, const Stacks& now) {
        std::vector<Value> arguments;
        const Stacks saved = recorder_.stacks();
        recorder_.stacks() = now;
        for (const Slot& slot : slots_[number]) {
            if (slot.is_shared) {
                arguments.push_back(now.rings[slot.cell.rst].at(slot.cell.at).value);
            } else {
                arguments.push_back(slot.part == Part::Byte
                                        ? recorder_.byte_at(slot.cell.rst, slot.cell.at)
                                        : recorder_.short_at(slot.cell.rst, slot.cell.at));
            }
        }
        recorder_.stacks() = saved;
        return arguments;
    }

    const Ram& ram_;
    const Ports& ports_;
    Habits& habits_;
    unsigned most_;
    bool trusts_data_;
    Region region_;
    Recorder recorder_;
    std::vector<Stacks> entries_;           ///< what is known where a block begins
    std::vector<std::vector<Slot>> slots_;  ///< the cells of its parameters
    std::map<std::uint16_t, std::vector<std::uint32_t>> versions_;
    std::map<std::uint16_t, std::uint16_t> callees_;  ///< what has been inlined, by return address
    std::bitset<kRamSize> looked_at_;
    std::bitset<kRamSize> literals_;  ///< taken for constants
    bool again_ = false;
    bool found_code_in_data_ = false;
};

}  // namespace

std::optional<Region> build_region(const Ram& ram, const Ports& ports, Habits& habits,
                                   std::uint16_t pc, unsigned most) {
    constexpr int kMostTries = 4;
    bool trusts_data = true;
    for (int i = 0; i < kMostTries; ++i) {
        Builder builder(ram, ports, habits, most, trusts_data);
        std::optional<Region> region = builder.build(pc);
        if (!builder.again()) {
            return region;
        }
        trusts_data = trusts_data && !builder.found_code_in_data();
    }
    return std::nullopt;
}

}  // namespace uxn::jit
