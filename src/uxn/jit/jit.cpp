#include "uxn/jit/jit.hpp"

#include <memory>
#include <utility>

#include "uxn/jit/cache.hpp"
#include "uxn/jit/compile.hpp"

namespace uxn::jit {
namespace {

template <Tuning tuning>
class JitEngine final : public Engine {
public:
    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        // A device may run another machine while this one waits for it.
        static thread_local std::unique_ptr<Cache> spare;
        std::unique_ptr<Cache> cache = spare != nullptr ? std::move(spare) : make_cache(tuning);
        const Stop stop = cache->run(machine, devices, pc, limits);
        spare = std::move(cache);
        return stop;
    }
};

}  // namespace
}  // namespace uxn::jit

namespace uxn {

std::string_view why_no_machine_code() {
    return jit::Compiler::is_possible() ? "" : "no memory may be executed here";
}

const Engine& jit_engine() {
    static const jit::JitEngine<jit::Tuning{}> engine;
    return engine;
}

const Engine& eager_jit_engine() {
    static const jit::JitEngine<jit::Tuning{.eager_one_in = 1}> engine;
    return engine;
}

const Engine& single_jit_engine() {
    static const jit::JitEngine<jit::Tuning{.instructions = 1, .eager_one_in = 1}> engine;
    return engine;
}

const Engine& random_jit_engine() {
    static const jit::JitEngine<jit::Tuning{.is_random = true}> engine;
    return engine;
}

}  // namespace uxn
