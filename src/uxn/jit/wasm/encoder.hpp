#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace uxn::jit::wasm {

/// Instructions of WebAssembly, as far as they are used here.
/// Source: WebAssembly Core Specification, appendix "Index of Instructions".
enum class Op : std::uint8_t {
    Unreachable = 0x00,
    Block = 0x02,
    Loop = 0x03,
    If = 0x04,
    Else = 0x05,
    End = 0x0b,
    Br = 0x0c,
    BrIf = 0x0d,
    ReturnCallIndirect = 0x13,
    Select = 0x1b,
    LocalGet = 0x20,
    LocalSet = 0x21,
    LocalTee = 0x22,
    I32Load = 0x28,
    I32Load8S = 0x2c,
    I32Load8U = 0x2d,
    I32Load16U = 0x2f,
    I32Store8 = 0x3a,
    I32Store16 = 0x3b,
    I32Const = 0x41,
    I32Eqz = 0x45,
    I32Eq = 0x46,
    I32LtS = 0x48,
    I32GtS = 0x4a,
    I32GtU = 0x4b,
    I32LeS = 0x4c,
    I32Add = 0x6a,
    I32Sub = 0x6b,
    I32Mul = 0x6c,
    I32DivU = 0x6e,
    I32And = 0x71,
    I32Or = 0x72,
    I32Xor = 0x73,
    I32Shl = 0x74,
    I32ShrU = 0x76,
    I32Extend8S = 0xc0,
};

/// Appends the binary format to bytes.
class Encoder {
public:
    void byte(unsigned value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
    void op(Op what) { byte(static_cast<unsigned>(what)); }
    /// LEB128.
    void number(std::uint32_t value) {
        while (value >= 0x80) {
            byte((value & 0x7f) | 0x80);
            value >>= 7;
        }
        byte(value);
    }
    void signed_number(std::int32_t value) {
        while (value < -0x40 || value >= 0x40) {
            byte((static_cast<unsigned>(value) & 0x7f) | 0x80);
            value >>= 7;
        }
        byte(static_cast<unsigned>(value) & 0x7f);
    }
    void name(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }
    void append(std::span<const std::uint8_t> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    /// What `write(encoder)` appends, its size in front.
    template <class Write>
    void sized(Write write) {
        Encoder inner;
        write(inner);
        number(static_cast<std::uint32_t>(inner.bytes_.size()));
        append(inner.bytes_);
    }

    // Instructions.

    void constant(std::uint32_t value) {
        op(Op::I32Const);
        signed_number(static_cast<std::int32_t>(value));
    }
    void local(Op what, std::uint32_t number_of_it) {
        op(what);
        number(number_of_it);
    }
    /// A load or a store, at `offset` from the operand.
    void memory(Op what, std::uint32_t offset) {
        op(what);
        number(0);  // any alignment
        number(offset);
    }
    void block(Op what) {
        op(what);
        byte(0x40);  // no result
    }

    std::span<const std::uint8_t> bytes() const { return bytes_; }

private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace uxn::jit::wasm
