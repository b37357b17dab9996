#include "app/cli/onlookers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "app/cli/messages.hpp"
#include "app/cli/program.hpp"
#include "app/cli/program_name.hpp"
#include "host/files.hpp"

namespace cli {
namespace {

/// The first option that wants machine code; empty: none does.
std::string_view wants_machine_code(const RunOptions& options) {
    return !options.jit_dump.empty()               ? "--jit-dump"
           : options.perf != RunOptions::Perf::Off ? "--perf"
           : options.gdb                           ? "--gdb"
                                                   : "";
}

/// The labels of a ROM, if there is a symbol file beside it that can be used.
std::vector<tal::Symbol> symbols_beside(const RunOptions& options) {
    if (options.program.empty() || options.program[0].empty() || is_source(options.program[0])) {
        return {};
    }
    auto symbols = read_symbol_file(options.program[0] + ".sym");
    if (!symbols && symbols.error().code != base::ErrorCode::NotFound) {
        print_warning(symbols.error().detail);
    }
    return symbols ? std::move(*symbols) : std::vector<tal::Symbol>();
}

}  // namespace

EngineChoice choose_engine(const RunOptions& options) {
    const std::string_view option = wants_machine_code(options);
    if (option.empty()) {
        return choose_engine(options.engine);
    }
    const auto list = uxn::engine_list();
    const auto found = std::ranges::find_if(list, [&](const uxn::EngineEntry& entry) {
        return options.engine == "auto" ? entry.observed != nullptr : options.engine == entry.name;
    });
    if (found == list.end() && options.engine == "auto") {
        return {nullptr, print_error(fmt::format("{} looks at machine code, and this build has no "
                                                 "engine that makes any; see 'leveret engines'",
                                                 option))};
    }
    if (found == list.end() || found->engine == nullptr) {
        return choose_engine(options.engine);  // which says so
    }
    if (found->observed == nullptr) {
        return {nullptr,
                print_usage_error("run", fmt::format("{}: engine '{}' makes no machine code",
                                                     option, found->name))};
    }
    if (const std::string_view why = uxn::why_not_now(*found); !why.empty()) {
        return {nullptr, print_error(fmt::format("{}: engine '{}' can make no machine code: {}",
                                                 option, found->name, why))};
    }
    return {&*found, kSuccess};
}

std::optional<int> Onlookers::open(const RunOptions& options, const uxn::EngineEntry& engine,
                                   std::span<const tal::Symbol> symbols) {
    entry_ = &engine;
    engine_ = engine.engine;
    std::vector<uxn::jit::Observer*> observers;
    if (!wants_machine_code(options).empty()) {
        labels_ = CodeLabels(symbols.empty() ? symbols_beside(options)
                                             : std::vector(symbols.begin(), symbols.end()));
    }
    if (options.stats) {
        observers.push_back(&stats_.emplace());
    }
    if (!options.jit_dump.empty()) {
        if (const auto prepared = host::prepare_folder(options.jit_dump); !prepared) {
            return print_error(prepared.error().detail);
        }
        observers.push_back(&dump_.emplace(options.jit_dump, labels_));
    }
    if (options.perf != RunOptions::Perf::Off) {
        auto file = options.perf == RunOptions::Perf::Map ? open_perf_map(labels_)
                                                          : open_perf_dump(labels_);
        if (!file) {
            return print_error(file.error().detail);
        }
        perf_ = std::move(*file);
        observers.push_back(perf_.get());
    }
    if (options.gdb) {
        observers.push_back(
            &gdb_.emplace([this](std::uint16_t pc) { return "uxn:" + labels_.name(pc); }));
    }
    if (!observers.empty() && engine.observed != nullptr) {
        observed_ = engine.observed(std::move(observers));
        engine_ = observed_.get();
    }
    return std::nullopt;
}

int Onlookers::finish(std::uint64_t instructions) {
    int failures = 0;
    const auto look_at = [&](const base::Result<void>& outcome) {
        if (!outcome) {
            print_error(outcome.error().detail);
            ++failures;
        }
    };
    if (perf_ != nullptr) {
        perf_->finish();
        look_at(perf_->outcome());
    }
    if (dump_) {
        look_at(dump_->outcome());
    }
    if (stats_) {
        print_to_error(stats_->text(entry_->name, instructions, observed_ != nullptr));
    }
    return failures;
}

}  // namespace cli
