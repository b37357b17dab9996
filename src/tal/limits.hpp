#pragma once

#include <cstddef>

namespace tal {

// What the assembler refuses so that no input can keep it busy or fill the memory. Labels, names,
// references, blocks and macros have no limit of their own.

/// Bytes in a token outside comments. Official assemblers stop at 47 or 63.
inline constexpr std::size_t kMaxTokenBytes = 255;
/// Longer tokens draw a warning, because no official assembler takes them.
inline constexpr std::size_t kPortableTokenBytes = 63;

/// Bytes in one source file.
inline constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;
/// Bytes assembled in one run; a file counts every time it is included.
inline constexpr std::size_t kMaxSourceBytes = std::size_t{64} << 20;
/// Includes inside includes.
inline constexpr std::size_t kMaxIncludeDepth = 64;
/// Includes in one run.
inline constexpr std::size_t kMaxIncludes = 10'000;

/// Macro uses inside macro uses.
inline constexpr std::size_t kMaxExpansionDepth = 256;
/// Tokens that come from macro bodies in one run, a macro's use counting as one more.
inline constexpr std::size_t kMaxExpandedTokens = std::size_t{1} << 20;

/// Errors that are reported; one more line says how many were left out. Warnings likewise.
inline constexpr std::size_t kMaxErrors = 100;
inline constexpr std::size_t kMaxWarnings = 100;

}  // namespace tal
