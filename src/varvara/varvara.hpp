#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/console.hpp"
#include "varvara/datetime.hpp"
#include "varvara/hosts.hpp"
#include "varvara/system.hpp"

namespace varvara {

/// The bus: all devices of a Varvara computer. Ports of devices that are not in the list, and ports
/// without an effect of their own, are plain memory.
class Varvara final : public uxn::Devices {
public:
    explicit Varvara(const Hosts& hosts);

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept override;
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept override;

#define VARVARA_DEVICE(Class, member, base) Class member;
#include "varvara/devices.inc"
};

/// The largest ROM: what fits above the zero page, and 15 further banks.
inline constexpr std::size_t kMaxRomSize =
    (uxn::kRamSize - uxn::kResetVector) + (kBankCount - 1) * kBankSize;

/// Copies a ROM into memory: to 0100 and up, and what is beyond ffff to banks 1 to 15. Bytes beyond
/// `kMaxRomSize` are ignored.
void load_rom(uxn::Machine& machine, Varvara& varvara, std::span<const std::uint8_t> rom);

}  // namespace varvara
