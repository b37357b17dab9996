// Any bytes are operations of System/expansion: what memory holds afterwards is what the naive
// loops of the specification leave, and RAM that has changed is reported.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "check.hpp"
#include "fuzz_bytes.hpp"
#include "quiet_hosts.hpp"
#include "uxn/machine.hpp"
#include "varvara/varvara.hpp"

namespace {

constexpr std::size_t kBank = 0x10000;
constexpr std::size_t kBanks = 16;

/// All banks in a row, and the operations word for word from spec/varvara.md, section 2.1.
class Model {
public:
    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kBank * kBanks);

    void run(std::uint16_t block) {
        const auto byte = [&](unsigned offset) {
            return bytes[static_cast<std::uint16_t>(block + offset)];
        };
        const auto word = [&](unsigned offset) -> std::size_t {
            return static_cast<std::size_t>(byte(offset) << 8 | byte(offset + 1));
        };
        const std::uint8_t operation = byte(0);
        const std::size_t length = word(1);
        touched = {};
        if (operation == 0) {
            const std::uint8_t value = byte(7);
            if (word(3) < kBanks) {
                const std::size_t to = word(3) * kBank + word(5);
                for (std::size_t i = 0; i < length; ++i) {
                    put(to + i, value);
                }
            }
            return;
        }
        if (operation > 2 || word(3) >= kBanks || word(7) >= kBanks) {
            return;
        }
        const std::size_t from = word(3) * kBank + word(5);
        const std::size_t to = word(7) * kBank + word(9);
        for (std::size_t n = 0; n < length; ++n) {
            const std::size_t i = operation == 1 ? n : length - 1 - n;
            if (from + i < bytes.size() && to + i < bytes.size()) {
                put(to + i, bytes[from + i]);
            }
        }
    }

    /// What the last operation has written.
    struct Range {
        std::size_t begin = kBank * kBanks;
        std::size_t end = 0;
    };
    Range touched;

private:
    void put(std::size_t at, std::uint8_t value) {
        if (at < bytes.size()) {
            bytes[at] = value;
            touched.begin = std::min(touched.begin, at);
            touched.end = std::max(touched.end, at + 1);
        }
    }
};

/// An operation block: any bytes, or fields that are likely to mean something.
std::vector<std::uint8_t> choose_block(fuzz::FuzzBytes& bytes) {
    if (bytes.one_in(4)) {
        const auto taken = bytes.take(11);
        return {taken.begin(), taken.end()};
    }
    std::vector<std::uint8_t> block{static_cast<std::uint8_t>(bytes.below(4))};
    const auto put = [&](std::uint32_t word) {
        block.push_back(static_cast<std::uint8_t>(word >> 8));
        block.push_back(static_cast<std::uint8_t>(word));
    };
    put(bytes.pick({bytes.below(0x100), bytes.below(0x10000), std::uint32_t{0xffff}}));
    const std::uint32_t near = bytes.word();
    for (unsigned i = 0; i < 2; ++i) {
        put(bytes.pick({bytes.below(3), 14 + bytes.below(3), bytes.below(0x10000)}));
        // Ranges that overlap, and ends of banks.
        put(bytes.pick({near, near + bytes.below(0x200), 0xff00 + bytes.below(0x100)}));
    }
    block.push_back(bytes.byte());
    return block;
}

/// Looks at both ends and at samples between: all of it takes too long. The step is prime.
void check_banks(const varvara::System& system, const Model& model, std::size_t begin,
                 std::size_t end) {
    constexpr std::size_t kEnds = 64;
    for (std::size_t i = begin; i < end; i += i < begin + kEnds || i + kEnds > end ? 1 : 61) {
        fuzz::check(system.bank_byte(i / kBank, static_cast<std::uint16_t>(i)) == model.bytes[i],
                    "banks are as in the model");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FuzzBytes bytes({data, size});
    fuzz::QuietHosts hosts;
    const auto machine = std::make_unique<uxn::Machine>();
    varvara::Varvara varvara(hosts.hosts());
    Model model;
    uxn::test::Rng noise(bytes.bits());
    for (std::size_t at = 0; at < kBank; at += 8) {
        const std::uint64_t random = noise.next();
        std::memcpy(machine->ram.data() + at, &random, sizeof(random));
    }
    std::ranges::copy(machine->ram.bytes(), model.bytes.begin());

    for (unsigned round = 1 + bytes.below(12); round > 0; --round) {
        const std::uint16_t block =
            bytes.pick({bytes.word(), static_cast<std::uint16_t>(0xfff0 + bytes.below(16))});
        std::uint16_t at = block;
        for (const std::uint8_t byte : choose_block(bytes)) {
            machine->ram[at] = byte;
            model.bytes[at] = byte;
            ++at;
        }
        const auto before = std::make_unique<uxn::Machine>(*machine);
        const std::uint8_t operation = machine->ram[block];
        hosts.sink.text.clear();

        machine->set_dev_short(varvara::System::kExpansion, block);
        before->dev = machine->dev;
        fuzz::check(!varvara.writes().contains(varvara::System::kExpansion),
                    "the high byte of the address triggers nothing");
        const uxn::DeviceEffect effect = varvara.write(*machine, varvara::System::kExpansion + 1);
        model.run(block);

        fuzz::check(!effect.halt, "an operation does not halt the machine");
        fuzz::check(hosts.sink.text.starts_with("eUnknown command: ") == (operation > 2) &&
                        hosts.sink.text.empty() == (operation <= 2),
                    "there is a message exactly if the operation is unknown");
        fuzz::check(machine->wst == before->wst && machine->rst == before->rst &&
                        machine->dev == before->dev && machine->ram.data()[kBank] == 0,
                    "an operation changes nothing but memory");
        fuzz::check(
            std::equal(model.bytes.begin(), model.bytes.begin() + kBank, machine->ram.data()),
            "RAM is as in the model");
        // With the reported bytes put back, nothing has changed.
        const auto restored = std::make_unique<uxn::Ram>(machine->ram);
        for (std::uint32_t i = 0; i < effect.ram_length; ++i) {
            const auto address = static_cast<std::uint16_t>(effect.ram_begin + i);
            (*restored)[address] = before->ram[address];
        }
        fuzz::check(*restored == before->ram, "RAM that has changed is reported");
        check_banks(varvara.system, model, std::max(model.touched.begin, kBank), model.touched.end);
    }
    check_banks(varvara.system, model, kBank, kBank * kBanks);
    return 0;
}
