#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "uxn/fused/run.hpp"
#include "uxn/jit/ir.hpp"

namespace uxn::jit {

/// Machine code, or a place in it.
using CodePointer = const void*;

/// What compiled code works on. It has a pointer to it in a register all the time.
struct Context {
    static constexpr std::size_t kSlots = 64;
    /// Bytes of the host's stack that calls may take before they are forgotten.
    static constexpr std::int32_t kStackForCalls = 8192;
    static constexpr std::size_t kRegisters = 16;  ///< those for values have smaller numbers

    /// How compiled code was left.
    enum class Outcome : std::uint32_t {
        Jump,        ///< `state` is complete; nothing is compiled for its pc
        Careful,     ///< likewise, but the plain executor has to do the instruction there
        Unfinished,  ///< at `left_at`, where a SideExit tells what is missing
        Over,        ///< the run is over
    };

    /// Code that all regions share.
    struct Stubs {
        CodePointer leave = nullptr;      ///< nothing is compiled for the pc
        CodePointer careful = nullptr;    ///< the plain executor is wanted there
        CodePointer side_exit = nullptr;  ///< called: see SideExit
        CodePointer step = nullptr;       ///< has the instruction at the pc executed
        CodePointer deep = nullptr;       ///< forgets all return addresses, and goes to the pc
    };

    Stubs stubs;
    fused::State state;
    Machine* machine;
    const std::uint8_t* marks;
    /// Instructions that may be executed between two looks at the fuel, in the last slice of the
    /// budget.
    std::int64_t reserve;
    /// Executes an instruction on the plain executor. False if compiled code has to be left then.
    bool (*step)(Context&);
    fused::Run* run;
    CodePointer left_at;
    std::array<std::uint64_t, kRegisters> registers;  ///< likewise
    std::array<std::uint64_t, kSlots> slots;          ///< of values that found no register
    void* stack;                                      ///< the host's stack, as it is to be left
    void* stack_limit;                                ///< how far calls may go
    void* stack_saved;
    Outcome outcome;
    /// By address, what to execute there: compiled code, or `stubs.leave`.
    std::array<CodePointer, kRamSize> entries;
};

/// Where a value is when the region is left.
struct Source {
    enum class Kind : std::uint8_t { Constant, Register, Slot };
    Kind kind = Kind::Constant;
    std::uint16_t number = 0;  ///< of the register or the slot; of a constant, itself
};

/// A way out that is so rare that no code is made for it.
struct SideExit {
    struct Store {
        CellPlace cell;
        CellStore::Part part;
        Source value;
    };

    std::uint32_t offset = 0;  ///< `Context::left_at`, from where the code begins
    std::uint16_t pc = 0;
    std::int16_t wst = 0;
    std::int16_t rst = 0;
    std::uint16_t count = 0;
    bool is_jump = false;
    std::uint32_t first = 0;  ///< of the stores
    std::uint32_t last = 0;
};

/// A region as machine code.
struct Compiled {
    CodePointer code = nullptr;
    std::size_t size = 0;
    std::vector<SideExit> side_exits;  ///< by offset
    std::vector<SideExit::Store> stores;

    std::span<const std::uint8_t> bytes() const {
        return {static_cast<const std::uint8_t*>(code), size};
    }
};

/// Makes machine code of regions, and keeps it until it is released.
class Compiler {
public:
    /// context: what compiled code is going to work on; must outlive it.
    explicit Compiler(const Context& context);
    ~Compiler();
    Compiler(const Compiler&) = delete;
    Compiler& operator=(const Compiler&) = delete;

    /// Whether code has the address of the context's machine in it.
#ifdef __wasm__
    static constexpr bool kIsForOneMachine = true;
#else
    static constexpr bool kIsForOneMachine = false;
#endif

    /// Whether this process may have memory that is executed, at the moment.
    static bool is_possible();
    /// Whether there is such memory.
    bool works() const;
    const Context::Stubs& stubs() const;
    /// Executes compiled code from `context.state` on.
    void enter(Context& context) const;
    /// Nothing if there is no memory for it.
    /// The context's machine and marks have to be those that the code will be executed with.
    /// assembly: may be null; else filled in with the machine code as text.
    std::optional<Compiled> compile(const Region& region, std::string* assembly = nullptr);
    void release(const Compiled& compiled);

    /// The code of the stubs, with that which enters.
    std::span<const std::uint8_t> shared_code() const;
    /// A section .eh_frame for it, or for that of a region: for debuggers and the like. (Unwinders
    /// of this process know already.)
    std::vector<std::uint8_t> shared_frames() const;
    std::vector<std::uint8_t> frames_of(const Compiled& compiled) const;

private:
    struct Runtime;
    std::unique_ptr<Runtime> runtime_;
};

}  // namespace uxn::jit
