// A small unwinder over DWARF call frame information (.eh_frame), for backtraces of code that
// keeps no frame pointers. It runs in a signal handler on a stack that may be damaged: it
// allocates nothing, reads only within the bounds it is given, and every step must move towards
// the stack's end, so it always ends.
#ifndef SMELT_UNWIND_H
#define SMELT_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// DWARF register numbers, from each architecture's psABI.
#if defined(__x86_64__)
enum { SMELT_DWARF_REGISTERS = 17, SMELT_DWARF_SP = 7, SMELT_DWARF_RETURN_ADDRESS = 16 };
#elif defined(__aarch64__)
// Those that functions preserve of the vector registers, d8 to d15, have places behind the others.
enum {
    SMELT_DWARF_REGISTERS = 40,
    SMELT_DWARF_SP = 31,
    SMELT_DWARF_RETURN_ADDRESS = 30,
    SMELT_DWARF_VECTORS = 32,  // the place of d8
    SMELT_DWARF_D8 = 72        // its number
};
#endif

// The place of a register by its number; SMELT_DWARF_REGISTERS or more for those without one.
static inline uint64_t smelt_dwarf_index(uint64_t number) {
#if defined(__aarch64__)
    if (number >= SMELT_DWARF_D8) return number - (SMELT_DWARF_D8 - SMELT_DWARF_VECTORS);
    if (number >= SMELT_DWARF_VECTORS) return SMELT_DWARF_REGISTERS;
#endif
    return number;
}

// What an unwinder may read.
struct smelt_unwind_bounds {
    const uint8_t *eh_frame_begin, *eh_frame_end;
    uint64_t stack_begin, stack_end;
};

// One frame: its registers, and where it executes.
struct smelt_unwind_cursor {
    struct smelt_unwind_bounds bounds;
    uint64_t registers[SMELT_DWARF_REGISTERS];
    uint64_t pc;
    bool is_exact;  // pc is the instruction itself (a signal stopped there), not a return address
};

// Moves to the caller's frame; false when there is none or it cannot be found.
bool smelt_unwind_step(struct smelt_unwind_cursor *cursor);

// The same for a leaf that a signal stopped before it changed the stack pointer: the return address
// is where the call left it. Needs no description, and links none of the code that reads them.
bool smelt_unwind_leaf(struct smelt_unwind_cursor *cursor);

#endif
