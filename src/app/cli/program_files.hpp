#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "host/folder_files.hpp"
#include "varvara/hosts.hpp"

namespace cli {

/// What the command line says about a program's files.
struct FileOptions {
    std::optional<std::string> folder;       ///< none: the one that the program is in
    std::optional<host::FileAccess> access;  ///< none: read and write, if there is a folder
};

/// none, ro or rw.
std::optional<host::FileAccess> parse_file_access(std::string_view text);

/// The folder that a program sees. Warns when it tries to leave it, once for each name.
class ProgramFiles {
public:
    /// console: where the program prints; a warning comes after what it has printed before.
    explicit ProgramFiles(varvara::ConsoleSink& console) : console_(console) {}

    /// program: the path of the ROM or source; empty for the one that is built in. False: the
    /// folder cannot be used; has said why.
    bool open(const FileOptions& options, const std::string& program);
    varvara::FileSystem& system() const;
    /// Leaves the process nothing but this folder and the other ones, as far as the kernel can.
    /// When everything else is open.
    void confine(std::span<const std::string> writable_folders = {}) const;

private:
    void warn(std::string_view path);

    varvara::ConsoleSink& console_;
    std::string folder_;
    host::FileAccess access_ = host::FileAccess::None;
    std::unique_ptr<host::FolderFiles> files_;
    std::set<std::string, std::less<>> warned_of_;
};

}  // namespace cli
