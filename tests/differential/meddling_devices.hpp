#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "support/choices.hpp"
#include "support/device_calls.hpp"
#include "uxn/devices.hpp"

namespace uxn::test {

/// What reading a port does.
enum class ReadEffect : std::uint8_t {
    Unhooked,  ///< the port is plain memory: no call
    Answer,    ///< gives a random byte, another one each time
    GetWst,    ///< gives a stack pointer, as System does
    GetRst,
    MoveWst,  ///< moves a stack pointer to where nobody expects it
    MoveRst,
    ChangePage,   ///< changes a byte of the device page, often that of the next port
    ChangePorts,  ///< makes a port plain memory or hooks it, often the next one or this one
};

/// What writing a port does.
enum class WriteEffect : std::uint8_t {
    Unhooked,
    Note,    ///< nothing that the program could notice
    SetWst,  ///< sets a stack pointer to the byte written, as System does
    SetRst,
    ChangePage,
    ChangePorts,
    Poke,  ///< stores the byte written in RAM, at the address in kAddressPort
    Fill,  ///< stores random bytes there, as many as the low five bits of the byte written say
    Copy,  ///< likewise, but takes them from the address in kSourcePort
    Halt,
};

/// What the ports of a program do. Two devices with equal setups do the same as long as they are
/// called alike.
struct DeviceSetup {
    static constexpr std::uint8_t kAddressPort = 0xa0;
    static constexpr std::uint8_t kSourcePort = 0xa2;

    std::array<ReadEffect, 256> reads{};
    std::array<WriteEffect, 256> writes{};
    /// Ports that are hooked though their effect is Unhooked, or the other way round.
    std::array<bool, 256> changed_reads{};
    std::array<bool, 256> changed_writes{};
    std::uint64_t seed = 0;          ///< of random bytes
    std::uint64_t calls_before = 0;  ///< number of the first call, less one: the bytes depend on it
    /// Number of the call that sets the interrupt flag; 0 for none.
    std::uint64_t interrupt_at = 0;
};

/// A random setup: anything between no device at all and mischief on every port.
DeviceSetup random_devices(Choices& choices);

/// What the machine looked like when it called.
struct MachineSeen {
    std::uint8_t wst_ptr = 0;
    std::uint8_t rst_ptr = 0;
    std::uint64_t digest = 0;  ///< of stacks, device page and a part of RAM

    friend bool operator==(const MachineSeen&, const MachineSeen&) = default;
};

/// Devices that answer, meddle with the machine and halt it as their setup says, and record all
/// calls.
class MeddlingDevices final : public Devices {
public:
    explicit MeddlingDevices(const DeviceSetup& setup);

    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override;
    DeviceEffect write(Machine& machine, std::uint8_t port) noexcept override;

    const std::vector<DeviceCall>& calls() const { return calls_; }
    const std::vector<MachineSeen>& seen() const { return seen_; }
    const std::vector<DeviceEffect>& effects() const { return effects_; }  ///< one for each write
    void forget_calls();
    /// A setup of devices that go on like these.
    DeviceSetup now() const;

    /// Set by the call that the setup names; the devices never clear it.
    std::atomic<bool>& interrupt() { return interrupt_; }
    const std::atomic<bool>& interrupt() const { return interrupt_; }

private:
    void begin_call(const Machine& machine, DeviceCall::Kind kind, std::uint8_t port);
    DeviceEffect meddle(Machine& machine, std::uint8_t port);
    std::uint8_t random_byte() { return static_cast<std::uint8_t>(random_.next() >> 56); }
    void change_page(Machine& machine, std::uint8_t port);
    void change_ports(std::uint8_t port);

    DeviceSetup setup_;
    std::uint64_t count_;
    std::atomic<bool> interrupt_;
    Rng random_{0};  ///< of the call under way
    std::vector<DeviceCall> calls_;
    std::vector<MachineSeen> seen_;
    std::vector<DeviceEffect> effects_;
};

}  // namespace uxn::test
