// The sources of a run.

#include "tal/pass/pass.hpp"
#include "tal/utf8.hpp"

namespace tal {

base::Result<std::uint32_t> Pass::load(const std::string& path) {
    if (const auto found = loaded_.find(path); found != loaded_.end()) {
        return found->second;
    }
    base::Result<std::string> text = loader_.load(path);
    if (!text) {
        missing_.insert(path);
        return std::unexpected(text.error());
    }
    if (text->size() > kMaxFileBytes) {
        return base::fail(base::ErrorCode::TooLarge, quote(path) + " is too large");
    }
    const std::uint32_t source = map_.add_source(path, std::move(*text));
    loaded_.emplace(path, source);
    return source;
}

base::Result<std::uint32_t> Pass::load_included(std::string_view path) {
    base::Result<std::uint32_t> source = load(std::string(path));
    if (source || source.error().code != base::ErrorCode::NotFound || path.starts_with('/')) {
        return source;
    }
    const std::string& includer = map_.sources()[map_.frame(frame_).source].path();
    const std::size_t slash = includer.rfind('/');
    if (slash == std::string::npos) {
        return source;
    }
    base::Result<std::uint32_t> beside = load(includer.substr(0, slash + 1) + std::string(path));
    // If it is in neither place, the name as written is the one to speak of.
    const bool missing = !beside && beside.error().code == base::ErrorCode::NotFound;
    return missing ? source : beside;
}

void Pass::include(std::string_view token) {
    const Place place = place_of(token);
    const std::string_view path = token.substr(1);
    if (path.empty()) {
        reporter_.error({Category::NameInvalid, place, "`~` needs the path of a file after it"});
        return;
    }
    const auto refuse = [&](Category category, std::string message, std::string hint = {}) {
        unread_source_ = true;
        reporter_.error({category, place, std::move(message), std::move(hint)});
    };
    const base::Result<std::uint32_t> source = load_included(path);
    if (!source) {
        const bool missing = source.error().code == base::ErrorCode::NotFound;
        return refuse(
            missing ? Category::IncludeMissing : Category::IncludeInvalid, source.error().detail,
            missing ? "paths are relative to the working directory or the including file" : "");
    }
    for (std::uint32_t at = frame_; at != Frame::kNone; at = map_.frame(at).parent) {
        if (map_.frame(at).macro == kNoName && map_.frame(at).source == *source) {
            return refuse(Category::IncludeRecursive,
                          quote(path) + " is being assembled already: it includes itself");
        }
    }
    source_bytes_ += map_.sources()[*source].text().size();
    if (include_depth_ == kMaxIncludeDepth) {
        return refuse(Category::IncludeLimit,
                      "files are included more than " + std::to_string(kMaxIncludeDepth) + " deep");
    }
    if (++include_count_ > kMaxIncludes) {
        return refuse(Category::IncludeLimit,
                      "there are more than " + std::to_string(kMaxIncludes) + " includes");
    }
    if (source_bytes_ > kMaxSourceBytes) {
        return refuse(Category::IncludeLimit, "the sources are larger than " +
                                                  std::to_string(kMaxSourceBytes >> 20) +
                                                  " MiB altogether");
    }
    ++include_depth_;
    read_file(map_.add_frame(
        {.source = *source, .parent = frame_, .call_offset = place.offset, .macro = kNoName}));
    --include_depth_;
}

}  // namespace tal
