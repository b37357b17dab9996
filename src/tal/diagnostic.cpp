#include "tal/diagnostic.hpp"

namespace tal {

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Note: return "note";
    }
    return "";
}

std::string_view name_of(Category category) {
    switch (category) {
#define TAL_NAME(name) \
    case Category::name: return #name;
        TAL_NAME(NumberInvalid)
        TAL_NAME(NameInvalid)
        TAL_NAME(TokenTooLong)
        TAL_NAME(BraceInvalid)
        TAL_NAME(LabelDuplicate)
        TAL_NAME(MacroDuplicate)
        TAL_NAME(MacroNested)
        TAL_NAME(ReferenceUnknown)
        TAL_NAME(PaddingInvalid)
        TAL_NAME(TooFar)
        TAL_NAME(ZeroPageWrite)
        TAL_NAME(OutsideMemory)
        TAL_NAME(OutputEmpty)
        TAL_NAME(CommentOpen)
        TAL_NAME(MacroOpen)
        TAL_NAME(BlockOpen)
        TAL_NAME(BlockUnopened)
        TAL_NAME(MacroRecursive)
        TAL_NAME(MacroLimit)
        TAL_NAME(SourceMissing)
        TAL_NAME(IncludeMissing)
        TAL_NAME(IncludeInvalid)
        TAL_NAME(IncludeRecursive)
        TAL_NAME(IncludeLimit)
        TAL_NAME(LabelUnused)
        TAL_NAME(LabelOutside)
        TAL_NAME(RuneDeprecated)
        TAL_NAME(TokenUnportable)
        TAL_NAME(ParenthesisStray)
        TAL_NAME(BracketGlued)
        TAL_NAME(MacroHeader)
        TAL_NAME(Overwrite)
        TAL_NAME(ZeroPageAccess)
        TAL_NAME(Omitted)
#undef TAL_NAME
    }
    return "";
}

}  // namespace tal
