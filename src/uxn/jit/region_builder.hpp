#pragma once

#include <cstdint>
#include <optional>

#include "uxn/devices.hpp"
#include "uxn/jit/ir.hpp"
#include "uxn/machine.hpp"

namespace uxn::jit {

/// What has been learnt about a program's bytes: which are changed while it runs.
class Habits {
public:
    virtual ~Habits() = default;
    /// Whether the byte, an opcode or part of a distance, changes too often to be compiled.
    virtual bool keeps_changing(std::uint16_t at) const = 0;
    /// Whether the byte is part of an instruction that has been executed.
    virtual bool is_code(std::uint16_t at) const = 0;
    /// Whether the literal byte has ever been seen to change.
    virtual bool is_variable(std::uint16_t at) const = 0;
    /// A literal byte that the program is about to change.
    virtual void set_variable(std::uint16_t at) = 0;
};

/// The ports that are not plain memory.
struct Ports {
    PortSet reads;
    PortSet writes;
};

/// The region that begins at `pc`: what can be reached from there without leaving to an address
/// that only values tell. Nothing if it would be empty.
/// most: instructions, about.
std::optional<Region> build_region(const Ram& ram, const Ports& ports, Habits& habits,
                                   std::uint16_t pc, unsigned most);

}  // namespace uxn::jit
