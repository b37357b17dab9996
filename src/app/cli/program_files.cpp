#include "app/cli/program_files.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "app/cli/messages.hpp"
#include "host/confine.hpp"
#include "tal/utf8.hpp"

namespace cli {
namespace {

constexpr std::size_t kMaxWarnings = 16;

/// The folder that a program may use unless told otherwise; nothing where none was meant: the
/// program is part of the binary, or comes from a stream.
std::optional<std::string> folder_of(const std::string& program) {
    if (program.empty() || program.starts_with("/dev/") || program.starts_with("/proc/")) {
        return std::nullopt;
    }
    const std::size_t slash = program.rfind('/');
    return slash == std::string::npos ? "." : program.substr(0, slash + 1);
}

}  // namespace

std::optional<host::FileAccess> parse_file_access(std::string_view text) {
    if (text == "none") {
        return host::FileAccess::None;
    }
    if (text == "ro") {
        return host::FileAccess::ReadOnly;
    }
    if (text == "rw") {
        return host::FileAccess::ReadWrite;
    }
    return std::nullopt;
}

bool ProgramFiles::open(const FileOptions& options, const std::string& program) {
    std::optional<std::string> folder = options.folder ? options.folder : folder_of(program);
    if (!folder && options.access) {
        folder = ".";
    }
    if (!folder || options.access == host::FileAccess::None) {
        return true;
    }
    folder_ = std::move(*folder);
    access_ = options.access.value_or(host::FileAccess::ReadWrite);
    auto files =
        host::FolderFiles::open(folder_, access_, [this](std::string_view path) { warn(path); });
    if (!files) {
        print_error(files.error().detail);
        return false;
    }
    files_ = std::move(*files);
    return true;
}

varvara::FileSystem& ProgramFiles::system() const {
    return files_ == nullptr ? varvara::no_files() : *files_;
}

void ProgramFiles::confine(std::span<const std::string> writable_folders) const {
    const auto confined = host::confine(folder_, access_, writable_folders);
    if (!confined) {
        print_warning(confined.error().detail);
    }
}

void ProgramFiles::warn(std::string_view path) {
    if (warned_of_.size() == kMaxWarnings || !warned_of_.emplace(path).second) {
        return;
    }
    console_.flush();
    print_warning(fmt::format("the program may not leave its folder: '{}'{}", tal::printable(path),
                              warned_of_.size() == kMaxWarnings ? "; no more such warnings" : ""));
}

}  // namespace cli
