#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/metadata.hpp"
#include "varvara/ports.hpp"
#include "varvara/state_stream.hpp"

namespace varvara {

inline constexpr std::size_t kBankSize = 0x10000;
inline constexpr std::size_t kBankCount = 16;  ///< bank 0, the machine's own RAM, included

/// The System device: stack indexes, memory beyond the 64 KiB that the CPU sees, debug output.
/// Palette, metadata and state are plain memory that the host looks at.
/// Source: spec/varvara.md, section 2.
class System {
public:
    static constexpr std::uint8_t kExpansion = port("System/expansion");
    static constexpr std::uint8_t kWst = port("System/wst");
    static constexpr std::uint8_t kRst = port("System/rst");
    static constexpr std::uint8_t kMetadata = port("System/metadata");
    static constexpr std::uint8_t kDebug = port("System/debug");
    static constexpr std::uint8_t kState = port("System/state");
    static constexpr Hooks kHooks = {.reads = port_mask({kWst, kRst}),
                                     .writes = port_mask({kExpansion + 1, kWst, kRst, kDebug})};

    explicit System(const Hosts& hosts) : console_(hosts.console) {}

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept;
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept;

    /// What a write to System/debug prints: two lines, the eight cells below each stack's index.
    static std::string stacks(const uxn::Machine& machine);

    /// Puts `bytes` at the start of bank 1 and on into the following banks; excess is dropped.
    void load_banks(std::span<const std::uint8_t> bytes);

    /// The banks.
    void transfer(StateStream& state);

    /// A byte of banks 1 to 15; 00 for any other bank.
    std::uint8_t bank_byte(std::size_t bank, std::uint16_t address) const;

    /// What the program has announced, if it has.
    static std::optional<Metadata> metadata(const uxn::Machine& machine);

private:
    uxn::DeviceEffect expand(uxn::Machine& machine);

    ConsoleSink& console_;
    std::vector<std::uint8_t> banks_;  ///< banks 1 to 15 in a row; empty until first used
};

}  // namespace varvara
