#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tal {

enum class Severity : std::uint8_t { Error, Warning, Note };

/// What a diagnostic is about. In brackets: what uxnasm / drifblim call it.
enum class Category : std::uint8_t {
    // Errors in a token
    NumberInvalid,  ///< malformed raw or literal number [Hexadecimal invalid / Number invalid]
    NameInvalid,    ///< illegal or missing name [Label invalid, Macro invalid / Name invalid]
    TokenTooLong,   ///< [Token size exceeded / Name exceeded]
    BraceInvalid,   ///< a brace with something attached to it
    // Errors in definitions
    LabelDuplicate,  ///< a label's name is taken [Label duplicate / Symbol duplicate]
    MacroDuplicate,  ///< a macro's name is taken [Macro duplicate, Label duplicate / Macro
                     ///< duplicate]
    MacroNested,     ///< a definition inside a macro [Macro nested / -]
    // Errors in references
    ReferenceUnknown,  ///< nothing has this name [Label unknown / Reference invalid]
    PaddingInvalid,    ///< padding by an unknown label [Padding invalid / Reference invalid]
    TooFar,  ///< relative distance [Reference too far / Reference too far, Symbol too far]
    // Errors of place
    ZeroPageWrite,  ///< non-zero byte below 0100 [Writing zero-page / Writing in zero-page]
    OutsideMemory,  ///< byte beyond ffff [Writing outside memory / -]
    OutputEmpty,    ///< no non-zero byte in the whole program [Output empty / -]
    // Errors of structure
    CommentOpen,     ///< [Comment incomplete / Comment open]
    MacroOpen,       ///< [- / Macro open]
    BlockOpen,       ///< `{` without `}` [Label unknown / Reference invalid]
    BlockUnopened,   ///< `}` without `{`
    MacroRecursive,  ///< a macro that uses itself
    MacroLimit,      ///< kMaxExpansionDepth or kMaxExpandedTokens
    // Errors of files
    SourceMissing,     ///< the file to assemble cannot be read [File missing / File invalid]
    IncludeMissing,    ///< [File missing, Include missing / File invalid]
    IncludeInvalid,    ///< the file exists, but is a folder, too large or unreadable
    IncludeRecursive,  ///< a file that includes itself
    IncludeLimit,      ///< kMaxIncludeDepth, kMaxIncludes or kMaxSourceBytes
    // Warnings
    LabelUnused,       ///< [Unused label / Unused]
    LabelOutside,      ///< a label at 10000 or beyond; its value is taken modulo 65536
    RuneDeprecated,    ///< `:name` for `=name` [Deprecated rune / -]
    TokenUnportable,   ///< longer than kPortableTokenBytes
    ParenthesisStray,  ///< `)` outside a comment
    BracketGlued,      ///< `[x`, which is ignored as a whole
    MacroHeader,       ///< something ignored between a macro's name and its body
    Overwrite,         ///< bytes replaced by later ones [Writing rewind / -]
    ZeroPageAccess,    ///< `.name LDZ` and the like with a label beyond 00ff
    // Notes
    Omitted,  ///< says how many more there are
};

std::string_view name_of(Severity severity);
std::string_view name_of(Category category);

/// A second place that explains a diagnostic: "first defined here".
struct RelatedNote {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string message;
};

/// Something to tell the user, with the place it is about. Lines and columns start at 1; a column
/// counts UTF-8 code points. All strings but `file`s and `source_line` are printable UTF-8.
struct Diagnostic {
    Severity severity = Severity::Error;
    Category category = Category::NumberInvalid;
    std::string file;        ///< as it was loaded
    std::uint32_t line = 0;  ///< 0 where the diagnostic is about the file as a whole
    std::uint32_t column = 0;
    std::uint32_t length = 0;  ///< of the token, in code points
    std::string message;       ///< one line, no full stop
    std::string hint;          ///< what to do about it; may be empty
    std::vector<RelatedNote> notes;
    std::string source_line;  ///< raw bytes of the line; of a long one, those around the token
    std::size_t source_offset = 0;  ///< byte of `source_line` where the token begins
    bool cut_before = false;        ///< the line had more before `source_line`
    bool cut_after = false;         ///< and after it
};

/// The diagnostic as text of several lines with a line feed at the end of each:
///
///     main.tal:3:8: error: nothing is called `foo`
///         #12 ;foo
///             ^~~~
///         hint: `main/foo` exists in this scope: write `;&foo`
///         note: main.tal:1:1: ...
///
/// Tabs become spaces, lines too wide are cut around the caret, and no control character or byte
/// that is not UTF-8 gets through. colour: wrap the parts in ANSI colour sequences.
std::string render(const Diagnostic& diagnostic, bool colour);

}  // namespace tal
