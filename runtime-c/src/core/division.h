// Division of 128-bit integers.
#ifndef SMELT_DIVISION_H
#define SMELT_DIVISION_H

__extension__ typedef unsigned __int128 wide;

struct wide_division {
    wide quotient, remainder;
};

// The divisor must not be 0.
struct wide_division smelt_divide(wide dividend, wide divisor);

// By these names LLVM calls for division.
wide __udivti3(wide dividend, wide divisor);
wide __umodti3(wide dividend, wide divisor);

#endif
