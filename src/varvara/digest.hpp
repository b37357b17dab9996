#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "uxn/machine.hpp"
#include "varvara/varvara.hpp"

namespace varvara {

/// A fingerprint of any bytes, the same on every machine. It keeps nobody from forging.
std::uint64_t fingerprint(std::span<const std::uint8_t> bytes);

/// Fingerprints of the parts of a computer, short ones: to tell where two runs part, not to prove
/// that they are equal.
struct Digest {
    static constexpr std::size_t kParts = 6;
    static constexpr std::array<std::string_view, kParts> kNames = {
        "the zero page",   "the memory", "the stacks",
        "the device page", "the screen", "the devices"};

    std::array<std::uint16_t, kParts> parts{};

    friend bool operator==(const Digest&, const Digest&) = default;
};

/// What the computer is like between two events.
Digest digest_of(const uxn::Machine& machine, Varvara& varvara);

}  // namespace varvara
