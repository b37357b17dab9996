#include "tal/disassembler.hpp"

#include "tal/dis/flow.hpp"
#include "tal/dis/writer.hpp"

namespace tal {

std::string disassemble(std::span<const std::uint8_t> rom, const DisassemblyOptions& options) {
    dis::Program program(rom);
    const dis::KnownSymbols symbols(options.symbols);
    dis::find_code(program, symbols, options.ports);
    const dis::References references = dis::find_references(program, symbols, options.ports);
    const std::vector<bool> paragraphs = dis::find_paragraphs(program, references, symbols);
    const dis::Blocks blocks = dis::find_blocks(program, references, paragraphs, symbols);
    const dis::Labels labels(program, references, blocks, paragraphs, symbols, options.ports);
    return dis::Writer(program, references, blocks, labels, options).write(rom.size());
}

}  // namespace tal
