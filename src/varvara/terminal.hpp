#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "uxn/engine.hpp"
#include "uxn/machine.hpp"
#include "varvara/hosts.hpp"
#include "varvara/session.hpp"
#include "varvara/varvara.hpp"

namespace varvara {

/// What a program runs with. All of it must outlive the run.
struct Terminal {
    const uxn::Engine& engine;
    ConsoleSink& output;
    ConsoleInput& input;
    std::span<const char* const> arguments;  ///< without the program's name
    uxn::Limits limits;                      ///< for all vectors together
    Recorder* recorder = nullptr;            ///< may be null
    bool boot = true;                        ///< false: go on with what was restored from a state
};

/// Runs a loaded program from its reset vector as a terminal emulator does: arguments and then
/// the input go to the console vector, byte by byte, until the program sets System/state or the
/// input has ended. A program that sets no console vector ends with its reset vector.
/// Output is flushed before waiting for input, at the end, and every few hundredths of a second.
/// Source: spec/varvara.md, sections 2.5 and 3.
SessionEnd run_in_terminal(uxn::Machine& machine, Varvara& varvara, const Terminal& terminal);

}  // namespace varvara
