#include "support/device_calls.hpp"

#include "support/describe.hpp"

namespace uxn::test {

std::string describe(const std::vector<DeviceCall>& calls) {
    std::string text;
    for (const DeviceCall& call : calls) {
        const bool is_write = call.kind == DeviceCall::Kind::Write;
        text += (text.empty() ? "" : " ") + std::string(is_write ? "O" : "I") + hex(call.port, 2);
        if (is_write) {
            text += "=" + hex(call.value, 2);
        }
    }
    return text;
}

}  // namespace uxn::test
