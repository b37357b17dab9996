// The assembly engine for AArch64: token-threaded code with the state in registers.
//
// x86_64/engine.S has the same macros in the same order, and explains the design and why no handler
// can touch memory outside the machine. What is different here:
//   - WST and RST point to the top cell, so that a store can move them. The rings are aligned to
//     twice their size, so bit 8 of an address tells whether it is in the ring or just outside.
//   - PC is a pointer.

#include "uxn/native/frame_layout.h"

// Registers. All belong to the engine between entry and exit. Operands are known by number, so that
// w\x and x\x name their halves.
#define FRAME   x19     /* NativeFrame */
#define PC      x20     /* address of the opcode in memory */
#define wPC     w20
#define RAM     x21
#define wRAM    w21
#define RAM_1   w22     /* RAM - 1 */
#define RAM_3   w23     /* RAM - 3 */
#define LIMIT   x24     /* from here on, an in-line operand could cross ffff */
#define DEV     x25     /* the device page */
#define WST     x26     /* top cell of the working stack; just behind the ring if it is empty */
#define RST     x27     /* top cell of the return stack */
#define FUEL    x28     /* instructions left, plus PC: see interp/register_executor.hpp */
#define T       8       /* stack cache: the top item, zero-extended */
#define wT      w8
#define S       9       /* stack cache: the item below */
#define wS      w9
#define U       10      /* first operand in return mode */
#define V       11      /* second operand in return mode */
#define wV      w11
#define W       12      /* third operand; scratch */
#define wW      w12
// Handlers of the seven shapes, by opcode: x4 to x7 and x13 to x15. x0 to x3 are scratch; opcodes are
// dispatched through x0. x16 to x18, x29 and x30 are left alone.

#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define CONSTANTS .section __DATA,__const
#else
#define SYMBOL(name) name
#define CONSTANTS .section .data.rel.ro, "aw"
#endif

// Where indirect jumps may lead.
#if defined(__ARM_FEATURE_BTI_DEFAULT)
#define LANDING bti j
#else
#define LANDING
#endif

// ---- The stack cache, while assembling -----------------------------------------------------------
//
// at_wst, at_rst: the top of the stack, counted from WST and RST.
// length: bytes of the instruction.
// exits: 1 if something jumps to the way out at the end of the handler.

.macro begin_handler
    .set at_wst, 0
    .set at_rst, 0
    .set length, 1
    .set exits, 0
.endm

// Leaves to `careful` if a bit is set: a short way, since this jump does not reach far.
.macro leave_if_bit reg, bit
    .set exits, 1
    tbnz    \reg, \bit, 9f
.endm

// Stands at the end of each handler.
.macro emit_exits
    .if exits
9:      b       careful
    .endif
.endm

// Leaves unless `pops` bytes below the top and `growth` bytes above it are in the ring in one piece.
// Cells of items in the cache are known to be.
.macro guard_wst pops, growth
    .if \pops > t_live * t_size + s_live * s_size
        guard_cell WST, \pops-1
    .endif
    .if \growth > 0
        guard_cell WST, -(\growth)
    .endif
.endm

.macro guard_rst pops, growth
    .if \pops > 0
        guard_cell RST, \pops-1
    .endif
    .if \growth > 0
        guard_cell RST, -(\growth)
    .endif
.endm

.macro guard_cell stack, offset
    .if \offset
        add     x0, \stack, \offset
        leave_if_bit x0, 8
    .else
        leave_if_bit \stack, 8
    .endif
.endm

// Loads an item of `bytes` whose top is `depth` bytes below the top of a stack.
.macro load_item reg, stack, depth, bytes
    .if \bytes == 2
        ldrh    w\reg, [\stack, \depth]
    .else
        ldrb    w\reg, [\stack, \depth]
    .endif
.endm

// Makes T an item of `bytes`.
.macro need_t bytes
    .if t_live == 0
        load_item T, WST, 0, \bytes
    .elseif t_size > \bytes
        lsr     wS, wT, 8
        and     wT, wT, 0xff
        .set s_live, 1
        .set s_size, 1
    .elseif t_size < \bytes
        .if s_live == 0
            ldrb    w0, [WST, 1]
            orr     wT, wT, w0, lsl 8
        .elseif s_size == 2
            bfi     wT, wS, 8, 8
            lsr     wS, wS, 8
            .set s_size, 1
        .else
            orr     wT, wT, wS, lsl 8
            .set s_live, 0
        .endif
    .endif
    .set t_live, 1
    .set t_size, \bytes
.endm

// Makes S an item of `bytes`, T being one of t_size.
.macro need_s bytes
    .if s_live == 0
        load_item S, WST, t_size, \bytes
    .elseif s_size > \bytes
        and     wS, wS, 0xff
    .elseif s_size < \bytes
        ldrb    w0, [WST, 1 + t_size]
        orr     wS, wS, w0, lsl 8
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
        load_item U, RST, 0, \first
        .if \second
            load_item V, RST, \first, \second
        .endif
        .if \third
            load_item W, RST, \first+\second, \third
        .endif
        .set at_rst, popped * (1 - kept)
    .else
        guard_wst popped, growth
        need_t \first
        .if \second
            need_s \second
        .endif
        .if \third
            load_item W, WST, \first+\second, \third
        .endif
        .if keep
            .if \second
                mov     wV, wS
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
        .set at_wst, popped * (1 - kept)
    .endif
.endm

// Frees T for a result, if it holds an item that stays on the stack.
.macro room
    .if t_live
        mov     wS, wT
        .set s_live, 1
        .set s_size, t_size
        .set t_live, 0
    .endif
.endm

// Stores an item and makes its cell the one that the pointer points to.
.macro store_item reg, stack, at, bytes
    .if \at - \bytes
        .if \bytes == 2
            strh    w\reg, [\stack, \at - \bytes]!
        .else
            strb    w\reg, [\stack, \at - \bytes]!
        .endif
    .else
        .if \bytes == 2
            strh    w\reg, [\stack]
        .else
            strb    w\reg, [\stack]
        .endif
    .endif
    .set \at, 0
.endm

.macro put_wst reg, bytes
    .if \reg == S
        mov     wW, wS
        room
        mov     wT, wW
    .else
        room
        .if \reg != T
            mov     wT, w\reg
        .endif
    .endif
    store_item T, WST, at_wst, \bytes
    .set t_live, 1
    .set t_size, \bytes
.endm

.macro put_rst reg, bytes
    store_item \reg, RST, at_rst, \bytes
.endm

// Pushes an operand. The cache has it if it is x.
.macro spill reg, bytes
    .if ret
        put_rst \reg, \bytes
    .else
        store_item \reg, WST, at_wst, \bytes
        .if \reg == T
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
    .else
        guard_wst 0, \growth
    .endif
.endm

.macro guard_other growth
    .if ret
        guard_wst 0, \growth
    .else
        guard_rst 0, \growth
    .endif
.endm

// Leaves if the in-line operand of an instruction of `bytes` could cross ffff.
.macro skip bytes
    cmp     PC, LIMIT
    b.hs    careful
    .set length, \bytes
.endm

// Leaves if the short at the address in \reg does not lie in one piece below 1 << limit.
.macro guard_short reg, limit
    .if size == 2
        add     w0, w\reg, 1
        leave_if_bit w0, \limit
    .endif
.endm

// Moves the pointers, and what is left in the cache up. Leaves the flags alone.
.macro finish
    .if at_wst
        add     WST, WST, at_wst
    .endif
    .if at_rst
        add     RST, RST, at_rst
    .endif
    .set at_wst, 0
    .set at_rst, 0
    .if s_live & (1 - t_live)
        mov     wT, wS
        .set t_live, 1
        .set t_size, s_size
        .set s_live, 0
    .endif
.endm

// Goes on with the next instruction.
.macro next
    finish
    ldrb    w0, [PC, length]!
    .if length > 1
        add     FUEL, FUEL, length - 1
    .endif
    dispatch
.endm

// Goes on where the operand in \x leads: a byte is a distance from the next instruction.
.macro jump x
    sub     x2, FUEL, PC
    .if wide
        add     PC, RAM, w\x, uxth
    .else
        relative \x
        add     PC, RAM, w1, uxth
    .endif
    finish
    jumped
.endm

// Goes on where the in-line distance leads.
.macro jump_by_literal
    ldurh   w1, [PC, 1]
    sub     w3, wPC, RAM_3
    sub     x2, FUEL, PC
    rev16   w1, w1
    add     w1, w1, w3
    add     PC, RAM, w1, uxth
    jumped
.endm

// x2 holds what was left before the jump.
.macro jumped
    subs    x2, x2, 1
    add     FUEL, x2, PC
    b.le    refill
    ldrb    w0, [PC]
    dispatch
.endm

.macro dispatch
    end_shape
    .if shape == 0
        ldr     x0, [x4, x0, lsl 3]
    .elseif shape == 1
        ldr     x0, [x5, x0, lsl 3]
    .elseif shape == 2
        ldr     x0, [x6, x0, lsl 3]
    .elseif shape == 3
        ldr     x0, [x7, x0, lsl 3]
    .elseif shape == 4
        ldr     x0, [x13, x0, lsl 3]
    .elseif shape == 5
        ldr     x0, [x14, x0, lsl 3]
    .else
        ldr     x0, [x15, x0, lsl 3]
    .endif
    br      x0
.endm

// w1 = the address at a distance from the next instruction. Its upper half is without meaning.
.macro relative reg
    sub     w1, wPC, RAM_1
    add     w1, w1, w\reg, sxtb
.endm

// ---- The opcodes, in the order of uxn/opcodes.inc ------------------------------------------------
//
// x and y are the registers of the first and second operand.

.macro op_BRK x, y
    b       break_or_wrap
.endm

.macro op_JCI x, y
    take    1
    skip    3
    mov     w2, wT
    finish
    cbz     w2, 1f
    jump_by_literal
1:  next
.endm

.macro op_JMI x, y
    skip    3
    jump_by_literal
.endm

.macro op_JSI x, y
    guard_rst 0, 2
    skip    3
    sub     w1, wPC, RAM_3
    strh    w1, [RST, -2]!
    jump_by_literal
.endm

.macro op_LIT x, y
    guard_source size
    skip    1+size
    .if ret == 0
        room
    .endif
    .if wide
        ldurh   w\x, [PC, 1]
        rev16   w\x, w\x
    .else
        ldrb    w\x, [PC, 1]
    .endif
    put     \x, size
    next
.endm

// Zero-extends a result.
.macro narrow reg
    .if wide
        and     w\reg, w\reg, 0xffff
    .else
        and     w\reg, w\reg, 0xff
    .endif
.endm

.macro op_INC x, y
    take    size, out=size
    add     w\x, w\x, 1
    narrow  \x
    put     \x, size
    next
.endm

.macro op_POP x, y
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

.macro op_NIP x, y
    .if ret
        take    size, size, out=size
    .else
        // The second operand need not be loaded.
        guard_wst 2*size, size*keep
        need_t  size
        .if keep
            room
        .else
            .set t_live, 0
            .set s_live, 0
            .set at_wst, 2 * size
        .endif
    .endif
    put     \x, size
    next
.endm

.macro op_SWP x, y
    take    size, size, out=2*size
    spill   \x, size
    put     \y, size
    next
.endm

.macro op_ROT x, y
    take    size, size, size, out=3*size
    spill   \y, size
    spill   \x, size
    put     W, size
    next
.endm

.macro op_DUP x, y
    take    size, out=size*(1+keep), stay=1
    .if keep
        spill   \x, size
    .endif
    put     \x, size
    next
.endm

.macro op_OVR x, y
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
    cmp     w\y, w\x
    cset    w\x, \cc
    put     \x, 1
    next
.endm

.macro op_EQU x, y
    compare eq, \x, \y
.endm
.macro op_NEQ x, y
    compare ne, \x, \y
.endm
.macro op_GTH x, y
    compare hi, \x, \y
.endm
.macro op_LTH x, y
    compare lo, \x, \y
.endm

.macro op_JMP x, y
    take    size
    jump    \x
.endm

.macro op_JCN x, y
    take    size, 1
    finish
    cbz     w\y, 1f
    jump    \x
1:  next
.endm

.macro op_JSR x, y
    take    size
    guard_other 2
    sub     wW, wPC, RAM_1
    and     wW, wW, 0xffff
    put_other W, 2
    jump    \x
.endm

.macro op_STH x, y
    take    size
    guard_other size
    put_other \x, size
    next
.endm

// x = the item at `at` in a page.
.macro load_ram x, at, page=RAM
    .if wide
        ldrh    w\x, [\page, \at]
        rev16   w\x, w\x
    .else
        ldrb    w\x, [\page, \at]
    .endif
    put     \x, size
.endm

// Stores the item y at `at` in a page.
.macro store_ram y, at, page=RAM
    .if wide
        rev16   w2, w\y
        strh    w2, [\page, \at]
    .else
        strb    w\y, [\page, \at]
    .endif
.endm

.macro op_LDZ x, y
    take    1, out=size
    guard_short \x, 8
    load_ram \x, x\x
    next
.endm
.macro op_STZ x, y
    take    1, size
    guard_short \x, 8
    store_ram \y, x\x
    next
.endm

.macro op_LDR x, y
    take    1, out=size
    relative \x
    and     w1, w1, 0xffff
    guard_short 1, 16
    load_ram \x, x1
    next
.endm

.macro op_STR x, y
    take    1, size
    relative \x
    and     w1, w1, 0xffff
    guard_short 1, 16
    store_ram \y, x1
    next
.endm

.macro op_LDA x, y
    take    2, out=size
    guard_short \x, 16
    load_ram \x, x\x
    next
.endm

.macro op_STA x, y
    take    2, size
    guard_short \x, 16
    store_ram \y, x\x
    next
.endm

// Leaves if the port in \x is in a set of ports, which is part of the frame.
.macro guard_port x, set, wide_set
    lsr     w1, w\x, 6
    add     x1, FRAME, x1, lsl 3
    .if wide
        ldr     x1, [x1, \wide_set]
    .else
        ldr     x1, [x1, \set]
    .endif
    lsr     x1, x1, x\x
    leave_if_bit x1, 0
.endm

.macro op_DEI x, y
    take    1, out=size
    guard_port \x, FRAME_READS, FRAME_WIDE_READS
    load_ram \x, x\x, DEV
    next
.endm

.macro op_DEO x, y
    take    1, size
    guard_port \x, FRAME_WRITES, FRAME_WIDE_WRITES
    store_ram \y, x\x, DEV
    next
.endm

.macro op_ADD x, y
    take    size, size, out=size
    add     w\x, w\y, w\x
    narrow  \x
    put     \x, size
    next
.endm

.macro op_SUB x, y
    take    size, size, out=size
    sub     w\x, w\y, w\x
    narrow  \x
    put     \x, size
    next
.endm

.macro op_MUL x, y
    take    size, size, out=size
    mul     w\x, w\y, w\x
    narrow  \x
    put     \x, size
    next
.endm

// Here, too, a division by zero gives zero.
.macro op_DIV x, y
    take    size, size, out=size
    udiv    w\x, w\y, w\x
    put     \x, size
    next
.endm

.macro op_AND x, y
    take    size, size, out=size
    and     w\x, w\y, w\x
    put     \x, size
    next
.endm
.macro op_ORA x, y
    take    size, size, out=size
    orr     w\x, w\y, w\x
    put     \x, size
    next
.endm
.macro op_EOR x, y
    take    size, size, out=size
    eor     w\x, w\y, w\x
    put     \x, size
    next
.endm

.macro op_SFT x, y
    take    1, size, out=size
    and     w1, w\x, 15
    lsr     w\y, w\y, w1
    lsr     w1, w\x, 4
    lsl     w\x, w\y, w1
    narrow  \x
    put     \x, size
    next
.endm

// ---- Entry, exits, tables -------------------------------------------------------------------------

#define HANDLER_ALIGNMENT 4
#include "uxn/native/handlers.inc"

.macro opcode op
    .if ret
        \op U, V
    .elseif keep
        \op T, V
    .else
        \op T, S
    .endif
.endm

// Stands before the handlers of a shape when the budget is nearly used up.
.macro count_down shape
    cmp     FUEL, PC
    b.le    refill
    ldrb    w0, [PC]
    ldr     x1, [FRAME, FRAME_HANDLERS]
    add     x0, x0, \shape * 0x100
    ldr     x0, [x1, x0, lsl 3]
    br      x0
.endm

.macro save_pair first, second, at
    stp     \first, \second, [sp, \at]
    .cfi_rel_offset \first, \at
    .cfi_rel_offset \second, \at + 8
.endm

.macro save_state
    ldr     x1, [FRAME, FRAME_RAM_END]
    sub     x1, PC, x1
    sub     x2, FUEL, PC
    add     x2, x2, x1
    sub     x3, WST, 1
    sub     x4, RST, 1
    str     x1, [FRAME, FRAME_PC]
    str     x2, [FRAME, FRAME_FUEL]
    str     x3, [FRAME, FRAME_WST]
    str     x4, [FRAME, FRAME_RST]
    mov     x0, FRAME
.endm

    .text
    .p2align 6
    global  SYMBOL(leveret_native_run)
SYMBOL(leveret_native_run):
    .cfi_startproc
#if defined(__ARM_FEATURE_BTI_DEFAULT)
    bti     c
#endif
    stp     x29, x30, [sp, -96]!
    .cfi_def_cfa_offset 96
    .cfi_rel_offset x29, 0
    .cfi_rel_offset x30, 8
    mov     x29, sp
    save_pair x19, x20, 16
    save_pair x21, x22, 32
    save_pair x23, x24, 48
    save_pair x25, x26, 64
    save_pair x27, x28, 80
    mov     FRAME, x0
resume:
    ldr     x1, [FRAME, FRAME_RAM_END]
    ldr     x2, [FRAME, FRAME_PC]
    ldr     x3, [FRAME, FRAME_FUEL]
    ldr     WST, [FRAME, FRAME_WST]
    ldr     RST, [FRAME, FRAME_RST]
    ldr     x4, [FRAME, FRAME_TABLE]
    add     PC, x1, x2
    sub     x3, x3, x2
    add     FUEL, x3, PC
    add     WST, WST, 1
    add     RST, RST, 1
    sub     RAM, x1, RAM_SIZE
    sub     RAM_1, wRAM, 1
    sub     RAM_3, wRAM, 3
    sub     LIMIT, x1, 3
    add     DEV, RAM, MACHINE_DEV & 0xff000
    add     DEV, DEV, MACHINE_DEV & 0xfff
    add     x5, x4, 0x800
    add     x6, x5, 0x800
    add     x7, x6, 0x800
    add     x13, x7, 0x800
    add     x14, x13, 0x800
    add     x15, x14, 0x800
    ldrb    w0, [PC]
    begin_shape 0
    dispatch

// One instruction the slow way.
careful:
    save_state
    bl      SYMBOL(leveret_native_step)
    tbnz    w0, 0, resume
    b       run_over

// The slice of the budget is used up.
refill:
    save_state
    bl      SYMBOL(leveret_native_refill)
    tbnz    w0, 0, resume
run_over:
    .cfi_remember_state
    ldp     x19, x20, [sp, 16]
    ldp     x21, x22, [sp, 32]
    ldp     x23, x24, [sp, 48]
    ldp     x25, x26, [sp, 64]
    ldp     x27, x28, [sp, 80]
    ldp     x29, x30, [sp], 96
    .cfi_def_cfa_offset 0
    // Saved values are below the stack now, where signal handlers write.
    .irp    reg, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30
    .cfi_restore \reg
    .endr
    ret
    .cfi_restore_state

// BRK, met in RAM or in the byte past its end. The latter means that pc has to wrap.
break_or_wrap:
    ldr     x1, [FRAME, FRAME_RAM_END]
    cmp     PC, x1
    b.hs    1f
    add     PC, PC, 1
    save_state
    bl      SYMBOL(leveret_native_break)
    b       run_over
1:  sub     PC, PC, RAM_SIZE
    sub     FUEL, FUEL, RAM_SIZE
    cmp     FUEL, PC
    b.le    refill
    ldrb    w0, [PC]
    begin_shape 0
    dispatch

    all_counting_handlers
    all_handlers
    .cfi_endproc

#if defined(__ELF__)
    .section .note.GNU-stack, "", %progbits
    // The object file does with checked jumps (BTI) and with a shadow stack (GCS).
    .set    features, 0
#if defined(__ARM_FEATURE_BTI_DEFAULT)
    .set    features, features | 1
#endif
#if defined(__ARM_FEATURE_GCS_DEFAULT)
    .set    features, features | 4
#endif
    .if     features
    .section .note.gnu.property, "a"
    .p2align 3
    .word   4, 16, 5
    .asciz  "GNU"
    .word   0xc0000000, 4, features, 0
    .endif
#endif
