// Any bytes are a source, with files that it includes: the assembler ends, says where every error
// is and can print it, and what it makes fits into memory and survives a symbol file.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "check.hpp"
#include "tal/assembler.hpp"

namespace {

/// Parts files in an input; what precedes the first is the main file.
constexpr char kFileSeparator = '\x1c';

/// The input as files: main.tal, and those that it may include.
std::map<std::string, std::string> files_of(std::string_view input) {
    std::map<std::string, std::string> files;
    for (const char* name : {"main.tal", "a", "lib/b", "lib/c"}) {
        const std::size_t end = std::min(input.find(kFileSeparator), input.size());
        files.emplace(name, input.substr(0, end));
        input.remove_prefix(std::min(end + 1, input.size()));
    }
    return files;
}

/// Diagnostics about a run as a whole have no place.
bool has_place(tal::Category category) {
    return category != tal::Category::OutputEmpty && category != tal::Category::SourceMissing &&
           category != tal::Category::Omitted;
}

void check_place(const std::map<std::string, std::string>& files, const std::string& file,
                 std::uint32_t line, std::uint32_t column) {
    const auto found = files.find(file);
    fuzz::check(found != files.end(), "the file of a diagnostic is one of those read");
    const std::string& text = found->second;
    const auto lines = static_cast<std::uint32_t>(std::ranges::count(text, '\n')) + 1;
    fuzz::check(line >= 1 && line <= lines, "the line of a diagnostic exists");
    std::size_t begin = 0;
    for (std::uint32_t i = 1; i < line; ++i) {
        begin = text.find('\n', begin) + 1;
    }
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    fuzz::check(column >= 1 && column - 1 <= end - begin, "the column of a diagnostic exists");
}

void check_diagnostics(const std::map<std::string, std::string>& files,
                       const tal::Assembly& assembly) {
    bool has_error = false;
    for (const tal::Diagnostic& diagnostic : assembly.diagnostics) {
        has_error |= diagnostic.severity == tal::Severity::Error;
        fuzz::check(!diagnostic.message.empty(), "a diagnostic says something");
        fuzz::check(!tal::render(diagnostic, true).empty(), "a diagnostic can be printed");
        if (!has_place(diagnostic.category)) {
            continue;
        }
        check_place(files, diagnostic.file, diagnostic.line, diagnostic.column);
        fuzz::check(files.at(diagnostic.file).find(diagnostic.source_line) != std::string::npos,
                    "the line shown is in the file");
        for (const tal::RelatedNote& note : diagnostic.notes) {
            check_place(files, note.file, note.line, note.column);
        }
    }
    fuzz::check(assembly.ok() != has_error, "an assembly fails exactly if it has an error");
    // Errors and warnings, what may be said of the run as a whole, and two counts of the rest.
    fuzz::check(assembly.diagnostics.size() <= tal::kMaxErrors + tal::kMaxWarnings + 4,
                "no more is said than anybody reads");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto files = files_of({reinterpret_cast<const char*>(data), size});
    tal::MemoryLoader loader;
    for (const auto& [name, text] : files) {
        loader.add(name, text);
    }
    const tal::Assembly assembly = tal::assemble("main.tal", loader, {.origins = true});
    check_diagnostics(files, assembly);

    fuzz::check(assembly.ok() != assembly.rom.empty(), "there is a ROM exactly if it succeeds");
    fuzz::check(assembly.rom.size() <= 0xff00, "a ROM fits into memory");
    fuzz::check(assembly.rom.empty() || assembly.rom.back() != 0, "a ROM ends with its last byte");
    fuzz::check(tal::assemble("main.tal", loader).rom == assembly.rom,
                "the same source gives the same ROM, with origins or without");
    if (assembly.ok()) {
        fuzz::check(assembly.origins.size() == assembly.rom.size(), "every byte has an origin");
        const auto symbols = tal::read_symbols(tal::write_symbols(assembly.symbols));
        fuzz::check(symbols && *symbols == assembly.symbols, "a symbol file keeps all symbols");
    }
    return 0;
}
