#include "varvara/varvara.hpp"

#include <algorithm>

namespace varvara {
namespace {

constexpr void insert(uxn::PortSet& set, std::uint8_t base, std::uint16_t mask) {
    for (unsigned port = 0; port < 16; ++port) {
        if ((mask >> port & 1) != 0) {
            set.insert(static_cast<std::uint8_t>(base + port));
        }
    }
}

constexpr uxn::PortSet hooked(std::uint16_t Hooks::* kind) {
    uxn::PortSet set;
#define VARVARA_DEVICE(Class, member, base) insert(set, base, Class::kHooks.*kind);
#include "varvara/devices.inc"
    return set;
}

// Devices without hooked reads or writes need not have the function.

template <class Device>
std::uint8_t read_from(Device& device, uxn::Machine& machine, std::uint8_t port) noexcept {
    if constexpr (requires { device.read(machine, port); }) {
        return device.read(machine, port);
    } else {
        static_assert(Device::kHooks.reads == 0);
        return machine.dev[port];
    }
}

template <class Device>
uxn::DeviceEffect write_to(Device& device, uxn::Machine& machine, std::uint8_t port) noexcept {
    if constexpr (requires { device.write(machine, port); }) {
        return device.write(machine, port);
    } else {
        static_assert(Device::kHooks.writes == 0);
        return {};
    }
}

}  // namespace

Varvara::Varvara(const Hosts& hosts)
    : Devices(hooked(&Hooks::reads), hooked(&Hooks::writes))
#define VARVARA_DEVICE(Class, member, base) , member(hosts)
#include "varvara/devices.inc"
{
}

std::uint8_t Varvara::read(uxn::Machine& machine, std::uint8_t port) noexcept {
    switch (port & 0xf0) {
#define VARVARA_DEVICE(Class, member, base) \
    case base: return read_from(member, machine, port);
#include "varvara/devices.inc"
        default: return machine.dev[port];
    }
}

uxn::DeviceEffect Varvara::write(uxn::Machine& machine, std::uint8_t port) noexcept {
    switch (port & 0xf0) {
#define VARVARA_DEVICE(Class, member, base) \
    case base: return write_to(member, machine, port);
#include "varvara/devices.inc"
        default: return {};
    }
}

void load_rom(uxn::Machine& machine, Varvara& varvara, std::span<const std::uint8_t> rom) {
    const auto ram = machine.ram.bytes().subspan<uxn::kResetVector>();
    const auto low = rom.first(std::min(rom.size(), ram.size()));
    std::ranges::copy(low, ram.begin());
    varvara.system.load_banks(rom.subspan(low.size()));
}

}  // namespace varvara
