#include "uxn/engines.hpp"

#include <array>

#include "uxn/fused/fused.hpp"
#include "uxn/interp/loop.hpp"
#include "uxn/interp/tail.hpp"
#include "uxn/jit/jit.hpp"
#include "uxn/native/native_engine.hpp"

namespace uxn {

std::span<const EngineEntry> engine_list() {
    static const std::array<EngineEntry, 6> entries{{
        {
            .name = "jit",
            .summary = "machine code for what is executed often, and fused for the rest",
#ifdef LEVERET_HAVE_JIT
            .engine = &jit_engine(),
            .why_not = "",
            .obstacle = why_no_machine_code,
#ifndef __wasm__
            .observed = observed_jit_engine,
#endif
#else
            .engine = nullptr,
            .why_not = LEVERET_WHY_NO_JIT,
#endif
        },
        {
            .name = "fused",
            .summary = "rows of opcodes as one function each, guaranteed tail calls",
#ifdef LEVERET_HAVE_FUSED_TAIL_CALLS
            .engine = &fused_engine(),
            .why_not = "",
#elif defined(LEVERET_WEB)
            .engine = nullptr,
            .why_not = "a switch is faster in WebAssembly: see fused_switch",
#else
            .engine = nullptr,
            .why_not = "this build's compiler lacks musttail or preserve_none; Clang 19 has both",
#endif
        },
        {
            .name = "asm",
            .summary = "threaded code in assembly, state in registers",
#ifdef LEVERET_HAVE_ASSEMBLY
            .engine = &native_engine(),
            .why_not = "",
#else
            .engine = nullptr,
            .why_not = "there is assembly for x86-64 and AArch64 only",
#endif
        },
        {
            .name = "fused_switch",
            .summary = "the commonest of those rows as cases of a switch: portable",
            .engine = &fused_switch_engine(),
            .why_not = "",
        },
        {
            .name = "tail",
            .summary = "one function per opcode, state in registers, guaranteed tail calls",
#ifdef LEVERET_HAVE_TAIL_CALLS
            .engine = &tail_engine(),
            .why_not = "",
#else
            .engine = nullptr,
            .why_not = "this build's compiler lacks musttail or preserve_none; Clang 19 has both",
#endif
        },
        {
            .name = "loop",
            .summary = "a switch in a loop: portable, and what the other engines are held to",
            .engine = &loop_engine(),
            .why_not = "",
        },
    }};
    return entries;
}

std::string_view why_not_now(const EngineEntry& entry) {
    return entry.engine == nullptr     ? entry.why_not
           : entry.obstacle == nullptr ? std::string_view()
                                       : entry.obstacle();
}

const Engine* find_engine(std::string_view name) {
    for (const EngineEntry& entry : engine_list()) {
        if (name == "auto" ? why_not_now(entry).empty() : name == entry.name) {
            return entry.engine;
        }
    }
    return nullptr;
}

}  // namespace uxn
