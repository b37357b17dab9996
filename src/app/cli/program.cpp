#include "app/cli/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/cli/messages.hpp"
#include "host/files.hpp"
#include "varvara/varvara.hpp"

namespace cli {
namespace {

bool is_source(std::string_view path) {
    constexpr std::string_view kEnding = ".tal";
    return path.size() >= kEnding.size() &&
           std::ranges::equal(
               path.substr(path.size() - kEnding.size()), kEnding,
               [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

std::optional<std::vector<std::uint8_t>> rom_of(tal::Assembly assembly) {
    if (!assembly.ok()) {
        return std::nullopt;
    }
    return std::move(assembly.rom);
}

}  // namespace

tal::Assembly assemble(const std::string& path, tal::SourceLoader& loader, Warnings warnings) {
    tal::Assembly assembly = tal::assemble(path, loader);
    // A program can be fine although the assembler warns; when it is not, a warning may be the
    // clue.
    const bool all = warnings == Warnings::Show || !assembly.ok();
    std::string text;
    for (const tal::Diagnostic& diagnostic : assembly.diagnostics) {
        if (all || diagnostic.severity == tal::Severity::Error) {
            text += tal::render(diagnostic, colour_wanted());
        }
    }
    print_to_error(text);
    return assembly;
}

std::optional<std::vector<std::uint8_t>> load_program(const std::string& path, Warnings warnings) {
    if (is_source(path)) {
        tal::DiskLoader loader;
        return rom_of(assemble(path, loader, warnings));
    }
    const auto contents = host::read_file(path, varvara::kMaxRomSize);
    if (!contents) {
        print_error(contents.error().detail);
        return std::nullopt;
    }
    if (contents->empty()) {
        print_error(fmt::format("cannot run '{}': it is empty", path));
        return std::nullopt;
    }
    const auto bytes = host::as_bytes(*contents);
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
}

std::vector<const char*> as_arguments(const std::vector<std::string>& words) {
    std::vector<const char*> arguments;
    arguments.reserve(words.size());
    for (const std::string& word : words) {
        arguments.push_back(word.c_str());
    }
    return arguments;
}

std::optional<std::vector<std::uint8_t>> welcome_program() {
    static constexpr char kName[] = "hello.tal";
    tal::MemoryLoader loader;
    loader.add(kName, std::string(kWelcomeSource));
    return rom_of(assemble(kName, loader, Warnings::Hide));
}

}  // namespace cli
