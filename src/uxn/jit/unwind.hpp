#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace uxn::jit {

/// What debuggers, profilers and exceptions have to know to get past a piece of code on the stack,
/// as DWARF's call frame information.

/// Writes the instructions of one: in the terms of the processor, by number in DWARF.
class FrameProgram {
public:
    /// What follows holds from `offset` on, counted from where the code begins.
    void advance_to(std::uint32_t offset);
    /// The caller's stack pointer is `reg` plus `distance`.
    void frame_is(unsigned reg, unsigned distance);
    /// It is the pointer at [`reg` + `offset`], plus `distance`.
    void frame_is_at(unsigned reg, std::int32_t offset, unsigned distance);
    /// The caller's `reg` is that many words below there.
    void saved(unsigned reg, unsigned words_below);
    /// The caller's `reg` is still in it.
    void restored(unsigned reg);

    std::span<const std::uint8_t> bytes() const { return bytes_; }

private:
    std::uint32_t offset_ = 0;
    std::vector<std::uint8_t> bytes_;
};

/// What is the same in all programs of a processor.
struct FrameRules {
    unsigned return_address = 0;     ///< its column
    FrameProgram at_function_start;  ///< as any function begins
};

/// A section .eh_frame, with its end, for one piece of code.
std::vector<std::uint8_t> eh_frame(const FrameRules& rules, std::span<const std::uint8_t> code,
                                   const FrameProgram& program);

/// Such a section, which the unwinders of this process use as long as this lives.
class RegisteredFrames {
public:
    RegisteredFrames(const FrameRules& rules, std::span<const std::uint8_t> code,
                     const FrameProgram& program);
    ~RegisteredFrames();
    RegisteredFrames(const RegisteredFrames&) = delete;
    RegisteredFrames& operator=(const RegisteredFrames&) = delete;

    bool covers(const void* address) const;

private:
    std::span<const std::uint8_t> code_;
    std::vector<std::uint8_t> section_;
};

}  // namespace uxn::jit
