#pragma once

#include <cstdint>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/ports.hpp"

namespace varvara {

/// The Console device: a program's streams. Bytes that come in are put into the device page by
/// whoever runs the vectors, as `Console::Type`.
/// Source: spec/varvara.md, section 3.
class Console {
public:
    static constexpr std::uint8_t kVector = port("Console/vector");
    static constexpr std::uint8_t kRead = port("Console/read");
    static constexpr std::uint8_t kType = port("Console/type");
    static constexpr std::uint8_t kWrite = port("Console/write");
    static constexpr std::uint8_t kError = port("Console/error");
    static constexpr std::uint8_t kHex = port("Console/hex");
    static constexpr Hooks kHooks = {.reads = 0,
                                     .writes = port_mask({kWrite, kError, kHex, kHex + 1})};

    /// What an incoming byte is.
    enum Type : std::uint8_t {
        Nothing = 0,
        Input = 1,
        Argument = 2,
        ArgumentEnd = 3,  ///< and another argument follows
        LastEnd = 4,      ///< end of the last argument, also end of the input
    };

    explicit Console(const Hosts& hosts) : sink_(hosts.console) {}

    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept;

private:
    ConsoleSink& sink_;
};

}  // namespace varvara
