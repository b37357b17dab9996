#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "uxn/word.hpp"

namespace uxn {

inline constexpr std::size_t kRamSize = 0x10000;
inline constexpr std::size_t kRingSize = 0x100;
/// Bit 8 of an address tells whether it is in a ring or just outside: engines make use of that.
inline constexpr std::size_t kRingAlignment = 2 * kRingSize;
inline constexpr std::size_t kPortCount = 0x100;
inline constexpr std::uint16_t kResetVector = 0x0100;

/// A stack: 256 cells in a ring and the index of the first free one.
///
/// Cells are kept in descending order of their index. A short on the stack, pushed high byte first,
/// is then a little-endian 16-bit word in memory, which today's hosts load and store whole. Nobody
/// outside the engines needs to know: `operator[]` takes the index that the specification means.
struct Stack {
    alignas(kRingAlignment) std::array<std::uint8_t, kRingSize> storage{};
    std::uint8_t ptr = 0;

    /// The cell that a push stores to when `ptr` is `index`.
    constexpr std::uint8_t& operator[](std::uint8_t index) { return storage[0xff - index]; }
    constexpr std::uint8_t operator[](std::uint8_t index) const { return storage[0xff - index]; }

    friend bool operator==(const Stack&, const Stack&) = default;
};

/// Bank 0: the 64 KiB that the CPU addresses.
///
/// One more byte follows them that is always 00, the code of BRK: an engine whose program counter
/// runs past ffff finds a stop there, and so need not mask the counter at every instruction.
class Ram {
public:
    constexpr std::uint8_t& operator[](std::uint16_t address) { return bytes_[address]; }
    constexpr std::uint8_t operator[](std::uint16_t address) const { return bytes_[address]; }

    constexpr std::uint8_t* data() { return bytes_.data(); }
    constexpr const std::uint8_t* data() const { return bytes_.data(); }
    static constexpr std::size_t size() { return kRamSize; }
    constexpr std::span<std::uint8_t, kRamSize> bytes() {
        return std::span(bytes_).first<kRamSize>();
    }
    constexpr std::span<const std::uint8_t, kRamSize> bytes() const {
        return std::span(bytes_).first<kRamSize>();
    }

    friend bool operator==(const Ram&, const Ram&) = default;

private:
    std::array<std::uint8_t, kRamSize + 1> bytes_{};
};

/// The whole state of a Uxn computer between two instructions. Plain data: a copy is a snapshot.
/// (pc lives outside: it exists only while a vector runs. Banks belong to the System device.)
// RAM comes first, where engines reach it without a displacement, and rings take room to align.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct Machine {
    Ram ram;
    Stack wst;
    Stack rst;
    std::array<std::uint8_t, kPortCount> dev{};

    constexpr std::uint16_t dev_short(std::uint8_t port) const {
        return static_cast<std::uint16_t>(dev[port] << 8 |
                                          dev[static_cast<std::uint8_t>(port + 1)]);
    }
    constexpr void set_dev_short(std::uint8_t port, std::uint16_t value) {
        dev[port] = static_cast<std::uint8_t>(value >> 8);
        dev[static_cast<std::uint8_t>(port + 1)] = static_cast<std::uint8_t>(value);
    }

    friend bool operator==(const Machine&, const Machine&) = default;
};

}  // namespace uxn
