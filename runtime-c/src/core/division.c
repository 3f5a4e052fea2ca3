// Division of 128-bit integers, which LLVM calls by these names.
//
// Neither WebAssembly nor its wide arithmetic has such an instruction. But where LLVM computes how
// often a loop runs it may need one bit more than the counter has, and 65 bits are divided as 128.
// That happens once before a loop, so simple is good enough.
#include "division.h"

#include <stdint.h>

static int bit_count(wide value) {
    uint64_t high = (uint64_t)(value >> 64);
    if (high != 0) { return 128 - __builtin_clzll(high); }
    return value == 0 ? 0 : 64 - __builtin_clzll((uint64_t)value);
}

struct wide_division smelt_divide(wide dividend, wide divisor) {
    struct wide_division result = {0, dividend};
    if ((dividend | divisor) >> 64 == 0) {
        result.quotient = (uint64_t)dividend / (uint64_t)divisor;
        result.remainder = (uint64_t)dividend % (uint64_t)divisor;
        return result;
    }
    for (int shift = bit_count(dividend) - bit_count(divisor); shift >= 0; shift--) {
        wide part = divisor << shift;
        if (part > result.remainder) { continue; }
        result.remainder -= part;
        result.quotient |= (wide)1 << shift;
    }
    return result;
}

// The tests run beside the compiler's own functions of these names.
#if !defined(SMELT_NATIVE_TESTS)
wide __udivti3(wide dividend, wide divisor) { return smelt_divide(dividend, divisor).quotient; }

wide __umodti3(wide dividend, wide divisor) { return smelt_divide(dividend, divisor).remainder; }
#endif
