#include "tal/pass/hints.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "tal/lexicon.hpp"
#include "tal/utf8.hpp"

namespace tal {
namespace {

// Comparing names takes at most this many steps for one hint, whatever the number of labels.
constexpr std::size_t kStepBudget = 2'000'000;

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

template <class Change>
std::string changed(std::string_view text, Change change) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), change);
    return out;
}

/// Insertions, deletions, replacements and exchanged neighbours that turn `a` into `b`; `limit` + 1
/// when there are more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    constexpr std::size_t kLongest = 64;
    const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference > limit || b.size() >= kLongest) {
        return limit + 1;
    }
    std::array<std::size_t, kLongest> before{};
    std::array<std::size_t, kLongest> above{};
    std::array<std::size_t, kLongest> row{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        above[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
            least = std::min(least, row[j]);
        }
        if (least > limit) {
            return limit + 1;
        }
        before = above;
        above = row;
    }
    return above[b.size()];
}

/// Advice that follows from how a word without a rune is spelled.
std::string hint_for_word(std::string_view word) {
    if (word[0] == '\'' && word.size() > 1) {
        return "the rune `'` is from before 2023: write " + quote("\"", word.substr(1));
    }
    if (word == "JCI" || word == "JMI" || word == "JSI") {
        return word == "JSI"   ? "a call is written as the name of its target alone"
               : word == "JMI" ? "this jump is written `!target`"
                               : "this jump is written `?target`";
    }
    const std::string capitals = changed(word.substr(0, 3), upper);
    if (parse_opcode(capitals +
                     changed(word.substr(std::min<std::size_t>(3, word.size())), base::lower))) {
        return "opcodes are written in capitals, their modes are not";
    }
    if (begins_like_opcode(word) && !word.contains('/')) {
        const std::string_view modes = word.substr(3);
        if (word.starts_with("BRK") && modes.find_first_not_of("2kr") == std::string_view::npos) {
            return "BRK takes no mode letters";
        }
        if (modes.size() <= 3) {
            return "an opcode takes no other mode letters than 2, k and r";
        }
    }
    std::string digits = changed(word, base::lower);
    if (digits.starts_with("0x")) {
        digits.erase(0, 2);
    }
    const bool has_digit = std::ranges::any_of(digits, [](char c) { return c <= '9'; });
    if (is_number(digits) && (digits.size() == 2 || digits.size() == 4) && has_digit) {
        return "numbers are hexadecimal, in lower case and without a prefix: " + quote(digits);
    }
    return "";
}

class Suggester {
public:
    Suggester(std::string_view token, std::string_view full_name, std::string_view scope,
              const NameTable& names)
        : full_name_(full_name), scope_(scope), names_(names) {
        const bool has_rune =
            reference_form(token[0]) || token[0] == '|' || token[0] == '$' || token[0] == ':';
        written_ = has_rune ? token.substr(1) : token;
        rune_ = !has_rune ? "" : token[0] == ':' ? "=" : token.substr(0, 1);
        scoped_ = written_.starts_with('&') || written_.starts_with('/');
    }

    std::string hint() const {
        if (!scoped_) {
            if (is_known({scope_, written_, true})) {
                return quote(full(written_)) + " exists in this scope: write " +
                       spelled(full(written_));
            }
        } else if (is_known({{}, written_.substr(1), false})) {
            return quote(written_.substr(1)) + " exists outside this scope: write " +
                   spelled(written_.substr(1));
        }
        const std::string_view near = nearest();
        return near.empty() ? "" : "did you mean " + spelled(near) + "?";
    }

private:
    std::string full(std::string_view rest) const {
        return std::string(scope_) + "/" + std::string(rest);
    }

    bool suits(const Name& name) const {
        return (name.kind == NameKind::Label && !name.block) ||
               (name.kind == NameKind::Macro && rune_.empty());
    }

    bool is_known(const NameRef& ref) const {
        const NameId id = names_.find(ref);
        return id != kNoName && suits(names_[id]);
    }

    /// A name as this token would write it: `;&x` for main/x inside main, unless it had the scope
    /// in full itself.
    std::string spelled(std::string_view name) const {
        std::string out(rune_);
        const bool in_full = !scoped_ && written_.contains('/');
        if (!in_full && name.size() > scope_.size() + 1 && name.starts_with(scope_) &&
            name[scope_.size()] == '/') {
            out += rune_.empty() || written_.starts_with('/') ? '/' : '&';
            name.remove_prefix(scope_.size() + 1);
        }
        return quote(out + std::string(name));
    }

    /// The name with the fewest differences, those of case being the smallest; next the one name
    /// that has this one as its last part.
    std::string_view nearest() const {
        const std::string wanted = changed(full_name_, base::lower);
        const std::size_t own = scoped_ ? written_.size() - 1 : written_.size();
        std::size_t best_distance = own <= 2 ? 0 : own <= 5 ? 1 : own <= 9 ? 2 : 3;
        std::string_view best;
        std::string_view by_last_part;
        std::size_t steps = 0;
        for (const Name& name : names_.all()) {
            if (!suits(name)) {
                continue;
            }
            steps += 1 + name.text.size();
            if (steps > kStepBudget) {
                break;
            }
            const bool last_part = name.text.size() > written_.size() &&
                                   name.text.ends_with(written_) &&
                                   name.text[name.text.size() - written_.size() - 1] == '/';
            if (last_part && !scoped_) {
                by_last_part = name.text;
            }
            const std::size_t distance =
                edit_distance(wanted, changed(name.text, base::lower), best_distance);
            if (distance < best_distance || (distance == best_distance && best.empty())) {
                best = name.text;
                best_distance = distance;
            }
            steps += wanted.size() * name.text.size() / 4;
        }
        const bool only_case = !best.empty() && best_distance == 0;
        return by_last_part.empty() || only_case ? best : by_last_part;
    }

    std::string_view full_name_;
    std::string_view scope_;
    const NameTable& names_;
    std::string_view written_;  // without the rune
    std::string_view rune_;     // empty for a call
    bool scoped_ = false;
};

}  // namespace

std::string hint_for_unknown(std::string_view token, std::string_view full_name,
                             std::string_view scope, const NameTable& names) {
    const Suggester suggester(token, full_name, scope, names);
    std::string hint = suggester.hint();
    if (hint.empty() && (token[0] == '|' || token[0] == '$')) {
        return "an address or amount is a hexadecimal number in lower case, or a label";
    }
    if (hint.empty() && !is_rune(token[0])) {
        hint = hint_for_word(token);
    }
    if (hint.empty() && is_number(full_name)) {
        hint = quote(full_name) + " is a number and cannot be a label";
    }
    return hint;
}

}  // namespace tal
