#pragma once

#include <cstdint>
#include <span>

#include "app/cli/run_options.hpp"
#include "varvara/headless.hpp"

namespace cli {

struct HeadlessOutcome {
    varvara::SessionEnd end;
    int failures = 0;  ///< of what was asked for beside the program's own success; said already
    std::span<const std::uint8_t> rom = {};  ///< as in varvara::HeadlessEnd
};

/// Runs a program without a window as the options say: for how long, and what is saved of it.
/// headless: ready but for its frames and viewer.
HeadlessOutcome run_without_window(const RunOptions& options, varvara::Headless headless);

}  // namespace cli
