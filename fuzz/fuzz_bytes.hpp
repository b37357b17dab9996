#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "support/choices.hpp"

namespace fuzz {

/// Choices that the fuzzer's input makes. When it is used up, every choice is the first one.
class FuzzBytes final : public uxn::test::Choices {
public:
    explicit FuzzBytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    std::uint32_t below(std::uint32_t bound) override {
        std::uint32_t value = 0;
        for (std::uint32_t most = bound - 1; most > 0; most >>= 8) {
            value = value << 8 | next();
        }
        return value % bound;
    }
    std::uint64_t bits() override {
        const std::uint64_t high = below(0xffffffff);
        return high << 32 | below(0xffffffff);
    }

    /// At most `size` of what has not been used.
    std::span<const std::uint8_t> take(std::size_t size) {
        const auto taken = bytes_.first(std::min(size, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }
    std::span<const std::uint8_t> take_rest() { return take(bytes_.size()); }

private:
    std::uint8_t next() {
        const auto taken = take(1);
        return taken.empty() ? 0 : taken[0];
    }

    std::span<const std::uint8_t> bytes_;
};

}  // namespace fuzz
