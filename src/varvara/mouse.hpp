#pragma once

#include <cstdint>

#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"

namespace varvara {

/// The Mouse device: plain memory that `Computer` fills before it evaluates the vector. A program
/// may write the state, to swallow a click.
/// Source: spec/varvara.md, section 7.
class Mouse {
public:
    static constexpr std::uint8_t kVector = port("Mouse/vector");
    static constexpr std::uint8_t kX = port("Mouse/x");
    static constexpr std::uint8_t kY = port("Mouse/y");
    static constexpr std::uint8_t kState = port("Mouse/state");
    static constexpr std::uint8_t kScrollX = port("Mouse/scrollx");
    static constexpr std::uint8_t kScrollY = port("Mouse/scrolly");
    static constexpr Hooks kHooks = {};

    enum Button : std::uint8_t { LeftButton = 0x01, MiddleButton = 0x02, RightButton = 0x04 };

    explicit Mouse(const Hosts&) {}
};

}  // namespace varvara
