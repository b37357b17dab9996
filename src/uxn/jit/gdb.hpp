#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "uxn/jit/observer.hpp"

namespace uxn::jit {

/// Tells gdb, and other debuggers that know its JIT interface, the names of compiled code and how
/// to get past it on the stack: as object files in memory.
class GdbSymbols final : public Observer {
public:
    /// name: of the region at an address.
    explicit GdbSymbols(std::function<std::string(std::uint16_t pc)> name)
        : name_(std::move(name)) {}

    void shared(const CodeReport& report) noexcept override;
    void compiled(const RegionReport& report) noexcept override;
    void released(const std::uint8_t* code) noexcept override;

private:
    std::function<std::string(std::uint16_t pc)> name_;
};

/// What gdb looks at: for tests.
const void* gdb_descriptor();
/// An object file that says where code is, its name and frames.
std::vector<std::uint8_t> object_file(const CodeReport& report, const std::string& name);

}  // namespace uxn::jit
