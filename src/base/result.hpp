#pragma once

#include <expected>
#include <string>
#include <utility>

namespace base {

/// What went wrong at a boundary, for a caller that has to choose what to do next.
enum class ErrorCode {
    NotFound,     ///< a file or folder does not exist
    NotReadable,  ///< it exists, but reading it failed or is not allowed
    NotWritable,  ///< it cannot be created, written or replaced
    NotAFile,     ///< a folder, device or other thing where a file was expected
    Empty,        ///< there is nothing in it
    TooLarge,     ///< larger than the limit named in the detail
    Malformed,    ///< its contents break the rules of its format
    Unsupported,  ///< valid, but not available in this build or on this machine
};

/// An error code with a sentence for people: what was being done, to what, and why it failed.
struct Error {
    ErrorCode code;
    std::string detail;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string detail) {
    return std::unexpected<Error>(Error{code, std::move(detail)});
}

}  // namespace base
