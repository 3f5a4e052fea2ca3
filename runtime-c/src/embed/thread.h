// What libraries know of the thread that they are called on.
#ifndef SMELT_EMBED_THREAD_H
#define SMELT_EMBED_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/library.h"

// What is left of a stack for the functions of the host that the guest calls, for signals, and for the
// frame of a function that has yet to compare its stack: an eighth of it within these bounds.
enum { EMBED_SMALLEST_RESERVE = SMELT_STACK_RESERVE, EMBED_LARGEST_RESERVE = 1 << 20 };

// One call into the guest that has not returned. It is on the stack of the call.
struct activation {
    uint64_t stack_pointer;         // where smelt_library_enter has left it; the code below knows its place
    uint64_t limit;                 // of the stack for this call
    struct activation *previous;    // one that the thread has begun before
    struct smelt_instance *instance;
    uint32_t float_control;         // what the host had in MXCSR, if a signal has changed that; or 0
};

struct thread {
    uint64_t number;  // no other thread has had it; 0 before the first call
    // The part of its stack that guest code may use, as far as the thread knows: other stacks of fibers
    // and signal handlers are not part of it.
    uint64_t stack_low, stack_high;
    uint64_t reserve;  // below that, down to the end
    struct activation *latest;
};

extern _Thread_local struct thread embed_thread __attribute__((visibility("hidden")));

// Gets a thread ready for calls, at the first one: its number, its stack, its signals.
void embed_begin_thread(struct thread *thread);

// The part of the alternate stack for signals that guest code may use, if an address is on that; false if
// it is not.
bool embed_find_alternate_stack(uint64_t address, uint64_t *low);

// The call that code with this stack pointer belongs to; null if it is none of the guest's. On a thread
// with fibers it need not be the latest. Safe in a signal handler.
struct activation *embed_activation_at(const struct thread *thread, uint64_t stack_pointer);

#endif
