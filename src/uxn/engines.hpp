#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "uxn/engine.hpp"

namespace uxn::jit {
class Observer;
}

namespace uxn {

/// One engine of the list, in this build or not.
struct EngineEntry {
    std::string_view name;
    std::string_view summary;  ///< one line: how it works
    const Engine* engine;      ///< null when this build or this machine cannot have it
    std::string_view why_not;  ///< then the reason, else empty
    /// Asks the computer why the engine cannot do here and now what it is there for; empty if it
    /// can. Null: it always can. It never does harm to run it nevertheless.
    std::string_view (*obstacle)() = nullptr;
    /// Makes the same engine with observers, which must outlive it; null: there is nothing to see.
    std::unique_ptr<Engine> (*observed)(std::vector<jit::Observer*> observers) = nullptr;
};

/// Why an engine of the list is of no use here and now; empty if it is of use.
std::string_view why_not_now(const EngineEntry& entry);

/// All engines there are, fastest first. The only place that names them: command line, tests,
/// fuzzers and benchmarks iterate over this list.
std::span<const EngineEntry> engine_list();

/// The engine of that name; "auto" means the first one available. Null if there is none.
const Engine* find_engine(std::string_view name);

}  // namespace uxn
