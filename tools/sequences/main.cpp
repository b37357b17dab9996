// Makes src/uxn/fused/sequences.inc: which rows of opcodes are worth a piece of code of their own,
// judged by programs that somebody wrote. See docs/engines.md.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "choose.hpp"
#include "corpus.hpp"
#include "host/files.hpp"
#include "tal/assembler.hpp"
#include "uxn/opcode.hpp"

namespace {

namespace fs = std::filesystem;

struct Corpus {
    std::vector<sequences::Program> programs;
    std::set<std::string> roms;  ///< what has been read: copies of a program count once
    std::size_t failures = 0;
};

void add_program(Corpus& corpus, const std::string& path) {
    std::string rom;
    std::vector<tal::Symbol> symbols;
    if (path.ends_with(".tal")) {
        tal::DiskLoader loader;
        tal::Assembly assembly = tal::assemble(path, loader);
        if (!assembly.ok()) {
            ++corpus.failures;  // most often a part of a program, which cannot stand alone
            return;
        }
        rom = host::as_text(assembly.rom);
        symbols = std::move(assembly.symbols);
    } else {
        auto read = host::read_file(path, 0x100000);
        if (!read) {
            ++corpus.failures;
            return;
        }
        rom = std::move(*read);
    }
    if (!corpus.roms.insert(rom).second) {
        return;
    }
    corpus.programs.push_back(sequences::runs_of(host::as_bytes(rom), symbols));
}

bool is_program(const fs::path& path) {
    return path.extension() == ".tal" || path.extension() == ".rom";
}

/// Programs in the order of their names, so that the same folder gives the same list.
std::optional<std::vector<std::string>> programs_in(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        if (!fs::exists(path, error)) {
            return std::nullopt;
        }
        return std::vector{path};
    }
    std::vector<std::string> programs;
    for (auto entry = fs::recursive_directory_iterator(path, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (error) {
            return std::nullopt;
        }
        if (entry->is_regular_file(error) && is_program(entry->path())) {
            programs.push_back(entry->path().string());
        }
    }
    std::ranges::sort(programs);
    return programs;
}

/// How many sequences builds with checks have, and how many the dispatcher with a switch.
struct Shares {
    std::size_t few = 96;
    std::size_t common = 448;
};

std::string_view macro_of(std::size_t number, const Shares& shares) {
    return number < shares.few      ? "UXN_SEQUENCE"
           : number < shares.common ? "UXN_MORE_SEQUENCE"
                                    : "UXN_RARE_SEQUENCE";
}

constexpr std::string_view kHead =
    R"(// The rows of opcodes that are one piece of code in the fused engines, those that save most first.
// Made by tools/sequences from the code of public programs, those of bench/ not among them:
// docs/engines.md. Include it under your own definition of UXN_SEQUENCE, which is undefined again
// at the end.
//
// UXN_SEQUENCE(programs, opcodes...): in how many programs it was found; the first ones
// UXN_MORE_SEQUENCE: the same, but for builds with checks in every line
// UXN_RARE_SEQUENCE: likewise; define it, too, to leave these out

#ifndef UXN_SEQUENCE
#define UXN_SEQUENCE(...)
#endif
#ifdef LEVERET_FEW_SEQUENCES
#define UXN_MORE_SEQUENCE(...)
#undef UXN_RARE_SEQUENCE
#define UXN_RARE_SEQUENCE(...)
#else
#define UXN_MORE_SEQUENCE(...) UXN_SEQUENCE(__VA_ARGS__)
#endif
#ifndef UXN_RARE_SEQUENCE
#define UXN_RARE_SEQUENCE(...) UXN_SEQUENCE(__VA_ARGS__)
#endif

// clang-format off
)";
constexpr std::string_view kTail = R"(// clang-format on

#undef UXN_SEQUENCE
#undef UXN_MORE_SEQUENCE
#undef UXN_RARE_SEQUENCE
)";

std::string list_of(const std::vector<sequences::Sequence>& chosen, const Shares& shares) {
    std::string text(kHead);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        text += fmt::format("{}({}", macro_of(i, shares), chosen[i].programs);
        for (const uxn::Op op : chosen[i].ops) {
            text += fmt::format(", {}", uxn::info_of(op).name);
        }
        text += ")\n";
    }
    text += kTail;
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Chooses the sequences of the fused engine: the rows of opcodes that are most common in\n"
        "programs. Writes them in the form of src/uxn/fused/sequences.inc.");
    sequences::Limits limits;
    Shares shares;
    std::string output;
    std::vector<std::string> paths;
    app.add_option("paths", paths, "Sources (.tal), ROMs, or folders with such")->required();
    app.add_option("-n,--count", limits.count, "How many sequences")
        ->check(CLI::Range(1, 2000))
        ->capture_default_str();
    app.add_option("-l,--longest", limits.longest, "Most opcodes in one")
        ->check(CLI::Range(2, 4))
        ->capture_default_str();
    app.add_option("-c,--common", shares.common,
                   "How many of them the dispatcher with a switch has")
        ->capture_default_str();
    app.add_option("-f,--few", shares.few, "How many of them builds with checks have")
        ->capture_default_str();
    app.add_option("-o,--output", output, "The file to write, instead of standard output");
    CLI11_PARSE(app, argc, argv);

    Corpus corpus;
    for (const std::string& path : paths) {
        const auto programs = programs_in(path);
        if (!programs) {
            fmt::print(stderr, "error: cannot read '{}'\n", path);
            return 1;
        }
        for (const std::string& program : *programs) {
            add_program(corpus, program);
        }
    }
    if (corpus.programs.empty()) {
        fmt::print(stderr, "error: there is no program that could be read\n");
        return 1;
    }
    const auto chosen = sequences::choose(corpus.programs, limits);
    fmt::print(stderr, "{} programs, {} files were none by themselves, {} sequences\n",
               corpus.programs.size(), corpus.failures, chosen.size());
    const std::string list = list_of(chosen, shares);
    if (output.empty()) {
        std::fwrite(list.data(), 1, list.size(), stdout);
        return 0;
    }
    if (const auto written = host::write_file(output, list); !written) {
        fmt::print(stderr, "error: {}\n", written.error().detail);
        return 1;
    }
    return 0;
}
