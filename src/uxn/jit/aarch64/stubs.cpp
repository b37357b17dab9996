#include <array>

#include "uxn/jit/aarch64/registers.hpp"
#include "uxn/jit/target.hpp"

namespace uxn::jit {
namespace aarch64 {
namespace {

/// What the caller wants back, in pairs. Behind the frame pointer, debuggers find who called.
constexpr std::array<GpX, 12> kSaved = {a64::x29, a64::x30, a64::x19, a64::x20, a64::x21, a64::x22,
                                        a64::x23, a64::x24, a64::x25, a64::x26, a64::x27, a64::x28};
constexpr int kFrame = 8 * int{kSaved.size()};

/// In C++, stack pointers are where the next push goes, from the machine's beginning.
void store_pointer(a64::Assembler& a, const GpX& pointer, std::size_t to) {
    a.sub(kScratch, pointer, kMachine);
    a.sub(kScratch, kScratch, 1);
    a.str(kScratch, context(to));
}
void load_pointer(a64::Assembler& a, const GpX& pointer, std::size_t from) {
    a.ldr(pointer, context(from));
    a.add(pointer, pointer, kMachine);
    a.add(pointer, pointer, 1);
}

constexpr unsigned kWordsInFrame = kSaved.size();
constexpr unsigned kFramePointer = 29;  // DWARF numbers registers as the processor does
constexpr unsigned kStackPointer = 31;
constexpr unsigned kReturnAddress = 30;

void saved(FrameProgram& frames, int first, int last) {
    for (int i = first; i < last; ++i) {
        frames.saved(kSaved[static_cast<std::size_t>(i)].id(),
                     kWordsInFrame - static_cast<unsigned>(i));
    }
}

/// The frame pointer stays what it is for as long as compiled code is in use.
void entered(FrameProgram& frames) {
    frames.frame_is(kFramePointer, unsigned{kFrame});
    saved(frames, 0, int{kSaved.size()});
}

/// Goes on in C++ with the state as it is now.
void store_state(a64::Assembler& a) {
    a.str(kPc, context(offsetof(Context, state.pc)));
    store_pointer(a, kWstPointer, offsetof(Context, state.wst));
    store_pointer(a, kRstPointer, offsetof(Context, state.rst));
    a.ldr(kScratch, context(offsetof(Context, reserve)));
    a.add(kPc, kPc, kLeft);
    a.add(kPc, kPc, kScratch);
    a.add(kPc, kPc, 1);
    a.str(kPc, context(offsetof(Context, state.fuel)));
}
void load_state(a64::Assembler& a) {
    a.ldr(kPc, context(offsetof(Context, state.pc)));
    load_pointer(a, kWstPointer, offsetof(Context, state.wst));
    load_pointer(a, kRstPointer, offsetof(Context, state.rst));
    a.ldr(kLeft, context(offsetof(Context, state.fuel)));
    a.ldr(kScratch, context(offsetof(Context, reserve)));
    a.sub(kLeft, kLeft, kPc);
    a.sub(kLeft, kLeft, kScratch);
    a.sub(kLeft, kLeft, 1);
}

void set_outcome(a64::Assembler& a, Context::Outcome outcome) {
    a.mov(kScratch.w(), static_cast<std::uint32_t>(outcome));
    a.str(kScratch.w(), context(offsetof(Context, outcome)));
}

void forget_calls(a64::Assembler& a) {
    a.ldr(kScratch, context(offsetof(Context, stack)));
    a.mov(a64::sp, kScratch);
}

}  // namespace
}  // namespace aarch64

StubLabels write_stubs(asmjit::CodeHolder& code, FrameProgram& frames) {
    using namespace aarch64;
    a64::Assembler a(&code);
    const auto from_here = [&] { frames.advance_to(static_cast<std::uint32_t>(a.offset())); };
    const StubLabels at(a);
    const asmjit::Label dispatch = a.newLabel();
    const asmjit::Label out = a.newLabel();
    a.bind(at.enter);
    a.stp(kSaved[0], kSaved[1], a64::ptr_pre(a64::sp, -kFrame));
    from_here();
    frames.frame_is(kStackPointer, unsigned{kFrame});
    saved(frames, 0, 2);
    a.mov(a64::x29, a64::sp);
    from_here();
    frames.frame_is(kFramePointer, unsigned{kFrame});
    for (int i = 2; i < int{kSaved.size()}; i += 2) {
        a.stp(kSaved[std::size_t(i)], kSaved[std::size_t(i) + 1], a64::ptr(a64::sp, 8 * i));
        from_here();
        saved(frames, i, i + 2);
    }
    a.mov(kContext, a64::x0);
    a.str(a64::x29, context(offsetof(Context, stack)));
    a.sub(kStackLimit, a64::x29, Context::kStackForCalls);
    a.ldr(kMachine, context(offsetof(Context, machine)));
    a.ldr(kMarks, context(offsetof(Context, marks)));
    a.add(kEntries, kContext, offsetof(Context, entries));
    a.mov(kPorts, offsetof(Machine, dev));
    a.add(kPorts, kPorts, kMachine);
    load_state(a);
    // What returns further than anybody called comes here, too.
    a.bind(dispatch);
    a.ldr(kScratch, entry_of_pc());
    a.blr(kScratch);
    a.b(dispatch);

    a.bind(at.deep);
    forget_calls(a);
    a.b(dispatch);

    a.bind(at.leave);
    set_outcome(a, Context::Outcome::Jump);
    a.b(out);

    a.bind(at.careful);
    set_outcome(a, Context::Outcome::Careful);
    a.bind(out);
    store_state(a);
    const asmjit::Label back = a.newLabel();
    a.bind(back);
    forget_calls(a);
    for (int i = 2; i < int{kSaved.size()}; i += 2) {
        a.ldp(kSaved[std::size_t(i)], kSaved[std::size_t(i) + 1], a64::ptr(a64::sp, 8 * i));
    }
    a.ldp(kSaved[0], kSaved[1], a64::ptr_post(a64::sp, kFrame));
    from_here();
    frames.frame_is(kStackPointer, 0);
    for (const GpX& reg : kSaved) {
        frames.restored(reg.id());
    }
    a.ret(a64::x30);
    from_here();
    entered(frames);

    a.bind(at.side_exit);
    a.str(a64::x30, context(offsetof(Context, left_at)));
    for (const std::uint8_t id : kValueRegisters) {
        a.str(GpX(id), context(offsetof(Context, registers) + std::size_t{8} * id));
    }
    set_outcome(a, Context::Outcome::Unfinished);
    a.mov(kPc, 0);
    a.b(out);

    a.bind(at.step);
    store_state(a);
    a.str(a64::x30, a64::ptr_pre(a64::sp, -16));
    a.mov(a64::x0, kContext);
    a.ldr(kScratch, context(offsetof(Context, step)));
    a.blr(kScratch);
    a.ldr(a64::x30, a64::ptr_post(a64::sp, 16));
    a.tbz(a64::w0, 0, back);
    load_state(a);
    a.ldr(kScratch, entry_of_pc());
    a.br(kScratch);
    return at;
}

void write_constant(asmjit::CodeHolder& code, std::uint16_t number) {
    asmjit::a64::Assembler a(&code);
    a.mov(asmjit::a64::w0, number);
    a.ret(asmjit::a64::x30);
}

std::string_view context_register() {
    return "x20";
}

FrameRules frame_rules() {
    using namespace aarch64;
    FrameRules rules{.return_address = kReturnAddress, .at_function_start = {}};
    rules.at_function_start.frame_is(kStackPointer, 0);
    return rules;
}

FrameProgram region_frames() {
    FrameProgram frames;
    aarch64::entered(frames);
    return frames;
}

}  // namespace uxn::jit
