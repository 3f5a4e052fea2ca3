// What the collector asks of whoever it works for: program.c answers for static programs, and
// embed/collected.c where dynamic instances run.
#ifndef SMELT_GC_EMBEDDER_H
#define SMELT_GC_EMBEDDER_H

#include <stdbool.h>

#include "heap.h"

// Marks what anything but objects and the guest's stack refers to, with heap_mark_words.
void gc_mark_roots(struct heap *heap);

// Whether all code executes write barriers, so that there can be minor collections.
bool gc_has_write_barriers(void);

// The host's environment; null if it is not to be asked.
char **gc_environment(void);

#endif
