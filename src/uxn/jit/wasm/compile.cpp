#include "uxn/jit/compile.hpp"

#include "uxn/jit/wasm/writer.hpp"

// What makes functions of modules is outside: in JavaScript (web/player/src/jit.ts).
extern "C" {
/// The number of the function `f` in the table of functions, for a module that this instance's
/// memory and table are given to; 0 if that is not allowed here.
[[clang::import_module("leveret_jit"), clang::import_name("compile")]] std::uint32_t
leveret_jit_compile(const std::uint8_t* module, std::uint32_t size);
/// The function is not called any more.
[[clang::import_module("leveret_jit"), clang::import_name("release")]] void leveret_jit_release(
    std::uint32_t function);
}

namespace uxn::jit {
namespace {

/// A pointer to a function is its number in the table.
std::uint32_t number_of(CodePointer code) {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(code));
}
CodePointer code_of(std::uint32_t number) {
    return reinterpret_cast<CodePointer>(std::uintptr_t{number});
}
CodePointer code_of(wasm::Function* function) {
    return reinterpret_cast<CodePointer>(function);
}

/// What is being executed.
constinit Context* now = nullptr;

wasm::Function* function_at(std::uint32_t pc) {
    return reinterpret_cast<wasm::Function*>(const_cast<void*>(now->entries[pc]));
}

void store_state(std::uint32_t wst, std::uint32_t rst, std::int32_t left, std::uint32_t pc) {
    now->state = {.pc = pc, .wst = wst, .rst = rst, .fuel = std::int64_t{pc} + left + now->reserve};
}
std::int32_t left() {
    return static_cast<std::int32_t>(now->state.fuel - static_cast<std::int64_t>(now->state.pc) -
                                     now->reserve);
}

void leave(std::uint32_t wst, std::uint32_t rst, std::int32_t left, std::uint32_t pc) {
    store_state(wst, rst, left, pc);
    now->outcome = Context::Outcome::Jump;
}

void careful(std::uint32_t wst, std::uint32_t rst, std::int32_t left, std::uint32_t pc) {
    store_state(wst, rst, left, pc);
    now->outcome = Context::Outcome::Careful;
}

void step(std::uint32_t wst, std::uint32_t rst, std::int32_t left_before, std::uint32_t pc) {
    store_state(wst, rst, left_before, pc);
    Context* const here = now;
    const bool goes_on = here->step(*here);
    now = here;  // a device may have run another machine
    if (goes_on) {
        const fused::State& state = here->state;
        [[clang::musttail]] return function_at(state.pc)(state.wst, state.rst, left(), state.pc);
    }
}

}  // namespace

struct Compiler::Runtime {
    const Context& context;
    Context::Stubs stubs;
};

Compiler::Compiler(const Context& context)
    : runtime_(new Runtime{.context = context,
                           .stubs = {.leave = code_of(&leave),
                                     .careful = code_of(&careful),
                                     .step = code_of(&jit::step)}}) {}

Compiler::~Compiler() = default;

bool Compiler::is_possible() {
    // The smallest module that has an `f`.
    Region region;
    region.blocks.emplace_back();
    region.exits.emplace_back();
    const auto context = std::make_unique<Context>();
    const std::vector<std::uint8_t> module = wasm::write_module(region, *context);
    const std::uint32_t function =
        leveret_jit_compile(module.data(), static_cast<std::uint32_t>(module.size()));
    if (function != 0) {
        leveret_jit_release(function);
    }
    return function != 0;
}

bool Compiler::works() const {
    return true;
}

const Context::Stubs& Compiler::stubs() const {
    return runtime_->stubs;
}

void Compiler::enter(Context& context) const {
    Context* const before = now;
    now = &context;
    const fused::State& state = context.state;
    function_at(state.pc)(state.wst, state.rst, left(), state.pc);
    now = before;
}

std::optional<Compiled> Compiler::compile(const Region& region, std::string* /*assembly*/) {
    const std::vector<std::uint8_t> module = wasm::write_module(region, runtime_->context);
    const std::uint32_t function =
        leveret_jit_compile(module.data(), static_cast<std::uint32_t>(module.size()));
    if (function == 0) {
        return std::nullopt;
    }
    Compiled compiled;
    compiled.code = code_of(function);
    compiled.size = module.size();
    return compiled;
}

void Compiler::release(const Compiled& compiled) {
    leveret_jit_release(number_of(compiled.code));
}

std::span<const std::uint8_t> Compiler::shared_code() const {
    return {};
}

std::vector<std::uint8_t> Compiler::shared_frames() const {
    return {};
}

std::vector<std::uint8_t> Compiler::frames_of(const Compiled& /*compiled*/) const {
    return {};
}

}  // namespace uxn::jit
