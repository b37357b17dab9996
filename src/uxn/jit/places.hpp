#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "uxn/jit/compile.hpp"
#include "uxn/jit/ir.hpp"
#include "uxn/jit/uses.hpp"

namespace uxn::jit {

/// Where values are while a block is written: in a register, in a slot, or both. Registers are
/// numbers here; how one is moved or set is the processor's business.
class Places {
protected:
    static constexpr std::uint8_t kNoRegister = 0xff;
    static constexpr std::uint8_t kNoSlot = 0xff;

    /// What is known of a node's value.
    struct Known {
        std::uint8_t reg = kNoRegister;
        std::uint8_t slot = kNoSlot;
        bool is_clean = true;  ///< no bits above its own

        bool is_anywhere() const { return reg != kNoRegister || slot != kNoSlot; }
    };
    struct Place {
        std::uint8_t reg = kNoRegister;
        std::uint8_t slot = kNoSlot;
        friend bool operator==(const Place&, const Place&) = default;
    };

    /// registers: those for values, the first ones to be taken first.
    Places(const Region& region, std::span<const std::uint8_t> registers);
    virtual ~Places() = default;

    virtual void move(std::uint8_t to, std::uint8_t from) = 0;
    virtual void set(std::uint8_t reg, unsigned bits) = 0;
    /// Clears the bits above a short, or above a byte.
    virtual void narrow(std::uint8_t reg, bool wide) = 0;
    virtual void load_slot(std::uint8_t reg, std::uint8_t slot) = 0;
    virtual void store_slot(std::uint8_t slot, std::uint8_t reg) = 0;

    Known& known(Value value) { return nodes_[static_cast<std::size_t>(value.node)]; }
    const Node& node_of(Value value) const {
        return region_.nodes[static_cast<std::size_t>(value.node)];
    }
    bool is_clean(Value value) { return value.is_constant() || known(value).is_clean; }
    /// Whether nobody needs the value after the node that is being written.
    bool dies(Value value) const { return !value.is_constant() && uses_.last_use(value) == now_; }

    /// The register of a value, which is not to be changed. A constant gets one for this node.
    std::uint8_t reg_of(Value value);
    /// The same, without bits above its own.
    std::uint8_t clean(Value value);
    /// A register that has the value and is the node's that is being written.
    std::uint8_t copy_of(Value value);
    /// Makes the register the node's.
    std::uint8_t own(std::uint8_t reg);
    /// A register for the node's result.
    std::uint8_t result() { return own(take()); }
    /// A register that nothing is in.
    std::uint8_t take();
    /// That register, free; what was in it is elsewhere.
    void claim(std::uint8_t reg);
    /// What nobody needs any more gives its places back.
    void let_go(Value value);
    /// Where a value is when the region is left here.
    Source source_of(Value value);

    /// Nothing is anywhere.
    void begin_block();
    void begin_node(std::uint32_t number);
    /// Gives back the result's register if nobody wants it.
    void end_node();
    void put(Value parameter, const Place& place);
    /// What `reg_of` has given may be taken again.
    void unlock() { locked_ = 0; }

    const Region& region_;
    const Uses uses_;
    const std::span<const std::uint8_t> registers_;
    std::vector<Known> nodes_;
    std::array<bool, Context::kSlots> slots_{};
    std::uint32_t now_ = 0;  ///< the number of the node that is being written
    bool failed_ = false;    ///< there is no room left

private:
    void lock(std::uint8_t reg) { locked_ |= 1U << reg; }
    bool is_locked(std::uint8_t reg) const { return (locked_ >> reg & 1) != 0; }
    Known& owner_of(std::uint8_t reg) { return nodes_[static_cast<std::size_t>(owners_[reg])]; }
    void evict(std::uint8_t reg);
    std::uint8_t take_slot();
    void release_slot(std::uint8_t& slot);

    std::array<std::int32_t, Context::kRegisters> owners_{};
    std::uint32_t locked_ = 0;
};

}  // namespace uxn::jit
