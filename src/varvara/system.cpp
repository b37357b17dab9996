#include "varvara/system.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "varvara/hex.hpp"

namespace varvara {
namespace {

constexpr std::size_t kMemorySize = kBankCount * kBankSize;

/// One line of the debug output: the eight cells below the index, with a bar before cell 00.
void append_stack(std::string& text, std::string_view name, const uxn::Stack& stack) {
    text += name;
    std::uint8_t cell = static_cast<std::uint8_t>(stack.ptr - 8);
    for (; cell != stack.ptr; ++cell) {
        text += cell == 0 ? '|' : ' ';
        append_hex(text, stack[cell]);
    }
    text += cell == 0 ? '|' : ' ';
    text += '<';
    append_hex(text, stack.ptr);
    text += '\n';
}

/// All 16 banks as one row of bytes: what an expansion operation works on.
class Memory {
public:
    Memory(uxn::Ram& ram, std::span<std::uint8_t> banks) : ram_(ram.bytes()), banks_(banks) {}

    void fill(std::size_t to, std::size_t length, std::uint8_t value) {
        while (length > 0) {
            const auto piece = piece_at(to, length);
            std::ranges::fill(piece, value);
            to += piece.size();
            length -= piece.size();
        }
    }

    /// In ascending order, or so that nobody can tell the difference.
    void copy_left(std::size_t from, std::size_t to, std::size_t length) {
        if (to <= from || to >= from + length) {
            while (length > 0) {
                const auto source = piece_at(from, length);
                const auto piece = piece_at(to, source.size());
                std::memmove(piece.data(), source.data(), piece.size());
                from += piece.size();
                to += piece.size();
                length -= piece.size();
            }
            return;
        }
        // The source runs into what has been copied: programs repeat a pattern that way.
        for (std::size_t i = 0; i < length; ++i) {
            byte_at(to + i) = byte_at(from + i);
        }
    }

    /// In descending order.
    void copy_right(std::size_t from, std::size_t to, std::size_t length) {
        if (to >= from + length || from >= to + length) {
            copy_left(from, to, length);
            return;
        }
        for (std::size_t i = length; i-- > 0;) {
            byte_at(to + i) = byte_at(from + i);
        }
    }

private:
    std::uint8_t& byte_at(std::size_t at) {
        return at < kBankSize ? ram_[at] : banks_[at - kBankSize];
    }

    /// What lies in one piece from `at`, at most `length` bytes.
    std::span<std::uint8_t> piece_at(std::size_t at, std::size_t length) {
        if (at < kBankSize) {
            return ram_.subspan(at, std::min(length, kBankSize - at));
        }
        return banks_.subspan(at - kBankSize, length);
    }

    std::span<std::uint8_t> ram_;
    std::span<std::uint8_t> banks_;
};

}  // namespace

std::uint8_t System::read(uxn::Machine& machine, std::uint8_t port) noexcept {
    return port == kWst ? machine.wst.ptr : machine.rst.ptr;
}

uxn::DeviceEffect System::write(uxn::Machine& machine, std::uint8_t port) noexcept {
    switch (port) {
        case kWst: machine.wst.ptr = machine.dev[port]; return {};
        case kRst: machine.rst.ptr = machine.dev[port]; return {};
        case kDebug: return {.halt = !console_.write(Stream::Error, stacks(machine))};
        default: return expand(machine);
    }
}

std::string System::stacks(const uxn::Machine& machine) {
    std::string text;
    append_stack(text, "WST", machine.wst);
    append_stack(text, "RST", machine.rst);
    return text;
}

uxn::DeviceEffect System::expand(uxn::Machine& machine) {
    std::uint16_t at = machine.dev_short(kExpansion);
    const auto next_byte = [&] { return machine.ram[at++]; };
    const auto next_short = [&] {
        const std::uint8_t high = next_byte();
        return static_cast<std::uint16_t>(high << 8 | next_byte());
    };
    /// A bank and an address, as an index into all memory; past its end if there is no such bank.
    const auto next_place = [&] {
        const std::size_t bank = next_short();
        return bank * kBankSize + next_short();
    };

    enum : std::uint8_t { Fill = 0, CopyLeft = 1, CopyRight = 2 };
    const std::uint8_t operation = next_byte();
    if (operation > CopyRight) {
        std::string text = "Unknown command: ";
        append_hex(text, operation);
        text += '\n';
        return {.halt = !console_.write(Stream::Error, text)};
    }

    const std::size_t requested = next_short();
    const std::size_t from = operation == Fill ? 0 : next_place();
    const std::size_t to = next_place();
    if (from >= kMemorySize || to >= kMemorySize || requested == 0) {
        return {};
    }
    const std::size_t length = std::min({requested, kMemorySize - from, kMemorySize - to});
    if (banks_.empty() && std::max(from, to) + length > kBankSize) {
        banks_.resize(kMemorySize - kBankSize);
    }
    Memory memory(machine.ram, banks_);
    switch (operation) {
        case Fill: memory.fill(to, length, next_byte()); break;
        case CopyLeft: memory.copy_left(from, to, length); break;
        default: memory.copy_right(from, to, length);
    }
    if (to >= kBankSize) {
        return {};
    }
    return {.ram_begin = static_cast<std::uint16_t>(to),
            .ram_length = static_cast<std::uint32_t>(std::min(length, kBankSize - to))};
}

void System::load_banks(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) {
        return;
    }
    banks_.resize(kMemorySize - kBankSize);
    std::ranges::copy(bytes.first(std::min(bytes.size(), banks_.size())), banks_.begin());
}

void System::transfer(StateStream& state) {
    std::uint8_t used = !banks_.empty();
    state.number(used);
    if (state.restoring()) {
        banks_.assign(
            used != 0 && state.left() >= kMemorySize - kBankSize ? kMemorySize - kBankSize : 0, 0);
        if (used != 0 && banks_.empty()) {
            state.fail("its memory banks are incomplete");
        }
    }
    state.bytes(banks_);
}

std::uint8_t System::bank_byte(std::size_t bank, std::uint16_t address) const {
    const std::size_t at = (bank - 1) * kBankSize + address;
    return bank != 0 && at < banks_.size() ? banks_[at] : 0;
}

std::optional<Metadata> System::metadata(const uxn::Machine& machine) {
    const std::uint16_t address = machine.dev_short(kMetadata);
    return address == 0 ? std::nullopt : parse_metadata(machine.ram, address);
}

}  // namespace varvara
