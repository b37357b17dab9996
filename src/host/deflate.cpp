#include "host/deflate.hpp"

#include <cstdlib>
#include <memory>
#include <new>

// stb_image_write has it, but does not declare it. Its body is in stb.cpp.
extern "C" unsigned char* stbi_zlib_compress(unsigned char* data, int size, int* compressed_size,
                                             int quality);

namespace host {

void deflate(std::span<const std::uint8_t> bytes, std::string& to) {
    constexpr int kFast = 5;  // the least that the compressor knows
    int size = 0;
    // It only reads what it compresses.
    auto* const data = const_cast<unsigned char*>(bytes.data());
    const std::unique_ptr<unsigned char, decltype(&std::free)> stream(
        stbi_zlib_compress(data, static_cast<int>(bytes.size()), &size, kFast), &std::free);
    if (stream == nullptr) {
        throw std::bad_alloc();  // as any other string would
    }
    to.append(reinterpret_cast<const char*>(stream.get()), static_cast<std::size_t>(size));
}

}  // namespace host
