#include "tal/dis/known_symbols.hpp"

#include <algorithm>
#include <unordered_set>

#include "tal/dis/program.hpp"
#include "tal/lexicon.hpp"
#include "tal/limits.hpp"
#include "tal/utf8.hpp"

namespace tal::dis {
namespace {

constexpr std::string_view kLambda = "\xce\xbb";
// So that the output stays a source of sensible size.
constexpr std::size_t kMaxSymbols = 0x10000;
constexpr std::uint8_t kMaxNamesAtAddress = 16;

bool is_usable(std::string_view name) {
    // A slash or a colon at the start is fine in a definition, but not in a reference.
    return name.size() < kPortableTokenBytes && check_name(name) == NameFault::None &&
           name[0] != '/' && name[0] != ':' && std::ranges::none_of(name, is_space) &&
           printable(name) == name;
}

}  // namespace

KnownSymbols::KnownSymbols(std::span<const Symbol> symbols)
    : names_at_(kMemorySize), blocks_ended_(kMemorySize) {
    std::unordered_set<std::string_view> names;
    for (const Symbol& symbol : symbols) {
        if (symbol.name.starts_with(kLambda)) {
            ++blocks_ended_[symbol.address];
        } else if (all_.size() < kMaxSymbols && names_at_[symbol.address] < kMaxNamesAtAddress &&
                   is_usable(symbol.name) && names.insert(symbol.name).second) {
            all_.push_back(&symbol);
            ++names_at_[symbol.address];
            cover_program_ |= symbol.address >= kProgramStart;
        }
    }
}

}  // namespace tal::dis
