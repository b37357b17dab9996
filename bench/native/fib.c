/* ../programs/fib.tal in C. */
#include "native.h"

const char name[] = "fib";

/* Calls are what this measures; GCC would make loops of most of them, and a fiftieth of the time. */
__attribute__((noinline)) static uint16_t fib(uint8_t n) {
    if (n > 1) {
        return (uint16_t)(fib((uint8_t)(n - 1)) + fib((uint8_t)(n - 2)));
    }
    return n;
}

uint16_t run(void) {
    return fib(0x20);
}
