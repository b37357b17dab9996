#pragma once

#include <cstdint>

#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"

namespace varvara {

/// The Controller device: plain memory that `Computer` fills before it evaluates the vector.
/// Source: spec/varvara.md, section 6.
class Controller {
public:
    static constexpr std::uint8_t kVector = port("Controller/vector");
    static constexpr std::uint8_t kKey = port("Controller/key");
    static constexpr Hooks kHooks = {};
    static constexpr unsigned kPads = 4;

    enum Button : std::uint8_t {
#define VARVARA_BUTTON(name, bit) name = (bit),
#include "varvara/buttons.inc"
#undef VARVARA_BUTTON
    };

    explicit Controller(const Hosts&) {}

    /// The port with the buttons that are held on a pad, 0 to 3.
    static constexpr std::uint8_t button_port(unsigned pad) {
        return pad == 0 ? port("Controller/button")
                        : static_cast<std::uint8_t>(port("Controller/p2") + pad - 1);
    }
};

}  // namespace varvara
