// Any bytes are a source: the assembler ends, says where every error is, and can print it.

#include <cstddef>
#include <cstdint>
#include <string>

#include "check.hpp"
#include "tal/assembler.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tal::MemoryLoader loader;
    loader.add("main.tal", std::string(reinterpret_cast<const char*>(data), size));
    const tal::Assembly assembly = tal::assemble("main.tal", loader, {.origins = true});

    bool has_error = false;
    for (const tal::Diagnostic& diagnostic : assembly.diagnostics) {
        has_error |= diagnostic.severity == tal::Severity::Error;
        fuzz::check(!tal::render(diagnostic, true).empty(), "a diagnostic can be printed");
    }
    fuzz::check(assembly.ok() != has_error, "an assembly fails exactly if it has an error");
    fuzz::check(assembly.ok() != assembly.rom.empty(), "there is a ROM exactly if it succeeds");
    fuzz::check(!assembly.ok() || assembly.origins.size() == assembly.rom.size(),
                "every byte has an origin");
    return 0;
}
