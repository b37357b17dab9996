#include "front/settings_text/editor.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace front::settings_text {
namespace {

/// Where to change a text so that it says something else.
class Editor {
public:
    Editor(std::string_view text, const toml::table& table)
        : text_(text), table_(table), newline_(text.contains("\r\n") ? "\r\n" : "\n") {}

    void set(const Item& item) {
        const toml::table* table = find_table(item.table);
        if (table != nullptr) {
            if (const toml::node* node = table->get(item.name)) {
                edits_[offset_of(node->source().begin)] = {offset_of(node->source().end),
                                                           item.value};
                return;
            }
        }
        const std::string line = item.name + " = " + item.value + newline_;
        if (table != nullptr) {
            const std::size_t at = end_of(*table);
            auto& [to, added] = edits_[at];
            to = at;
            // Where a text has no end of line at its end, the first added line brings it.
            added += (added.empty() && at > 0 && text_[at - 1] != '\n' ? newline_ : "") + line;
        } else {
            if (new_table_ != item.table) {
                new_table_ = item.table;
                new_tables_ += newline_ + "[" + item.table + "]" + newline_;
            }
            new_tables_ += line;
        }
    }

    std::string finish() && {
        std::string out;
        std::size_t at = 0;
        for (const auto& [from, edit] : edits_) {
            out += text_.substr(at, from - at);
            out += edit.text;
            at = edit.to;
        }
        out += text_.substr(at);
        if (!new_tables_.empty() && !out.empty() && out.back() != '\n') {
            out += newline_;
        }
        return out + new_tables_;
    }

private:
    /// What comes in place of a part of the text, or between two.
    struct Edit {
        std::size_t to = 0;
        std::string text;
    };

    const toml::table* find_table(std::string_view path) const {
        const toml::table* table = &table_;
        while (table != nullptr && !path.empty()) {
            const std::size_t end = std::min(path.find('.'), path.size());
            const toml::node* node = table->get(path.substr(0, end));
            table = node == nullptr ? nullptr : node->as_table();
            path.remove_prefix(std::min(end + 1, path.size()));
        }
        return table;
    }

    /// Columns count code points.
    std::size_t offset_of(toml::source_position position) const {
        std::size_t at = start_of_line(text_, position.line);
        if (position.line == 1 && text_.starts_with("\xef\xbb\xbf")) {
            at += 3;
        }
        for (std::size_t column = 1; column < position.column && at < text_.size(); ++column) {
            ++at;
            while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xc0) == 0x80) {
                ++at;
            }
        }
        return at;
    }

    /// Where a line can be added to a table: after its last one, or its header.
    std::size_t end_of(const toml::table& table) const {
        const bool root = &table == &table_;
        std::size_t line = root ? 0 : table.source().begin.line;
        for (const auto& [key, node] : table) {
            if (!node.is_table() || node.as_table()->is_inline()) {
                line = std::max<std::size_t>(line, node.source().end.line);
            }
        }
        if (line == 0) {
            return table.empty() ? text_.size() : text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
        }
        return start_of_line(text_, line + 1);
    }

    std::string_view text_;
    const toml::table& table_;
    std::string newline_;
    std::map<std::size_t, Edit> edits_;  // by where they begin
    std::string new_table_;
    std::string new_tables_;
};

}  // namespace

std::string edit(std::string_view text, const toml::table& table, std::span<const Item> items) {
    Editor editor(text, table);
    for (const Item& item : items) {
        editor.set(item);
    }
    return std::move(editor).finish();
}

}  // namespace front::settings_text
