#pragma once

#include <cstdint>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

/// A File device: one of two.
/// Source: spec/varvara.md, section 8.
class File {
public:
    // Ports of the first device; the other has the same in its own page.
    static constexpr Hooks kHooks = {.reads = 0, .writes = 0};

    explicit File(const Hosts&) {}

    void reset() {}
    void transfer(StateStream&) {}
};

}  // namespace varvara
