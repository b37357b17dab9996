#include "app/cli/recent.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "host/files.hpp"
#include "host/folders.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxRecent = 20;
constexpr std::size_t kMaxFileSize = 1 << 20;
constexpr std::string_view kHeader = "# leveret recent 1\n";

bool fits_into_a_line(std::string_view path) {
    return path.starts_with('/') && path.find_first_of(std::string_view("\n\0", 2)) == path.npos;
}

}  // namespace

std::string recent_file() {
    return host::user_folders().recent;
}

std::vector<std::string> read_recent(const std::string& file) {
    std::vector<std::string> paths;
    const auto text = host::read_file(file, kMaxFileSize);
    if (!text) {
        return paths;
    }
    std::string_view rest = *text;
    while (!rest.empty() && paths.size() < kMaxRecent) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (fits_into_a_line(line) && std::ranges::find(paths, line) == paths.end()) {
            paths.emplace_back(line);
        }
    }
    return paths;
}

base::Result<void> remember_program(const std::string& file, const std::string& path) {
    std::error_code error;
    const std::string absolute = fs::absolute(path, error).lexically_normal().string();
    if (error || file.empty() || !fits_into_a_line(absolute)) {
        return {};
    }
    std::vector<std::string> paths = read_recent(file);
    std::erase(paths, absolute);
    paths.insert(paths.begin(), absolute);
    paths.resize(std::min(paths.size(), kMaxRecent));
    std::string text(kHeader);
    for (const std::string& each : paths) {
        text.append(each).append("\n");
    }
    fs::create_directories(fs::path(file).parent_path(), error);  // writing says what is wrong
    return host::write_file(file, text);
}

}  // namespace cli
