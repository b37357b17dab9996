#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tal/diagnostic.hpp"
#include "tal/limits.hpp"
#include "tal/source.hpp"
#include "tal/symbols.hpp"

namespace tal {

struct Options {
    /// Fill `Assembly::origins` and `Assembly::symbol_origins`.
    bool origins = false;
};

/// The token that something came from. A byte from a macro comes from the token in a file that uses
/// the macro, a symbol from the token that defines it.
struct Origin {
    static constexpr std::uint32_t kNoFile = 0xffffffff;

    /// Index into `Assembly::files`; kNoFile for bytes that were only padded over.
    std::uint32_t file = kNoFile;
    std::uint32_t line = 0;    ///< from 1
    std::uint32_t column = 0;  ///< from 1, in code points

    friend bool operator==(const Origin&, const Origin&) = default;
};

/// What came out of an assembler run.
struct Assembly {
    /// The program from 0100 to its last non-zero byte. Empty unless `ok()`.
    std::vector<std::uint8_t> rom;
    /// In order of definition, blocks included. Filled as far as possible even if there are errors.
    std::vector<Symbol> symbols;
    /// By file (in the order of `files`), then by position; those about the run as a whole come
    /// last.
    std::vector<Diagnostic> diagnostics;
    /// Every file read, under the name it was loaded by, once; the main file is the first.
    std::vector<std::string> files;
    /// Every name that was looked for and could not be loaded, in ascending order: a file that
    /// appears there may change the result. An include that is found beside the including file
    /// only has been looked for as written before.
    std::vector<std::string> missing;
    /// With Options::origins: one for each byte of `rom`, and one for each symbol.
    std::vector<Origin> origins;
    std::vector<Origin> symbol_origins;
    std::size_t label_count = 0;  ///< blocks included, as uxnasm counts them
    std::size_t macro_count = 0;

    /// Whether there is a ROM: no diagnostic is an error.
    bool ok() const;
};

/// Assembles the file `path` and what it includes. Never fails otherwise than by diagnostics; all
/// errors are found in one run, up to kMaxErrors.
///
/// The language is that of spec/uxntal.md. Where the official assemblers differ it follows
/// drifblim, except that included files return and macro bodies may hold blocks and comments.
/// `~path` is looked up as written, which for files on disk means relative to the working
/// directory; if there is no such file, relative to the folder of the including file.
/// `:name`, the spelling of `=name` until 2023, still works and draws a warning.
Assembly assemble(std::string_view path, SourceLoader& loader, const Options& options = {});

}  // namespace tal
