/* What the assembly engines share with C++: where things lie in `NativeFrame` and in `Machine`, in
 * bytes. Read by the assembler too, so plain #defines; native_engine.cpp pins each one. */
#pragma once

/* NativeFrame: the state of a run while it is not in registers. */
#define FRAME_RAM_END 0x00
#define FRAME_PC 0x08
#define FRAME_WST 0x10
#define FRAME_RST 0x18
#define FRAME_FUEL 0x20
#define FRAME_TABLE 0x28
#define FRAME_HANDLERS 0x30
#define FRAME_READS 0x38       /* ports that DEI cannot read as memory, 256 bits */
#define FRAME_WIDE_READS 0x58  /* the same for DEI2 */
#define FRAME_WRITES 0x78      /* ports that DEO cannot write as memory */
#define FRAME_WIDE_WRITES 0x98 /* the same for DEO2 */

/* Machine. RAM comes first; a byte 00 follows it. */
#define RAM_SIZE 0x10000
#define MACHINE_DEV 0x10600

/* Shapes of the stack cache, numbered as in uxn/interp/stack_cache.hpp. */
#define CACHE_SHAPES 7
