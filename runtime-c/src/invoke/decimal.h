// Floating-point numbers as decimal text, exactly: reading takes the nearest number (ties to even),
// and what is written is the shortest text that is read as the same number.
#ifndef SMELT_INVOKE_DECIMAL_H
#define SMELT_INVOKE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A format of IEEE 754: the bits of the stored mantissa and of the exponent.
struct float_format {
    unsigned mantissa_bits, exponent_bits;
};
extern const struct float_format float_format_32, float_format_64;

// Reads a text: a sign or none, then digits with a point or none, an exponent or none; or inf,
// infinity or nan in any case. Gives the bit pattern; false for any other text.
bool float_read(struct float_format format, const char *text, uint64_t *bits);

// Room for the longest text: a sign, "0." and the zeros and digits of the smallest number, a zero byte.
enum { FLOAT_TEXT_SIZE = 400 };

// Writes a number without an exponent, zero-terminated: -0, 0.1, 100000000000000000000000, inf, NaN.
void float_write(struct float_format format, uint64_t bits, char text[FLOAT_TEXT_SIZE]);

#endif
