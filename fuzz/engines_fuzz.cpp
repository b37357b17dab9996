// Any bytes are a program: all engines agree with the loop engine after every stop.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "check.hpp"
#include "uxn/engines.hpp"

namespace {

/// Devices that log what they are asked, and meddle with the machine as real ones do.
class MeddlingDevices final : public uxn::Devices {
public:
    MeddlingDevices() : Devices(ports(0x02), ports(0x30)) {}

    std::uint8_t read(uxn::Machine& machine, std::uint8_t port) noexcept override {
        log.push_back(static_cast<std::uint16_t>(port));
        return port == 0x02 ? machine.wst.ptr : machine.rst.ptr;
    }
    uxn::DeviceEffect write(uxn::Machine& machine, std::uint8_t port) noexcept override {
        const std::uint8_t value = machine.dev[port];
        log.push_back(static_cast<std::uint16_t>(0x8000 | port << 8 | value));
        switch (port & 3) {
            case 0: machine.wst.ptr = value; return {};
            case 1: machine.rst.ptr = value; return {};
            case 2:
                machine.ram[static_cast<std::uint16_t>(0x100 + value)] = port;
                return {.halt = false,
                        .ram_begin = static_cast<std::uint16_t>(0x100 + value),
                        .ram_length = 1};
            default: return {.halt = value == 0xff};
        }
    }

    std::vector<std::uint16_t> log;

private:
    static uxn::PortSet ports(std::uint8_t first) {
        uxn::PortSet set;
        for (std::uint8_t port = first; port < first + 4; ++port) {
            set.insert(port);
        }
        return set;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kHeader = 6;
    if (size < kHeader) {
        return 0;
    }
    const auto start = std::make_unique<uxn::Machine>();
    start->wst.ptr = data[0];
    start->rst.ptr = data[1];
    const auto first_pc = static_cast<std::uint16_t>(data[2] << 8 | data[3]);
    // Slices of a few instructions, and one that is long enough for the fast paths.
    const std::uint64_t slices[] = {data[4], data[5], 70'000, 3};
    std::uint16_t at = first_pc;
    for (const std::uint8_t byte : std::span(data, size).subspan(kHeader)) {
        start->ram[at++] = byte;
    }

    const uxn::Engine& oracle = *uxn::find_engine("loop");
    for (const uxn::EngineEntry& entry : uxn::engine_list()) {
        if (entry.engine == nullptr || entry.engine == &oracle) {
            continue;
        }
        const auto expected = std::make_unique<uxn::Machine>(*start);
        const auto actual = std::make_unique<uxn::Machine>(*start);
        MeddlingDevices expected_devices;
        MeddlingDevices actual_devices;
        std::uint16_t pc = first_pc;
        for (const std::uint64_t slice : slices) {
            const uxn::Limits limits{.instructions = slice};
            const uxn::Stop stop = oracle.run(*expected, expected_devices, pc, limits);
            const uxn::Stop other = entry.engine->run(*actual, actual_devices, pc, limits);
            fuzz::check(stop == other, "engines stop at the same instruction");
            fuzz::check(*expected == *actual, "engines leave the same machine");
            fuzz::check(expected_devices.log == actual_devices.log,
                        "engines make the same device calls");
            pc = stop.pc;
        }
    }
    return 0;
}
