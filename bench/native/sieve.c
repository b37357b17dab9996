/* ../programs/sieve.tal in C, in a memory of the same size, at the same addresses. */
#include "native.h"

const char name[] = "sieve";

static uint8_t memory[0x10000];
static const uint16_t flags = 0x0400;

static void clear(uint16_t length) {
    const uint16_t end = (uint16_t)(flags + length);
    uint16_t at = flags;
    do {
        memory[at] = 0;
        memory[(uint16_t)(at + 1)] = 0;
        at = (uint16_t)(at + 2);
    } while (end > at);
}

static void strike(uint16_t prime, uint16_t end) {
    if (prime > 0xff) {
        return;
    }
    uint16_t at = (uint16_t)((uint16_t)((unsigned)prime * prime) + flags);
    while (at < end) {
        memory[at] = 1;
        at = (uint16_t)(at + prime);
    }
}

static uint16_t sieve(uint16_t limit) {
    clear(limit);
    const uint16_t end = (uint16_t)(limit + flags);
    uint16_t count = 0;
    uint16_t i = 2;
    do {
        if (memory[(uint16_t)(i + flags)] == 0) {
            ++count;
            strike(i, end);
        }
        ++i;
    } while (i < limit);
    return count;
}

uint16_t run(void) {
    uint16_t sum = 0;
    for (uint16_t limit = 0xdc00; limit != 0xb800; limit = (uint16_t)(limit - 0x100)) {
        sum = (uint16_t)(sieve(limit) + sum * 0x1fu);
    }
    return sum;
}
