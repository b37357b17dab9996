// The bodies of the stb headers: what png.cpp calls. A file of its own, so that no advice about
// somebody else's code mixes with advice about ours.

#include <cstddef>
#include <cstdlib>

namespace {

/// Compressed data can say that it is far larger than any picture: what decoding may use at once.
constexpr std::size_t kMostMemory = std::size_t{256} << 20;

void* allocate(std::size_t size) {
    return size <= kMostMemory ? std::malloc(size) : nullptr;
}

void* reallocate(void* block, std::size_t size) {
    return size <= kMostMemory ? std::realloc(block, size) : nullptr;
}

}  // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_MALLOC(size) allocate(size)
#define STBI_REALLOC(block, size) reallocate(block, size)
#define STBI_FREE(block) std::free(block)
#include <stb/stb_image.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>
