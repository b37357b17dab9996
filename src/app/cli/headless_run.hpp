#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "app/cli/run_options.hpp"
#include "host/png.hpp"
#include "varvara/headless.hpp"

namespace cli {

/// Brings a picture up to date that nobody else paints: the screen, one to one.
void take_picture(const uxn::Machine& machine, varvara::Screen& screen, host::Picture& picture);

struct HeadlessOutcome {
    varvara::SessionEnd end;
    int failures = 0;  ///< of what was asked for beside the program's own success; said already
    std::span<const std::uint8_t> rom = {};  ///< as in varvara::HeadlessEnd
};

/// Something that runs a program by a script, as varvara::run_headless does.
using ScriptRunner = std::function<varvara::HeadlessEnd(const varvara::Headless&)>;

/// Runs a program by its script as the options say: for how long, and what is saved of it.
/// headless: ready but for its frames and viewer.
HeadlessOutcome run_by_script(const RunOptions& options, varvara::Headless headless,
                              const ScriptRunner& run = varvara::run_headless);

}  // namespace cli
