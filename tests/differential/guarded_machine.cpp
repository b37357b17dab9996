#include "differential/guarded_machine.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace uxn::test {
namespace {

constexpr std::uint8_t kPattern = 0xa5;

std::size_t rounded_up(std::size_t size, std::size_t unit) {
    return (size + unit - 1) / unit * unit;
}

}  // namespace

GuardedMachine::GuardedMachine(const Machine& contents, Placement placement) {
    // Both ends are exact: a machine may begin wherever its size is from the end of a page.
    static_assert(0x1000 % alignof(Machine) == 0);
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t inside = rounded_up(sizeof(Machine), page);
    size_ = page + inside + page;
    pages_ = mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto* const begin = static_cast<std::uint8_t*>(pages_) + page;
    if (pages_ == MAP_FAILED || mprotect(begin, inside, PROT_READ | PROT_WRITE) != 0) {
        std::perror("cannot make a guarded machine");
        std::abort();
    }
    std::uint8_t* const place =
        placement == Placement::AtStart ? begin : begin + inside - sizeof(Machine);
    machine_ = std::construct_at(reinterpret_cast<Machine*>(place));
    std::memset(place, kPattern, sizeof(Machine));
    // Member by member, to keep the pattern.
    machine_->ram = contents.ram;
    machine_->wst.storage = contents.wst.storage;
    machine_->wst.ptr = contents.wst.ptr;
    machine_->rst.storage = contents.rst.storage;
    machine_->rst.ptr = contents.rst.ptr;
    machine_->dev = contents.dev;
}

GuardedMachine::~GuardedMachine() {
    std::destroy_at(machine_);
    munmap(pages_, size_);
}

bool GuardedMachine::is_padding_intact() const {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(machine_);
    constexpr std::size_t kWst = offsetof(Machine, wst);
    constexpr std::size_t kRst = offsetof(Machine, rst);
    constexpr std::size_t kStackEnd = offsetof(Stack, ptr) + 1;
    constexpr std::array<std::array<std::size_t, 2>, 4> kGaps{{
        {sizeof(Ram), kWst},
        {kWst + kStackEnd, kRst},
        {kRst + kStackEnd, offsetof(Machine, dev)},
        {offsetof(Machine, dev) + kPortCount, sizeof(Machine)},
    }};
    return std::ranges::all_of(kGaps, [&](const auto& gap) {
        return std::all_of(bytes + gap[0], bytes + gap[1],
                           [](std::uint8_t byte) { return byte == kPattern; });
    });
}

}  // namespace uxn::test
