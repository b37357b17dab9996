#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tal/symbols.hpp"

namespace tal::dis {

/// The symbols that can be labels of the output: each name is one that assemblers accept, at most
/// kPortableTokenBytes long with its rune, printable, and there once. An address has few names. The
/// names of blocks, which an assembler gives itself, only say where blocks end.
class KnownSymbols {
public:
    /// The symbols must outlive this.
    explicit KnownSymbols(std::span<const Symbol> symbols);

    /// In the order in which they were given.
    std::span<const Symbol* const> all() const { return all_; }
    bool is_labelled(std::uint32_t address) const { return names_at_[address & 0xffff] != 0; }
    /// How many blocks end there.
    unsigned blocks_ended(std::uint32_t address) const { return blocks_ended_[address & 0xffff]; }
    /// Whether they tell anything of the program itself, not only of ports and the zero page.
    bool cover_program() const { return cover_program_; }

private:
    std::vector<const Symbol*> all_;
    std::vector<std::uint8_t> names_at_;
    std::vector<std::uint16_t> blocks_ended_;
    bool cover_program_ = false;
};

}  // namespace tal::dis
