#pragma once

#include <array>
#include <cstdint>

#include "uxn/machine.hpp"

namespace uxn {

/// A set of device ports.
class PortSet {
public:
    constexpr PortSet() = default;
    static constexpr PortSet all() {
        PortSet set;
        set.words_.fill(~std::uint64_t{0});
        return set;
    }

    constexpr void insert(std::uint8_t port) {
        words_[port >> 6] |= std::uint64_t{1} << (port & 63);
    }
    /// Makes the 16 ports of the page at `base` members, or not, bit by bit.
    constexpr void set_page(std::uint8_t base, std::uint16_t mask) {
        const unsigned shift = base & 0x30;
        std::uint64_t& word = words_[base >> 6];
        word = (word & ~(std::uint64_t{0xffff} << shift)) | std::uint64_t{mask} << shift;
    }
    constexpr std::uint16_t page(std::uint8_t base) const {
        return static_cast<std::uint16_t>(words_[base >> 6] >> (base & 0x30));
    }
    constexpr bool contains(std::uint8_t port) const {
        return (words_[port >> 6] >> (port & 63) & 1) != 0;
    }
    constexpr PortSet& operator|=(const PortSet& other) {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            words_[i] |= other.words_[i];
        }
        return *this;
    }
    /// Bit `port % 64` of word `port / 64` tells whether the port is a member.
    constexpr const std::array<std::uint64_t, 4>& words() const { return words_; }

    friend bool operator==(const PortSet&, const PortSet&) = default;

private:
    std::array<std::uint64_t, 4> words_{};
};

/// What a device did while the machine waited for it.
struct DeviceEffect {
    bool halt = false;             ///< end the run after the current instruction
    std::uint16_t ram_begin = 0;   ///< first address of RAM written,
    std::uint32_t ram_length = 0;  ///< and how many bytes from there (wrapping at ffff)
};

/// The machine's way out: what DEI and DEO reach.
///
/// Ports outside the two sets are plain memory: an engine reads or writes the device page itself
/// and never calls. Most ports that programs write (coordinates, addresses, colours to be) are of
/// that kind. Around a call the machine is complete, its stack pointers included, and a device may
/// change any part of it. Devices are called on the engine's thread, from inside `Engine::run`.
class Devices {
public:
    Devices(PortSet reads, PortSet writes) : reads_(reads), writes_(writes) {}
    virtual ~Devices() = default;
    Devices(const Devices&) = delete;
    Devices& operator=(const Devices&) = delete;

    /// The value DEI gets from `port`, a member of `reads()`. It may change anything but RAM, of
    /// which engines keep what they have decoded: only writes can report that.
    virtual std::uint8_t read(Machine& machine, std::uint8_t port) noexcept = 0;

    /// Runs the side effect of a DEO to `port`, a member of `writes()`. The byte written is already
    /// in `machine.dev[port]`.
    virtual DeviceEffect write(Machine& machine, std::uint8_t port) noexcept = 0;

    const PortSet& reads() const { return reads_; }
    const PortSet& writes() const { return writes_; }
    /// Changes whenever the sets do: an engine that keeps a copy of them looks after each call.
    std::uint32_t ports_version() const { return ports_version_; }

protected:
    /// For the time from now on; between runs or inside a call only. A port that is a plain memory
    /// most of the time costs nothing then.
    void set_ports(const PortSet& reads, const PortSet& writes) {
        if (reads != reads_ || writes != writes_) {
            reads_ = reads;
            writes_ = writes;
            ++ports_version_;
        }
    }

private:
    PortSet reads_;
    PortSet writes_;
    std::uint32_t ports_version_ = 0;
};

/// No device at all: 256 bytes of plain memory.
class NoDevices final : public Devices {
public:
    NoDevices() : Devices({}, {}) {}
    std::uint8_t read(Machine& machine, std::uint8_t port) noexcept override {
        return machine.dev[port];
    }
    DeviceEffect write(Machine&, std::uint8_t) noexcept override { return {}; }
};

}  // namespace uxn
