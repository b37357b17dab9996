// Comments, labels, blocks and macros.

#include <optional>
#include <utility>
#include <vector>

#include "tal/pass/pass.hpp"
#include "tal/utf8.hpp"

namespace tal {
namespace {

// Guessing where an open macro ends means reading on from there; each guess may read all of a file.
constexpr std::size_t kMaxMacroGuesses = 16;

std::string why_invalid(std::string_view name, NameFault fault) {
    switch (fault) {
        case NameFault::Empty: return "a name is missing after the rune";
        case NameFault::Number:
            return quote(name) + " cannot be a name: it is a hexadecimal number";
        case NameFault::Opcode: return quote(name) + " cannot be a name: it is an opcode";
        case NameFault::Rune:
            return quote(name) + " cannot be a name: it begins with the rune " +
                   quote(name.substr(0, 1));
        case NameFault::None: break;
    }
    return "";
}

/// `{` alone or after a reference rune; such tokens open a block that a `}` closes.
bool opens_block(std::string_view token) {
    return token == "{" || (token.size() == 2 && token[1] == '{' && reference_form(token[0]));
}

}  // namespace

bool Pass::skip_comment(TokenReader& reader, std::string_view opener) {
    std::size_t depth = 1;
    while (depth != 0) {
        const std::string_view token = reader.next();
        if (token.empty()) {
            unread_source_ = true;
            const bool closed_at_once = opener.size() > 1 && opener.ends_with(')');
            reporter_.error({Category::CommentOpen, place_of(opener),
                             "this comment is never closed",
                             closed_at_once ? "put spaces around both parentheses"
                                            : "only a `)` with space around it closes a comment"});
            return false;
        }
        if (token == "(") {
            ++depth;
        } else if (token == ")") {
            --depth;
        }
    }
    return true;
}

void Pass::set_scope(std::string_view name) {
    scope_ = name.substr(0, name.find('/'));
    scopes_.push_back(scope_);
}

void Pass::define_label(std::string_view token) {
    const std::string_view name = token.substr(1);
    const NameFault fault = check_name(name);
    if (fault != NameFault::None) {
        reporter_.error({Category::NameInvalid, place_of(token), why_invalid(name, fault)});
    } else {
        define(names_.intern({{}, name, false}), place_of(token));
    }
    if (fault != NameFault::Empty) {
        set_scope(name);  // even if it is wrong, so that its sublabels find each other
    }
}

void Pass::define_sublabel(std::string_view token) {
    // `&` alone is a name like others: `scope/`, in wide use for the start of a loop.
    define(names_.intern(name_ref(token)), place_of(token));
}

void Pass::define(NameId id, Place place) {
    Name& name = names_[id];
    if (name.kind != NameKind::Unknown) {
        const bool label = name.kind == NameKind::Label;
        reporter_.error({Category::LabelDuplicate,
                         place,
                         quote(name.text) + (label ? " is defined already" : " is a macro already"),
                         "",
                         {{name.defined, "first defined here"}}});
        return;
    }
    if (image_.address() >= Image::kSize && !std::exchange(label_outside_reported_, true)) {
        reporter_.warn({Category::LabelOutside, place,
                        quote(name.text) + " lies beyond ffff; its address is taken modulo 10000"});
    }
    name.kind = NameKind::Label;
    name.address = static_cast<std::uint16_t>(image_.address() & 0xffff);
    name.defined = place;
    definitions_.push_back(id);
}

NameId Pass::open_block(std::string_view brace, std::string_view token) {
    if (brace.size() > 1) {
        reporter_.error({Category::BraceInvalid, place_of(token),
                         "something is attached to the brace in " + quote(token),
                         "put a space after the brace"});
    }
    const std::string number = to_hex(block_count_++, 2);
    const NameId id = names_.intern({{}, names_.keep("\xce\xbb", number), false});
    names_[id].block = true;
    names_[id].excused = true;
    blocks_.push_back({id, place_of(token)});
    return id;
}

void Pass::close_block(std::string_view token) {
    if (token.size() > 1) {
        reporter_.error({Category::BraceInvalid, place_of(token),
                         "something is attached to the brace in " + quote(token),
                         "put a space after the brace"});
    }
    if (blocks_.empty()) {
        reporter_.error({Category::BlockUnopened, place_of(token), "this `}` closes no block"});
        return;
    }
    const NameId id = blocks_.back().name;
    blocks_.pop_back();
    define(id, place_of(token));
}

void Pass::define_macro(TokenReader& reader, std::string_view token) {
    const std::string_view name = token.substr(1);
    const bool usable = claim_macro_name(name, place_of(token));
    const std::string_view opener = find_macro_body(reader, token);
    if (opener.empty()) {
        return;
    }
    const std::size_t first = body_tokens_.size();
    const bool closed = opener == "{}" || read_macro_body(reader, token);
    if (!usable || !closed) {
        body_tokens_.resize(first);
        return;
    }
    const NameId id = names_.intern({{}, name, false});
    names_[id].kind = NameKind::Macro;
    names_[id].macro = static_cast<std::uint32_t>(macros_.size());
    names_[id].defined = place_of(token);
    macros_.push_back({.name = id,
                       .source = map_.frame(frame_).source,
                       .first = first,
                       .count = body_tokens_.size() - first});
}

bool Pass::claim_macro_name(std::string_view name, Place place) {
    const NameFault fault = check_name(name);
    if (fault != NameFault::None) {
        reporter_.error({Category::NameInvalid, place, why_invalid(name, fault)});
        return false;
    }
    const NameId id = names_.find({{}, name, false});
    if (id == kNoName) {
        return true;
    }
    const Name& known = names_[id];
    if (known.kind != NameKind::Unknown) {
        const bool macro = known.kind == NameKind::Macro;
        reporter_.error({Category::MacroDuplicate,
                         place,
                         quote(name) + (macro ? " is defined already" : " is a label already"),
                         "",
                         {{known.defined, "first defined here"}}});
        return false;
    }
    if (known.used) {
        names_[id].excused = true;
        reporter_.error({Category::MacroDuplicate,
                         place,
                         quote(name) + " was taken for a label before this definition",
                         "a macro must be defined before it is used",
                         {{known.first_use, "used here"}}});
        return false;
    }
    return true;
}

std::string_view Pass::find_macro_body(TokenReader& reader, std::string_view token) {
    std::string_view glued;
    std::size_t comment_depth = 0;
    bool warned = false;
    for (;;) {
        const std::string_view next = reader.next();
        if (next.empty()) {
            unread_source_ = true;
            reporter_.error({Category::MacroOpen, place_of(token), "this macro has no body",
                             glued.empty() ? "the body follows in `{ ... }`"
                                           : "put a space after the brace in " + quote(glued)});
            return {};
        }
        if (next == "{" || (next == "{}" && comment_depth == 0)) {
            return next;
        }
        if (next[0] == '{' && glued.empty()) {
            glued = next;
        }
        if (next[0] == '(') {
            ++comment_depth;
        } else if (comment_depth != 0) {
            comment_depth -= next == ")" ? 1 : 0;
        } else if (!std::exchange(warned, true)) {
            reporter_.warn(
                {Category::MacroHeader, place_of(next),
                 quote(next) + " is ignored: the body of " + quote(token) + " has not begun"});
        }
    }
}

bool Pass::read_macro_body(TokenReader& reader, std::string_view token) {
    // Where the author seems to have meant the body to end, should it turn out to have no end.
    struct Guess {
        TokenReader reader;
        std::size_t tokens;
        std::string hint;
    };
    std::optional<Guess> guess;
    std::vector<std::string_view> nested;
    std::size_t depth = 1;
    for (;;) {
        const TokenReader before = reader;
        const std::string_view next = reader.next();
        if (next.empty()) {
            break;
        }
        if (next[0] == '(') {
            // Comments are left out here, so that a body costs the same however much it explains.
            if (!skip_comment(reader, next)) {
                return false;
            }
            continue;
        }
        if (next == "}" && --depth == 0) {
            for (const std::string_view inner : nested) {
                reporter_.error({Category::MacroNested, place_of(inner),
                                 "a macro cannot be defined inside another"});
            }
            return true;
        }
        if (next[0] == '%') {
            nested.push_back(next);
            if (!guess) {
                guess = {before, body_tokens_.size(), "close it before " + quote(next)};
            }
            continue;
        }
        if (opens_block(next)) {
            ++depth;
        } else if (!guess && next.size() > 1 && next.ends_with('}') && next[0] != '"') {
            guess = {reader, body_tokens_.size(), "put a space before the brace in " + quote(next)};
        }
        if (check_length(next)) {
            body_tokens_.push_back(next);
        }
    }
    reporter_.error({Category::MacroOpen, place_of(token), "this macro is never closed",
                     guess ? guess->hint : "a `}` of its own closes the body"});
    if (!guess || ++macro_guesses_ > kMaxMacroGuesses) {
        unread_source_ = true;
        return false;
    }
    body_tokens_.resize(guess->tokens);
    reader = guess->reader;
    return true;
}

void Pass::expand(NameId id, std::string_view token) {
    Macro& macro = macros_[names_[id].macro];
    names_[id].used = true;
    if (expansion_stopped_) {
        return;
    }
    if (macro.active) {
        reporter_.error({Category::MacroRecursive,
                         place_of(token),
                         "the macro " + quote(names_[id].text) + " uses itself",
                         "",
                         {{names_[id].defined, "defined here"}}});
        return;
    }
    expanded_tokens_ += macro.count + 1;
    if (expansion_depth_ == kMaxExpansionDepth || expanded_tokens_ > kMaxExpandedTokens) {
        expansion_stopped_ = true;
        unread_source_ = true;
        const bool deep = expansion_depth_ == kMaxExpansionDepth;
        reporter_.error(
            {Category::MacroLimit, place_of(token),
             deep
                 ? "macros are nested more than " + std::to_string(kMaxExpansionDepth) + " deep"
                 : "macros expand to more than " + std::to_string(kMaxExpandedTokens) + " tokens"});
        return;
    }
    if (macro.count == 0) {
        return;
    }
    const std::uint32_t outer_frame = frame_;
    const char* const outer_text = text_;
    frame_ = map_.add_frame({.source = macro.source,
                             .parent = outer_frame,
                             .call_offset = place_of(token).offset,
                             .macro = id});
    text_ = map_.sources()[macro.source].text().data();
    macro.active = true;
    ++expansion_depth_;
    const std::size_t index = names_[id].macro;
    const std::size_t end = macro.first + macro.count;
    for (std::size_t i = macro.first; i != end && !expansion_stopped_; ++i) {
        interpret(body_tokens_[i]);  // may include a file that defines macros: `macro` may move
    }
    --expansion_depth_;
    macros_[index].active = false;
    frame_ = outer_frame;
    text_ = outer_text;
}

}  // namespace tal
