#pragma once

#include <type_traits>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "uxn/opcode.hpp"
#include "uxn/word.hpp"

namespace uxn {

/// Who is told of bytes of RAM that change: nobody.
struct Unwatched {
    static constexpr void written(std::uint16_t /*begin*/, std::uint32_t /*length*/) {}
};

/// Executes opcode bodies directly on a machine, every access wrapped as the specification says.
/// Nothing here is clever: the loop engine built from it is what the other engines are held to.
/// Watcher: told of all writes to RAM, those of devices as well, after they have happened.
template <class Watcher = Unwatched>
class PlainExecutor {
public:
    using Byte = uxn::Byte;
    using Short = uxn::Short;

    /// pc: the address of the next instruction, that is, already past the opcode byte.
    constexpr PlainExecutor(Machine& machine, Devices& devices, std::uint16_t pc, Watcher& watcher)
        : machine_(machine), devices_(devices), watcher_(watcher), pc_(pc) {}

    /// A stack as one instruction sees it: pops move the pointer, in keep mode a copy of it.
    template <Mode m>
    class View {
        using Value = std::conditional_t<m.wide, Short, Byte>;

    public:
        constexpr explicit View(Stack& stack) : stack_(stack), cursor_(stack.ptr) {}

        constexpr Byte pop_byte() {
            if constexpr (m.keep) {
                return Byte(stack_[--cursor_]);
            } else {
                return Byte(stack_[--stack_.ptr]);
            }
        }
        constexpr Short pop_short() {
            const Byte low = pop_byte();
            return make_short(pop_byte(), low);
        }
        constexpr Value pop() {
            if constexpr (m.wide) {
                return pop_short();
            } else {
                return pop_byte();
            }
        }
        constexpr void put_back(auto value) { push(value); }
        constexpr void push(Byte value) { stack_[stack_.ptr++] = value.bits; }
        constexpr void push(Short value) {
            push(high_byte(value));
            push(low_byte(value));
        }

    private:
        Stack& stack_;
        std::uint8_t cursor_;
    };

    template <Mode m>
    constexpr View<m> source() {
        return View<m>(m.ret ? machine_.rst : machine_.wst);
    }
    template <Mode m>
    constexpr View<m> other() {
        return View<m>(m.ret ? machine_.wst : machine_.rst);
    }

    constexpr Short pc() const { return Short(pc_); }
    constexpr Byte literal_byte() { return Byte(machine_.ram[pc_++]); }
    constexpr Short literal_short() {
        const Byte high = literal_byte();
        return make_short(high, literal_byte());
    }

    template <Mode m, class Address>
    constexpr auto load(Address at) const {
        const Byte first(machine_.ram[at.bits]);
        if constexpr (m.wide) {
            return make_short(first, Byte(machine_.ram[(at + Address(1)).bits]));
        } else {
            return first;
        }
    }
    template <class Address>
    constexpr void store(Address at, Byte value) {
        machine_.ram[at.bits] = value.bits;
        watcher_.written(at.bits, 1);
    }
    template <class Address>
    constexpr void store(Address at, Short value) {
        store(at, high_byte(value));
        store(at + Address(1), low_byte(value));
    }

    constexpr Short literal_distance() { return literal_short(); }
    constexpr void jump_by(Short d) { jump(pc() + d); }
    constexpr void jump_by_if(Byte flag, Short d) { jump_if(flag, pc() + d); }
    constexpr void jump(Short to) { pc_ = to.bits; }
    constexpr void jump_if(Byte flag, Short to) {
        if (flag.bits != 0) {
            jump(to);
        }
    }

    Byte read_port(Byte port) {
        if (devices_.reads().contains(port.bits)) {
            return Byte(devices_.read(machine_, port.bits));
        }
        return Byte(machine_.dev[port.bits]);
    }
    void write_port(Byte port, Byte value) {
        machine_.dev[port.bits] = value.bits;
        if (devices_.writes().contains(port.bits)) {
            const DeviceEffect effect = devices_.write(machine_, port.bits);
            if (effect.ram_length != 0) {
                watcher_.written(effect.ram_begin, effect.ram_length);
            }
            halted_ |= effect.halt;
            called_device_ = true;
        }
    }

    constexpr void end_vector() { ended_ = true; }

    constexpr bool ended() const { return ended_; }
    constexpr bool halted() const { return halted_; }
    /// True if a side effect has run, which may have taken as long as thousands of instructions.
    constexpr bool called_device() const { return called_device_; }

private:
    Machine& machine_;
    Devices& devices_;
    Watcher& watcher_;
    std::uint16_t pc_;
    bool ended_ = false;
    bool halted_ = false;
    bool called_device_ = false;
};

}  // namespace uxn
