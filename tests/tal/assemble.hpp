#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tal/assembler.hpp"

namespace tal::test {

/// Assembles a text as the file t.tal.
inline Assembly assemble_text(std::string text, const Options& options = {}) {
    MemoryLoader loader;
    loader.add("t.tal", std::move(text));
    return assemble("t.tal", loader, options);
}

/// Bytes as the specification writes them: `8012a0`.
inline std::string hex(const std::vector<std::uint8_t>& bytes) {
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 0xf];
    }
    return out;
}

/// `n` bytes of 00, in hexadecimal.
inline std::string zeros(std::size_t n) {
    return std::string(2 * n, '0');
}

/// The ROM of a text in hexadecimal, or what is wrong with the text.
inline std::string rom_of(std::string text) {
    const Assembly assembly = assemble_text(std::move(text));
    if (assembly.ok()) {
        return hex(assembly.rom);
    }
    std::string out;
    for (const Diagnostic& diagnostic : assembly.diagnostics) {
        out += render(diagnostic, false);
    }
    return out;
}

/// All diagnostics of a severity, one line each: `NameInvalid 1:5`.
inline std::string list(const Assembly& assembly, Severity severity) {
    std::string out;
    for (const Diagnostic& diagnostic : assembly.diagnostics) {
        if (diagnostic.severity == severity) {
            out += (out.empty() ? "" : "\n") + std::string(name_of(diagnostic.category));
            if (diagnostic.line != 0) {
                out +=
                    " " + std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column);
            }
        }
    }
    return out;
}

inline std::string errors_of(std::string text) {
    return list(assemble_text(std::move(text)), Severity::Error);
}

/// The warnings of a text that must assemble.
inline std::string warnings_of(std::string text) {
    const Assembly assembly = assemble_text(std::move(text));
    return assembly.ok() ? list(assembly, Severity::Warning)
                         : "does not assemble: " + list(assembly, Severity::Error);
}

}  // namespace tal::test
