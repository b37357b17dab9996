#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "host/posix.hpp"

namespace host {

/// A file that is written piece by piece and appears as a whole: under a name of its own, beside
/// the one it is to replace, until it is committed. Without that, nothing has happened.
///
/// A link stays a link, and what is replaced leaves its permissions. Pipes and devices are written
/// to as they are.
class NewFile {
public:
    /// Errors: NotAFile for a folder, NotWritable.
    static base::Result<NewFile> create(std::string path);
    ~NewFile();
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;

    /// A pipe or device: what was written is gone, and there is no way back.
    bool is_stream() const { return temporary_path_.empty(); }
    /// Where it will be.
    const std::string& path() const { return path_; }

    /// At the end. Errors: NotWritable.
    base::Result<void> write(std::string_view contents);
    /// In place of what was written at `offset`; not for streams. Errors: NotWritable.
    base::Result<void> rewrite(std::int64_t offset, std::string_view contents);
    /// Forgets what is beyond the first `size` bytes; not for streams. Errors: NotWritable.
    base::Result<void> cut(std::int64_t size);
    /// Puts it in its place. Errors: NotWritable.
    base::Result<void> commit();

private:
    NewFile(FileDescriptor file, std::string path, std::string temporary_path, std::string target);

    FileDescriptor file_;
    std::string path_;
    std::string temporary_path_;  ///< empty if there is none, or none any more
    std::string target_;          ///< where `path_` leads to through links
};

}  // namespace host
