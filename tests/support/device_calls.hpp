#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

}  // namespace uxn::test
