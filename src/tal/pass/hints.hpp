#pragma once

#include <string>
#include <string_view>

#include "tal/name_table.hpp"

namespace tal {

/// What the author may have meant by a reference that nothing answers to; empty if there is no good
/// guess. token: as written, with its rune. full_name: what was looked up. scope: in force there.
std::string hint_for_unknown(std::string_view token, std::string_view full_name,
                             std::string_view scope, const NameTable& names);

}  // namespace tal
