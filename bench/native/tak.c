/* ../programs/tak.tal in C. */
#include "native.h"

const char name[] = "tak";

static uint16_t calls;

static uint8_t tak(uint8_t x, uint8_t y, uint8_t z) {
    ++calls;
    if (!(x > y)) {
        return z;
    }
    const uint8_t first = tak((uint8_t)(x - 1), y, z);
    const uint8_t second = tak((uint8_t)(y - 1), z, x);
    const uint8_t third = tak((uint8_t)(z - 1), x, y);
    return tak(first, second, third);
}

uint16_t run(void) {
    calls = 0;
    const uint8_t result = tak(0x1a, 0x10, 0x08);
    return (uint16_t)(result + calls);
}
