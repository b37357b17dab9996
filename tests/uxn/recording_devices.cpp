#include "recording_devices.hpp"

#include <array>
#include <cstring>
#include <span>

#include "describe.hpp"

namespace uxn::test {
namespace {

/// FNV-1a over words of 64 bits: quick, and any change of a byte changes it.
std::uint64_t digest(std::uint64_t hash, std::span<const std::uint8_t> bytes) {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, sizeof(word));
        hash = (hash ^ word) * 0x100000001b3;
    }
    return hash;
}

}  // namespace

std::string describe(const std::vector<DeviceCall>& calls) {
    std::string text;
    for (const DeviceCall& call : calls) {
        const bool is_write = call.kind == DeviceCall::Kind::Write;
        text += (text.empty() ? "" : " ") + std::string(is_write ? "O" : "I") + hex(call.port, 2);
        if (is_write) {
            text += "=" + hex(call.value, 2);
        }
    }
    return text;
}

std::uint8_t RandomDevices::read(Machine& machine, std::uint8_t port) noexcept {
    const std::uint8_t value = rng_.byte();
    note(machine, {.kind = DeviceCall::Kind::Read, .port = port, .value = value});
    if (mischief_ != 0 && rng_.one_in(mischief_)) {
        switch (rng_.below(2)) {
            case 0: move_stack_pointer(machine); break;
            default: machine.dev[rng_.byte()] = rng_.byte(); break;
        }
    }
    return value;
}

DeviceEffect RandomDevices::write(Machine& machine, std::uint8_t port) noexcept {
    note(machine, {.kind = DeviceCall::Kind::Write, .port = port, .value = machine.dev[port]});
    if (mischief_ == 0 || !rng_.one_in(mischief_)) {
        return {};
    }
    switch (rng_.below(4)) {
        case 0: move_stack_pointer(machine); return {};
        case 1: machine.dev[rng_.byte()] = rng_.byte(); return {};
        case 2: return overwrite_ram(machine);
        default: return {.halt = true};
    }
}

void RandomDevices::note(const Machine& machine, DeviceCall call) {
    std::uint64_t hash = digest(0xcbf29ce484222325, machine.wst.storage);
    hash = digest(hash, machine.rst.storage);
    hash = digest(hash, machine.dev);
    hash = digest(hash, machine.ram.bytes().first<0x200>());
    calls_.push_back(call);
    seen_.push_back({.wst_ptr = machine.wst.ptr, .rst_ptr = machine.rst.ptr, .digest = hash});
}

void RandomDevices::move_stack_pointer(Machine& machine) {
    Stack& stack = rng_.one_in(2) ? machine.wst : machine.rst;
    stack.ptr = rng_.one_in(2) ? rng_.byte() : rng_.pick<std::uint8_t>({0, 1, 2, 0xfe, 0xff});
}

DeviceEffect RandomDevices::overwrite_ram(Machine& machine) {
    const std::uint16_t begin = rng_.one_in(4) ? std::uint16_t{0xfff8} : rng_.word();
    const std::uint32_t length = rng_.below(24);
    for (std::uint32_t i = 0; i < length; ++i) {
        machine.ram[static_cast<std::uint16_t>(begin + i)] = rng_.byte();
    }
    return {.ram_begin = begin, .ram_length = length};
}

PortSet random_ports(Rng& rng) {
    PortSet ports;
    switch (rng.below(4)) {
        case 0: return ports;
        case 1: return PortSet::all();
        default: break;
    }
    const unsigned rarity = rng.between(2, 40);
    for (unsigned port = 0; port < kPortCount; ++port) {
        if (rng.one_in(rarity)) {
            ports.insert(static_cast<std::uint8_t>(port));
        }
    }
    return ports;
}

}  // namespace uxn::test
