#include "tal/dis/references.hpp"

namespace tal::dis {
namespace {

using uxn::Op;

/// A jump, a load or the like: the operand is an address for sure.
bool is_address(OperandKind kind) {
    switch (kind) {
        case OperandKind::Jump:
        case OperandKind::JumpAddress:
        case OperandKind::JumpDistance:
        case OperandKind::DataAddress:
        case OperandKind::DataDistance:
        case OperandKind::ValueDistance: return true;
        default: return false;
    }
}

std::uint8_t use_of(std::uint32_t from, Op op, Op user, const Operand& operand) {
    const Use jump = operand.target > from ? kSkippedTo : kLoopedTo;
    switch (operand.kind) {
        case OperandKind::Jump: return op == Op::JSI ? kCalled : jump;
        case OperandKind::JumpAddress:
        case OperandKind::JumpDistance:
            return uxn::base_of(user) == uxn::byte_of(Op::JSR) ? kCalled : jump;
        case OperandKind::DataDistance:
        case OperandKind::ValueDistance: return kVariable;
        default: return kData;
    }
}

/// Whether a number that is followed by `user` may be an address.
bool is_used_like_address(Op user) {
    switch (user) {
        case Op::EQU2:
        case Op::GTH2:
        case Op::LTH2:
        case Op::MUL2:
        case Op::DIV2:
        case Op::AND2:
        case Op::ORA2:
        case Op::EOR2:
        case Op::POP2: return false;
        default: return true;
    }
}

class Finder {
public:
    Finder(const Program& program, const KnownSymbols& symbols, std::span<const PortName> ports)
        : program_(program), symbols_(symbols), ports_(ports) {}

    References find() {
        for (std::uint32_t at = kProgramStart; at < program_.extent(); ++at) {
            if (program_.is_code(at)) {
                Operand& operand = found_.operands[at];
                operand = operand_at(program_, ports_, at);
                if (is_address(operand.kind) && !is_worth_label(operand)) {
                    operand = {OperandKind::Number, program_.short_at(at + 1)};
                }
                if (is_address(operand.kind)) {
                    use(at, operand);
                }
            }
        }
        std::vector<Reference> guesses;
        for (std::uint32_t at = kProgramStart; at < program_.extent(); ++at) {
            const Operand& operand = found_.operands[at];
            if (operand.kind == OperandKind::Number && !program_.is_cut(at) &&
                uxn::length_of(program_.op_at(at)) == 3 && is_likely_address(at, operand.target)) {
                guesses.push_back({at, operand.target});
            }
        }
        for (const Reference& guess : guesses) {
            found_.operands[guess.from].kind = OperandKind::DataAddress;
            use(guess.from, found_.operands[guess.from]);
        }
        std::ranges::sort(found_.all, {}, &Reference::from);
        return std::move(found_);
    }

private:
    /// Whether an address in a literal deserves a label. In the zero page it is rather a number,
    /// such as the 0000 that takes a vector back.
    static bool is_worth_label(const Operand& operand) {
        return (operand.kind != OperandKind::JumpAddress &&
                operand.kind != OperandKind::DataAddress) ||
               operand.target >= kProgramStart;
    }

    void use(std::uint32_t from, const Operand& operand) {
        const Op op = program_.op_at(from);
        const Op user = program_.op_at(from + uxn::length_of(op));
        const PortName* const port = port_written(program_, ports_, from);
        if (port == nullptr || port->use == PortUse::Value) {
            found_.uses[operand.target] |= use_of(from, op, user, operand);
        } else if (port->use == PortUse::Vector) {
            found_.uses[operand.target] |= kVector;
            found_.vectors[operand.target] = port->device;
        } else {
            found_.uses[operand.target] |=
                port->use == PortUse::Metadata ? kMetadata | kData : kData;
        }
        found_.all.push_back({from, operand.target});
    }

    bool is_likely_address(std::uint32_t at, std::uint16_t value) const {
        if (value < kProgramStart || (value & 0xff) == 0) {
            return false;
        }
        if (symbols_.cover_program()) {
            // `;{` gives the end of a block that comes right after it.
            constexpr std::uint32_t kLongestBlock = 0x400;
            return symbols_.is_labelled(value) ||
                   (symbols_.blocks_ended(value) != 0 && value - at - 3u < kLongestBlock);
        }
        const std::uint32_t next = at + 3;
        const Op user = program_.op_at(next);
        if (!is_used_like_address(user) || port_written(program_, ports_, at) != nullptr) {
            return false;
        }
        // Numbers that a routine is called with are often enough addresses of data.
        if ((user == Op::JSI || user == Op::JMI) && program_.contains(value) &&
            program_.part(value) == Part::Data) {
            return true;
        }
        const std::uint8_t uses = found_.uses[value];
        return (uses & (kCalled | kVector | kData | kVariable)) != 0 ||
               (uses == 0 && program_.contains(value) && begins_something(value));
    }

    bool begins_something(std::uint32_t address) const {
        switch (program_.part(address)) {
            case Part::Operand: return false;
            case Part::Opcode: return program_.follows_end_of_flow(address);
            case Part::Data: break;
        }
        return program_.part(address - 1) != Part::Data || program_[address - 1] == 0;
    }

    const Program& program_;
    const KnownSymbols& symbols_;
    std::span<const PortName> ports_;
    References found_;
};

}  // namespace

References find_references(const Program& program, const KnownSymbols& symbols,
                           std::span<const PortName> ports) {
    return Finder(program, symbols, ports).find();
}

}  // namespace tal::dis
