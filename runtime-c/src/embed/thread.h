// What libraries know of the thread that they are called on.
#ifndef SMELT_EMBED_THREAD_H
#define SMELT_EMBED_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/library.h"

// What is left of a stack for the functions of the host that the guest calls, for signals, and for the
// frame of a function that has yet to compare its stack: an eighth of it within these bounds.
enum { EMBED_SMALLEST_RESERVE = 64 << 10, EMBED_LARGEST_RESERVE = 1 << 20 };

// One call into the guest that has not returned. It is on the stack of the call.
struct activation {
    uint64_t stack_pointer;         // where smelt_library_enter has left it; the code below knows its place
    struct activation *previous;    // of the thread
    struct activation *outer;       // of the instance
    struct smelt_instance *instance;
    uint64_t outer_limit;           // the instance's, for the outer call
};

struct thread {
    // The part of its stack that guest code may use, as far as the thread knows: other stacks of fibers
    // and signal handlers are not part of it.
    uint64_t stack_low, stack_high;
    uint64_t reserve;  // below that, down to the end
    struct activation *innermost;
};

extern _Thread_local struct thread embed_thread __attribute__((visibility("hidden")));

// Finds out about the calling thread's stack.
void embed_find_stack(struct thread *thread);

#endif
