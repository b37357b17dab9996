// Any bytes are a ROM of any size, a description of a program, and a symbol file.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "fuzz_bytes.hpp"
#include "quiet_hosts.hpp"
#include "tal/symbols.hpp"
#include "uxn/machine.hpp"
#include "varvara/varvara.hpp"

namespace {

/// The bytes over and over, since a fuzzer's inputs are shorter than a ROM may be.
std::vector<std::uint8_t> repeated(std::span<const std::uint8_t> bytes, std::size_t size) {
    std::vector<std::uint8_t> rom(size);
    std::ranges::copy(bytes, rom.begin());
    for (std::size_t i = bytes.size(); i < size && !bytes.empty(); ++i) {
        // Plus one each time: no two banks are alike.
        rom[i] = static_cast<std::uint8_t>(rom[i - bytes.size()] + 1);
    }
    return rom;
}

void check_loaded(const uxn::Machine& machine, const varvara::System& system,
                  std::span<const std::uint8_t> rom) {
    uxn::Ram ram;
    const auto expected = [&](std::size_t at) {
        const bool is_inside = at >= 0x0100 && at - 0x0100 < rom.size();
        return is_inside ? rom[at - 0x0100] : std::uint8_t{0};
    };
    const auto low = rom.first(std::min<std::size_t>(rom.size(), 0xff00));
    std::ranges::copy(low, ram.bytes().begin() + 0x0100);
    fuzz::check(machine.ram == ram, "RAM holds the beginning of the ROM");
    // A megabyte is too much to look at each time. The step is prime.
    for (std::size_t at = 0x10000; at < 0x110000; at += 1021) {
        const std::uint8_t byte = at < 0x100000 ? expected(at) : std::uint8_t{0};
        fuzz::check(system.bank_byte(at >> 16, static_cast<std::uint16_t>(at)) == byte,
                    "banks hold the rest of the ROM");
    }
    uxn::Machine fresh;
    fresh.set_dev_short(varvara::Screen::kWidth, 512);
    fresh.set_dev_short(varvara::Screen::kHeight, 320);
    fuzz::check(machine.wst == fresh.wst && machine.rst == fresh.rst && machine.dev == fresh.dev,
                "loading a ROM changes nothing but memory and the size of the screen");
}

/// As spec/varvara.md, section 2.4, has it.
void check_metadata(const uxn::Ram& ram, std::uint16_t address) {
    const auto at = [&](std::size_t offset) {
        return ram[static_cast<std::uint16_t>(address + offset)];
    };
    const auto metadata = varvara::parse_metadata(ram, address);
    fuzz::check(metadata.has_value() == (at(0) == 0), "version 00 is the only one there is");
    if (!metadata) {
        return;
    }
    const std::string_view text = metadata->text;
    fuzz::check(text.size() <= 255 && text.find('\0') == std::string_view::npos,
                "a description is a short text");
    for (std::size_t i = 0; i < text.size(); ++i) {
        fuzz::check(static_cast<std::uint8_t>(text[i]) == at(1 + i), "a description is in RAM");
    }
    fuzz::check(text.starts_with(metadata->title()) &&
                    metadata->title().find('\n') == std::string_view::npos,
                "a title is the first line");
    const std::size_t end = 1 + text.size();
    const auto& extensions = metadata->extensions;
    if (at(end) != 0) {
        fuzz::check(text.size() == 255 && extensions.empty(), "a text without end is cut");
        return;
    }
    fuzz::check(extensions.size() == at(end + 1), "all extensions are read");
    for (std::size_t i = 0; i < extensions.size(); ++i) {
        const std::size_t field = end + 2 + 3 * i;
        fuzz::check(extensions[i].id == at(field) &&
                        extensions[i].value == (at(field + 1) << 8 | at(field + 2)),
                    "an extension is an id and a short");
    }
}

void check_symbols(std::span<const std::uint8_t> bytes) {
    const auto symbols = tal::read_symbols(bytes);
    if (!symbols) {
        fuzz::check(
            symbols.error().code == base::ErrorCode::Malformed && !symbols.error().detail.empty(),
            "a broken symbol file is refused with a reason");
        return;
    }
    fuzz::check(std::ranges::none_of(*symbols, &std::string::empty, &tal::Symbol::name),
                "every symbol has a name");
    const bool is_empty_one = bytes.size() == 3 && symbols->empty();
    fuzz::check(is_empty_one || std::ranges::equal(tal::write_symbols(*symbols), bytes),
                "a symbol file that can be read is what would be written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FuzzBytes bytes({data, size});
    constexpr auto kBeyond = static_cast<std::uint32_t>(varvara::kMaxRomSize) + 0x1000;
    // Big ROMs take long.
    const std::uint32_t big_size = bytes.one_in(8) ? bytes.below(kBeyond) : 0;
    const std::uint16_t address = bytes.word();
    const auto rest = bytes.take_rest();
    check_symbols(rest);

    const auto rom = repeated(rest, std::max<std::size_t>(big_size, rest.size()));
    const auto machine = std::make_unique<uxn::Machine>();
    fuzz::QuietHosts hosts;
    varvara::Varvara varvara(hosts.hosts());
    varvara::load_rom(*machine, varvara, rom);
    check_loaded(*machine, varvara.system, rom);
    check_metadata(machine->ram, address);
    machine->set_dev_short(varvara::System::kMetadata, address);
    fuzz::check(varvara::System::metadata(*machine).has_value() ==
                    (address != 0 && machine->ram[address] == 0),
                "a program has the metadata that it announces");
    return 0;
}
