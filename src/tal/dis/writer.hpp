#pragma once

#include <string>
#include <string_view>

#include "tal/dis/blocks.hpp"
#include "tal/dis/labels.hpp"
#include "tal/dis/layout.hpp"
#include "tal/dis/references.hpp"

namespace tal::dis {

/// Writes what was found out about a program as source.
class Writer {
public:
    Writer(const Program& program, const References& references, const Blocks& blocks,
           const Labels& labels, const DisassemblyOptions& options)
        : program_(program),
          references_(references),
          blocks_(blocks),
          labels_(labels),
          layout_(program, options.comments) {}

    /// rom_bytes: of the file. What the output does not cover is said in a comment.
    std::string write(std::size_t rom_bytes);

private:
    // Labels below 0100: zero_page.cpp
    void write_zero_page();
    void write_devices(std::span<const Label* const> labels);
    void write_variables(std::span<const Label* const> labels);

    void write_program();
    void close_blocks(std::uint32_t address);
    void write_rest();
    void remark_left_out(std::size_t rom_bytes);

    // Labels
    void define_labels(std::uint32_t address);
    bool begins_paragraph(std::uint32_t address) const;
    /// The token that defines a label, which may change the scope.
    std::string definition(const Label& label);
    /// The token that refers to a label.
    std::string reference(std::string_view rune, const Label& label) const;

    // Instructions
    void write_instruction(std::uint32_t address);
    void write_jump(std::uint32_t address);
    std::string literal(std::uint32_t address);
    /// Operand bytes one by one or as a reference, with the labels among them.
    std::string raw_operand(std::uint32_t address);
    bool has_label_inside(std::uint32_t address) const;
    const Label* label_of(std::uint32_t address) const;
    bool is_short_block(std::uint32_t address) const;
    bool goes_on_at(std::uint32_t address) const;

    // Data: data.cpp
    void write_data(std::uint32_t from, std::uint32_t to);
    std::uint32_t write_metadata(std::uint32_t from, std::uint32_t to);
    void write_text(std::uint32_t from, std::uint32_t to);
    void write_bytes(std::uint32_t from, std::uint32_t to);
    bool is_table(std::uint32_t from, std::uint32_t to) const;
    std::string bytes(std::uint32_t from, std::uint32_t to) const;

    const Program& program_;
    const References& references_;
    const Blocks& blocks_;
    const Labels& labels_;
    Layout layout_;
    std::string scope_ = "RESET";
};

}  // namespace tal::dis
