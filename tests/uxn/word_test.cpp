// Arithmetic of bytes and shorts. The compiler runs all of it, and refuses undefined behaviour.

#include "uxn/word.hpp"

#include <gtest/gtest.h>

namespace uxn::test {
namespace {

static_assert(Byte(0xff) + Byte(0x02) == Byte(0x01));
static_assert(Short(0xffff) + Short(0x0002) == Short(0x0001));
static_assert(Byte(0x01) - Byte(0x03) == Byte(0xfe));
static_assert(Short(0x0000) - Short(0x0001) == Short(0xffff));

// As int this product overflows, which is undefined.
static_assert(Short(0xffff) * Short(0xffff) == Short(0x0001));
static_assert(Short(0x8000) * Short(0xffff) == Short(0x8000));
static_assert(Byte(0x11) * Byte(0x11) == Byte(0x21));

static_assert(Byte(0x10) / Byte(0x03) == Byte(0x05));
static_assert(Short(0xffff) / Short(0x0100) == Short(0x00ff));
static_assert(Byte(0x12) / Byte(0x00) == Byte(0x00));
static_assert(Short(0x1234) / Short(0x0000) == Short(0x0000));

static_assert((Byte(0xf0) & Byte(0x3c)) == Byte(0x30));
static_assert((Byte(0xf0) | Byte(0x3c)) == Byte(0xfc));
static_assert((Short(0xf0f0) ^ Short(0xffff)) == Short(0x0f0f));

static_assert(shift(Byte(0xff), Byte(0x03)) == Byte(0x1f));
static_assert(shift(Byte(0xff), Byte(0x20)) == Byte(0xfc));
static_assert(shift(Byte(0xff), Byte(0x23)) == Byte(0x7c), "right first, then left");
static_assert(shift(Byte(0xff), Byte(0x08)) == Byte(0x00));
static_assert(shift(Byte(0xff), Byte(0x80)) == Byte(0x00));
static_assert(shift(Byte(0xff), Byte(0xf0)) == Byte(0x00));
static_assert(shift(Byte(0xff), Byte(0xff)) == Byte(0x00));
static_assert(shift(Short(0x8000), Byte(0x0f)) == Short(0x0001));
static_assert(shift(Short(0xffff), Byte(0xf0)) == Short(0x8000));
static_assert(shift(Short(0x1248), Byte(0x34)) == Short(0x0920));

static_assert(equal(Short(0x1234), Short(0x1234)) == Byte(0x01));
static_assert(equal(Short(0x1234), Short(0x1235)) == Byte(0x00));
static_assert(greater(Byte(0xff), Byte(0x01)) == Byte(0x01), "unsigned");
static_assert(greater(Byte(0x05), Byte(0x05)) == Byte(0x00));

static_assert(make_short(Byte(0x12), Byte(0x34)) == Short(0x1234));
static_assert(high_byte(Short(0x1234)) == Byte(0x12));
static_assert(low_byte(Short(0x1234)) == Byte(0x34));
static_assert(sign_extend(Byte(0x7f)) == Short(0x007f));
static_assert(sign_extend(Byte(0x80)) == Short(0xff80));
static_assert(Short(0x0100) + sign_extend(Byte(0xfe)) == Short(0x00fe));

// The compiler's own arithmetic may differ from the processor's; so once more at run time.
template <class W>
unsigned errors(unsigned a, unsigned b) {
    const W x(a);
    const W y(b);
    const auto is = [](W word, unsigned expected) {
        return word.bits == (expected & (sizeof(W) == 1 ? 0xff : 0xffff));
    };
    return !is(x + y, a + b) + !is(x - y, a - b) + !is(x * y, a * b) +
           !is(x / y, b == 0 ? 0 : a / b) + !is(x & y, a & b) + !is(x | y, a | b) +
           !is(x ^ y, a ^ b) + (equal(x, y).bits != (a == b)) + (greater(x, y).bits != (a > b)) +
           !is(shift(x, Byte(b)), (a >> (b & 15)) << (b >> 4 & 15));
}

TEST(Byte, ComputesLikeUnsignedNumbersCutToEightBits) {
    unsigned wrong = 0;
    for (unsigned a = 0; a < 0x100; ++a) {
        for (unsigned b = 0; b < 0x100; ++b) {
            wrong += errors<Byte>(a, b);
        }
    }
    EXPECT_EQ(wrong, 0U);
}

TEST(Short, ComputesLikeUnsignedNumbersCutToSixteenBits) {
    unsigned wrong = 0;
    for (unsigned a = 0; a < 0x10000; a += 0x101) {
        for (unsigned b = 0; b < 0x10000; b += 0xfb) {
            wrong += errors<Short>(a, b) + errors<Short>(b, a) + errors<Short>(0xffff - a, b);
        }
    }
    EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace uxn::test
