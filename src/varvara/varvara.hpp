#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "uxn/devices.hpp"
#include "uxn/machine.hpp"
#include "varvara/audio.hpp"
#include "varvara/console.hpp"
#include "varvara/controller.hpp"
#include "varvara/datetime.hpp"
#include "varvara/file.hpp"
#include "varvara/hosts.hpp"
#include "varvara/mouse.hpp"
#include "varvara/screen.hpp"
#include "varvara/state_stream.hpp"
#include "varvara/system.hpp"

namespace varvara {

inline constexpr unsigned kVoices = 4;

/// The bus: all devices of a Varvara computer. Ports of devices that are not in the list, and ports
/// without an effect of their own, are plain memory.
class Varvara final : public uxn::Devices {
public:
    explicit Varvara(const Hosts& hosts);

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept override;
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept override;

    /// All devices as at boot, memory banks excepted: files closed, voices silent, layers cleared.
    void reset();
    /// Puts into the device page what a program finds there at first.
    void start(uxn::Machine& machine);
    /// Saves or restores what devices hold beside the device page.
    void transfer(StateStream& state);
    /// The same without the Screen, whose state is large and is often looked at by itself.
    void transfer_all_but_screen(StateStream& state);

    std::array<Audio*, kVoices> voices() { return {&audio0, &audio1, &audio2, &audio3}; }
    /// The next frames of sound: interleaved stereo, left first, at `Hosts::audio_rate_hz`; any
    /// even length. Takes no lock and allocates nothing; one thread at a time, which may be another
    /// than the engine's.
    void mix(const uxn::Ram& ram, std::span<std::int16_t> out) noexcept;

#define VARVARA_DEVICE(Class, member, base) Class member;
#include "varvara/devices.inc"

private:
    /// Puts the ports that a device hooks for now into the sets.
    template <class Device>
    void hook(std::uint8_t base, const Device& device);
    void hook_all();
};

/// The largest ROM: what fits above the zero page, and 15 further banks.
inline constexpr std::size_t kMaxRomSize =
    (uxn::kRamSize - uxn::kResetVector) + (kBankCount - 1) * kBankSize;

/// Copies a ROM into memory: to 0100 and up, and what is beyond ffff to banks 1 to 15. Bytes beyond
/// `kMaxRomSize` are ignored.
void load_rom(uxn::Machine& machine, Varvara& varvara, std::span<const std::uint8_t> rom);

}  // namespace varvara
