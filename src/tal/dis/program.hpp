#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "uxn/opcode.hpp"

namespace tal::dis {

inline constexpr std::uint32_t kMemorySize = 0x10000;
inline constexpr std::uint32_t kProgramStart = 0x100;

/// What a byte of memory is.
enum class Part : std::uint8_t { Data, Opcode, Operand };

/// A ROM in memory, and what its bytes turn out to be.
class Program {
public:
    explicit Program(std::span<const std::uint8_t> rom)
        : bytes_(kMemorySize), parts_(kMemorySize), ends_flow_(kMemorySize), end_(kProgramStart) {
        const auto loaded = rom.first(std::min<std::size_t>(rom.size(), kMemorySize - end_));
        std::ranges::copy(loaded, bytes_.begin() + kProgramStart);
        end_ += static_cast<std::uint32_t>(loaded.size());
        while (end_ > kProgramStart && bytes_[end_ - 1] == 0) {
            --end_;
        }
        extent_ = end_;
    }

    /// Memory wraps at ffff.
    std::uint8_t operator[](std::uint32_t address) const { return bytes_[address & 0xffff]; }
    std::uint16_t short_at(std::uint32_t address) const {
        return static_cast<std::uint16_t>((*this)[address] << 8 | (*this)[address + 1]);
    }
    uxn::Op op_at(std::uint32_t address) const { return static_cast<uxn::Op>((*this)[address]); }

    Part part(std::uint32_t address) const { return parts_[address & 0xffff]; }
    /// Whether an instruction is known to begin there.
    bool is_code(std::uint32_t address) const { return part(address) == Part::Opcode; }

    /// One past the last byte that is not zero; 0100 if there is none.
    std::uint32_t end() const { return end_; }
    /// One past what has to be written: code at the end may use the zeros after it.
    std::uint32_t extent() const { return extent_; }
    bool contains(std::uint32_t address) const {
        return address >= kProgramStart && address < extent_;
    }
    /// Whether code may begin there. The zero after the end is a BRK.
    bool may_begin(std::uint32_t address) const {
        return address >= kProgramStart && address <= end_ && address < kMemorySize;
    }

    /// Bytes of the instruction at `address`, less where memory ends inside it.
    unsigned length_at(std::uint32_t address) const {
        return std::min(uxn::length_of(op_at(address)), kMemorySize - address);
    }
    bool is_cut(std::uint32_t address) const {
        return length_at(address) < uxn::length_of(op_at(address));
    }

    /// Whether the byte before `address` is not executed right before it.
    bool follows_end_of_flow(std::uint32_t address) const {
        std::uint32_t before = address - 1;
        while (part(before) == Part::Operand) {
            --before;
        }
        return !is_code(before) || ends_flow_[before];
    }

    /// Whether an instruction there would overlap none that is known already.
    bool is_free(std::uint32_t address) const {
        return std::ranges::all_of(std::span(parts_).subspan(address, length_at(address)),
                                   [](Part part) { return part == Part::Data; });
    }
    /// ends_flow: what comes behind the instruction is not executed next.
    void mark_instruction(std::uint32_t address, bool ends_flow) {
        const unsigned length = length_at(address);
        parts_[address] = Part::Opcode;
        ends_flow_[address] = ends_flow;
        std::fill_n(parts_.data() + address + 1, length - 1, Part::Operand);
        extent_ = std::max(extent_, address + length);
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::vector<Part> parts_;
    std::vector<bool> ends_flow_;
    std::uint32_t end_;
    std::uint32_t extent_;
};

/// A jump by what is on the stack, unless that is a literal: `EQU JMP` skips an instruction of one
/// byte, or does not.
constexpr bool is_skip(uxn::Op op, uxn::Op before) {
    return op == uxn::Op::JMP && before != uxn::Op::LIT;
}

/// Whether what comes behind the instruction is never executed right after it.
constexpr bool ends_flow(uxn::Op op, uxn::Op before) {
    return op == uxn::Op::BRK || op == uxn::Op::JMI ||
           (!uxn::is_immediate(op) && uxn::base_of(op) == uxn::byte_of(uxn::Op::JMP) &&
            !is_skip(op, before));
}

}  // namespace tal::dis
