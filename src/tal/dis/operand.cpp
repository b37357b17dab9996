#include "tal/dis/operand.hpp"

namespace tal::dis {
namespace {

using uxn::Op;

std::uint16_t at_distance(std::uint32_t from, std::uint8_t distance) {
    return static_cast<std::uint16_t>(
        from + static_cast<std::uint32_t>(static_cast<std::int8_t>(distance)));
}

/// A literal byte: what does the instruction after it do with the top of the stack?
Operand byte_operand(const Program& program, std::uint32_t address) {
    const std::uint8_t value = program[address + 1];
    const std::uint32_t next = address + 2;
    const Op user = program.op_at(next);
    const uxn::Mode mode = uxn::mode_of(user);
    if (uxn::is_immediate(user) || mode.ret != uxn::mode_of(program.op_at(address)).ret) {
        return {OperandKind::Number, value};
    }
    switch (static_cast<Op>(uxn::base_of(user))) {
        case Op::JMP:
        case Op::JCN:
        case Op::JSR:
            if (!mode.wide) {
                return {OperandKind::JumpDistance, at_distance(next + 1, value)};
            }
            break;
        case Op::LDR:
        case Op::STR: return {OperandKind::DataDistance, at_distance(next + 1, value)};
        case Op::LDZ:
        case Op::STZ: return {OperandKind::ZeroPage, value};
        case Op::DEI:
        case Op::DEO: return {OperandKind::Port, value};
        default: break;
    }
    return {OperandKind::Number, value};
}

/// A literal short, likewise; or it is written to a port by the two instructions after it.
Operand short_operand(const Program& program, std::span<const PortName> ports,
                      std::uint32_t address) {
    const std::uint16_t value = program.short_at(address + 1);
    const auto low = static_cast<std::uint8_t>(value & 0xff);
    const std::uint32_t next = address + 3;
    const Op user = program.op_at(next);
    const uxn::Mode mode = uxn::mode_of(user);
    if (const PortName* const port = port_written(program, ports, address)) {
        switch (port->use) {
            case PortUse::Value: return {OperandKind::Number, value};
            case PortUse::Vector: return {OperandKind::JumpAddress, value};
            default: return {OperandKind::DataAddress, value};
        }
    }
    if (uxn::is_immediate(user) || mode.ret != uxn::mode_of(program.op_at(address)).ret) {
        return {OperandKind::Number, value};
    }
    switch (static_cast<Op>(uxn::base_of(user))) {
        case Op::JMP:
        case Op::JCN:
        case Op::JSR:
            if (mode.wide) {
                return {OperandKind::JumpAddress, value};
            }
            break;
        case Op::LDA:
        case Op::STA: return {OperandKind::DataAddress, value};
        // Of two bytes that are pushed at once the second is on top.
        case Op::LDZ: return {OperandKind::ValueZeroPage, low};
        case Op::DEI: return {OperandKind::ValuePort, low};
        case Op::STZ:
            if (!mode.wide) {
                return {OperandKind::ValueZeroPage, low};
            }
            break;
        case Op::DEO:
            if (!mode.wide) {
                return {OperandKind::ValuePort, low};
            }
            break;
        case Op::LDR: return {OperandKind::ValueDistance, at_distance(next + 1, low)};
        case Op::STR:
            if (!mode.wide) {
                return {OperandKind::ValueDistance, at_distance(next + 1, low)};
            }
            break;
        default: break;
    }
    return {OperandKind::Number, value};
}

}  // namespace

const PortName* port_written(const Program& program, std::span<const PortName> ports,
                             std::uint32_t address) {
    if (program.op_at(address) != Op::LIT2 || program.op_at(address + 3) != Op::LIT ||
        program.op_at(address + 5) != Op::DEO2) {
        return nullptr;
    }
    const auto port = std::ranges::find(ports, program[address + 4], &PortName::number);
    return port == ports.end() ? nullptr : &*port;
}

Operand operand_at(const Program& program, std::span<const PortName> ports, std::uint32_t address) {
    const Op op = program.op_at(address);
    if (uxn::length_of(op) == 1) {
        return {};
    }
    if (program.is_cut(address)) {
        return {OperandKind::Number, 0};
    }
    switch (op) {
        case Op::JCI:
        case Op::JMI:
        case Op::JSI:
            return {OperandKind::Jump,
                    static_cast<std::uint16_t>(address + 3 + program.short_at(address + 1))};
        case Op::LIT:
        case Op::LITr: return byte_operand(program, address);
        default: return short_operand(program, ports, address);
    }
}

}  // namespace tal::dis
