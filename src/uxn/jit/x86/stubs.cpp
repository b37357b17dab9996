#include <array>

#include "uxn/jit/target.hpp"
#include "uxn/jit/x86/registers.hpp"

namespace uxn::jit {
namespace x86_64 {
namespace {

/// What the caller wants back, in the order in which it is pushed.
struct Saved {
    Gp reg;
    unsigned in_dwarf;
};
constexpr std::array<Saved, 6> kSaved = {
    {{x86::rbx, 3}, {x86::rbp, 6}, {x86::r12, 12}, {x86::r13, 13}, {x86::r14, 14}, {x86::r15, 15}}};
constexpr unsigned kContextInDwarf = 6;
constexpr unsigned kStackPointerInDwarf = 7;
constexpr unsigned kReturnAddressInDwarf = 16;
constexpr unsigned kPushed = 8;
/// From Context::stack to the stack pointer of who has called: saved registers, return address.
constexpr unsigned kFrameSize = (kSaved.size() + 1) * kPushed;

/// The stack pointer may be anywhere; where it was when compiled code was entered is known.
void entered(FrameProgram& frames) {
    frames.frame_is_at(kContextInDwarf, offsetof(Context, stack), kFrameSize);
    for (unsigned i = 0; i < kSaved.size(); ++i) {
        frames.saved(kSaved[i].in_dwarf, i + 2);
    }
}

/// Goes on in C++ with the state as it is now.
void store_state(x86::Assembler& a) {
    a.mov(context(offsetof(Context, state.pc)), kPc);
    a.mov(context(offsetof(Context, state.wst)), kWstPointer);
    a.mov(context(offsetof(Context, state.rst)), kRstPointer);
    a.add(kPc, kLeft);
    a.add(kPc, context(offsetof(Context, reserve)));
    a.mov(context(offsetof(Context, state.fuel)), kPc);
}
void load_state(x86::Assembler& a) {
    a.mov(kPc, context(offsetof(Context, state.pc)));
    a.mov(kWstPointer, context(offsetof(Context, state.wst)));
    a.mov(kRstPointer, context(offsetof(Context, state.rst)));
    a.mov(kLeft, context(offsetof(Context, state.fuel)));
    a.sub(kLeft, kPc);
    a.sub(kLeft, context(offsetof(Context, reserve)));
}

}  // namespace
}  // namespace x86_64

StubLabels write_stubs(asmjit::CodeHolder& code, FrameProgram& frames) {
    using namespace x86_64;
    x86::Assembler a(&code);
    const auto from_here = [&] { frames.advance_to(static_cast<std::uint32_t>(a.offset())); };
    const StubLabels at(a);
    const asmjit::Label dispatch = a.newLabel();
    const asmjit::Label out = a.newLabel();
    a.bind(at.enter);
    for (unsigned i = 0; i < kSaved.size(); ++i) {
        a.push(kSaved[i].reg);
        from_here();
        frames.frame_is(kStackPointerInDwarf, (i + 2) * kPushed);
        frames.saved(kSaved[i].in_dwarf, i + 2);
    }
    a.mov(kContext, x86::rdi);
    a.mov(context(offsetof(Context, stack)), x86::rsp);
    from_here();
    entered(frames);
    a.lea(x86::rax, x86::ptr(x86::rsp, -Context::kStackForCalls));
    a.mov(context(offsetof(Context, stack_limit)), x86::rax);
    a.mov(kMachine, context(offsetof(Context, machine)));
    a.mov(kMarks, context(offsetof(Context, marks)));
    load_state(a);
    // What returns further than anybody called comes here, too.
    a.bind(dispatch);
    a.call(entry_of_pc());
    a.jmp(dispatch);

    a.bind(at.deep);
    a.mov(x86::rsp, context(offsetof(Context, stack)));
    a.jmp(dispatch);

    a.bind(at.leave);
    a.mov(context(offsetof(Context, outcome), 4),
          static_cast<std::uint32_t>(Context::Outcome::Jump));
    a.jmp(out);

    a.bind(at.careful);
    a.mov(context(offsetof(Context, outcome), 4),
          static_cast<std::uint32_t>(Context::Outcome::Careful));
    a.bind(out);
    store_state(a);
    const asmjit::Label back = a.newLabel();
    a.bind(back);
    a.mov(x86::rsp, context(offsetof(Context, stack)));
    from_here();
    frames.frame_is(kStackPointerInDwarf, kFrameSize);
    for (unsigned i = kSaved.size(); i-- > 0;) {
        a.pop(kSaved[i].reg);
        from_here();
        frames.frame_is(kStackPointerInDwarf, (i + 1) * kPushed);
        frames.restored(kSaved[i].in_dwarf);
    }
    a.ret();
    from_here();
    entered(frames);

    a.bind(at.side_exit);
    a.pop(context(offsetof(Context, left_at)));
    for (const std::uint8_t id : kValueRegisters) {
        a.mov(context(offsetof(Context, registers) + std::size_t{8} * id), x86::gpq(id));
    }
    a.mov(context(offsetof(Context, outcome), 4),
          static_cast<std::uint32_t>(Context::Outcome::Unfinished));
    a.xor_(x86::eax, x86::eax);
    a.jmp(out);

    a.bind(at.step);
    store_state(a);
    a.mov(context(offsetof(Context, stack_saved)), x86::rsp);
    a.and_(x86::rsp, -16);
    a.mov(x86::rdi, kContext);
    a.call(context(offsetof(Context, step)));
    a.mov(x86::rsp, context(offsetof(Context, stack_saved)));
    a.test(x86::al, x86::al);
    a.jz(back);
    load_state(a);
    a.jmp(entry_of_pc());
    return at;
}

void write_constant(asmjit::CodeHolder& code, std::uint16_t number) {
    using namespace x86_64;
    x86::Assembler a(&code);
    a.mov(x86::eax, number);
    a.ret();
}

std::string_view context_register() {
    return "rbp";
}

FrameRules frame_rules() {
    using namespace x86_64;
    FrameRules rules{.return_address = kReturnAddressInDwarf, .at_function_start = {}};
    rules.at_function_start.frame_is(kStackPointerInDwarf, kPushed);
    rules.at_function_start.saved(kReturnAddressInDwarf, 1);
    return rules;
}

FrameProgram region_frames() {
    FrameProgram frames;
    x86_64::entered(frames);
    return frames;
}

}  // namespace uxn::jit
