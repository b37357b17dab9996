#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tal/dis/blocks.hpp"
#include "tal/dis/references.hpp"

namespace tal::dis {

/// A label as it is defined in the output.
struct Label {
    std::uint32_t address = 0;
    std::string name;       ///< in full
    bool device = false;    ///< of a port
    std::size_t order = 0;  ///< among labels of one address

    /// The part before the first slash, which the label makes the current scope.
    std::string_view scope() const { return std::string_view(name).substr(0, name.find('/')); }
    bool has_slash() const { return scope().size() != name.size(); }
    /// Whether the name has a capital, as those of devices and other enums.
    bool is_capital() const { return name[0] >= 'A' && name[0] <= 'Z'; }
    bool may_be_port() const { return device || is_capital(); }
};

/// All labels of the output: those of the symbols that an assembler accepts, and invented ones
/// for every other address that is referred to.
class Labels {
public:
    Labels(const Program& program, const References& references, const Blocks& blocks,
           const std::vector<bool>& paragraphs, const KnownSymbols& symbols,
           std::span<const PortName> ports);

    /// In the order in which they are defined.
    std::span<const Label> at(std::uint32_t address) const;
    std::span<const Label> all() const { return all_; }

    // Of several labels the one that a reader expects; nullptr if there is none.

    /// From within a scope, to whose sublabels a jump leads rather than to its beginning.
    const Label* find(std::uint32_t address, std::string_view scope = {}, bool jump = false) const;
    const Label* find_zero_page(std::uint32_t address) const;
    const Label* find_port(std::uint32_t number) const;

private:
    template <class Rank>
    const Label* best(std::uint32_t address, Rank rank) const;

    std::vector<Label> all_;
};

}  // namespace tal::dis
