#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace host {

/// Appends a zlib stream of `bytes`, one at least, to `to`, quickly rather than tightly: for films
/// and terminals. Source: RFC 1950 and 1951.
void deflate(std::span<const std::uint8_t> bytes, std::string& to);

}  // namespace host
