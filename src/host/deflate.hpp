#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace host {

/// Compresses, fast enough for films: bytes of which few differ, and long repetitions.
/// Source: RFC 1950 and 1951.
class Deflater {
public:
    Deflater();

    /// Appends a zlib stream of `bytes` to `to`.
    void compress(std::span<const std::uint8_t> bytes, std::string& to);

private:
    /// A byte, or how many bytes are repeated from how far back (0: a byte).
    struct Token {
        std::uint16_t value;  ///< the byte, or the length, 3 to 258
        std::uint16_t distance;
    };

    class Bits;
    void write_block(std::span<const Token> tokens, bool last, Bits& bits) const;

    std::vector<std::uint32_t> recent_;  ///< by hash of what is there, the last position, plus 1
    std::vector<Token> tokens_;
};

}  // namespace host
