#include "uxn/jit/places.hpp"

#include <utility>

namespace uxn::jit {

Places::Places(const Region& region, std::span<const std::uint8_t> registers)
    : region_(region), uses_(region), registers_(registers), nodes_(region.nodes.size()) {}

std::uint8_t Places::take() {
    std::uint8_t victim = kNoRegister;
    std::uint32_t latest = 0;
    for (const std::uint8_t reg : registers_) {
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
        return registers_[0];
    }
    evict(victim);
    lock(victim);
    return victim;
}

void Places::evict(std::uint8_t reg) {
    Known& owner = owner_of(reg);
    if (owner.slot == kNoSlot) {
        owner.slot = take_slot();
        store_slot(owner.slot, reg);
    }
    owner.reg = kNoRegister;
    owners_[reg] = Value::kConstant;
}

void Places::claim(std::uint8_t reg) {
    lock(reg);
    if (owners_[reg] == Value::kConstant) {
        return;
    }
    for (const std::uint8_t other : registers_) {
        if (owners_[other] == Value::kConstant && !is_locked(other)) {
            move(other, reg);
            owner_of(reg).reg = other;
            owners_[other] = std::exchange(owners_[reg], Value::kConstant);
            lock(other);
            return;
        }
    }
    evict(reg);
}

std::uint8_t Places::take_slot() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!slots_[i]) {
            slots_[i] = true;
            return static_cast<std::uint8_t>(i);
        }
    }
    failed_ = true;
    return 0;
}

void Places::release_slot(std::uint8_t& slot) {
    if (slot != kNoSlot) {
        slots_[slot] = false;
    }
    slot = kNoSlot;
}

std::uint8_t Places::reg_of(Value value) {
    if (value.is_constant()) {
        const std::uint8_t reg = take();
        set(reg, value.bits);
        return reg;
    }
    Known& it = known(value);
    if (it.reg == kNoRegister) {
        const std::uint8_t reg = take();
        load_slot(reg, it.slot);
        it.reg = reg;
        owners_[reg] = value.node;
    }
    lock(it.reg);
    return it.reg;
}

std::uint8_t Places::clean(Value value) {
    const std::uint8_t reg = reg_of(value);
    if (!is_clean(value)) {
        narrow(reg, node_of(value).wide);
        known(value).is_clean = true;
        release_slot(known(value).slot);
    }
    return reg;
}

std::uint8_t Places::copy_of(Value value) {
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
    move(reg, from);
    return own(reg);
}

std::uint8_t Places::own(std::uint8_t reg) {
    owners_[reg] = static_cast<std::int32_t>(now_);
    nodes_[now_].reg = reg;
    return reg;
}

void Places::let_go(Value value) {
    if (value.is_constant() || uses_.last_use(value) > now_) {
        return;
    }
    Known& it = known(value);
    if (it.reg != kNoRegister && owners_[it.reg] == value.node) {
        owners_[it.reg] = Value::kConstant;
    }
    it.reg = kNoRegister;
    release_slot(it.slot);
}

Source Places::source_of(Value value) {
    if (value.is_constant()) {
        return {Source::Kind::Constant, value.bits};
    }
    const Known& it = known(value);
    return it.reg != kNoRegister ? Source{Source::Kind::Register, it.reg}
                                 : Source{Source::Kind::Slot, it.slot};
}

void Places::begin_block() {
    owners_.fill(Value::kConstant);
    slots_ = {};
}

void Places::begin_node(std::uint32_t number) {
    now_ = number;
    unlock();
    nodes_[number] = {};
}

void Places::end_node() {
    Known& it = nodes_[now_];
    if (it.reg != kNoRegister && !uses_.is_used({.node = static_cast<std::int32_t>(now_)})) {
        owners_[it.reg] = Value::kConstant;
        it.reg = kNoRegister;
    }
}

void Places::put(Value parameter, const Place& place) {
    known(parameter) = {.reg = place.reg, .slot = place.slot};
    if (place.reg != kNoRegister) {
        owners_[place.reg] = parameter.node;
    }
    if (place.slot != kNoSlot) {
        slots_[place.slot] = true;
    }
}

}  // namespace uxn::jit
