#include "tal/symbols.hpp"

#include <algorithm>

namespace tal {

std::vector<std::uint8_t> write_symbols(std::span<const Symbol> symbols) {
    std::vector<std::uint8_t> out;
    for (const Symbol& symbol : symbols) {
        out.push_back(static_cast<std::uint8_t>(symbol.address >> 8));
        out.push_back(static_cast<std::uint8_t>(symbol.address & 0xff));
        out.insert(out.end(), symbol.name.begin(), symbol.name.end());
        out.push_back(0);
    }
    return out;
}

base::Result<std::vector<Symbol>> read_symbols(std::span<const std::uint8_t> bytes) {
    std::vector<Symbol> symbols;
    if (bytes.size() == 3 && std::ranges::all_of(bytes, [](auto byte) { return byte == 0; })) {
        return symbols;
    }
    const auto malformed = [](std::size_t offset, const std::string& what) {
        return base::fail(base::ErrorCode::Malformed,
                          "the symbol at offset " + std::to_string(offset) + " " + what);
    };
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at < 2) {
            return malformed(at, "ends in its address");
        }
        const auto rest = bytes.subspan(at + 2);
        const auto end = std::ranges::find(rest, std::uint8_t{0});
        if (end == rest.end()) {
            return malformed(at, "has no 00 after its name");
        }
        if (end == rest.begin()) {
            return malformed(at, "has no name");
        }
        symbols.push_back({static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]),
                           std::string(rest.begin(), end)});
        at += 2 + symbols.back().name.size() + 1;
    }
    return symbols;
}

}  // namespace tal
