// Feeds files to a fuzz target, in builds that have no fuzzer: what was found stays found.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    // A copy of its own size, so that the sanitizers see reads beyond its end.
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    std::printf("%s: %zu bytes\n", path.c_str(), bytes.size());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

/// Takes files and folders; those that do not exist are passed over.
int main(int count, char** arguments) {
    LLVMFuzzerTestOneInput(nullptr, 0);
    std::size_t replayed = 1;
    for (int i = 1; i < count; ++i) {
        const std::filesystem::path path = arguments[i];
        if (std::filesystem::is_directory(path)) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
                if (entry.is_regular_file()) {
                    replay(entry.path());
                    ++replayed;
                }
            }
        } else if (std::filesystem::exists(path)) {
            replay(path);
            ++replayed;
        }
    }
    std::printf("%zu inputs, the empty one included\n", replayed);
    return 0;
}
