#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tal {

/// Where the assembler gets its sources from: the disk, memory, the buffers of an editor.
class SourceLoader {
public:
    virtual ~SourceLoader() = default;
    /// The bytes of the file called `path`, as written after `~` or given by the caller.
    /// `NotFound` makes the assembler look next to the including file; other errors do not.
    virtual base::Result<std::string> load(std::string_view path) = 0;
};

/// Reads files from the disk, relative paths from the working directory. Bytes are not changed.
/// Errors: NotFound, NotAFile (a folder), TooLarge (beyond kMaxFileBytes), NotReadable.
class DiskLoader final : public SourceLoader {
public:
    base::Result<std::string> load(std::string_view path) override;
};

/// Serves files that were put into it, under the very names they were given.
class MemoryLoader final : public SourceLoader {
public:
    void add(std::string path, std::string text) {
        files_.insert_or_assign(std::move(path), std::move(text));
    }
    base::Result<std::string> load(std::string_view path) override;

private:
    std::map<std::string, std::string, std::less<>> files_;
};

/// A line, and a column that counts UTF-8 code points (a byte that is not UTF-8 counts as one, a
/// tab as one). Both start at 1.
struct LineColumn {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    friend bool operator==(const LineColumn&, const LineColumn&) = default;
};

/// A file that was read. Finds lines only when somebody asks.
class Source {
public:
    Source(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
    Source(const Source&) = delete;  // tokens are views into the text
    Source& operator=(const Source&) = delete;

    const std::string& path() const { return path_; }
    std::string_view text() const { return text_; }

    LineColumn locate(std::size_t offset) const;

    /// The line around a byte offset, without its end; a long one is cut to the part around the
    /// offset.
    struct Excerpt {
        std::string text;
        std::size_t offset = 0;  ///< of the wanted byte, in `text`
        bool cut_before = false;
        bool cut_after = false;
    };
    Excerpt excerpt(std::size_t offset) const;

private:
    std::size_t line_index(std::size_t offset) const;

    std::string path_;
    std::string text_;
    mutable std::vector<std::size_t> line_starts_;
    // The last column found: errors come roughly in order, so that a very long line is walked once.
    mutable std::size_t last_line_ = 0;
    mutable std::size_t last_offset_ = 0;
    mutable std::size_t last_column_ = 0;
};

}  // namespace tal
