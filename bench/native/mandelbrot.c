/* ../programs/mandelbrot.tal in C: products are made of four products of bytes, as there. */
#include "native.h"

const char name[] = "mandelbrot";

static uint16_t negate(uint16_t a) {
    return (uint16_t)(0 - a);
}

static uint16_t magnitude(uint16_t a) {
    return (a >> 15) != 0 ? negate(a) : a;
}

/* The 32-bit product of two numbers under 8000, without its last 12 bits. */
static uint16_t multiply(uint16_t a, uint16_t b) {
    const uint8_t ah = (uint8_t)(a >> 8);
    const uint8_t al = (uint8_t)a;
    const uint8_t bh = (uint8_t)(b >> 8);
    const uint8_t bl = (uint8_t)b;
    const uint16_t high = (uint16_t)((ah * bh) << 4);
    uint16_t rest = (uint16_t)(al * bl) >> 8;
    rest = (uint16_t)(rest + ah * bl);
    rest = (uint16_t)(rest + al * bh);
    return (uint16_t)(high + (rest >> 4));
}

static uint16_t multiply_signed(uint16_t a, uint16_t b) {
    const uint16_t product = multiply(magnitude(a), magnitude(b));
    return ((a ^ b) & 0x8000) != 0 ? negate(product) : product;
}

static uint8_t orbit(uint16_t cx, uint16_t cy) {
    uint16_t x = cx;
    uint16_t y = cy;
    uint8_t count = 0;
    do {
        const uint16_t ax = magnitude(x);
        if (ax > 0x2000) {
            return count;
        }
        const uint16_t xx = multiply(ax, ax);
        const uint16_t ay = magnitude(y);
        if (ay > 0x2000) {
            return count;
        }
        const uint16_t yy = multiply(ay, ay);
        const uint16_t xy = multiply_signed(x, y);
        y = (uint16_t)(xy + xy + cy);
        if ((uint16_t)(xx + yy) > 0x4000) {
            return count;
        }
        x = (uint16_t)(xx - yy + cx);
        ++count;
    } while (count < 0x40);
    return count;
}

uint16_t run(void) {
    uint16_t sum = 0;
    for (uint16_t y = 0xee00; y != 0x1200; y = (uint16_t)(y + 0x60)) {
        for (uint16_t x = 0xde00; x != 0x0e00; x = (uint16_t)(x + 0x40)) {
            sum = (uint16_t)(orbit(x, y) + sum * 0x1fu);
        }
    }
    return sum;
}
