#include "varvara/ports.hpp"

namespace varvara {

std::span<const Page> port_pages() {
    return tables::kPages;
}

std::optional<PortPlace> find_port(std::uint8_t number) {
    for (const Page& page : tables::kPages) {
        if (page.base != (number & 0xf0)) {
            continue;
        }
        for (const Port& port : page.ports) {
            const int byte = (number & 0x0f) - port.offset;
            if (byte >= 0 && byte < port.width) {
                return PortPlace{&page, &port, byte == 1};
            }
        }
    }
    return std::nullopt;
}

std::string PortPlace::name() const {
    std::string text(page->name);
    text += '/';
    text += port->name;
    return text;
}

}  // namespace varvara
