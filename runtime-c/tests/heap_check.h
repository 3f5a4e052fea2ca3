// A walk over a whole heap that finds what contradicts itself.
#ifndef SMELT_TESTS_HEAP_CHECK_H
#define SMELT_TESTS_HEAP_CHECK_H

#include "gc/heap.h"

// Fails the test unless every granule is part of one object or of none, every mark is what the state of
// its block allows, and all that living objects refer to is alive.
void check_heap(const struct heap *heap);

#endif
