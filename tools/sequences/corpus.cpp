#include "corpus.hpp"

#include <utility>

#include "tal/dis/flow.hpp"
#include "tal/dis/program.hpp"

namespace sequences {
namespace {

/// Whether a sequence can go on after `op`.
bool may_continue(uxn::Op op) {
    const std::uint8_t base = uxn::base_of(op);
    return op != uxn::Op::JMI && op != uxn::Op::JSI && base != uxn::base_of(uxn::Op::JMP) &&
           base != uxn::base_of(uxn::Op::JSR);
}

}  // namespace

Program runs_of(std::span<const std::uint8_t> rom, std::span<const tal::Symbol> symbols) {
    tal::dis::Program memory(rom);
    tal::dis::find_code(memory, tal::dis::KnownSymbols(symbols), {});

    Program runs;
    Run run;
    const auto end_run = [&] {
        if (!run.empty()) {
            runs.push_back(std::exchange(run, {}));
        }
    };
    for (std::uint32_t at = tal::dis::kProgramStart; at < memory.extent();) {
        const uxn::Op op = memory.op_at(at);
        // BRK is executed once in a vector: not worth a sequence.
        if (!memory.is_code(at) || op == uxn::Op::BRK) {
            end_run();
            ++at;
            continue;
        }
        run.push_back(op);
        if (!may_continue(op)) {
            end_run();
        }
        at += memory.length_at(at);
    }
    end_run();
    return runs;
}

}  // namespace sequences
