#include "varvara/console.hpp"

#include <string>
#include <string_view>

#include "varvara/hex.hpp"

namespace varvara {

uxn::DeviceEffect Console::write(uxn::Machine& machine, std::uint8_t port) noexcept {
    const std::uint8_t byte = machine.dev[port];
    const char character = static_cast<char>(byte);
    switch (port) {
        case kWrite: return {.halt = !sink_.write(Stream::Output, std::string_view(&character, 1))};
        case kError: return {.halt = !sink_.write(Stream::Error, std::string_view(&character, 1))};
        default: {
            std::string digits;
            append_hex(digits, byte);
            return {.halt = !sink_.write(Stream::Error, digits)};
        }
    }
}

}  // namespace varvara
