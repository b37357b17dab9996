#include "varvara/digest.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace varvara {

std::uint64_t fingerprint(std::span<const std::uint8_t> bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

Digest digest_of(const uxn::Machine& machine, Varvara& varvara) {
    const auto part = [](std::span<const std::uint8_t> bytes) {
        return static_cast<std::uint16_t>(fingerprint(bytes));
    };
    const auto ram = machine.ram.bytes();
    std::array<std::uint8_t, 2 * uxn::kRingSize + 2> stacks;
    auto to = std::ranges::copy(machine.wst.storage, stacks.begin()).out;
    to = std::ranges::copy(machine.rst.storage, to).out;
    *to++ = machine.wst.ptr;
    *to = machine.rst.ptr;
    StateStream screen;
    varvara.screen.transfer(screen);
    StateStream devices;
    varvara.transfer_all_but_screen(devices);
    return {.parts = {part(ram.first(0x100)), part(ram.subspan(0x100)), part(stacks),
                      part(machine.dev), part(screen.bytes()), part(devices.bytes())}};
}

}  // namespace varvara
