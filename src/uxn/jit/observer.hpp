#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "uxn/jit/ir.hpp"
#include "uxn/machine.hpp"

namespace uxn::jit {

/// Code that can be executed from now on.
struct CodeReport {
    std::span<const std::uint8_t> code;    ///< where it is executed
    std::span<const std::uint8_t> frames;  ///< a section .eh_frame for it, with absolute addresses
    std::string_view assembly;             ///< as text; empty if nobody has asked for it
};

/// A region that has been compiled.
struct RegionReport {
    const Region& region;
    const Ram& ram;  ///< as it was then
    CodeReport code;
    std::chrono::nanoseconds time;  ///< that it took
};

/// Why code is not executed any more.
enum class Dropped : std::uint8_t {
    Changed,  ///< a byte that it was made of has changed, or one that it stores to is executed
    GivenUp,  ///< it was left again too soon
    Flushed,  ///< all regions were dropped: there were too many, or devices have other ports
    Over,     ///< the engine comes to its end
};

/// What has happened at the border between compiled code and the interpreter.
struct Counters {
    std::uint64_t entries = 0;       ///< times that compiled code was entered, and left again
    std::uint64_t side_exits = 0;    ///< of them, left where that hardly ever happens
    std::uint64_t steps = 0;         ///< instructions that it left to the interpreter in passing
    std::uint64_t instructions = 0;  ///< executed between entering and leaving, those included
    std::uint64_t flushes = 0;       ///< times that all regions were dropped
};

/// Somebody who looks on while the JIT works. What is handed over lives as long as the call.
///
/// Called on the thread that runs the program, in the middle of a run; by several threads at once
/// if the engine is used by several.
class Observer {
public:
    virtual ~Observer() = default;
    /// Whether reports are to have `assembly`, which takes longer than compiling.
    virtual bool wants_assembly() const noexcept { return false; }
    /// Code that all regions of a thread share; comes before them.
    virtual void shared(const CodeReport& /*report*/) noexcept {}
    virtual void compiled(const RegionReport& /*report*/) noexcept {}
    /// The code that begins there is not entered any more.
    virtual void dropped(const std::uint8_t* /*code*/, Dropped /*why*/) noexcept {}
    /// Nor is it executed, and other code may come into its place. Shared code, too.
    virtual void released(const std::uint8_t* /*code*/) noexcept {}
    /// A run has ended: what has happened in it.
    virtual void counted(const Counters& /*counters*/) noexcept {}
};

}  // namespace uxn::jit
