#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "uxn/engine.hpp"
#include "uxn/jit/observer.hpp"

namespace uxn {

/// The engine `fused`, and machine code for what is executed often.
const Engine& jit_engine();
/// The same, with observers. They must outlive it.
std::unique_ptr<Engine> observed_jit_engine(std::vector<jit::Observer*> observers);
/// Why there can be no machine code in this process at the moment, when `jit` is no more than
/// `fused`. Empty if there can be.
std::string_view why_no_machine_code();
/// The engine `jit`, compiling everything at once: for tests.
const Engine& eager_jit_engine();
/// The same, each instruction by itself.
const Engine& single_jit_engine();
/// The same, at random moments regions of random sizes, some of which are forgotten at once.
const Engine& random_jit_engine();

}  // namespace uxn
