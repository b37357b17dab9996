#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "app/cli/code_labels.hpp"
#include "app/cli/engine_choice.hpp"
#include "app/cli/jit_dump.hpp"
#include "app/cli/perf_files.hpp"
#include "app/cli/run_options.hpp"
#include "app/cli/run_stats.hpp"
#include "uxn/engines.hpp"
#include "uxn/jit/gdb.hpp"

namespace cli {

/// The engine that the options ask for; "auto" may have to be one that makes machine code.
EngineChoice choose_engine(const RunOptions& options);

/// Those who look on while an engine works: --stats, --jit-dump, --perf, --gdb.
class Onlookers {
public:
    /// Makes everything ready, before the program is confined. Otherwise the exit code to end with.
    /// symbols: of a source that was assembled.
    std::optional<int> open(const RunOptions& options, const uxn::EngineEntry& engine,
                            std::span<const tal::Symbol> symbols);

    /// The engine to use: the one that was chosen, with them.
    const uxn::Engine& engine() const { return *engine_; }

    /// When the run is over. How many could not write what they were to, which has been said.
    int finish(std::uint64_t instructions);

private:
    const uxn::EngineEntry* entry_ = nullptr;
    CodeLabels labels_;
    std::optional<RunStats> stats_;
    std::optional<JitDump> dump_;
    std::unique_ptr<PerfFile> perf_;
    std::optional<uxn::jit::GdbSymbols> gdb_;
    std::unique_ptr<uxn::Engine> observed_;  ///< goes before them
    const uxn::Engine* engine_ = nullptr;
};

}  // namespace cli
