#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "tal/limits.hpp"
#include "tal/source.hpp"
#include "tal/utf8.hpp"

namespace tal {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

base::ErrorCode code_of(int system_error) {
    return system_error == ENOENT || system_error == ENOTDIR ? base::ErrorCode::NotFound
                                                             : base::ErrorCode::NotReadable;
}

std::string reason(int system_error) {
    return std::generic_category().message(system_error);
}

}  // namespace

base::Result<std::string> DiskLoader::load(std::string_view path) {
    const std::string name(path);
    std::error_code ignored;
    if (std::filesystem::is_directory(name, ignored)) {
        return base::fail(base::ErrorCode::NotAFile, quote(name) + " is a folder");
    }
    errno = 0;
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(name.c_str(), "rb"));
    if (!file) {
        return base::fail(code_of(errno), "cannot open " + quote(name) + ": " + reason(errno));
    }
    // Sizes are not trusted: pipes have none, and devices never end.
    std::string text;
    constexpr std::size_t kChunk = 65536;
    for (;;) {
        const std::size_t used = text.size();
        text.resize(used + kChunk);
        const std::size_t got = std::fread(text.data() + used, 1, kChunk, file.get());
        text.resize(used + got);
        if (text.size() > kMaxFileBytes) {
            return base::fail(base::ErrorCode::TooLarge,
                              quote(name) + " is larger than the limit of " +
                                  std::to_string(kMaxFileBytes >> 20) + " MiB");
        }
        if (got < kChunk) {
            break;
        }
    }
    if (std::ferror(file.get()) != 0) {
        return base::fail(base::ErrorCode::NotReadable,
                          "cannot read " + quote(name) + ": " + reason(errno));
    }
    return text;
}

}  // namespace tal
