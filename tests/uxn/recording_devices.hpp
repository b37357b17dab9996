#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rng.hpp"
#include "uxn/devices.hpp"

namespace uxn::test {

/// One call of a device.
struct DeviceCall {
    enum class Kind : std::uint8_t { Read, Write };
    Kind kind = Kind::Read;
    std::uint8_t port = 0;
    std::uint8_t value = 0;  ///< what was read or written

    friend bool operator==(const DeviceCall&, const DeviceCall&) = default;
};

/// Calls as the specification writes them: "Od0=12 Id1".
std::string describe(const std::vector<DeviceCall>& calls);

/// What the machine looked like when it called.
struct MachineSeen {
    std::uint8_t wst_ptr = 0;
    std::uint8_t rst_ptr = 0;
    std::uint64_t digest = 0;  ///< of stacks, device page and a few cells of RAM

    friend bool operator==(const MachineSeen&, const MachineSeen&) = default;
};

/// Devices that do what a sequence of random numbers tells them: they answer with random values,
/// move stack pointers, write to RAM and to the device page, halt. They record all calls. Two of
/// them with equal seeds do the same as long as they are called alike.
class RandomDevices final : public Devices {
public:
    /// mischief: one call in so many does more than a read or write should; 0 for none.
    RandomDevices(PortSet reads, PortSet writes, std::uint64_t seed, unsigned mischief)
        : Devices(reads, writes), rng_(seed), mischief_(mischief) {}

    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override;
    DeviceEffect write(Machine& machine, std::uint8_t port) noexcept override;

    const std::vector<DeviceCall>& calls() const { return calls_; }
    const std::vector<MachineSeen>& seen() const { return seen_; }
    void forget_calls() {
        calls_.clear();
        seen_.clear();
    }

private:
    void note(const Machine& machine, DeviceCall call);
    void move_stack_pointer(Machine& machine);
    DeviceEffect overwrite_ram(Machine& machine);

    Rng rng_;
    unsigned mischief_;
    std::vector<DeviceCall> calls_;
    std::vector<MachineSeen> seen_;
};

/// A random set of ports: none, all, or something between.
PortSet random_ports(Rng& rng);

}  // namespace uxn::test
