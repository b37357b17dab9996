#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "tal/symbols.hpp"

namespace cli {

/// The labels of a program's code, for people who look at addresses.
class CodeLabels {
public:
    CodeLabels() = default;
    explicit CodeLabels(std::span<const tal::Symbol> symbols);

    /// The label there, or empty: the first one that the program defines.
    std::string at(std::uint16_t address) const;
    /// The same, or the label before it and the distance: "loop+3".
    std::string near(std::uint16_t address) const;
    /// An address with that, as in "0106 loop".
    std::string name(std::uint16_t address) const;

private:
    std::map<std::uint16_t, std::string> labels_;
};

}  // namespace cli
