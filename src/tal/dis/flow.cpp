#include "tal/dis/flow.hpp"

#include "tal/dis/operand.hpp"
#include "tal/dis/plausible.hpp"

namespace tal::dis {
namespace {

using uxn::Op;

class Explorer {
public:
    Explorer(Program& program, const KnownSymbols& symbols, std::span<const PortName> ports)
        : program_(program), symbols_(symbols), ports_(ports), loaded_(kMemorySize) {}

    void find_code() {
        explore(kProgramStart);
        try_literals();
        // Where code ends there may be more of it, and where a label is.
        for (std::uint32_t at = kProgramStart + 1; at < program_.end(); ++at) {
            if (symbols_.is_labelled(at) || program_.part(at - 1) != Part::Data) {
                try_from(at);
                try_literals();
            }
        }
    }

private:
    /// Marks the code that control reaches from an address.
    void explore(std::uint32_t start) {
        pending_.push_back(start);
        while (!pending_.empty()) {
            const std::uint32_t address = pending_.back();
            pending_.pop_back();
            run(address);
        }
    }

    void run(std::uint32_t address) {
        Op before = Op::BRK;
        while (program_.may_begin(address) && program_.is_free(address)) {
            const Op op = program_.op_at(address);
            const bool ends = ends_flow(op, before);
            program_.mark_instruction(address, ends);
            if (is_skip(op, before)) {
                pending_.push_back(address + 2);
            }
            const Operand operand = operand_at(program_, ports_, address);
            switch (operand.kind) {
                case OperandKind::Jump:
                case OperandKind::JumpAddress:
                case OperandKind::JumpDistance: pending_.push_back(operand.target); break;
                case OperandKind::DataAddress:
                case OperandKind::DataDistance:
                case OperandKind::ValueDistance: loaded_[operand.target] = true; break;
                case OperandKind::Number:
                    if (op == Op::LIT2 || op == Op::LIT2r) {
                        literals_.push_back(operand.target);
                    }
                    break;
                default: break;
            }
            if (ends || is_block_call(program_, address)) {
                return;
            }
            before = op;
            address += uxn::length_of(op);
        }
    }

    void try_from(std::uint32_t address) {
        if (program_.part(address) == Part::Data &&
            reads_like_code(program_, symbols_, loaded_, address)) {
            explore(address);
        }
    }

    /// Numbers in code may be addresses of routines.
    void try_literals() {
        while (!literals_.empty()) {
            const std::uint16_t value = literals_.back();
            literals_.pop_back();
            if (program_.contains(value)) {
                try_from(value);
            }
        }
    }

    Program& program_;
    const KnownSymbols& symbols_;
    std::span<const PortName> ports_;
    std::vector<bool> loaded_;  // addresses of data
    std::vector<std::uint32_t> pending_;
    std::vector<std::uint16_t> literals_;
};

}  // namespace

bool is_block_call(const Program& program, std::uint32_t address) {
    if (program.op_at(address) != Op::JSI || program.is_cut(address)) {
        return false;
    }
    const std::uint32_t length = program.short_at(address + 1);
    const std::uint32_t target = address + 3 + length;
    return length != 0 && target < program.end() && program.op_at(target) == Op::STH2r;
}

void find_code(Program& program, const KnownSymbols& symbols, std::span<const PortName> ports) {
    Explorer(program, symbols, ports).find_code();
}

}  // namespace tal::dis
