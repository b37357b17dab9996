#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tal/dis/program.hpp"
#include "tal/disassembler.hpp"

namespace tal::dis {

/// A token of the output, or several that belong together.
struct Token {
    std::string text;
    std::uint32_t address = 0;   ///< of the bytes that it stands for
    std::uint32_t length = 0;    ///< how many
    bool begins_phrase = false;  ///< lines are rather broken before it than after
};

/// Puts tokens into lines: indents, breaks lines, and writes the comments beside them.
class Layout {
public:
    Layout(const Program& program, Comments comments) : program_(program), comments_(comments) {}

    /// A label that is no sublabel: a paragraph of its own.
    void paragraph(std::string label);
    void sublabel(std::string label);

    void token(Token token);
    /// A line of its own.
    void row(Token token);

    /// The token that opens a block. is_short: the block has a line with what comes before it.
    void open_block(Token token, bool is_short);
    void close_block();

    void end_line();
    void blank_line();
    /// A line without bytes that is not indented: padding, a comment. A heading has an empty line
    /// before it.
    void plain(std::string text);
    void heading(std::string text);
    /// A comment between routines.
    void remark(const std::string& text);

    /// Everything so far, as text.
    std::string finish();

private:
    enum class Kind : std::uint8_t { Content, Paragraph, Sublabel, Remark, Plain, Blank };
    struct Line {
        Kind kind = Kind::Content;
        unsigned depth = 0;
        std::vector<Token> tokens;
        bool joined = false;  // a label with its data

        std::size_t cells() const;
    };

    unsigned depth() const { return 1 + blocks_ + (in_section_ ? 1 : 0); }
    void break_line();
    void split_line(std::size_t at);
    bool is_content(std::size_t line) const;
    void join_short_sections();
    bool needs_blank_line(std::size_t line) const;
    std::string comment_for(const Line& line) const;

    const Program& program_;
    Comments comments_;
    std::vector<Line> lines_;
    Line current_;
    unsigned blocks_ = 0;             // open ones
    bool in_section_ = false;         // below a sublabel
    std::size_t short_block_at_ = 0;  // in the current line; 0 if there is none
};

}  // namespace tal::dis
