#include "varvara/varvara.hpp"

#include <algorithm>
#include <type_traits>

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

template <class Device>
void reset(Device& device) {
    if constexpr (requires { device.reset(); }) {
        device.reset();
    }
}

template <class Device>
void transfer(Device& device, StateStream& state) {
    if constexpr (requires { device.transfer(state); }) {
        device.transfer(state);
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
    uxn::DeviceEffect effect;
    switch (port & 0xf0) {
#define VARVARA_DEVICE(Class, member, base)       \
    case base:                                    \
        effect = write_to(member, machine, port); \
        hook(base, member);                       \
        break;
#include "varvara/devices.inc"
        default: break;
    }
    return effect;
}

template <class Device>
void Varvara::hook(std::uint8_t base, const Device& device) {
    if constexpr (requires { device.hooks(); }) {
        const Hooks now = device.hooks();
        if (reads().page(base) == now.reads && writes().page(base) == now.writes) {
            return;  // mostly so, and nearly every drawing comes by here
        }
        uxn::PortSet in = reads();
        uxn::PortSet out = writes();
        in.set_page(base, now.reads);
        out.set_page(base, now.writes);
        set_ports(in, out);
    }
}

void Varvara::reset() {
#define VARVARA_DEVICE(Class, member, base) varvara::reset(member);
#include "varvara/devices.inc"
    hook_all();
}

void Varvara::start(uxn::Machine& machine) {
    screen.show_size(machine);
    hook_all();
}

void Varvara::transfer(StateStream& state) {
    screen.transfer(state);
    transfer_all_but_screen(state);
}

void Varvara::transfer_all_but_screen(StateStream& state) {
#define VARVARA_DEVICE(Class, member, base)         \
    if constexpr (!std::is_same_v<Class, Screen>) { \
        varvara::transfer(member, state);           \
    }
#include "varvara/devices.inc"
    hook_all();
}

void Varvara::hook_all() {
#define VARVARA_DEVICE(Class, member, base) hook(base, member);
#include "varvara/devices.inc"
}

void Varvara::mix(const uxn::Ram& ram, std::span<std::int16_t> out) noexcept {
    std::array<std::int32_t, 512> buffer;
    while (!out.empty()) {
        const auto sums = std::span(buffer).first(std::min(buffer.size(), out.size()));
        std::ranges::fill(sums, 0);
        for (Audio* voice : voices()) {
            voice->mix(ram, sums);
        }
        for (std::size_t i = 0; i < sums.size(); ++i) {
            out[i] = static_cast<std::int16_t>(std::clamp(sums[i], -32768, 32767));
        }
        out = out.subspan(sums.size());
    }
}

void load_rom(uxn::Machine& machine, Varvara& varvara, std::span<const std::uint8_t> rom) {
    const auto ram = machine.ram.bytes().subspan<uxn::kResetVector>();
    const auto low = rom.first(std::min(rom.size(), ram.size()));
    std::ranges::copy(low, ram.begin());
    varvara.system.load_banks(rom.subspan(low.size()));
    varvara.start(machine);
}

}  // namespace varvara
