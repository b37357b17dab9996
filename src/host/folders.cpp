#include "host/folders.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/ascii.hpp"
#include "host/posix.hpp"

namespace host {
namespace {

/// An absolute path without a slash at its end, or nothing.
std::string folder_in(const Environment& environment, const char* name) {
    const char* value = environment(name);
    if (value == nullptr || *value != '/') {
        return "";
    }
    const std::string_view path = value;
    return std::string(path.substr(0, path.find_last_not_of('/') + 1));
}

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() &&
           std::ranges::equal(text.substr(text.size() - end.size()), end, {}, base::lower);
}

/// Whether a name may begin with, or be cut before, this byte of UTF-8.
bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// How many bytes of valid UTF-8, more than one, there are at the start of a text; 0 if there are
/// none.
std::size_t long_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (size == 0 || size > text.size() || lead > 0xf4) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if (begins_character(text[i])) {
            return 0;
        }
    }
    // Neither overlong forms, nor surrogates, nor beyond 10ffff, nor control characters.
    const unsigned second = byte(1);
    const bool wrong = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) ||
                       (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90) ||
                       (lead == 0xc2 && second < 0xa0);
    return wrong ? 0 : size;
}

}  // namespace

Folders user_folders() {
    return user_folders([](const char* name) { return std::getenv(name); });
}

Folders user_folders(const Environment& environment) {
    Folders folders;
    const char* home = environment("HOME");
    const bool has_home = home != nullptr && *home == '/';
    folders.home = folder_in(environment, "HOME");
    const auto place = [&](const char* variable, std::string_view otherwise) {
        const std::string given = folder_in(environment, variable);
        return !given.empty() ? given + "/leveret"
               : has_home     ? folders.home + std::string(otherwise) + "/leveret"
                              : "";
    };
    folders.settings = place("XDG_CONFIG_HOME", "/.config");
    folders.captures = place("XDG_PICTURES_DIR", "/Pictures");
    if (const std::string state = place("XDG_STATE_HOME", "/.local/state"); !state.empty()) {
        folders.states = state + "/states";
        folders.recent = state + "/recent";
    }
    if (has_home && folders.home.empty()) {
        folders.home = "/";
    }
    return folders;
}

std::filesystem::path binary_folder() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::string name_for_files(std::string_view program) {
    constexpr std::size_t kLongest = 100;
    constexpr std::string_view kTrouble = "/\\:*?\"'`<>|$&;!#~";
    program.remove_prefix(program.find_last_of('/') + 1);
    for (const std::string_view suffix : {".rom", ".tal"}) {
        if (ends_with(program, suffix)) {
            program.remove_suffix(suffix.size());
            break;
        }
    }
    std::string name;
    while (!program.empty()) {
        const char c = program[0];
        const std::size_t size = std::max<std::size_t>(long_character(program), 1);
        if (name.size() + size > kLongest) {
            break;
        }
        const bool ascii = c >= ' ' && c <= '~';
        const bool hides = name.empty() && (c == '.' || c == '-');
        if ((size == 1 && !ascii) || kTrouble.contains(c) || hides) {
            name += '_';
        } else {
            name += program.substr(0, size);
        }
        program.remove_prefix(size);
    }
    return name.empty() ? "_" : name;
}

base::Result<void> create_folder(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            return {};
        }
        return base::fail(base::ErrorCode::NotAFile, "'" + path + "' is not a folder");
    }
    int problem = 0;
    for (std::size_t end = 0; end != std::string::npos;) {
        end = path.find('/', end + 1);
        if (mkdir(path.substr(0, end).c_str(), 0700) != 0 && errno != EEXIST && problem == 0) {
            problem = errno;
        }
    }
    if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        errno = problem != 0 ? problem : ENOTDIR;
        return fail_with_errno(base::ErrorCode::NotWritable, "cannot create the folder", path);
    }
    return {};
}

}  // namespace host
