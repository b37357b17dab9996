#include "front/terminal/kitty.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "host/base64.hpp"
#include "host/deflate.hpp"

namespace front::terminal {
namespace {

/// RGB, row by row, compressed as zlib does.
std::string compress(std::span<const std::uint32_t> pixels) {
    std::vector<std::uint8_t> channels;
    channels.reserve(pixels.size() * 3);
    for (const std::uint32_t pixel : pixels) {
        for (const unsigned shift : {16u, 8u, 0u}) {
            channels.push_back(static_cast<std::uint8_t>(pixel >> shift));
        }
    }
    std::string stream;
    host::deflate(channels, stream);
    return stream;
}

}  // namespace

void append_kitty(std::string& out, std::span<const std::uint32_t> pixels, Size size, unsigned id) {
    constexpr std::size_t kChunk = 4096;  // the most that the protocol allows
    const std::string data = host::base64(compress(pixels));
    // z: below text, and below cells that have a background of their own.
    out += "\x1b_Ga=T,q=2,C=1,p=1,z=-1073741825,f=24,o=z,i=" + std::to_string(id) +
           ",s=" + std::to_string(size.width) + ",v=" + std::to_string(size.height) + ",";
    for (std::size_t at = 0; at == 0 || at < data.size(); at += kChunk) {
        if (at > 0) {
            out += "\x1b_Gq=2,";
        }
        out += at + kChunk < data.size() ? "m=1;" : "m=0;";
        out += std::string_view(data).substr(at, kChunk);
        out += "\x1b\\";
    }
}

void append_kitty_clear(std::string& out) {
    out += "\x1b_Ga=d,d=A,q=2\x1b\\";
}

}  // namespace front::terminal
