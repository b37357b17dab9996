// The assembly engine for x86-64: token-threaded code with the state in registers.
//
// Like the tail-call engine it has one handler per opcode and per shape of the stack cache (see
// interp/stack_cache.hpp): the top one or two items of the working stack are also in registers.
// All pushes are stored, so memory is always right and the cache can be forgotten at any time.
//
// The macros below know, while they assemble, what the cache holds (t_live, s_live and the sizes).
// `take` brings operands into registers, `put` stores results, `next` dispatches; an opcode is
// then described once, for all modes and shapes. aarch64/engine.S has the same macros in the same
// order.
//
// Why no handler can touch memory outside the machine:
//   - Stacks are addressed through a pointer to the next free cell, within a ring of 256 bytes that
//     is aligned to more than that, so the low byte of the pointer is the index. `guard` makes sure
//     that all cells that a handler reads or writes lie between there and the ends of the ring. If
//     they do not, `careful` lets C++ run the instruction, with every index wrapped.
//   - RAM is addressed by zero-extended 16-bit values; a short at ffff (or at ff in the zero page)
//     goes to `careful`. Jumps change the low 16 bits of PC only. After an instruction at ffff PC is
//     at the end of RAM, where a byte 00 lies, the code of BRK, whose handler wraps PC. In-line
//     operands that reach beyond ffff go to `careful`.
//   - Ports are single bytes, and so index 256 bytes of device page; the pair ff, 00 goes to `careful`.

#include "uxn/native/frame_layout.h"

    .intel_syntax noprefix

// Registers. All belong to the engine between entry and exit; rbx, rbp, rdi, rsi and r12 to r15 are
// saved at the entry where the calling convention wants it. Those with a number have their parts
// named by suffix: d (32 bits), w (16), b (8).
#define PC      rsi     /* address of the opcode, less 10000: -10000..0 */
#define PC16    si
#define RAM_END rdi     /* the end of RAM; what follows it in the machine is reached from here, too */
#define WST     rbx     /* next free cell of the working stack */
#define WST8    bl
#define RST     rbp     /* next free cell of the return stack */
#define RST8    bpl
#define TABLE   r12     /* of handlers, by shape and opcode */
#define FUEL    r13     /* instructions left, plus PC: see interp/register_executor.hpp */
#define FRAME   r14     /* NativeFrame */
#define T       r8      /* stack cache: the top item, zero-extended */
#define S       r9      /* stack cache: the item below */
#define U       r10     /* first operand in return mode */
#define V       r11     /* second operand in return mode */
#define W       r15     /* third operand; scratch */
// rax, rcx and rdx are scratch; opcodes are dispatched through rax.

#if defined(_WIN32)
#define ARGUMENT rcx
#define SAVED rbx, rbp, rsi, rdi, r12, r13, r14, r15
#define RESTORED r15, r14, r13, r12, rdi, rsi, rbp, rbx
#define RESERVED 40     /* room that a callee may use, and alignment */
#else
#define ARGUMENT rdi
#define SAVED rbx, rbp, r12, r13, r14, r15
#define RESTORED r15, r14, r13, r12, rbp, rbx
#define RESERVED 8      /* alignment */
#endif
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define CONSTANTS .section __DATA,__const
#elif defined(_WIN32)
#define SYMBOL(name) name
#define CONSTANTS .section .rdata, "dr"
#else
#define SYMBOL(name) name
#define CONSTANTS .section .data.rel.ro, "aw"
#endif

// Where indirect jumps may lead, for processors that check. The header also marks the object file.
#if defined(__CET__)
#include <cet.h>
#define LANDING _CET_ENDBR
#else
#define LANDING
#endif

// ---- The stack cache, while assembling -----------------------------------------------------------
//
// at_wst, at_rst: the next cell to store to, counted from WST and RST.
// moved_wst, moved_rst, moved_pc: how far these have been moved already.
// exits: how many ways out have to move them back, each by other amounts.

.macro begin_handler
    .set at_wst, 0
    .set at_rst, 0
    .set moved_wst, 0
    .set moved_rst, 0
    .set moved_pc, 0
    .set exits, 0
.endm

// Leaves to `careful` if the flags say \cc, as if nothing had happened.
.macro leave_if cc
    .if (moved_wst | moved_rst | moved_pc) == 0
        j\cc    careful
    .else
        .if exits == 0
            .set exits, 1
            .set moved_wst_1, moved_wst
            .set moved_rst_1, moved_rst
            .set moved_pc_1, moved_pc
        .endif
        .if (moved_wst - moved_wst_1) | (moved_rst - moved_rst_1) | (moved_pc - moved_pc_1)
            .if exits == 2
                .error "a third way out of a handler"
            .endif
            .set exits, 2
            .set moved_wst_2, moved_wst
            .set moved_rst_2, moved_rst
            .set moved_pc_2, moved_pc
            j\cc    9f
        .else
            j\cc    8f
        .endif
    .endif
.endm

// Stands at the end of each handler.
.macro emit_exits
    .if exits >= 1
8:      move_back moved_wst_1, moved_rst_1, moved_pc_1
    .endif
    .if exits >= 2
9:      move_back moved_wst_2, moved_rst_2, moved_pc_2
    .endif
.endm

.macro move_back wst, rst, pc
    .if \wst
        sub     WST8, \wst
    .endif
    .if \rst
        sub     RST8, \rst
    .endif
    .if \pc
        sub     PC, \pc
    .endif
    jmp     careful
.endm

// Leaves unless `pops` bytes below the top and `growth` bytes above it are in the ring in one piece,
// and moves the pointer by that growth. Cells of items in the cache are known to be.
.macro guard_wst pops, growth
    .if \pops > t_live * t_size + s_live * s_size
        cmp     WST8, 255 - (\pops)
        leave_if a
    .endif
    .if \growth > 0
        .set moved_wst, -(\growth)
        sub     WST8, \growth
        leave_if b
    .endif
.endm

.macro guard_rst pops, growth
    .if \pops > 0
        cmp     RST8, 255 - (\pops)
        leave_if a
    .endif
    .if \growth > 0
        .set moved_rst, -(\growth)
        sub     RST8, \growth
        leave_if b
    .endif
.endm

// Loads an item of `bytes` whose top is `depth` bytes below the top of a stack. A short is loaded as
// one: it has nearly always been pushed as one. (If not, the load waits for the stores.)
.macro load_item reg, stack, depth, bytes
    .if \bytes == 2
        movzx   \reg\()d, word ptr [\stack + 1 + (\depth)]
    .else
        movzx   \reg\()d, byte ptr [\stack + 1 + (\depth)]
    .endif
.endm

// Makes T an item of `bytes`.
.macro need_t bytes
    .if t_live == 0
        load_item T, WST, -moved_wst, \bytes
    .elseif t_size > \bytes
        mov     S\()d, T\()d
        movzx   T\()d, T\()b
        shr     S\()d, 8
        .set s_live, 1
        .set s_size, 1
    .elseif t_size < \bytes
        .if s_live == 0
            movzx   eax, byte ptr [WST + 2 - moved_wst]
        .else
            movzx   eax, S\()b
        .endif
        shl     eax, 8
        or      T\()d, eax
        .if s_size == 2
            shr     S\()d, 8
            .set s_size, 1
        .else
            .set s_live, 0
        .endif
    .endif
    .set t_live, 1
    .set t_size, \bytes
.endm

// Makes S an item of `bytes`, T being one of t_size.
.macro need_s bytes
    .if s_live == 0
        load_item S, WST, t_size-moved_wst, \bytes
    .elseif s_size > \bytes
        movzx   S\()d, S\()b
    .elseif s_size < \bytes
        movzx   eax, byte ptr [WST + 2 + t_size - moved_wst]
        shl     eax, 8
        or      S\()d, eax
    .endif
    .set s_live, 1
    .set s_size, \bytes
.endm

// ---- Parts of handlers ---------------------------------------------------------------------------

// Pops operands of so many bytes: the first into x, the second into y, the third into W. `out` says
// how many bytes will be pushed back on that stack. In keep mode, or if `stay` is 1, the operands
// remain where they are; in keep mode x and y can be changed all the same.
.macro take first, second=0, third=0, out=0, stay=0
    .set kept, keep | \stay
    .set popped, \first + \second + \third
    .set growth, \out - popped * (1 - kept)
    .if ret
        guard_rst popped, growth
        load_item U, RST, -moved_rst, \first
        .if \second
            load_item V, RST, \first-moved_rst, \second
        .endif
        .if \third
            load_item W, RST, \first+\second-moved_rst, \third
        .endif
        .set at_rst, popped * (1 - kept) - moved_rst
    .else
        guard_wst popped, growth
        need_t \first
        .if \second
            need_s \second
        .endif
        .if \third
            load_item W, WST, \first+\second-moved_wst, \third
        .endif
        .if keep
            .if \second
                mov     V\()d, S\()d
            .endif
            .if \out
                room
            .endif
        .elseif kept == 0
            .set t_live, 0
            .if \second
                .set s_live, 0
            .endif
        .endif
        .set at_wst, popped * (1 - kept) - moved_wst
    .endif
.endm

// Frees T for a result, if it holds an item that stays on the stack.
.macro room
    .if t_live
        mov     S\()d, T\()d
        .set s_live, 1
        .set s_size, t_size
        .set t_live, 0
    .endif
.endm

.macro store_item reg, stack, at, bytes
    .if \bytes == 2
        mov     word ptr [\stack + \at - 1], \reg\()w
    .else
        mov     byte ptr [\stack + \at], \reg\()b
    .endif
.endm

.macro put_wst reg, bytes
    .ifc \reg, S
        mov     W\()d, S\()d
        room
        mov     T\()d, W\()d
    .else
        room
        .ifnc \reg, T
            mov     T\()d, \reg\()d
        .endif
    .endif
    store_item T, WST, at_wst, \bytes
    .set at_wst, at_wst - \bytes
    .set t_live, 1
    .set t_size, \bytes
.endm

.macro put_rst reg, bytes
    store_item \reg, RST, at_rst, \bytes
    .set at_rst, at_rst - \bytes
.endm

// Pushes an operand. The cache has it if it is x.
.macro spill reg, bytes
    .if ret
        put_rst \reg, \bytes
    .else
        store_item \reg, WST, at_wst, \bytes
        .set at_wst, at_wst - \bytes
        .ifc \reg, T
            .set t_live, 1
            .set t_size, \bytes
        .endif
    .endif
.endm

// Pushes on the stack of the mode.
.macro put reg, bytes
    .if ret
        put_rst \reg, \bytes
    .else
        put_wst \reg, \bytes
    .endif
.endm

// Pushes on the other stack.
.macro put_other reg, bytes
    .if ret
        put_wst \reg, \bytes
    .else
        put_rst \reg, \bytes
    .endif
.endm

.macro guard_source growth
    .if ret
        guard_rst 0, \growth
        .set at_rst, at_rst - moved_rst
    .else
        guard_wst 0, \growth
        .set at_wst, at_wst - moved_wst
    .endif
.endm

.macro guard_other growth
    .if ret
        guard_wst 0, \growth
        .set at_wst, at_wst - moved_wst
    .else
        guard_rst 0, \growth
        .set at_rst, at_rst - moved_rst
    .endif
.endm

// Moves PC past an instruction with an in-line operand, and leaves if that could cross ffff.
.macro skip length
    .set moved_pc, \length
    add     PC, \length
    leave_if c
    add     FUEL, \length - 1
.endm

// Leaves if the short at address \reg does not lie in one piece below \limit.
.macro guard_short reg, limit
    .if wide
        cmp     \reg, \limit
        leave_if e
    .endif
.endm

// Moves the pointers, and what is left in the cache up. Leaves the flags alone.
.macro finish
    .if at_wst
        lea     WST, [WST + at_wst]
    .endif
    .if at_rst
        lea     RST, [RST + at_rst]
    .endif
    .set at_wst, 0
    .set at_rst, 0
    .if s_live & (1 - t_live)
        mov     T\()d, S\()d
        .set t_live, 1
        .set t_size, s_size
        .set s_live, 0
    .endif
.endm

// Goes on with the next instruction.
.macro next
    finish
    .if moved_pc == 0
        movzx   eax, byte ptr [RAM_END + PC + 1]
        add     PC, 1
    .else
        movzx   eax, byte ptr [RAM_END + PC]
    .endif
    dispatch
.endm

// Goes on where the operand in \x leads: a byte is a distance from the next instruction.
.macro jump x
    .if wide == 0
        relative \x
    .endif
    sub     FUEL, PC
    .if wide
        mov     PC16, \x\()w
    .else
        mov     PC16, ax
    .endif
    lea     FUEL, [FUEL + PC - 1]
    finish
    jumped
.endm

// Goes on where the in-line distance leads.
.macro jump_by_literal
    movzx   eax, word ptr [RAM_END + PC - 2]
    rol     ax, 8
    sub     FUEL, PC
    add     PC16, ax
    add     FUEL, PC
    jumped
.endm

.macro jumped
    cmp     FUEL, PC
    jle     refill
    movzx   eax, byte ptr [RAM_END + PC]
    dispatch
.endm

.macro dispatch
    end_shape
    jmp     qword ptr [TABLE + rax * 8 + shape * 0x800]
.endm

// eax = the address at a distance from the next instruction.
.macro relative reg
    movsx   eax, \reg\()b
    lea     eax, [rax + PC + 1]
    movzx   eax, ax
.endm

// ---- The opcodes, in the order of uxn/opcodes.inc ------------------------------------------------
//
// x and y are the registers of the first and second operand, w is the suffix of the mode's width.

.macro op_BRK x, y, w
    jmp     break_or_wrap
.endm

.macro op_JCI x, y, w
    take    1
    skip    3
    test    T\()d, T\()d
    finish
    jz      1f
    jump_by_literal
1:  next
.endm

.macro op_JMI x, y, w
    skip    3
    jump_by_literal
.endm

.macro op_JSI x, y, w
    guard_rst 0, 2
    skip    3
    mov     word ptr [RST + 1], PC16
    jump_by_literal
.endm

.macro op_LIT x, y, w
    guard_source size
    skip    1+size
    .if ret == 0
        room
    .endif
    // As one load, although programs patch literals: they do so with shorts, mostly.
    .if wide
        movzx   \x\()d, word ptr [RAM_END + PC - 2]
        rol     \x\()w, 8
    .else
        movzx   \x\()d, byte ptr [RAM_END + PC - 1]
    .endif
    put     \x, size
    next
.endm

.macro op_INC x, y, w
    take    size, out=size
    inc     \x\w
    put     \x, size
    next
.endm

.macro op_POP x, y, w
    .if ret
        take    size
    .elseif t_live * (t_size - size)
        take    size
    .else
        // The value need not be loaded.
        guard_wst size, 0
        .if keep == 0
            .set t_live, 0
            .set at_wst, size
        .endif
    .endif
    next
.endm

.macro op_NIP x, y, w
    .if ret
        take    size, size, out=size
    .else
        // The second operand need not be loaded.
        guard_wst 2*size, size*keep
        need_t  size
        .if keep
            room
            .set at_wst, -moved_wst
        .else
            .set t_live, 0
            .set s_live, 0
            .set at_wst, 2 * size
        .endif
    .endif
    put     \x, size
    next
.endm

.macro op_SWP x, y, w
    take    size, size, out=2*size
    spill   \x, size
    put     \y, size
    next
.endm

.macro op_ROT x, y, w
    take    size, size, size, out=3*size
    spill   \y, size
    spill   \x, size
    put     W, size
    next
.endm

.macro op_DUP x, y, w
    take    size, out=size*(1+keep), stay=1
    .if keep
        spill   \x, size
    .endif
    put     \x, size
    next
.endm

.macro op_OVR x, y, w
    take    size, size, out=size*(1+2*keep), stay=1
    .if keep
        spill   \y, size
        spill   \x, size
    .endif
    put     \y, size
    next
.endm

// Pushes whether the second operand is in the relation `cc` to the first.
.macro compare cc, x, y
    take    size, size, out=1
    cmp     \y\()d, \x\()d
    set\cc  al
    movzx   \x\()d, al
    put     \x, 1
    next
.endm

.macro op_EQU x, y, w
    compare e, \x, \y
.endm
.macro op_NEQ x, y, w
    compare ne, \x, \y
.endm
.macro op_GTH x, y, w
    compare a, \x, \y
.endm
.macro op_LTH x, y, w
    compare b, \x, \y
.endm

.macro op_JMP x, y, w
    take    size
    jump    \x
.endm

.macro op_JCN x, y, w
    take    size, 1
    test    \y\()d, \y\()d
    finish
    jz      1f
    jump    \x
1:  next
.endm

.macro op_JSR x, y, w
    take    size
    guard_other 2
    lea     W\()d, [PC + 1]
    movzx   W\()d, W\()w
    put_other W, 2
    jump    \x
.endm

.macro op_STH x, y, w
    take    size
    guard_other size
    put_other \x, size
    next
.endm

// x = the item at address `at`.
.macro load_ram x, at
    .if wide
        movzx   ecx, byte ptr [RAM_END - RAM_SIZE + \at + 1]
        movzx   \x\()d, byte ptr [RAM_END - RAM_SIZE + \at]
        shl     \x\()d, 8
        or      \x\()d, ecx
    .else
        movzx   \x\()d, byte ptr [RAM_END - RAM_SIZE + \at]
    .endif
    put     \x, size
.endm

// Stores the item y at address `at`. A short is stored as one: see load_item.
.macro store_ram y, at
    .if wide
        mov     ecx, \y\()d
        rol     cx, 8
        mov     word ptr [RAM_END - RAM_SIZE + \at], cx
    .else
        mov     byte ptr [RAM_END - RAM_SIZE + \at], \y\()b
    .endif
.endm

.macro op_LDZ x, y, w
    take    1, out=size
    guard_short \x\()b, -1
    load_ram \x, \x
    next
.endm
.macro op_STZ x, y, w
    take    1, size
    guard_short \x\()b, -1
    store_ram \y, \x
    next
.endm

.macro op_LDR x, y, w
    take    1, out=size
    relative \x
    guard_short ax, -1
    load_ram \x, rax
    next
.endm

.macro op_STR x, y, w
    take    1, size
    relative \x
    guard_short ax, -1
    store_ram \y, rax
    next
.endm

.macro op_LDA x, y, w
    take    2, out=size
    guard_short \x\()w, -1
    load_ram \x, \x
    next
.endm

.macro op_STA x, y, w
    take    2, size
    guard_short \x\()w, -1
    store_ram \y, \x
    next
.endm

// Leaves if the port in \x is in a set of ports, which is part of the frame.
.macro guard_port x, set, wide_set
    mov     eax, \x\()d
    shr     eax, 6
    .if wide
        mov     rax, [FRAME + rax * 8 + \wide_set]
    .else
        mov     rax, [FRAME + rax * 8 + \set]
    .endif
    bt      rax, \x
    leave_if c
.endm

.macro op_DEI x, y, w
    take    1, out=size
    guard_port \x, FRAME_READS, FRAME_WIDE_READS
    load_ram \x, \x+MACHINE_DEV
    next
.endm

.macro op_DEO x, y, w
    take    1, size
    guard_port \x, FRAME_WRITES, FRAME_WIDE_WRITES
    store_ram \y, \x+MACHINE_DEV
    next
.endm

.macro op_ADD x, y, w
    take    size, size, out=size
    add     \x\w, \y\w
    put     \x, size
    next
.endm

.macro op_SUB x, y, w
    take    size, size, out=size
    sub     \y\w, \x\w
    mov     \x\()d, \y\()d
    put     \x, size
    next
.endm

.macro op_MUL x, y, w
    take    size, size, out=size
    imul    \x\()d, \y\()d
    movzx   \x\()d, \x\w
    put     \x, size
    next
.endm

.macro op_DIV x, y, w
    take    size, size, out=size
    test    \x\()d, \x\()d
    jz      1f
    mov     eax, \y\()d
    xor     edx, edx
    div     \x\()w
    mov     \x\()d, eax
1:  put     \x, size
    next
.endm

.macro op_AND x, y, w
    take    size, size, out=size
    and     \x\()d, \y\()d
    put     \x, size
    next
.endm
.macro op_ORA x, y, w
    take    size, size, out=size
    or      \x\()d, \y\()d
    put     \x, size
    next
.endm
.macro op_EOR x, y, w
    take    size, size, out=size
    xor     \x\()d, \y\()d
    put     \x, size
    next
.endm

.macro op_SFT x, y, w
    take    1, size, out=size
    mov     ecx, \x\()d
    and     ecx, 15
    shr     \y\()d, cl
    mov     ecx, \x\()d
    shr     ecx, 4
    shl     \y\()d, cl
    movzx   \x\()d, \y\w
    put     \x, size
    next
.endm

// ---- Entry, exits, tables -------------------------------------------------------------------------

#define HANDLER_ALIGNMENT 6     /* cache lines: see "What was measured" in docs/design.md */
#include "uxn/native/handlers.inc"

.macro opcode op
    .if ret
        with_width \op, U, V
    .elseif keep
        with_width \op, T, V
    .else
        with_width \op, T, S
    .endif
.endm

.macro with_width op, x, y
    .if wide
        \op \x, \y, w
    .else
        \op \x, \y, b
    .endif
.endm

// Stands before the handlers of a shape when the budget is nearly used up.
.macro count_down shape
    cmp     FUEL, PC
    jle     refill
    mov     rcx, [FRAME + FRAME_HANDLERS]
    jmp     qword ptr [rcx + rax * 8 + \shape * 0x800]
.endm

    .text
    .p2align 6
    global  SYMBOL(leveret_native_run)
SYMBOL(leveret_native_run):
    .cfi_startproc
    LANDING
    .irp    reg, SAVED
    push    \reg
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset \reg, 0
    .endr
    sub     rsp, RESERVED
    .cfi_adjust_cfa_offset RESERVED
    mov     FRAME, ARGUMENT
resume:
    mov     RAM_END, [FRAME + FRAME_RAM_END]
    mov     PC, [FRAME + FRAME_PC]
    mov     WST, [FRAME + FRAME_WST]
    mov     RST, [FRAME + FRAME_RST]
    mov     FUEL, [FRAME + FRAME_FUEL]
    mov     TABLE, [FRAME + FRAME_TABLE]
    movzx   eax, byte ptr [RAM_END + PC]
    begin_shape 0
    dispatch

.macro save_state
    mov     [FRAME + FRAME_PC], PC
    mov     [FRAME + FRAME_WST], WST
    mov     [FRAME + FRAME_RST], RST
    mov     [FRAME + FRAME_FUEL], FUEL
.endm

// One instruction the slow way.
careful:
    save_state
    mov     ARGUMENT, FRAME
    call    SYMBOL(leveret_native_step)
    test    al, al
    jnz     resume
    jmp     run_over

// The slice of the budget is used up.
refill:
    save_state
    mov     ARGUMENT, FRAME
    call    SYMBOL(leveret_native_refill)
    test    al, al
    jnz     resume
run_over:
    .cfi_remember_state
    add     rsp, RESERVED
    .cfi_adjust_cfa_offset -RESERVED
    .irp    reg, RESTORED
    pop     \reg
    .cfi_adjust_cfa_offset -8
    .endr
    ret
    .cfi_restore_state

break_or_wrap:
    test    PC, PC
    jns     wrap
    inc     PC
    save_state
    mov     ARGUMENT, FRAME
    call    SYMBOL(leveret_native_break)
    jmp     run_over
wrap:
    sub     PC, RAM_SIZE
    sub     FUEL, RAM_SIZE
    cmp     FUEL, PC
    jle     refill
    movzx   eax, byte ptr [RAM_END + PC]
    begin_shape 0
    dispatch

    all_counting_handlers
    all_handlers
    .cfi_endproc

#if defined(__ELF__)
    .section .note.GNU-stack, "", %progbits
#endif
