#include "tal/dis/writer.hpp"

#include "tal/utf8.hpp"

namespace tal::dis {
namespace {

using uxn::Op;

constexpr unsigned kShortBlock = 3;  // instructions

bool is_jump(Op op) {
    return op == Op::JCI || op == Op::JMI || op == Op::JSI;
}

/// Whether a reader expects a new line after the instruction: something has been done.
bool ends_line(Op op) {
    if (uxn::is_immediate(op)) {
        return op == Op::BRK || is_jump(op);
    }
    switch (static_cast<Op>(uxn::base_of(op))) {
        case Op::JMP:
        case Op::JCN:
        case Op::JSR: return true;
        case Op::STH: return !uxn::mode_of(op).keep && !uxn::mode_of(op).ret;
        case Op::STZ:
        case Op::STR:
        case Op::STA:
        case Op::DEO: return true;
        default: return false;
    }
}

/// DUP and OVR, which begin something new like literals do.
bool copies(Op op) {
    const auto base = static_cast<Op>(uxn::base_of(op));
    return !uxn::mode_of(op).ret && (base == Op::DUP || base == Op::OVR);
}

std::string_view rune_of(Op op) {
    switch (op) {
        case Op::JCI: return "?";
        case Op::JMI: return "!";
        case Op::LIT2: return ";";
        default: return "";
    }
}

}  // namespace

std::string Writer::write(std::size_t rom_bytes) {
    write_zero_page();
    layout_.heading("|0100");
    write_program();
    write_rest();
    remark_left_out(rom_bytes);
    return layout_.finish();
}

void Writer::remark_left_out(std::size_t rom_bytes) {
    std::string remark;
    const std::size_t covered = program_.end() - kProgramStart;
    if (rom_bytes > kMaxDisassembledBytes) {
        remark = std::to_string(rom_bytes - kMaxDisassembledBytes) +
                 " bytes of the ROM go to other banks, which source cannot fill.";
    } else if (rom_bytes > covered) {
        remark = "The ROM ends in " + std::to_string(rom_bytes - covered) +
                 " more bytes 00, which assemblers leave out.";
    } else {
        return;
    }
    layout_.heading("( " + remark + " )");
}

void Writer::write_program() {
    std::uint32_t at = kProgramStart;
    bool in_new_block = false;
    while (at < program_.extent()) {
        close_blocks(at);
        const bool flows_in =
            in_new_block || blocks_.closed[at] != 0 || !program_.follows_end_of_flow(at);
        if (flows_in && begins_paragraph(at)) {
            layout_.remark(">>");  // as authors mark that the next routine is run into
        }
        define_labels(at);
        if (program_.is_code(at)) {
            if (!flows_in && labels_.at(at).empty()) {
                layout_.blank_line();
            }
            write_instruction(at);
            in_new_block = blocks_.end[at] != 0;
            at += program_.length_at(at);
            continue;
        }
        std::uint32_t end = at + 1;
        while (end < program_.extent() && program_.part(end) == Part::Data &&
               labels_.at(end).empty() && blocks_.closed[end] == 0) {
            ++end;
        }
        if (!flows_in && labels_.at(at).empty()) {
            layout_.blank_line();
        }
        write_data(at, end);
        in_new_block = false;
        at = end;
    }
    close_blocks(at);
}

void Writer::close_blocks(std::uint32_t address) {
    for (std::uint32_t i = 0; i < blocks_.closed[address]; ++i) {
        layout_.close_block();
    }
}

/// Labels behind the program, with padding between them.
void Writer::write_rest() {
    constexpr std::uint32_t kFar = 0x1000;
    std::uint32_t at = program_.extent();
    std::uint32_t defined = kMemorySize;
    for (const Label& label : labels_.all()) {
        if (label.address < program_.extent() || label.address == defined) {
            continue;
        }
        if (label.address - at > kFar) {
            layout_.heading("|" + to_hex(label.address, 4));
        } else if (label.address != at) {
            layout_.row({"$" + to_hex(label.address - at, 1), at, 0});
        }
        at = defined = label.address;
        define_labels(at);
    }
}

std::string Writer::definition(const Label& label) {
    if (label.has_slash() && label.scope() == scope_) {
        return "&" + label.name.substr(scope_.size() + 1);
    }
    scope_ = label.scope();
    return "@" + label.name;
}

std::string Writer::reference(std::string_view rune, const Label& label) const {
    std::string token(rune);
    if (label.address >= kProgramStart && label.has_slash() && label.scope() == scope_) {
        return token + (rune.empty() ? "/" : "&") + label.name.substr(scope_.size() + 1);
    }
    return token + label.name;
}

bool Writer::begins_paragraph(std::uint32_t address) const {
    return std::ranges::any_of(labels_.at(address), [&](const Label& label) {
        return !label.has_slash() || label.scope() != scope_;
    });
}

void Writer::define_labels(std::uint32_t address) {
    for (const Label& label : labels_.at(address)) {
        std::string token = definition(label);
        if (token[0] == '&') {
            layout_.sublabel(std::move(token));
        } else {
            layout_.paragraph(std::move(token));
        }
    }
}

const Label* Writer::label_of(std::uint32_t address) const {
    const Operand& operand = references_.operands[address];
    switch (operand.kind) {
        case OperandKind::Jump:
        case OperandKind::JumpAddress:
        case OperandKind::JumpDistance:
            return labels_.find(operand.target, scope_, program_.op_at(address) != Op::JSI);
        case OperandKind::DataAddress:
        case OperandKind::DataDistance:
        case OperandKind::ValueDistance: return labels_.find(operand.target, scope_);
        case OperandKind::ZeroPage:
        case OperandKind::ValueZeroPage: return labels_.find_zero_page(operand.target);
        case OperandKind::Port:
        case OperandKind::ValuePort: return labels_.find_port(operand.target);
        default: return nullptr;
    }
}

bool Writer::has_label_inside(std::uint32_t address) const {
    for (std::uint32_t i = 1; i < program_.length_at(address); ++i) {
        if (!labels_.at(address + i).empty()) {
            return true;
        }
    }
    return false;
}

void Writer::write_instruction(std::uint32_t address) {
    const Op op = program_.op_at(address);
    const std::uint32_t length = program_.length_at(address);
    if (blocks_.end[address] != 0) {
        layout_.open_block({std::string(rune_of(op)) + "{", address, length},
                           is_short_block(address));
        return;
    }
    if (is_jump(op)) {
        write_jump(address);
    } else if (uxn::length_of(op) == 1) {
        layout_.token({std::string(uxn::info_of(op).name), address, length, copies(op)});
    } else {
        layout_.token({literal(address), address, length, true});
    }
    if (ends_line(op) && !(op == Op::JSI && goes_on_at(address + length))) {
        layout_.end_line();
    }
}

/// Whether what comes after a call uses its result rather than begins something new.
bool Writer::goes_on_at(std::uint32_t address) const {
    if (!program_.is_code(address) || !labels_.at(address).empty()) {
        return false;
    }
    const Op op = program_.op_at(address);
    return op == Op::JCI || !uxn::is_immediate(op);
}

bool Writer::is_short_block(std::uint32_t address) const {
    const std::uint32_t end = blocks_.end[address];
    unsigned count = 0;
    for (std::uint32_t at = address + 3; at < end; at += program_.length_at(at)) {
        if (!program_.is_code(at) || blocks_.end[at] != 0 || has_label_inside(at) ||
            !labels_.at(at).empty() || ++count > kShortBlock) {
            return false;
        }
    }
    return true;
}

void Writer::write_jump(std::uint32_t address) {
    const Op op = program_.op_at(address);
    const std::uint32_t length = program_.length_at(address);
    const Label* const label = label_of(address);
    if (label != nullptr && !has_label_inside(address)) {
        layout_.token({reference(rune_of(op), *label), address, length});
        return;
    }
    // There is no mnemonic to put a label behind.
    std::string text = to_hex(program_[address], 2);
    for (std::uint32_t at = address + 1; at < address + length; ++at) {
        for (const Label& inside : labels_.at(at)) {
            text += " " + definition(inside);
        }
        text += " " + to_hex(program_[at], 2);
    }
    layout_.token({text + " ( " + std::string(uxn::info_of(op).name) + " )", address, length});
}

/// The operand's bytes behind LIT or LIT2, in brackets.
std::string Writer::raw_operand(std::uint32_t address) {
    const std::uint32_t end = address + program_.length_at(address);
    const Operand& operand = references_.operands[address];
    std::string text;
    std::uint32_t at = address + 1;
    const auto define = [&] {
        if (at < end) {
            for (const Label& label : labels_.at(at)) {
                text += definition(label) + " ";
            }
        }
    };
    define();
    const Label* label = label_of(address);
    const bool whole = at + 1 >= end || labels_.at(at + 1).empty();
    if (label != nullptr && whole && !program_.is_cut(address)) {
        switch (operand.kind) {
            case OperandKind::JumpDistance:
            case OperandKind::DataDistance: return text + reference("_", *label);
            case OperandKind::ZeroPage:
            case OperandKind::Port: return text + reference("-", *label);
            case OperandKind::ValueDistance:
                return text + to_hex(program_[at], 2) + " " + reference("_", *label);
            case OperandKind::ValueZeroPage:
            case OperandKind::ValuePort:
                return text + to_hex(program_[at], 2) + " " + reference("-", *label);
            default: return text + reference("=", *label);
        }
    }
    if (whole) {
        // A label before zeros is a variable.
        const bool zero =
            !text.empty() && program_[at] == 0 && (at + 1 >= end || program_[at + 1] == 0);
        return text + (zero ? "$" + to_hex(end - at, 1) : bytes(at, end));
    }
    const bool variable = !text.empty() && program_[at] == 0;
    text += (variable ? "$1" : to_hex(program_[at], 2)) + " ";
    ++at;
    define();
    return text + (program_[at] == 0 ? "$1" : to_hex(program_[at], 2));
}

std::string Writer::literal(std::uint32_t address) {
    const Op op = program_.op_at(address);
    const bool inside = has_label_inside(address);
    if (program_.is_cut(address) && !inside) {
        const std::string rest = bytes(address + 1, address + program_.length_at(address));
        return std::string(uxn::info_of(op).name) + (rest.empty() ? "" : " ") + rest;
    }
    const Operand& operand = references_.operands[address];
    const Label* const label = label_of(address);
    const bool two = operand.kind == OperandKind::ValuePort ||
                     operand.kind == OperandKind::ValueZeroPage ||
                     operand.kind == OperandKind::ValueDistance;
    if (inside || uxn::mode_of(op).ret || (two && label != nullptr)) {
        return "[ " + std::string(uxn::info_of(op).name) + " " + raw_operand(address) + " ]";
    }
    if (label == nullptr || two) {
        return "#" + bytes(address + 1, address + program_.length_at(address));
    }
    switch (operand.kind) {
        case OperandKind::JumpDistance:
        case OperandKind::DataDistance: return reference(",", *label);
        case OperandKind::ZeroPage:
        case OperandKind::Port: return reference(".", *label);
        default: return reference(";", *label);
    }
}

}  // namespace tal::dis
