#pragma once

#include <cstdint>
#include <span>

#include "tal/dis/program.hpp"
#include "tal/disassembler.hpp"

namespace tal::dis {

/// What the operand of an instruction stands for.
enum class OperandKind : std::uint8_t {
    None,           ///< there is no operand
    Number,         ///< nothing is known of it
    Jump,           ///< the target of JCI, JMI or JSI
    JumpAddress,    ///< an address of code, jumped to or made a vector
    JumpDistance,   ///< a distance from the instruction after the next to code
    DataAddress,    ///< an address that is loaded from, stored to or given to a device
    DataDistance,   ///< a distance to data
    ZeroPage,       ///< an address in the zero page
    Port,           ///< a device port
    ValueZeroPage,  ///< a value, then an address in the zero page
    ValuePort,      ///< a value, then a device port
    ValueDistance,  ///< a value, then a distance to data
};

struct Operand {
    OperandKind kind = OperandKind::None;
    std::uint16_t target = 0;  ///< what it refers to: an address or a port; a number's value
};

/// Reads the operand of the instruction at `address` by what follows: a literal is an address if
/// the next instruction uses it as one.
Operand operand_at(const Program& program, std::span<const PortName> ports, std::uint32_t address);

/// The port that a literal short is written to by the two instructions after it, if it has a name:
/// `;on-frame .Screen/vector DEO2`.
const PortName* port_written(const Program& program, std::span<const PortName> ports,
                             std::uint32_t address);

}  // namespace tal::dis
