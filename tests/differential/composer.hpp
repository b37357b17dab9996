#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "differential/code_writer.hpp"
#include "differential/meddling_devices.hpp"
#include "support/choices.hpp"
#include "support/effects.hpp"

namespace uxn::test {

/// What a composed program is mostly made of.
enum class Emphasis : std::uint8_t { Control, SelfModification, Ports };

/// Composes programs as people write them: statements that leave the stacks as a block or a routine
/// needs them, loops that count down, calls that return. It keeps a model of both stacks' depths,
/// from the stack effects of the bodies, so that programs run long and stay on their way; now and
/// then it takes more off a stack than there is.
class Composer {
public:
    Composer(Ram& ram, Choices& choices, const DeviceSetup& devices, unsigned at,
             Emphasis emphasis);

    /// Writes a program that repeats itself or ends with BRK.
    void compose();

    /// Addresses where something begins: the program, its statements and routines.
    const std::vector<std::uint16_t>& entries() const { return entries_; }

private:
    /// Bytes on both stacks, relative to the program's start; indexed by return mode.
    using Depth = std::array<int, 2>;

    struct Statement {
        void (Composer::*put)(unsigned level);
        std::array<unsigned, 3> weights;  ///< by emphasis
        bool nests;                       ///< contains blocks
    };
    static const std::vector<Statement>& statements();

    // What goes into RAM, with the model kept.
    void put(Op op);
    void account(Op op);
    void put_literal(unsigned byte, bool ret = false);
    void put_short_literal(unsigned value, bool ret = false);
    void put_any_literal(bool ret);
    void put_plain();
    void put_plain_ops(unsigned most);
    /// A sequence that the fused engines have a piece of code for.
    std::span<const Op> any_sequence();
    /// The opcodes in a row, with random literals. Returns their addresses.
    std::vector<unsigned> put_row(std::span<const Op> ops);
    /// Makes sure that there are `bytes` on a stack that may be taken.
    void need(bool ret, unsigned bytes);
    void settle(const Depth& target);
    void put_block(unsigned level);
    void put_statement(unsigned level);
    unsigned at() const { return code_.at(); }
    Op any_plain();
    Op in_any_mode(Op op);

    // Jumps, in the forms that a program has for them.
    enum class Flow : std::uint8_t { Always, If, Call };
    enum class Form : std::uint8_t { Immediate, Relative, Absolute };
    struct Jump {
        unsigned at;
        Form form;
        Op immediate;  ///< what replaces a relative one whose target is too far
    };
    Jump put_jump(Flow flow, bool may_keep = false);
    void resolve(const Jump& jump, unsigned target);
    void put_jump_to(Flow flow, unsigned target) { resolve(put_jump(flow), target); }

    // Statements.
    void put_straight_line(unsigned level);
    void put_sequence(unsigned level);
    void put_zero_page_access(unsigned level);
    void put_memory_access(unsigned level);
    void put_cell(unsigned level);
    void put_choice(unsigned level);
    void put_loop(unsigned level);
    void put_routine(unsigned level);
    void put_call(unsigned level);
    void put_recursion(unsigned level);
    void put_computed_jump(unsigned level);
    void put_port_access(unsigned level);
    void put_stack_pointer_access(unsigned level);

    struct Routine {
        unsigned address;
        bool on_wst;  ///< where it expects its return address
    };
    void put_call_of(const Routine& routine);
    void put_return(const Routine& routine);
    /// Jumps over what `body` puts, which begins with its return address on a stack.
    void put_aside(bool on_wst, unsigned arguments, const std::function<void()>& body);
    void put_store(Op base, unsigned address);
    void put_load(Op base, unsigned address);
    unsigned data_address();
    std::uint8_t choose_port(bool reads);
    void access_port(std::uint8_t port, bool reads);

    // Statements that change code; in self_modification.cpp.
    void put_literal_patch(unsigned level);
    void put_opcode_patch(unsigned level);
    void put_jump_patch(unsigned level);
    void put_copied_code(unsigned level);
    void put_device_poke(unsigned level);
    void put_device_copy(unsigned level);
    void put_sequence_patch(unsigned level);

    struct Store {
        unsigned operand;  ///< where its address is in line
        bool relative;
        unsigned pc;  ///< of the instruction after it
    };
    Store put_store_ahead(bool wide);
    void resolve(const Store& store, unsigned target);
    unsigned buffer_address(unsigned length);
    Op like(Op op);
    void put_device_address(std::uint8_t port, unsigned address);

    CodeWriter code_;
    Choices& choices_;
    const DeviceSetup& devices_;
    unsigned begin_;
    Emphasis emphasis_;
    Depth depth_{};
    Depth floor_{};  ///< what must not be taken: counters and return addresses
    std::vector<Routine> routines_;
    std::optional<unsigned> cell_;  ///< a variable between the instructions
    std::vector<std::uint16_t> entries_;
    unsigned statements_left_ = 0;
};

}  // namespace uxn::test
