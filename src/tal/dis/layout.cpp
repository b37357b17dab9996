#include "tal/dis/layout.hpp"

#include <utility>

#include "tal/utf8.hpp"

namespace tal::dis {
namespace {

constexpr std::size_t kTabCells = 4;
constexpr std::size_t kWidth = 52;  // of the source; comments come after it

}  // namespace

std::size_t Layout::Line::cells() const {
    std::size_t cells = depth * kTabCells;
    for (const Token& token : tokens) {
        cells += count_code_points(token.text) + 1;
    }
    return tokens.empty() ? cells : cells - 1;
}

void Layout::paragraph(std::string label) {
    end_line();
    in_section_ = false;
    lines_.push_back({.kind = Kind::Paragraph, .tokens = {{std::move(label)}}});
}

void Layout::sublabel(std::string label) {
    end_line();
    in_section_ = false;
    lines_.push_back({.kind = Kind::Sublabel, .depth = depth(), .tokens = {{std::move(label)}}});
    in_section_ = true;
}

void Layout::token(Token token) {
    if (!current_.tokens.empty() && short_block_at_ == 0 &&
        current_.cells() + 1 + token.text.size() > kWidth) {
        break_line();
    }
    if (current_.tokens.empty()) {
        current_.depth = depth();
    }
    current_.tokens.push_back(std::move(token));
}

/// Ends the line before its last phrase, which begins the next.
void Layout::break_line() {
    const std::vector<Token>& tokens = current_.tokens;
    std::size_t at = tokens.size();
    while (at > 0 && !tokens[at - 1].begins_phrase) {
        --at;
    }
    while (at > 0 && tokens[at - 1].begins_phrase) {
        --at;
    }
    if (at == 0) {
        end_line();
    } else {
        split_line(at);
    }
}

void Layout::split_line(std::size_t at) {
    const auto first = current_.tokens.begin() + static_cast<std::ptrdiff_t>(at);
    std::vector<Token> rest(std::make_move_iterator(first),
                            std::make_move_iterator(current_.tokens.end()));
    current_.tokens.resize(at);
    end_line();
    current_ = {.depth = depth(), .tokens = std::move(rest)};
}

void Layout::row(Token token) {
    end_line();
    this->token(std::move(token));
    end_line();
}

void Layout::open_block(Token token, bool is_short) {
    this->token(std::move(token));
    if (is_short) {
        short_block_at_ = current_.tokens.size();
    } else {
        end_line();
    }
    ++blocks_;
}

void Layout::close_block() {
    if (const std::size_t at = std::exchange(short_block_at_, 0); at != 0) {
        constexpr std::size_t kBrace = 2;
        if (current_.cells() + kBrace > kWidth && at < current_.tokens.size()) {
            split_line(at);
        }
    }
    const bool appends =
        current_.tokens.empty() && !lines_.empty() && is_content(lines_.size() - 1);
    if (appends) {
        lines_.back().tokens.push_back({"}"});
    } else {
        token({"}"});
    }
    --blocks_;
    end_line();
}

void Layout::end_line() {
    if (!current_.tokens.empty() && short_block_at_ == 0) {
        lines_.push_back(std::exchange(current_, {}));
    }
}

void Layout::blank_line() {
    end_line();
    if (!lines_.empty() && lines_.back().kind != Kind::Blank && lines_.back().kind != Kind::Plain) {
        lines_.push_back({.kind = Kind::Blank, .tokens = {}});
    }
}

void Layout::plain(std::string text) {
    end_line();
    lines_.push_back({.kind = Kind::Plain, .tokens = {{std::move(text)}}});
}

void Layout::heading(std::string text) {
    end_line();
    if (!lines_.empty()) {
        lines_.push_back({.kind = Kind::Blank, .tokens = {}});
    }
    plain(std::move(text));
}

void Layout::remark(const std::string& text) {
    end_line();
    lines_.push_back({.kind = Kind::Remark, .depth = 1, .tokens = {{"( " + text + " )"}}});
}

bool Layout::is_content(std::size_t line) const {
    return line < lines_.size() && lines_[line].kind == Kind::Content;
}

/// A label and the only line below it become one line; but not a routine and its label.
void Layout::join_short_sections() {
    std::vector<Line> joined;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        Line& line = lines_[i];
        const bool one = is_content(i + 1) && !is_content(i + 2);
        const bool data = one && !program_.is_code(lines_[i + 1].tokens[0].address);
        if ((line.kind == Kind::Sublabel && one) || (line.kind == Kind::Paragraph && data)) {
            Line together = line;
            for (Token& token : lines_[i + 1].tokens) {
                together.tokens.push_back(std::move(token));
            }
            if (together.cells() < kWidth) {
                together.joined = true;
                joined.push_back(std::move(together));
                ++i;
                continue;
            }
            const auto first = together.tokens.begin() + 1;
            lines_[i + 1].tokens.assign(std::make_move_iterator(first),
                                        std::make_move_iterator(together.tokens.end()));
        }
        joined.push_back(std::move(line));
    }
    lines_ = std::move(joined);
}

/// Before a paragraph, unless it is one of several labels in a row.
bool Layout::needs_blank_line(std::size_t line) const {
    if (line == 0 || lines_[line].kind != Kind::Paragraph) {
        return false;
    }
    const Line& before = lines_[line - 1];
    switch (before.kind) {
        case Kind::Blank:
        case Kind::Plain: return false;
        case Kind::Paragraph: return before.joined && !lines_[line].joined;
        default: return true;
    }
}

/// The address of the line's first byte, and its bytes where the source does not show them.
std::string Layout::comment_for(const Line& line) const {
    const auto first = std::ranges::find_if(line.tokens, [](const Token& t) { return t.length; });
    if (comments_ == Comments::None || first == line.tokens.end()) {
        return "";
    }
    std::string comment = "( " + to_hex(first->address, 4);
    if (comments_ == Comments::Bytes && program_.is_code(first->address)) {
        for (const Token& token : line.tokens) {
            comment += token.length == 0 ? "" : " ";
            for (std::uint32_t i = 0; i < token.length; ++i) {
                comment += to_hex(program_[token.address + i], 2);
            }
        }
    }
    return comment + " )";
}

std::string Layout::finish() {
    end_line();
    join_short_sections();
    std::string out;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const Line& line = lines_[i];
        if (needs_blank_line(i)) {
            out += '\n';
        }
        out.append(line.depth, '\t');
        for (const Token& token : line.tokens) {
            out += &token == line.tokens.data() ? "" : " ";
            out += token.text;
        }
        if (const std::string comment = comment_for(line); !comment.empty()) {
            const std::size_t cells = line.cells();
            out.append(cells < kWidth ? kWidth - cells : 1, ' ');
            out += comment;
        }
        out += '\n';
    }
    return out;
}

}  // namespace tal::dis
