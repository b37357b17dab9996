#include "uxn/jit/writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "uxn/interp/exactness.hpp"

namespace uxn::jit {

Writer::Writer(const Region& region, asmjit::BaseAssembler& code,
               std::span<const std::uint8_t> registers, std::uint8_t scratch)
    : Places(region, registers),
      code_(code),
      scratch_(scratch),
      written_(region.blocks.size()),
      pending_at_(region.blocks.size()),
      entered_(region.blocks.size()),
      labels_(region.blocks.size()) {}

bool Writer::write(Compiled& compiled) {
    compiled_ = &compiled;
    for (Label& label : labels_) {
        label = code_.newLabel();
    }
    write_entry();
    waiting_ = {0};
    while (!waiting_.empty()) {
        std::uint32_t block = waiting_.back();
        waiting_.pop_back();
        while (block != kNone && !written_[block]) {
            written_[block] = true;
            block = write_block(block);
        }
        if (block != kNone) {
            jump(labels_[block]);
        }
    }
    write_late();
    write_ends();
    return !failed_;
}

// --- leaving

Writer::Label Writer::side_exit(std::uint32_t number) {
    late_.push_back(side_exit_at(number));
    return late_.back().label;
}

/// The exit with all values where they are now.
Writer::Late Writer::side_exit_at(std::uint32_t number) {
    Late late{.kind = Late::Kind::SideExit,
              .label = code_.newLabel(),
              .pending = pending_,
              .exit = number,
              .sources = {},
              .places = {}};
    const Exit& exit = region_.exits[number];
    late.first = static_cast<std::uint32_t>(compiled_->stores.size());
    for (std::size_t i = exit.first; i < exit.last; ++i) {
        const CellStore& store = region_.cells[i];
        compiled_->stores.push_back({store.cell, store.part, source_of(store.value)});
    }
    late.last = static_cast<std::uint32_t>(compiled_->stores.size());
    return late;
}

/// A way out with the parameters of the block where they have just been moved to.
Writer::Late Writer::out_of_fuel_at(std::uint32_t number) {
    const Block& block = region_.blocks[number];
    for (std::size_t i = 0; i < block.parameters.size(); ++i) {
        const Place& place = entered_[number][i];
        known(block.parameters[i]).reg = place.reg;
        known(block.parameters[i]).slot = place.slot;
    }
    const unsigned pending = std::exchange(pending_, 0U);
    Late late = side_exit_at(block.out_of_fuel);
    pending_ = pending;
    return late;
}

void Writer::pay(unsigned count) {
    if (kCountsFuel && count != 0) {
        take_fuel(count);
    }
}

std::vector<Source> Writer::sources_of(const Exit& exit) {
    std::vector<Source> sources;
    for (std::size_t i = exit.first; i < exit.last; ++i) {
        sources.push_back(source_of(region_.cells[i].value));
    }
    sources.push_back(source_of(exit.pc));
    return sources;
}

/// sources: of the cells' values, then of the pc.
/// pc: its cell, if it has not been read.
void Writer::write_exit(const Exit& exit, const std::vector<Source>& sources, unsigned pending,
                        const CellPlace* pc) {
    write_stacks(exit, std::span(sources).first(sources.size() - 1), pc);
    if (pc == nullptr) {
        set_pc(sources.back());
    }
    pay(pending + exit.count);
    leave(exit.how, sources.back());
}

/// The same, with everything where it is now.
void Writer::write_exit(std::uint32_t number) {
    const Exit& exit = region_.exits[number];
    const bool is_unread = !exit.pc.is_constant() && !known(exit.pc).is_anywhere();
    write_exit(exit, sources_of(exit), pending_, is_unread ? &node_of(exit.pc).cell : nullptr);
}

void Writer::write_late() {
    for (std::size_t i = 0; i < late_.size(); ++i) {
        const Late late = late_[i];  // writing it may add to them
        code_.bind(late.label);
        switch (late.kind) {
            case Late::Kind::SideExit: write_side_exit(late); break;
            case Late::Kind::Exit:
                write_exit(region_.exits[late.exit], late.sources, late.pending);
                break;
            case Late::Kind::Edge:
                if (go(late.from, *late.edge, late.places, late.pending) != kNone) {
                    jump(labels_[late.edge->block]);
                }
                break;
        }
    }
}

void Writer::write_side_exit(const Late& late) {
    call_side_exit();
    const Exit& exit = region_.exits[late.exit];
    compiled_->side_exits.push_back({.offset = static_cast<std::uint32_t>(code_.offset()),
                                     .pc = exit.pc.bits,
                                     .wst = exit.wst,
                                     .rst = exit.rst,
                                     .count = static_cast<std::uint16_t>(exit.count + late.pending),
                                     .is_jump = exit.how == Leave::OutOfFuel,
                                     .first = late.first,
                                     .last = late.last});
}

// --- blocks

/// Gives back the block that comes next, if it is to follow at once.
std::uint32_t Writer::write_block(std::uint32_t number) {
    const Block& block = region_.blocks[number];
    code_.bind(labels_[number]);
    begin_block();
    for (std::size_t i = 0; i < block.parameters.size(); ++i) {
        if (uses_.is_used(block.parameters[i])) {
            put(block.parameters[i], entered_[number][i]);
        }
    }
    now_ = 0;
    for (const Value parameter : block.parameters) {
        if (uses_.last_use(parameter) == 0) {
            let_go(parameter);
        }
    }
    pending_ = pending_at_[number];
    write_nodes(block);
    now_ = static_cast<std::uint32_t>(block.last);
    unlock();
    switch (block.end) {
        case Block::End::Exit: write_exit(block.exit); return kNone;
        case Block::End::Jump: pending_ += block.count; return write_jump(number);
        case Block::End::Branch: pending_ += block.count; return write_branch(number);
    }
    return kNone;
}

void Writer::write_nodes(const Block& block) {
    for (std::size_t i = block.first; i < block.last; ++i) {
        if (!uses_.is_emitted(i) || is_read_by_exit(block, i) ||
            (block.end == Block::End::Branch && is_needed_by_branch(block.flag, i))) {
            continue;
        }
        begin_node(static_cast<std::uint32_t>(i));
        const Node& node = region_.nodes[i];
        write_node(node);
        for_each_value(region_, node, [&](Value value) { let_go(value); });
        end_node();
    }
}

/// Whether it is a return address that nobody but the exit needs, and that is in its cell until
/// then.
bool Writer::is_read_by_exit(const Block& block, std::size_t number) const {
    const Node& node = region_.nodes[number];
    if (block.end != Block::End::Exit || node.code != Code::Cell || !node.wide) {
        return false;
    }
    const Exit& exit = region_.exits[block.exit];
    if (exit.pc.node != static_cast<std::int32_t>(number) || !uses_.is_used_once(exit.pc)) {
        return false;
    }
    const auto is_elsewhere = [&](CellPlace cell, bool wide) {
        return cell.rst != node.cell.rst || cell.at >= node.cell.at + 2 ||
               cell.at + (wide ? 2 : 1) <= node.cell.at;
    };
    for (std::size_t i = number; i < block.last; ++i) {
        const Node& later = region_.nodes[i];
        if (later.code == Code::StoreCell && !is_elsewhere(later.cell, later.wide)) {
            return false;
        }
    }
    return std::all_of(region_.cells.begin() + exit.first, region_.cells.begin() + exit.last,
                       [&](const CellStore& store) {
                           return is_elsewhere(store.cell, store.part == CellStore::Part::Short);
                       });
}

std::uint32_t Writer::write_jump(std::uint32_t number) {
    const Edge& edge = region_.blocks[number].edges[0];
    if (is_out(edge)) {
        write_exit(region_.blocks[edge.block].exit);
        return kNone;
    }
    clean_arguments(edge);
    return go(number, edge, places_of(edge), pending_);
}

std::uint32_t Writer::write_branch(std::uint32_t number) {
    const Block& block = region_.blocks[number];
    for (const Edge& edge : block.edges) {
        clean_arguments(edge);
    }
    // What the comparison needs has to be in registers before places are looked at.
    unlock();
    load_operands(block.flag);
    const std::array places = {places_of(block.edges[0]), places_of(block.edges[1])};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Edge& edge = block.edges[i];
        if (is_new(edge) && entered_[edge.block].empty()) {
            find_places(edge, places[i]);
        }
    }
    // The edge whose code comes next: a way back that needs code, or what has not been written.
    const Edge& first = block.edges[0];
    const Edge& second = block.edges[1];
    const bool is_first_costly =
        !is_out(first) && !is_new(first) && !is_free(number, first, places[0]);
    const bool is_first_better =
        is_new(first) && !is_new(second) && (is_out(second) || is_free(number, second, places[1]));
    const std::size_t follows = is_first_costly || is_first_better ? 0 : 1;
    const std::size_t other = 1 - follows;
    const Edge& away = block.edges[other];
    Label label;
    if (is_out(away) || !is_free(number, away, places[other])) {
        label = code_.newLabel();
        late_.push_back(
            {.kind = is_out(away) ? Late::Kind::Exit : Late::Kind::Edge,
             .label = label,
             .pending = pending_,
             .exit = region_.blocks[away.block].exit,
             .sources = is_out(away) ? sources_of(exit_of(away)) : std::vector<Source>(),
             .edge = &away,
             .places = places[other],
             .from = number});
    } else {
        label = labels_[away.block];
    }
    if (is_only_way(away)) {
        pending_at_[away.block] = pending_;
    }
    jump_if(block.flag, label, other == 0);
    if (is_new(away)) {
        waiting_.push_back(away.block);
    }
    const Edge& next = block.edges[follows];
    if (is_out(next)) {
        write_exit(region_.blocks[next.block].exit);
        return kNone;
    }
    return go(number, next, places[follows], pending_);
}

/// Whether it is the comparison that the branch does by itself.
bool Writer::is_needed_by_branch(Value flag, std::size_t number) const {
    if (!uses_.is_done_at_branch(flag)) {
        return false;
    }
    if (static_cast<std::size_t>(flag.node) == number) {
        return true;
    }
    const Value inner = node_of(flag).a;
    return uses_.is_inversion(node_of(flag)) && static_cast<std::size_t>(inner.node) == number &&
           uses_.is_done_at_branch(inner);
}

void Writer::load_operands(Value flag) {
    const Node& node = node_of(flag);
    if (known(flag).is_anywhere()) {
        reg_of(flag);
    } else if (uses_.is_inversion(node)) {
        load_operands(node.a);
    } else {
        prepare_comparison(node);
    }
}

/// Jumps if the flag is set, or if it is not.
void Writer::jump_if(Value flag, const Label& to, bool is_set) {
    const Node& node = node_of(flag);
    if (known(flag).is_anywhere()) {
        jump_if_flag(reg_of(flag), is_clean(flag), to, is_set);
    } else if (uses_.is_inversion(node)) {
        jump_if(node.a, to, !is_set);
    } else {
        jump_if_compared(node, to, is_set);
    }
}

// --- edges

/// What an edge does. Gives back the block that has to come next; a way back has jumped itself.
std::uint32_t Writer::go(std::uint32_t from, const Edge& edge, const std::vector<Place>& places,
                         unsigned pending) {
    move_arguments(edge, places);
    if (is_back(from, edge)) {
        if constexpr (kCountsFuel) {
            take_fuel_and_jump(pending, labels_[edge.block]);
            write_side_exit(out_of_fuel_at(edge.block));
        } else {
            jump(labels_[edge.block]);
        }
        if (!written_[edge.block]) {
            waiting_.push_back(edge.block);
        }
        return kNone;
    }
    if (is_only_way(edge)) {
        pending_at_[edge.block] = pending;
    } else {
        pay(pending);
    }
    return edge.block;
}

void Writer::clean_arguments(const Edge& edge) {
    const Block& to = region_.blocks[edge.block];
    for (std::size_t i = 0; i < edge.arguments.size(); ++i) {
        const Value value = edge.arguments[i];
        if (uses_.is_used(to.parameters[i]) && !is_clean(value)) {
            unlock();
            clean(value);
        }
    }
}

/// Where the arguments are; nothing for constants and for what is not needed.
std::vector<Writer::Place> Writer::places_of(const Edge& edge) {
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
void Writer::find_places(const Edge& edge, const std::vector<Place>& from) {
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
        } else if (place.reg == kNoRegister && place.slot != kNoSlot && !taken_slots[place.slot]) {
            places[i] = place;
            taken_slots[place.slot] = true;
        } else {
            open.push_back(i);
        }
    }
    for (const std::size_t i : open) {
        for (const std::uint8_t reg : registers_) {
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
bool Writer::is_free(std::uint32_t number, const Edge& edge, const std::vector<Place>& from) const {
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
void Writer::move_arguments(const Edge& edge, const std::vector<Place>& from) {
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
            move_place(ready->to, ready->from);
            moves.erase(ready);
            continue;
        }
        // A circle.
        const Place first = moves.front().from;
        move_place({.reg = scratch_}, first);
        for (Move& other : moves) {
            if (other.from == first) {
                other.from = {.reg = scratch_};
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
            set_slot(to[i].slot, edge.arguments[i].bits);
        }
    }
}

void Writer::move_place(Place to, Place from) {
    if (to.reg != kNoRegister) {
        if (from.reg != kNoRegister) {
            move(to.reg, from.reg);
        } else {
            load_slot(to.reg, from.slot);
        }
    } else if (from.reg != kNoRegister) {
        store_slot(to.slot, from.reg);
    } else {
        copy_slot(to.slot, from.slot);
    }
}

}  // namespace uxn::jit
