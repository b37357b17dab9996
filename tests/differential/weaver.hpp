#pragma once

#include "differential/code_writer.hpp"
#include "support/choices.hpp"

namespace uxn::test {

/// Writes random idioms into RAM, one after the other, whatever is on the stacks by then.
class Weaver {
public:
    /// tame: nothing that could leave the stretch of code being written, or change its opcodes.
    Weaver(Ram& ram, Choices& choices, unsigned at, bool tame)
        : code_(ram, at), choices_(choices), tame_(tame) {}

    unsigned at() const { return code_.at(); }

    void put_idiom();
    void put_jump_to(unsigned target) { code_.put_jump(Op::JMI, target); }

private:
    void put_in_any_mode(Op op);
    unsigned any_byte();
    unsigned any_address();
    void put_any_literal();
    void put_stack_opcode();
    void put_access(Op load, Op store, auto&& put_address);
    void put_zero_page_access();
    void put_memory_access();
    void put_relative_access();
    void put_device_access();
    void put_literal_patch();
    void put_counted_loop();
    void put_forward_jump();
    void put_far_jump();
    void put_rarity();

    CodeWriter code_;
    Choices& choices_;
    bool tame_;
};

}  // namespace uxn::test
