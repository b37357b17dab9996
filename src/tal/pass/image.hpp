#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tal/name_table.hpp"

namespace tal {

/// The 64 KiB that are being assembled, and the address counter.
class Image {
public:
    static constexpr std::uint32_t kSize = 0x10000;
    static constexpr std::uint32_t kProgramStart = 0x100;

    /// What was wrong with a byte. All but Overwrite leave it out.
    enum class Trouble : std::uint8_t {
        None,
        ZeroPage,   ///< not zero and below 0100
        Outside,    ///< at 10000 or beyond
        Overwrite,  ///< replaced an earlier byte, which is allowed
    };

    explicit Image(bool keep_places);

    /// The address counter. It does not wrap, so that running off the end can be seen.
    std::uint64_t address() const { return address_; }
    void set_address(std::uint64_t address) { address_ = address; }

    /// The token that the following bytes come from.
    void set_place(Place place) { place_ = place; }
    Place place() const { return place_; }

    /// Puts a byte at the address counter and advances it. `references`: how many references were
    /// made so far; their bytes lose the address to this one.
    Trouble put(std::uint8_t byte, std::size_t references);

    /// Fills in a byte of reference number `reference`, unless a later byte has replaced it.
    Trouble patch(std::uint32_t address, std::uint8_t byte, std::size_t reference);

    bool is_emitted(std::uint32_t address) const { return address < kSize && emitted_[address]; }
    std::uint8_t operator[](std::uint16_t address) const { return bytes_[address]; }
    Place place_of(std::uint16_t address) const { return places_[address]; }

    /// From 0100 to the last byte that is not zero.
    std::vector<std::uint8_t> rom() const;

private:
    std::uint64_t address_ = kProgramStart;
    Place place_;
    std::vector<std::uint8_t> bytes_;
    std::vector<std::uint8_t> emitted_;  // as bool
    std::vector<std::uint32_t> claims_;  // empty until the first overwrite
    std::vector<Place> places_;          // empty unless wanted
};

}  // namespace tal
