#pragma once

#include <cstdint>

#include "uxn/machine.hpp"
#include "uxn/opcode.hpp"

namespace uxn::test {

/// Writes instructions into RAM one after the other; the end of RAM wraps.
class CodeWriter {
public:
    CodeWriter(Ram& ram, unsigned at) : ram_(ram), at_(at) {}

    /// The address of the next byte. Not wrapped, so that differences are distances.
    unsigned at() const { return at_; }

    void put_byte(unsigned value) {
        ram_[static_cast<std::uint16_t>(at_++)] = static_cast<std::uint8_t>(value);
    }
    void put_short(unsigned value) {
        put_byte(value >> 8 & 0xff);
        put_byte(value & 0xff);
    }
    void put(Op op) { put_byte(byte_of(op)); }
    void put_literal(unsigned byte, bool ret = false) {
        put(ret ? Op::LITr : Op::LIT);
        put_byte(byte);
    }
    void put_short_literal(unsigned value, bool ret = false) {
        put(ret ? Op::LIT2r : Op::LIT2);
        put_short(value);
    }
    /// An immediate jump: JCI, JMI or JSI.
    void put_jump(Op op, unsigned target) {
        put(op);
        put_short(target - (at_ + 2));
    }

    /// Replaces what was put somewhere before.
    void set_byte(unsigned at, unsigned value) {
        ram_[static_cast<std::uint16_t>(at)] = static_cast<std::uint8_t>(value);
    }
    void set_short(unsigned at, unsigned value) {
        set_byte(at, value >> 8 & 0xff);
        set_byte(at + 1, value & 0xff);
    }

private:
    Ram& ram_;
    unsigned at_;
};

}  // namespace uxn::test
