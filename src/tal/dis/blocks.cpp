#include "tal/dis/blocks.hpp"

#include "tal/dis/flow.hpp"

namespace tal::dis {
namespace {

using uxn::Op;

constexpr std::size_t kMaxBlocks = 256;          // official assemblers number them by a byte
constexpr std::uint32_t kMaxInventedBytes = 96;  // about a screen full of code

class BlockFinder {
public:
    BlockFinder(const Program& program, const References& references,
                const std::vector<bool>& paragraphs, const KnownSymbols& symbols)
        : program_(program), references_(references), symbols_(symbols), count_(kMemorySize) {
        for (const Reference& reference : references.all) {
            ++count_[reference.to];
        }
        for (std::uint32_t at = kProgramStart; at < program.extent(); ++at) {
            if (paragraphs[at]) {
                paragraphs_.push_back(at);
            }
        }
    }

    Blocks find() {
        const std::vector<Reference>& all = references_.all;
        // From behind: where a label stands beside the ends of blocks, the last jumps are theirs.
        std::vector<bool> fits(all.size());
        std::vector<std::uint16_t> seen(kMemorySize);
        for (std::size_t i = all.size(); i-- > 0;) {
            fits[i] = may_be_block(all[i].from, all[i].to) &&
                      (!symbols_.is_labelled(all[i].to) ||
                       ++seen[all[i].to] <= symbols_.blocks_ended(all[i].to));
        }
        Blocks blocks;
        std::vector<std::uint32_t> open;
        std::size_t total = 0;
        for (std::size_t i = 0; i < all.size() && total < kMaxBlocks; ++i) {
            while (!open.empty() && open.back() <= all[i].from) {
                open.pop_back();
            }
            if (fits[i] && (open.empty() || all[i].to <= open.back())) {
                open.push_back(all[i].to);
                blocks.end[all[i].from] = all[i].to;
                ++blocks.closed[all[i].to];
                ++total;
            }
        }
        return blocks;
    }

private:
    bool may_be_block(std::uint32_t from, std::uint32_t to) const {
        const Op op = program_.op_at(from);
        if (to <= from + 3 || to > program_.extent() || program_.part(to) == Part::Operand) {
            return false;
        }
        for (const std::uint32_t operand : {from + 1, from + 2}) {
            if (symbols_.is_labelled(operand) || count_[operand] != 0) {
                return false;
            }
        }
        const auto paragraph = std::ranges::upper_bound(paragraphs_, from);
        if (paragraph != paragraphs_.end() && *paragraph < to) {
            return false;
        }
        if (symbols_.blocks_ended(to) != 0) {
            return op == Op::JCI || op == Op::JMI || op == Op::JSI ||
                   (op == Op::LIT2 && program_.short_at(from + 1) == to);
        }
        if (symbols_.is_labelled(to)) {
            return false;
        }
        if (op == Op::JSI) {
            return count_[to] == 1 && is_block_call(program_, from);
        }
        return op == Op::JCI && !symbols_.cover_program() && count_[to] == 1 &&
               to - from <= kMaxInventedBytes;
    }

    const Program& program_;
    const References& references_;
    const KnownSymbols& symbols_;
    std::vector<std::uint16_t> count_;       // of references to an address
    std::vector<std::uint32_t> paragraphs_;  // where they begin, in order
};

}  // namespace

std::vector<bool> find_paragraphs(const Program& program, const References& references,
                                  const KnownSymbols& symbols) {
    std::vector<bool> starts(kMemorySize);
    starts[kProgramStart] = true;
    if (symbols.cover_program()) {
        for (const Symbol* symbol : symbols.all()) {
            if (symbol->name.find('/') == std::string::npos) {
                starts[symbol->address] = true;
            }
        }
        return starts;
    }
    for (std::uint32_t at = kProgramStart; at < program.extent(); ++at) {
        const std::uint8_t use = references.uses[at];
        const bool code = program.is_code(at) && (use & (kCalled | kVector)) != 0;
        const bool data = program.part(at) == Part::Data && (use & kData) != 0;
        if (code || data) {
            starts[at] = true;
        }
    }
    // What other subroutines jump to, and nothing runs into, is a subroutine as well.
    std::vector<std::uint16_t> paragraph(kMemorySize);  // by number
    for (std::uint32_t at = kProgramStart; at < program.extent(); ++at) {
        paragraph[at] = static_cast<std::uint16_t>(paragraph[at - 1] + (starts[at] ? 1 : 0));
    }
    for (const Reference& reference : references.all) {
        const std::uint32_t to = reference.to;
        if (program.contains(to) && program.is_code(to) &&
            paragraph[reference.from] != paragraph[to] && program.follows_end_of_flow(to)) {
            starts[to] = true;
        }
    }
    return starts;
}

Blocks find_blocks(const Program& program, const References& references,
                   const std::vector<bool>& paragraphs, const KnownSymbols& symbols) {
    return BlockFinder(program, references, paragraphs, symbols).find();
}

}  // namespace tal::dis
