#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "uxn/machine.hpp"
#include "varvara/memory_files.hpp"
#include "varvara/varvara.hpp"

namespace varvara_test {

/// Keeps what a program prints, and can pretend that its reader goes away.
class RecordingSink final : public varvara::ConsoleSink {
public:
    bool write(varvara::Stream stream, std::string_view bytes) noexcept override {
        (stream == varvara::Stream::Output ? output : error) += bytes;
        return output.size() + error.size() < closes_after;
    }
    bool flush() noexcept override {
        ++flushes;
        flushed_output = output;
        return output.size() + error.size() < closes_after;
    }

    std::string output;
    std::string error;
    std::string flushed_output;
    int flushes = 0;
    std::size_t closes_after = SIZE_MAX;
};

/// A clock that says what it is told, and counts how often it is asked.
class TestClock final : public varvara::Clock {
public:
    varvara::CivilTime now() noexcept override {
        ++samples;
        return time;
    }

    varvara::CivilTime time;
    int samples = 0;
};

/// A machine with all devices. DEI and DEO act on it as an engine would.
class Computer {
public:
    std::uint8_t dei(std::uint8_t port) {
        return devices.reads().contains(port) ? devices.read(*machine, port) : machine->dev[port];
    }
    std::uint16_t dei2(std::uint8_t port) {
        const std::uint8_t high = dei(port);
        return static_cast<std::uint16_t>(high << 8 | dei(static_cast<std::uint8_t>(port + 1)));
    }
    uxn::DeviceEffect deo(std::uint8_t port, std::uint8_t value) {
        machine->dev[port] = value;
        return devices.writes().contains(port) ? devices.write(*machine, port)
                                               : uxn::DeviceEffect{};
    }
    uxn::DeviceEffect deo2(std::uint8_t port, std::uint16_t value) {
        deo(port, static_cast<std::uint8_t>(value >> 8));
        return deo(static_cast<std::uint8_t>(port + 1), static_cast<std::uint8_t>(value));
    }

    void put(std::uint16_t address, std::string_view bytes) {
        for (const char byte : bytes) {
            machine->ram[address++] = static_cast<std::uint8_t>(byte);
        }
    }
    void put(std::uint16_t address, std::initializer_list<int> bytes) {
        for (const int byte : bytes) {
            machine->ram[address++] = static_cast<std::uint8_t>(byte);
        }
    }
    std::string text(std::uint16_t address, std::size_t length) const {
        std::string bytes;
        for (std::size_t i = 0; i < length; ++i) {
            bytes += static_cast<char>(machine->ram[static_cast<std::uint16_t>(address + i)]);
        }
        return bytes;
    }

    RecordingSink sink;
    TestClock clock;
    varvara::MemoryFiles files;
    std::unique_ptr<uxn::Machine> machine = std::make_unique<uxn::Machine>();
    varvara::Varvara devices{{.console = sink, .clock = clock, .files = files}};
};

}  // namespace varvara_test
