#pragma once

#include <span>
#include <string_view>

#include "uxn/engine.hpp"

namespace uxn {

/// One engine of the list, in this build or not.
struct EngineEntry {
    std::string_view name;
    std::string_view summary;  ///< one line: how it works
    const Engine* engine;      ///< null when this build or this machine cannot have it
    std::string_view why_not;  ///< then the reason, else empty
};

/// All engines there are, fastest first. The only place that names them: command line, tests,
/// fuzzers and benchmarks iterate over this list.
std::span<const EngineEntry> engine_list();

/// The engine of that name; "auto" means the first one available. Null if there is none.
const Engine* find_engine(std::string_view name);

}  // namespace uxn
