#pragma once

#include <string>

#include "uxn/engines.hpp"

namespace cli {

/// What the user's --engine stands for.
struct EngineChoice {
    const uxn::EngineEntry*
        entry;      ///< available; null if not, which has been said on standard error
    int exit_code;  ///< for that case
};

/// name: of an engine, or "auto". An engine that has an obstacle is replaced by the best one that
/// has none, with a warning.
EngineChoice choose_engine(const std::string& name);

}  // namespace cli
