#include "uxn/jit/compile.hpp"

#include <asmjit/core.h>

#include <algorithm>
#include <list>
#include <span>

#include "uxn/jit/listing.hpp"
#include "uxn/jit/target.hpp"

namespace uxn::jit {

using namespace asmjit;

namespace {

// No type stands before functions made here, where the undefined behaviour sanitizer would look.

/// Puts a function that returns the number into memory that is mapped twice, and calls it.
#ifdef __clang__
[[clang::no_sanitize("function")]]
#endif
std::uint32_t call_constant(std::uint16_t number, void* run, void* write, std::size_t room) {
    CodeHolder code;
    if (code.init(Environment::host()) != kErrorOk) {
        return 0;
    }
    write_constant(code, number);
    if (code.copyFlattenedData(write, room) != kErrorOk) {
        return 0;
    }
    VirtMem::flushInstructionCache(run, room);
    return reinterpret_cast<std::uint32_t (*)()>(run)();
}

/// Whether code that is replaced where it is written goes on as it was where it is executed. QEMU's
/// user mode before version 8.1 goes by writes to the latter, and takes AArch64's instruction that
/// says so for nothing.
bool misses_second_mapping() {
    constexpr std::size_t kRoom = 64;
    JitAllocator::CreateParams params;
    params.options = JitAllocatorOptions::kUseDualMapping;
    JitAllocator allocator(&params);
    void* run = nullptr;
    void* write = nullptr;
    return allocator.alloc(&run, &write, kRoom) == kErrorOk &&
           call_constant(1, run, write, kRoom) == 1 && call_constant(2, run, write, kRoom) == 1;
}

}  // namespace

struct Compiler::Runtime {
    JitAllocator allocator;
    Environment environment = Environment::host();
    /// AsmJit hands out pieces of blocks, which begin at a page. To unwinders a block is one piece:
    /// the same is known of all that is in it.
    std::list<RegisteredFrames> blocks;
    CodeHolder code;
    void (*enter)(Context*) = nullptr;
    Context::Stubs stubs;
    std::span<const std::uint8_t> shared_code;
    FrameProgram shared_frames;

    /// Memory is mapped twice, once to be written and once to be executed; but for emulators that
    /// do not see what is written then. Where two mappings are forbidden, there is no machine code.
    static const JitAllocator::CreateParams* settings() {
        static const JitAllocator::CreateParams kParams = [] {
            JitAllocator::CreateParams result;
            result.options = misses_second_mapping() ? JitAllocatorOptions::kNone
                                                     : JitAllocatorOptions::kUseDualMapping;
            return result;
        }();
        return &kParams;
    }

    Runtime() : allocator(settings()) {}

    static constexpr std::size_t kPage = 4096;

    /// Puts what has been assembled where it can be executed; null if that is not possible.
    /// frames: of a block that begins with it.
    /// room: bytes that nothing else is to be in.
    void* place(CodeHolder& holder, const FrameProgram& frames, std::size_t room = 0) {
        if (holder.flatten() != kErrorOk || holder.resolveUnresolvedLinks() != kErrorOk) {
            return nullptr;
        }
        void* run = nullptr;
        void* write = nullptr;
        const std::size_t size = holder.codeSize();
        const std::size_t reserved = allocator.statistics().reservedSize();
        if (allocator.alloc(&run, &write, std::max(size, room)) != kErrorOk) {
            return nullptr;
        }
        if (holder.relocateToBase(reinterpret_cast<std::uintptr_t>(run)) != kErrorOk ||
            holder.copyFlattenedData(write, size) != kErrorOk) {
            allocator.release(run);
            return nullptr;
        }
        VirtMem::flushInstructionCache(run, size);
        if (const auto now = allocator.statistics().reservedSize(); now > reserved) {
            const std::size_t padding = reinterpret_cast<std::uintptr_t>(run) % kPage;
            blocks.emplace_back(
                frame_rules(),
                std::span(static_cast<const std::uint8_t*>(run), now - reserved - padding), frames);
        }
        return run;
    }

    void release(const void* run) {
        const std::size_t count = allocator.statistics().blockCount();
        allocator.release(const_cast<void*>(run));
        if (allocator.statistics().blockCount() < count) {
            blocks.remove_if([run](const RegisteredFrames& block) { return block.covers(run); });
        }
    }
};

Compiler::Compiler(const Context& /*context*/) : runtime_(std::make_unique<Runtime>()) {
    CodeHolder code;
    if (code.init(runtime_->environment) != kErrorOk) {
        return;
    }
    FrameProgram& frames = runtime_->shared_frames;
    const StubLabels labels = write_stubs(code, frames);
    // A page for themselves: emulators translate anew what is in a page that is written.
    auto* base = static_cast<std::uint8_t*>(runtime_->place(code, frames, Runtime::kPage));
    if (base == nullptr) {
        return;
    }
    runtime_->shared_code = {base, code.codeSize()};
    const auto at = [&](const Label& label) { return base + code.labelOffset(label); };
    runtime_->enter = reinterpret_cast<void (*)(Context*)>(at(labels.enter));
    Context::Stubs& stubs = runtime_->stubs;
    stubs.leave = at(labels.leave);
    stubs.careful = at(labels.careful);
    stubs.side_exit = at(labels.side_exit);
    stubs.step = at(labels.step);
    stubs.deep = at(labels.deep);
}

Compiler::~Compiler() = default;

bool Compiler::is_possible() {
    JitAllocator allocator(Runtime::settings());
    void* run = nullptr;
    void* write = nullptr;
    return allocator.alloc(&run, &write, 1) == kErrorOk;
}

bool Compiler::works() const {
    return runtime_->enter != nullptr;
}

const Context::Stubs& Compiler::stubs() const {
    return runtime_->stubs;
}

#ifdef __clang__
[[clang::no_sanitize("function")]]
#endif
void Compiler::enter(Context& context) const {
    runtime_->enter(&context);
}

std::optional<Compiled> Compiler::compile(const Region& region, std::string* assembly) {
    CodeHolder& code = runtime_->code;
    code.reset();
    if (code.init(runtime_->environment) != kErrorOk) {
        return std::nullopt;
    }
    StringLogger logger;
    logger.setFlags(FormatFlags::kMachineCode | FormatFlags::kHexImms | FormatFlags::kHexOffsets);
    code.setLogger(assembly != nullptr ? &logger : nullptr);
    Compiled compiled;
    const bool written = write_region(region, code, compiled);
    code.setLogger(nullptr);
    if (!written) {
        return std::nullopt;
    }
    compiled.code = runtime_->place(code, region_frames());
    compiled.size = code.codeSize();
    if (compiled.code == nullptr) {
        return std::nullopt;
    }
    if (assembly != nullptr) {
        *assembly = listing({logger.data(), logger.dataSize()}, context_register());
    }
    return compiled;
}

void Compiler::release(const Compiled& compiled) {
    runtime_->release(compiled.code);
}

std::span<const std::uint8_t> Compiler::shared_code() const {
    return runtime_->shared_code;
}

std::vector<std::uint8_t> Compiler::shared_frames() const {
    return eh_frame(frame_rules(), runtime_->shared_code, runtime_->shared_frames);
}

std::vector<std::uint8_t> Compiler::frames_of(const Compiled& compiled) const {
    return eh_frame(frame_rules(), compiled.bytes(), region_frames());
}

}  // namespace uxn::jit
