// Memory of exceptions: an arena whose dead objects are found by a conservative mark, from words that
// may be their addresses, and whose holes between live objects are filled again in ascending order.
// Objects do not move. Whoever owns a heap decides when it is marked and when it grows (new.c).
//
// Beside the arena lies one byte for each 16 bytes of it, which tells where objects begin. Neither is
// accessible beyond what the heap has grown to.
#ifndef SMELT_EXCEPTIONS_HEAP_H
#define SMELT_EXCEPTIONS_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/abi.h"

enum { EXCEPTION_GRANULE = 16, EXCEPTION_SIZE_MAXIMUM = 1 << 20 };

struct exception_heap {
    uint8_t *begin;             // of the arena; null before it is reserved
    uint8_t *starts;
    uint64_t reserved;          // bytes of address space, at most 2^32
    uint64_t committed;         // bytes that are accessible
    uint8_t *position, *end;    // the hole that is being filled
    uint64_t swept;             // up to which granule holes have been looked for
    uint64_t largest;           // bytes of the largest object that there ever was
};

// Reserves address space for at most `bytes`, and less if the machine gives less; false if there is
// none at all. The number is a power of two, 1 MiB or more.
bool exception_heap_reserve(struct exception_heap *heap, uint64_t bytes);

// Makes twice as much accessible, or `first` bytes in the beginning; false if there is no more.
bool exception_heap_grow(struct exception_heap *heap, uint64_t first);

// The next `size` bytes (a multiple of the granule) of the current hole, if they fit, as an object.
static inline struct smelt_exception *exception_heap_take(struct exception_heap *heap,
                                                          uint64_t size) {
    if (size > (uint64_t)(heap->end - heap->position)) return 0;
    uint8_t *object = heap->position;
    heap->position += size;
    heap->starts[(uint64_t)(object - heap->begin) / EXCEPTION_GRANULE] = 1;
    if (size > heap->largest) heap->largest = size;
    return (struct smelt_exception *)object;
}

// Goes on to the next hole; false at the end of what is accessible.
bool exception_heap_next_hole(struct exception_heap *heap);

// Finds what is alive from the words in [`first`, `end`) and begins anew with the holes between. Only
// after the last hole, so that every object is known. Returns the bytes that are alive.
uint64_t exception_heap_mark(struct exception_heap *heap, const uint64_t *first,
                             const uint64_t *end);

#endif
