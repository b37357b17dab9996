#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tal {

/// A label: `scope/name` in full, and the address it stands for.
struct Symbol {
    std::uint16_t address = 0;
    std::string name;

    friend bool operator==(const Symbol&, const Symbol&) = default;
};

/// The contents of a symbol file: for each symbol its address, high byte first, its name and a 00.
/// Names must hold no 00.
std::vector<std::uint8_t> write_symbols(std::span<const Symbol> symbols);

/// Reads what `write_symbols` wrote. The three zero bytes that drifblim writes for a program
/// without labels mean no symbols. Errors: Malformed with the offset of a record that is cut short
/// or has no name.
base::Result<std::vector<Symbol>> read_symbols(std::span<const std::uint8_t> bytes);

}  // namespace tal
