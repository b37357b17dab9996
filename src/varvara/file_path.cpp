#include "varvara/file_path.hpp"

#include <algorithm>

namespace varvara {

std::string_view FilePath::parent(std::string_view text) const {
    const auto size = static_cast<std::size_t>(names.back().data() - text.data());
    return size == 0 ? "." : text.substr(0, size);
}

std::string FilePath::plain() const {
    std::string text;
    if (outside) {
        return text;
    }
    for (const std::string_view name : names) {
        if (name == "..") {
            text.resize(text.contains('/') ? text.rfind('/') : 0);
        } else {
            text.append(text.empty() ? "" : "/").append(name);
        }
    }
    return text;
}

std::optional<FilePath> parse_path(std::string_view text) {
    if (text.empty() || text.contains('\0')) {
        return std::nullopt;
    }
    FilePath path;
    path.outside = text.front() == '/';
    std::size_t depth = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('/', begin), text.size());
        const std::string_view name = text.substr(begin, end - begin);
        begin = end + 1;
        path.folder = name.empty() || name == "." || name == "..";
        if (name.size() > kMaxNameSize) {
            return std::nullopt;
        }
        if (name.empty() || name == ".") {
            continue;
        }
        path.names.push_back(name);
        if (name != "..") {
            ++depth;
        } else if (depth > 0) {
            --depth;
        } else {
            path.outside = true;
        }
    }
    return path;
}

}  // namespace varvara
