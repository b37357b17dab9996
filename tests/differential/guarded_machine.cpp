#include "differential/guarded_machine.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace uxn::test {
namespace {

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
    machine_ = std::construct_at(reinterpret_cast<Machine*>(place), contents);
}

GuardedMachine::~GuardedMachine() {
    std::destroy_at(machine_);
    munmap(pages_, size_);
}

}  // namespace uxn::test
