#pragma once

#include <algorithm>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "uxn/engines.hpp"
#include "uxn/jit/jit.hpp"

namespace uxn {

/// How GoogleTest prints an engine that is a test's parameter.
inline void PrintTo(const EngineEntry& entry, std::ostream* out) {
    *out << entry.name;
}

}  // namespace uxn

namespace uxn::test {

/// The engines that this build has.
inline std::vector<EngineEntry> available_engines() {
    std::vector<EngineEntry> available;
    std::ranges::copy_if(engine_list(), std::back_inserter(available),
                         [](const EngineEntry& entry) { return entry.engine != nullptr; });
#ifdef LEVERET_HAVE_JIT
    available.push_back(
        {.name = "jit_random", .summary = "", .engine = &random_jit_engine(), .why_not = ""});
    // Those that compile at every step take minutes in builds without optimisation, and in
    // emulators, which translate what they make.
#if defined(NDEBUG) && defined(__x86_64__)
    available.push_back(
        {.name = "jit_eager", .summary = "", .engine = &eager_jit_engine(), .why_not = ""});
    available.push_back(
        {.name = "jit_single", .summary = "", .engine = &single_jit_engine(), .why_not = ""});
#endif
#endif
    return available;
}

/// The engine that the others are compared with.
inline const Engine& oracle() {
    return *find_engine("loop");
}

/// Those others.
inline std::vector<EngineEntry> engines_but_oracle() {
    std::vector<EngineEntry> engines = available_engines();
    std::erase_if(engines, [](const EngineEntry& entry) { return entry.engine == &oracle(); });
    return engines;
}

}  // namespace uxn::test
