#include "app/cli/program.hpp"

#include <fmt/format.h>

#include <utility>

#include "app/cli/demos.hpp"
#include "app/cli/messages.hpp"
#include "app/cli/program_name.hpp"
#include "host/files.hpp"
#include "varvara/varvara.hpp"

namespace cli {
namespace {

constexpr std::size_t kMaxSymbolFileBytes = std::size_t{16} << 20;

/// A program can be fine although the assembler warns; when it is not, a warning may be the clue.
void print_diagnostics(const std::vector<tal::Diagnostic>& diagnostics, bool ok,
                       Warnings warnings) {
    const bool all = warnings == Warnings::Show || !ok;
    std::string text;
    for (const tal::Diagnostic& diagnostic : diagnostics) {
        if (all || diagnostic.severity == tal::Severity::Error) {
            text += tal::render(diagnostic, colour_wanted());
        }
    }
    print_to_error(text);
}

}  // namespace

tal::Assembly assemble(const std::string& path, tal::SourceLoader& loader, Warnings warnings) {
    tal::Assembly assembly = tal::assemble(path, loader);
    print_diagnostics(assembly.diagnostics, assembly.ok(), warnings);
    return assembly;
}

namespace {

LoadedProgram as_program(tal::Assembly assembly) {
    LoadedProgram program;
    if (assembly.ok()) {
        program.rom = std::move(assembly.rom);
        program.symbols = std::move(assembly.symbols);
    }
    program.diagnostics = std::move(assembly.diagnostics);
    program.sources = std::move(assembly.files);
    program.sources.insert(program.sources.end(), assembly.missing.begin(), assembly.missing.end());
    return program;
}

}  // namespace

LoadedProgram read_demo(const std::string& name) {
    LoadedProgram program;
    if (const Demo* demo = find_demo(name)) {
        program = as_program(assemble_demo(*demo));
        program.sources.clear();
    } else {
        program.error = fmt::format("there is no demo '{}'", name);
    }
    return program;
}

LoadedProgram read_program(const std::string& path) {
    if (is_source(path)) {
        tal::DiskLoader loader;
        return as_program(tal::assemble(path, loader));
    }
    LoadedProgram program;
    program.sources = {path};
    const auto contents = host::read_file(path, varvara::kMaxRomSize);
    if (!contents) {
        program.error = contents.error().detail;
    } else if (contents->empty()) {
        program.error = fmt::format("cannot run '{}': it is empty", path);
    } else {
        const auto bytes = host::as_bytes(*contents);
        program.rom.assign(bytes.begin(), bytes.end());
    }
    return program;
}

base::Result<std::vector<tal::Symbol>> read_symbol_file(const std::string& path) {
    const auto contents = host::read_file(path, kMaxSymbolFileBytes);
    if (!contents) {
        return std::unexpected(contents.error());
    }
    auto symbols = tal::read_symbols(host::as_bytes(*contents));
    if (!symbols) {
        return base::fail(symbols.error().code,
                          fmt::format("cannot use '{}': {}", path, symbols.error().detail));
    }
    return symbols;
}

void print_problems(const LoadedProgram& program, Warnings warnings) {
    print_diagnostics(program.diagnostics, !program.rom.empty(), warnings);
    if (!program.error.empty()) {
        print_error(program.error);
    }
}

std::optional<std::vector<std::uint8_t>> load_program(const std::string& path, Warnings warnings) {
    LoadedProgram program = read_program(path);
    print_problems(program, warnings);
    if (program.rom.empty()) {
        return std::nullopt;
    }
    return std::move(program.rom);
}

std::vector<const char*> as_arguments(const std::vector<std::string>& words) {
    std::vector<const char*> arguments;
    arguments.reserve(words.size());
    for (const std::string& word : words) {
        arguments.push_back(word.c_str());
    }
    return arguments;
}

}  // namespace cli
