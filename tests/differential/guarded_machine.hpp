#pragma once

#include <cstddef>

#include "uxn/machine.hpp"

namespace uxn::test {

/// Which end of a machine lies at a page that nobody may touch.
enum class Placement { AtStart, AtEnd };

/// A machine between inaccessible pages: a load or store beyond its first or last byte, whichever
/// is at the edge of a page, ends the process. Sees what assembly code does, which sanitizers do
/// not, and reads, which comparisons of state do not. What lies between its members is filled with
/// a pattern.
class GuardedMachine {
public:
    GuardedMachine(const Machine& contents, Placement placement);
    ~GuardedMachine();
    GuardedMachine(const GuardedMachine&) = delete;
    GuardedMachine& operator=(const GuardedMachine&) = delete;

    Machine& operator*() { return *machine_; }
    const Machine& operator*() const { return *machine_; }
    Machine* operator->() { return machine_; }
    const Machine* operator->() const { return machine_; }

    /// Whether the bytes that belong to no member are as they were.
    bool is_padding_intact() const;

private:
    void* pages_;
    std::size_t size_;
    Machine* machine_;
};

}  // namespace uxn::test
