#include "tal/dis/labels.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/ascii.hpp"
#include "tal/dis/text.hpp"
#include "tal/utf8.hpp"

namespace tal::dis {
namespace {

constexpr std::string_view kFirstLabel = "on-reset";

/// Whether a label is of a device by its place and by how someone may have called the device:
/// File/name, Audio3/pitch, Datetime.
bool is_of_device(const Label& label, std::span<const PortName> ports) {
    const std::string_view scope = label.scope();
    return std::ranges::any_of(ports, [&](const PortName& port) {
        if ((port.number & 0xf0u) != (label.address & ~0x0fu)) {
            return false;
        }
        std::string_view stem = port.device;
        while (!stem.empty() && stem.back() >= '0' && stem.back() <= '9') {
            stem.remove_suffix(1);
        }
        return !stem.empty() && scope.size() >= stem.size() &&
               std::ranges::equal(stem, scope.substr(0, stem.size()), {}, base::lower, base::lower);
    });
}

/// Puts together the labels of the output.
class Inventor {
public:
    Inventor(const Program& program, const References& references, const Blocks& blocks,
             const std::vector<bool>& paragraphs, const KnownSymbols& symbols,
             std::span<const PortName> ports)
        : program_(program),
          references_(references),
          paragraphs_(paragraphs),
          ports_(ports),
          needed_(kMemorySize) {
        for (const Symbol* symbol : symbols.all()) {
            Label label{symbol->address, symbol->name, false, labels_.size()};
            label.device = is_of_device(label, ports);
            scopes_.emplace(label.scope());
            names_.insert(label.name);
            labels_.push_back(std::move(label));
        }
        for (const Reference& reference : references.all) {
            if (blocks.end[reference.from] == 0) {
                needed_[reference.to] = true;
            }
        }
        if (!symbols.cover_program()) {
            needed_[kProgramStart] = true;
            for (const Operand& operand : references.operands) {
                if (operand.kind == OperandKind::ZeroPage ||
                    operand.kind == OperandKind::ValueZeroPage) {
                    needed_[operand.target] = true;
                }
            }
        }
    }

    std::vector<Label> labels() {
        add_devices();
        std::ranges::sort(labels_, {},
                          [](const Label& label) { return std::pair(label.address, label.order); });
        add_needed();
        return std::move(labels_);
    }

private:
    void add(std::uint32_t address, std::string name, bool device = false) {
        while (!names_.insert(name).second) {
            name += '-';
        }
        labels_.push_back({address, std::move(name), device, labels_.size()});
    }

    /// The ports that the program uses and that no symbol names.
    void add_devices() {
        std::vector<bool> used(kProgramStart);
        std::vector<bool> named(kProgramStart);
        for (const Label& label : labels_) {
            if (label.address < kProgramStart && label.may_be_port()) {
                named[label.address] = true;
            }
        }
        for (std::uint32_t at = kProgramStart; at < program_.extent(); ++at) {
            const Operand& operand = references_.operands[at];
            if (operand.kind == OperandKind::Port || operand.kind == OperandKind::ValuePort) {
                used[operand.target] = true;
            }
        }
        std::string_view device;
        for (const PortName& port : ports_) {
            if (!used[port.number] || named[port.number] || scopes_.contains(port.device)) {
                continue;
            }
            if (port.device != device) {
                device = port.device;
                add(port.number & 0xf0u, std::string(device), true);
            }
            add(port.number, std::string(device) + "/" + std::string(port.name), true);
        }
    }

    /// Walks through memory like the assembler will, with the scope that is in force.
    void add_needed() {
        const std::vector<Label> given = std::exchange(labels_, {});
        std::size_t next = 0;
        std::string scope(kFirstLabel);
        for (std::uint32_t at = 0; at < kMemorySize; ++at) {
            const std::size_t first = labels_.size();
            while (next < given.size() && given[next].address == at) {
                labels_.push_back(given[next++]);
            }
            const std::span<Label> here = std::span(labels_).subspan(first);
            const bool has_label =
                std::ranges::any_of(here, [](const Label& label) { return !label.device; });
            if (at >= kProgramStart) {
                order(here, scope);
            }
            if (needed_[at] && !has_label) {
                add(at, invented_name(at, scope));
            }
            if (at >= kProgramStart && labels_.size() != first) {
                scope = labels_.back().scope();
            }
        }
    }

    /// Labels of one address: first what belongs to the scope before them, then one scope after the
    /// other, its own label first.
    static void order(std::span<Label> labels, std::string_view scope) {
        if (labels.size() < 2) {
            return;
        }
        std::vector<std::string> scopes{std::string(scope)};
        for (const Label& label : labels) {
            scopes.emplace_back(label.scope());
        }
        std::ranges::sort(labels, {}, [&](const Label& label) {
            return std::tuple(std::ranges::find(scopes, label.scope()) - scopes.begin(),
                              label.has_slash(), label.order);
        });
    }

    std::string invented_name(std::uint32_t at, const std::string& scope) const {
        if (at == kProgramStart) {
            return std::string(kFirstLabel);
        }
        const std::uint8_t use = references_.uses[at];
        if (at < kProgramStart && use == 0) {
            return "zp-" + to_hex(at, 2);
        }
        const std::string number = "-" + to_hex(at, 4);
        const bool inside = program_.contains(at);
        if (!inside || (paragraphs_[at] && program_.part(at) != Part::Operand)) {
            if ((use & kVector) != 0) {
                std::string name = "on-";
                for (const char c : references_.vectors.at(static_cast<std::uint16_t>(at))) {
                    name += base::lower(c);
                }
                return names_.contains(name) ? name + number : name;
            }
            if ((use & kMetadata) != 0 && !names_.contains("metadata")) {
                return "metadata";
            }
            if ((use & (kData | kVariable)) != 0 && !program_.is_code(at)) {
                return (begins_text(program_, at) ? "text" : "data") + number;
            }
            return "sub" + number;
        }
        std::string name = scope + "/";
        if (use == kLoopedTo) {
            name += "loop";
        } else if (program_.is_code(at) || (use & (kCalled | kVector)) != 0) {
            name += "at";
        } else {
            name += "var";
        }
        return name + number;
    }

    const Program& program_;
    const References& references_;
    const std::vector<bool>& paragraphs_;
    std::span<const PortName> ports_;
    std::vector<bool> needed_;
    std::set<std::string, std::less<>> names_;
    std::set<std::string, std::less<>> scopes_;
    std::vector<Label> labels_;
};

}  // namespace

Labels::Labels(const Program& program, const References& references, const Blocks& blocks,
               const std::vector<bool>& paragraphs, const KnownSymbols& symbols,
               std::span<const PortName> ports)
    : all_(Inventor(program, references, blocks, paragraphs, symbols, ports).labels()) {}

std::span<const Label> Labels::at(std::uint32_t address) const {
    const auto found = std::ranges::equal_range(all_, address, {}, &Label::address);
    return {found.begin(), found.end()};
}

/// The first label of the highest rank, which must be more than 0.
template <class Rank>
const Label* Labels::best(std::uint32_t address, Rank rank) const {
    const Label* best = nullptr;
    int best_rank = 0;
    for (const Label& label : at(address)) {
        if (const int its_rank = rank(label); its_rank > best_rank) {
            best = &label;
            best_rank = its_rank;
        }
    }
    return best;
}

const Label* Labels::find(std::uint32_t address, std::string_view scope, bool jump) const {
    return best(address, [&](const Label& label) {
        if (label.device) {
            return 0;
        }
        if (label.scope() != scope) {
            return label.has_slash() ? 1 : 2;
        }
        return label.has_slash() == jump ? 4 : 3;
    });
}

// Of a struct and its first member, the member: .point/x

const Label* Labels::find_zero_page(std::uint32_t address) const {
    return best(address, [](const Label& label) {
        return label.device ? 0 : (label.is_capital() ? 1 : 3) + (label.has_slash() ? 1 : 0);
    });
}

const Label* Labels::find_port(std::uint32_t number) const {
    return best(number, [](const Label& label) {
        return label.may_be_port() ? (label.device ? 3 : 1) + (label.has_slash() ? 1 : 0) : 0;
    });
}

}  // namespace tal::dis
