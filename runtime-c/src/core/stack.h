// The native stack that guest code runs on: of the size that the program asks for, whatever
// `ulimit -s` is, and with a guard below that makes running out of it a trap.
#ifndef SMELT_STACK_H
#define SMELT_STACK_H

#include <stdint.h>

struct smelt_stack {
    uint8_t *guard;   // lowest address; no access
    uint8_t *bottom;  // end of the guard, lowest usable address
    uint8_t *top;     // end of the stack
};

// Maps a stack of at least `size` bytes. On failure prints why and exits with status 1.
void smelt_stack_map(struct smelt_stack *stack, uint64_t size);

// Calls `function` on the stack that ends at `top`. Backtraces end here.
void smelt_stack_call(uint8_t *top, void (*function)(void));

#endif
