#include "app/cli/code_labels.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "tal/utf8.hpp"
#include "uxn/machine.hpp"

namespace cli {
namespace {

/// The names that an assembler gives to the ends of blocks begin so.
constexpr std::string_view kLambda = "\xce\xbb";

}  // namespace

CodeLabels::CodeLabels(std::span<const tal::Symbol> symbols) {
    for (const tal::Symbol& symbol : symbols) {
        // Those below are ports and variables, which may have the numbers of anything.
        if (symbol.address >= uxn::kResetVector && !symbol.name.starts_with(kLambda)) {
            labels_.try_emplace(symbol.address, tal::printable(symbol.name));
        }
    }
}

std::string CodeLabels::at(std::uint16_t address) const {
    const auto found = labels_.find(address);
    return found == labels_.end() ? std::string() : found->second;
}

std::string CodeLabels::near(std::uint16_t address) const {
    const auto after = labels_.upper_bound(address);
    if (after == labels_.begin()) {
        return {};
    }
    const auto& [begin, label] = *std::prev(after);
    return begin == address ? label : fmt::format("{}+{:x}", label, address - begin);
}

std::string CodeLabels::name(std::uint16_t address) const {
    const std::string label = near(address);
    return fmt::format("{:04x}{}{}", address, label.empty() ? "" : " ", label);
}

}  // namespace cli
