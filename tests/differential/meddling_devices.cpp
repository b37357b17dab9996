#include "differential/meddling_devices.hpp"

#include <cstring>
#include <span>

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

template <class Effects>
PortSet hooked(const Effects& effects, const std::array<bool, 256>& changed) {
    PortSet ports;
    for (unsigned port = 0; port < kPortCount; ++port) {
        if ((effects[port] != typename Effects::value_type{}) != changed[port]) {
            ports.insert(static_cast<std::uint8_t>(port));
        }
    }
    return ports;
}

/// How many ports of a setup do something.
struct Density {
    bool all;
    unsigned rarity;  ///< unless all: one in so many, or none for 0

    bool has_port(Choices& choices) const { return all || (rarity != 0 && choices.one_in(rarity)); }
};

Density random_density(Choices& choices) {
    switch (choices.below(4)) {
        case 0: return {.all = false, .rarity = 0};
        case 1: return {.all = true, .rarity = 0};
        default: return {.all = false, .rarity = choices.between(2, 40)};
    }
}

}  // namespace

DeviceSetup random_devices(Choices& choices) {
    DeviceSetup setup;
    setup.seed = choices.bits();
    const Density reads = random_density(choices);
    const Density writes = random_density(choices);
    // One hooked port in so many does more than answer or take note; none for 0.
    const unsigned mischief = choices.pick({0U, 0U, 3U, 12U});
    // A table of 256 is too much to be chosen byte by byte where the choices are a fuzzer's.
    Rng random(choices.bits());
    for (unsigned port = 0; port < kPortCount; ++port) {
        const bool meddles = mischief != 0 && random.one_in(mischief);
        if (reads.has_port(random)) {
            setup.reads[port] = meddles
                                    ? random.pick({ReadEffect::GetWst, ReadEffect::GetRst,
                                                   ReadEffect::MoveWst, ReadEffect::MoveRst,
                                                   ReadEffect::ChangePage, ReadEffect::ChangePorts})
                                    : ReadEffect::Answer;
        }
        if (writes.has_port(random)) {
            setup.writes[port] =
                meddles ? random.pick({WriteEffect::SetWst, WriteEffect::SetRst,
                                       WriteEffect::ChangePage, WriteEffect::ChangePorts,
                                       WriteEffect::Poke, WriteEffect::Fill, WriteEffect::Copy,
                                       WriteEffect::Halt})
                        : WriteEffect::Note;
        }
    }
    if (mischief != 0) {
        // As System has them, so that programs can use them on purpose.
        setup.reads[0x04] = ReadEffect::GetWst;
        setup.reads[0x05] = ReadEffect::GetRst;
        setup.writes[0x04] = WriteEffect::SetWst;
        setup.writes[0x05] = WriteEffect::SetRst;
        setup.writes[0xa4] = WriteEffect::Poke;
        setup.writes[0xa5] = WriteEffect::Copy;
        setup.writes[0xa6] = WriteEffect::Halt;
        setup.writes[0xa7] = WriteEffect::Note;
        setup.reads[0xa8] = ReadEffect::ChangePorts;
        setup.writes[0xa8] = WriteEffect::ChangePorts;
        for (unsigned port = DeviceSetup::kAddressPort; port < 0xa4; ++port) {
            setup.writes[port] = WriteEffect::Unhooked;
        }
    }
    setup.interrupt_at = choices.one_in(4) ? 1 + choices.below(40) : 0;
    return setup;
}

MeddlingDevices::MeddlingDevices(const DeviceSetup& setup)
    : Devices(hooked(setup.reads, setup.changed_reads), hooked(setup.writes, setup.changed_writes)),
      setup_(setup),
      count_(setup.calls_before),
      interrupt_(setup.interrupt_at != 0 && setup.interrupt_at <= setup.calls_before) {}

void MeddlingDevices::forget_calls() {
    calls_.clear();
    seen_.clear();
    effects_.clear();
}

DeviceSetup MeddlingDevices::now() const {
    DeviceSetup setup = setup_;
    setup.calls_before = count_;
    return setup;
}

std::uint8_t MeddlingDevices::read(Machine& machine, std::uint8_t port) noexcept {
    begin_call(machine, DeviceCall::Kind::Read, port);
    std::uint8_t answer = random_byte();
    switch (setup_.reads[port]) {
        case ReadEffect::Unhooked:
        case ReadEffect::Answer: break;
        case ReadEffect::GetWst: answer = machine.wst.ptr; break;
        case ReadEffect::GetRst: answer = machine.rst.ptr; break;
        case ReadEffect::MoveWst: machine.wst.ptr = random_byte(); break;
        case ReadEffect::MoveRst: machine.rst.ptr = random_byte(); break;
        case ReadEffect::ChangePage: change_page(machine, port); break;
        case ReadEffect::ChangePorts: change_ports(port); break;
    }
    calls_.back().value = answer;
    return answer;
}

DeviceEffect MeddlingDevices::write(Machine& machine, std::uint8_t port) noexcept {
    begin_call(machine, DeviceCall::Kind::Write, port);
    calls_.back().value = machine.dev[port];
    effects_.push_back(meddle(machine, port));
    return effects_.back();
}

void MeddlingDevices::begin_call(const Machine& machine, DeviceCall::Kind kind, std::uint8_t port) {
    std::uint64_t hash = digest(0xcbf29ce484222325, machine.wst.storage);
    hash = digest(hash, machine.rst.storage);
    hash = digest(hash, machine.dev);
    hash = digest(hash, machine.ram.bytes().first<0x200>());
    calls_.push_back({.kind = kind, .port = port, .value = 0});
    seen_.push_back({.wst_ptr = machine.wst.ptr, .rst_ptr = machine.rst.ptr, .digest = hash});
    ++count_;
    random_ = Rng(setup_.seed + count_);
    if (count_ == setup_.interrupt_at) {
        interrupt_.store(true, std::memory_order_relaxed);
    }
}

DeviceEffect MeddlingDevices::meddle(Machine& machine, std::uint8_t port) {
    const std::uint8_t value = machine.dev[port];
    const std::uint16_t begin = machine.dev_short(DeviceSetup::kAddressPort);
    std::uint32_t length = value & 0x1f;
    switch (setup_.writes[port]) {
        case WriteEffect::Unhooked:
        case WriteEffect::Note: return {};
        case WriteEffect::SetWst: machine.wst.ptr = value; return {};
        case WriteEffect::SetRst: machine.rst.ptr = value; return {};
        case WriteEffect::ChangePage: change_page(machine, port); return {};
        case WriteEffect::ChangePorts: change_ports(port); return {};
        case WriteEffect::Poke:
            machine.ram[begin] = value;
            length = 1;
            break;
        case WriteEffect::Fill:
            for (std::uint32_t i = 0; i < length; ++i) {
                machine.ram[static_cast<std::uint16_t>(begin + i)] = random_byte();
            }
            break;
        case WriteEffect::Copy: {
            const std::uint16_t source = machine.dev_short(DeviceSetup::kSourcePort);
            for (std::uint32_t i = 0; i < length; ++i) {
                machine.ram[static_cast<std::uint16_t>(begin + i)] =
                    machine.ram[static_cast<std::uint16_t>(source + i)];
            }
            break;
        }
        case WriteEffect::Halt: return {.halt = true};
    }
    return {.ram_begin = begin, .ram_length = length};
}

void MeddlingDevices::change_page(Machine& machine, std::uint8_t port) {
    const std::uint8_t other =
        random_.one_in(2) ? static_cast<std::uint8_t>(port + 1) : random_byte();
    machine.dev[other] = random_byte();
}

void MeddlingDevices::change_ports(std::uint8_t port) {
    const auto next = static_cast<std::uint8_t>(port + 1);
    const std::uint8_t other = random_.pick({next, next, port, random_byte()});
    std::array<bool, 256>& changed =
        random_.one_in(2) ? setup_.changed_reads : setup_.changed_writes;
    changed[other] = !changed[other];
    set_ports(hooked(setup_.reads, setup_.changed_reads),
              hooked(setup_.writes, setup_.changed_writes));
}

}  // namespace uxn::test
