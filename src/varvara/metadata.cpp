#include "varvara/metadata.hpp"

namespace varvara {
namespace {

constexpr unsigned kMaxText = 256;  ///< the NUL included

}  // namespace

std::string_view Metadata::title() const {
    return std::string_view(text).substr(0, text.find('\n'));
}

std::optional<Metadata> parse_metadata(const uxn::Ram& ram, std::uint16_t address) {
    const auto next = [&] { return ram[address++]; };
    if (next() != 0) {
        return std::nullopt;
    }
    Metadata metadata;
    while (const std::uint8_t byte = next()) {
        if (metadata.text.size() == kMaxText - 1) {
            return metadata;
        }
        metadata.text += static_cast<char>(byte);
    }
    const unsigned count = next();
    for (unsigned i = 0; i < count; ++i) {
        const std::uint8_t id = next();
        const std::uint8_t high = next();
        const std::uint8_t low = next();
        metadata.extensions.push_back({id, static_cast<std::uint16_t>(high << 8 | low)});
    }
    return metadata;
}

}  // namespace varvara
