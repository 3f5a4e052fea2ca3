// What collections took, for SMELT_GC=stats.
#ifndef SMELT_GC_STATISTICS_H
#define SMELT_GC_STATISTICS_H

#include "heap.h"

struct gc_pause {
    uint64_t begin;  // in nanoseconds; 0 if nobody asks
};

void gc_pause_begin(struct gc_pause *pause);

// `handed_out` is the bytes that were allocated before this collection, and since the one before.
void gc_pause_end(const struct gc_pause *pause, const struct heap *heap, uint64_t handed_out);

// Prints it to standard error, if it is asked for.
void gc_report(void);

#endif
