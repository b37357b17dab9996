#pragma once

#include <string>
#include <string_view>

namespace host {

/// The bytes as text of letters, digits, '+' and '/', padded with '='. Source: RFC 4648, section 4.
std::string base64(std::string_view bytes);

}  // namespace host
