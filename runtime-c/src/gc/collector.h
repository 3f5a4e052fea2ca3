// The collector: one heap for the process, and the decision when to look for what is dead in it.
//
// Compiled code makes objects with smelt_object_new and smelt_exception_new. The
// roots are the guest's stack from where such a call is made, the registers that functions preserve,
// and what the embedder knows (embedder.h). A word there that may be an address of anything in an
// object keeps the object; in objects, only references do.
//
// SMELT_GC in the environment holds words with commas between: `stats` prints what collections took
// when the program ends; `every` collects whenever an object is made, and `every=N` each Nth time,
// and overwrites what is dead, for tests.
#ifndef SMELT_GC_COLLECTOR_H
#define SMELT_GC_COLLECTOR_H

#include "heap.h"

// A new object of `size` bytes, all zeros; null if there is no memory for it. For what does not fit into
// smelt_allocation.
struct smelt_object *gc_allocate(uint64_t size);

// Touches the stack that what follows needs: its end is a trap, which may return to whoever called the
// guest, and not in the middle of something that leaves the heap in disorder.
void gc_need_stack(void);

// For tests: the heap; a full collection now.
struct heap *gc_heap(void);
void gc_collect(void);

#endif
