// Any bytes are a ROM, and any symbols may come with it: the disassembler ends, and assembling what
// it wrote gives the ROM again. The same for the ROM and the symbols of any source that assembles.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "check.hpp"
#include "tal/assembler.hpp"
#include "tal/disassembler.hpp"

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr tal::PortName kPorts[] = {
    {0x02, 2, tal::PortUse::Address, "System", "expansion"},
    {0x06, 2, tal::PortUse::Metadata, "System", "metadata"},
    {0x0f, 1, tal::PortUse::Value, "System", "state"},
    {0x10, 2, tal::PortUse::Vector, "Console", "vector"},
    {0x18, 1, tal::PortUse::Value, "Console", "write"},
    {0x20, 2, tal::PortUse::Vector, "Screen", "vector"},
    {0x2c, 2, tal::PortUse::Address, "Screen", "addr"},
};

void check_round_trip(Bytes rom, std::span<const tal::Symbol> symbols, unsigned options) {
    Bytes loaded = rom.first(std::min(rom.size(), tal::kMaxDisassembledBytes));
    while (!loaded.empty() && loaded.back() == 0) {
        loaded = loaded.first(loaded.size() - 1);
    }
    const std::span<const tal::PortName> ports(kPorts);
    tal::MemoryLoader loader;
    loader.add("main.tal",
               tal::disassemble(rom, {.symbols = symbols,
                                      .ports = (options & 1) != 0 ? ports : ports.first(0),
                                      .comments = static_cast<tal::Comments>(options / 2 % 3)}));
    const tal::Assembly assembly = tal::assemble("main.tal", loader);
    if (loaded.empty()) {
        fuzz::check(assembly.diagnostics.back().category == tal::Category::OutputEmpty,
                    "zeros alone are a program without bytes");
        return;
    }
    fuzz::check(assembly.ok(), "a disassembly assembles");
    fuzz::check(std::ranges::equal(assembly.rom, loaded), "a disassembly gives the same ROM");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kHeader = 3;
    if (size < kHeader) {
        return 0;
    }
    const unsigned options = data[0] >> 1u;
    const Bytes rest = Bytes(data, size).subspan(kHeader);
    if ((data[0] & 1) != 0) {
        tal::MemoryLoader loader;
        loader.add("main.tal", std::string(rest.begin(), rest.end()));
        const tal::Assembly assembly = tal::assemble("main.tal", loader);
        if (assembly.ok()) {
            check_round_trip(assembly.rom, assembly.symbols, options);
            check_round_trip(assembly.rom, {}, options);
        }
        return 0;
    }
    // Symbols are read up to where they are malformed.
    const std::size_t symbol_bytes = std::min<std::size_t>(data[1] * 256u + data[2], rest.size());
    Bytes text = rest.first(symbol_bytes);
    std::vector<tal::Symbol> symbols;
    while (text.size() > 2) {
        const auto end = std::ranges::find(text.subspan(2), std::uint8_t{0});
        symbols.push_back({static_cast<std::uint16_t>(text[0] << 8 | text[1]),
                           std::string(text.begin() + 2, end)});
        text = end == text.end() ? Bytes() : Bytes(end + 1, text.end());
    }
    check_round_trip(rest.subspan(symbol_bytes), symbols, options);
    return 0;
}
