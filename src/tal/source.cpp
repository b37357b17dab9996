#include "tal/source.hpp"

#include <algorithm>

#include "tal/limits.hpp"
#include "tal/utf8.hpp"

namespace tal {
namespace {

constexpr std::size_t kExcerptBefore = 240;  // bytes kept on either side of the place shown
constexpr std::size_t kExcerptAfter = 360;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

base::Result<std::string> MemoryLoader::load(std::string_view path) {
    const auto found = files_.find(path);
    if (found == files_.end()) {
        return base::fail(base::ErrorCode::NotFound, "there is no " + quote(path));
    }
    return found->second;
}

std::size_t Source::line_index(std::size_t offset) const {
    if (line_starts_.empty()) {
        line_starts_.push_back(0);
        for (std::size_t at = text_.find('\n'); at != std::string::npos;
             at = text_.find('\n', at + 1)) {
            line_starts_.push_back(at + 1);
        }
    }
    const auto after = std::ranges::upper_bound(line_starts_, offset);
    return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

LineColumn Source::locate(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::size_t line = line_index(offset);
    std::size_t from = line_starts_[line];
    std::size_t column = 0;
    if (last_column_ != 0 && line == last_line_ && offset >= last_offset_) {
        from = last_offset_;
        column = last_column_ - 1;
    }
    column += count_code_points(text().substr(from, offset - from));
    last_line_ = line;
    last_offset_ = offset;
    last_column_ = column + 1;
    return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1)};
}

Source::Excerpt Source::excerpt(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::size_t line = line_index(offset);
    const std::size_t start = line_starts_[line];
    std::size_t end = line + 1 < line_starts_.size() ? line_starts_[line + 1] - 1 : text_.size();
    if (end > start && text_[end - 1] == '\r') {
        --end;
    }
    offset = std::min(offset, end);

    std::size_t first = offset - start > kExcerptBefore ? offset - kExcerptBefore : start;
    while (first > start && first < offset && is_continuation(text_[first])) {
        ++first;
    }
    std::size_t last = end - offset > kExcerptAfter ? offset + kExcerptAfter : end;
    while (last < end && last > offset && is_continuation(text_[last])) {
        --last;
    }
    return {.text = text_.substr(first, last - first),
            .offset = offset - first,
            .cut_before = first != start,
            .cut_after = last != end};
}

}  // namespace tal
