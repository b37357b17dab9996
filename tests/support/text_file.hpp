#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>

namespace uxn::test {

/// A file to be read line by line; nothing is in it if it cannot be opened. (The C++ library for
/// WebAssembly has no file streams.)
inline std::istringstream text_file(const std::string& path) {
    std::string text;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    std::array<char, 4096> part;
    std::size_t size = 0;
    while (file != nullptr && (size = std::fread(part.data(), 1, part.size(), file.get())) != 0) {
        text.append(part.data(), size);
    }
    return std::istringstream(text);
}

}  // namespace uxn::test
