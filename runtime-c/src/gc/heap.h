// The heap of objects: a mark-region heap that moves nothing.
//
// It is one reservation of address space, in blocks of 32 KiB. Objects lie in blocks, at multiples of
// a granule of 16 bytes; those of more than 16 KiB have runs of blocks of their own. Beside the heap
// is a mark, one byte, for each granule, which tells where objects begin and end and whether they are
// alive. After a collection, blocks are swept one by one as allocation comes to them: what lies
// between live objects are holes, which are filled with zeros and handed out from their beginning to
// their end.
//
// Marks that survive a collection make generations (sticky mark bits): what is marked is old, and a
// minor collection looks at young objects only, and at old ones that references were stored into since.
//
// Nothing here knows where roots are, or when to collect: collector.h.
#ifndef SMELT_GC_HEAP_H
#define SMELT_GC_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/abi.h"

#define HEAP_GRANULE UINT64_C(16)
#define HEAP_BLOCK UINT64_C(32768)
#define HEAP_BLOCK_GRANULES (HEAP_BLOCK / HEAP_GRANULE)
// What is larger has blocks of its own.
#define HEAP_SMALL_MAXIMUM (HEAP_BLOCK / 2)
// What is larger does not make allocation give up a hole that it does not fit into.
#define HEAP_TINY_MAXIMUM UINT64_C(1024)
// Granules have numbers of 32 bits.
#define HEAP_SIZE_MAXIMUM (UINT64_C(1) << 36)
// The heap grows by multiples of this, so that all that lies beside it grows by whole pages of any
// size that kernels have.
#define HEAP_CHUNK (UINT64_C(1) << 20)

// The bits of a mark: that of an object's first granule has one of the first three. Compiled code
// knows them as SMELT_MARK_YOUNG, SMELT_MARK_UNLOGGED and SMELT_MARK_END.
enum {
    MARK_YOUNG = SMELT_MARK_YOUNG,        // made since the last collection
    MARK_EVEN = 2,                        // reached by full collections, in turn, and what
    MARK_ODD = 4,                         // minor ones in between have reached
    MARK_BEGIN = 7,
    MARK_UNLOGGED = SMELT_MARK_UNLOGGED,  // old, and no reference has been stored into it
    MARK_END = SMELT_MARK_END             // an object's last granule
};

enum block_state {
    BLOCK_CLEAN = 0,  // free, all zeros, its marks too
    BLOCK_FREE,       // free, with anything in it
    BLOCK_UNSWEPT,    // holds objects; those without the current mark are dead
    BLOCK_SWEPT,      // all objects are alive or young
    BLOCK_FULL,       // the same, and none is young
    BLOCK_LARGE,      // the first one of a large object
    BLOCK_LARGE_REST
};

// A hole of a swept block, in its first granule.
struct heap_hole {
    struct heap_hole *next;
    uint64_t size;
};

struct heap {
    struct smelt_allocation *window;      // the hole that objects are made in
    uint8_t *begin;                       // null before there is a heap
    uint8_t *marks;                       // of all granules
    uint32_t *stack;                      // of granules, for marking: has room for every object
    uint32_t *stack_end;
    uint32_t *remembered;                 // granules of old objects with stores, and their parts
    uint32_t *spans;                      // large objects: of their first block, how many there are;
                                          // of the rest, how far the first one is
    uint8_t *states;                      // enum block_state, by block
    uint8_t *reached;                     // whether marking has come to a block; not of large objects
    const struct smelt_type *types;
    uint64_t reserved, committed;         // bytes
    uint64_t blocks;                      // that are committed
    uint64_t sweep;                       // the next block that allocation comes to
    uint64_t search;                      // no free block is below this one
    uint64_t run_search;                  // where free runs of blocks are looked for
    struct heap_hole *holes;              // of the block that allocation is in
    uint8_t *spare, *spare_end;           // a hole for what did not fit into the window
    uint64_t allocated, budget;           // bytes handed out since the last collection, and to be
    uint64_t remembered_count;
    uint64_t live_bytes;                  // of all marked objects
    uint8_t mark;                         // MARK_EVEN or MARK_ODD
    bool is_minor;                        // the collection that is going on
    bool is_forgetful;                    // more was to be remembered than there is room for
    bool is_exact;                        // for tests: windows are as large as the object, and what
                                          // is dead is overwritten
};

// Reserves address space for at most `limit` bytes of objects, and less if the machine gives less;
// false if there is none at all. `heap` is zeros but for `window` and `types`.
bool heap_reserve(struct heap *heap, uint64_t limit);

// Gives it back. For tests.
void heap_release(struct heap *heap);

enum heap_answer {
    HEAP_DONE,
    HEAP_SPENT,  // the budget is spent: it is time for a collection
    HEAP_FULL    // nothing has room for the object
};

// A new object of `size` bytes, a multiple of the granule: all zeros, and young.
enum heap_answer heap_allocate(struct heap *heap, uint64_t size, struct smelt_object **object);

// The bytes of an object, all granules of it.
uint64_t heap_object_size(const struct heap *heap, const struct smelt_object *object);

static inline uint64_t heap_round_up(uint64_t size) {
    return (size + HEAP_GRANULE - 1) & ~(HEAP_GRANULE - 1);
}

// An array may be of any length: a size of 64 bits has room for it. One byte more than it needs, as
// an optimizer may keep the address behind the last element in place of the others.
static inline uint64_t heap_array_size(const struct smelt_type *type, uint32_t length) {
    return heap_round_up(type->elements + (uint64_t)type->size * length + 1);
}

// The next `size` bytes of the window as an object; null if they do not fit. This is what compiled
// code may do for itself.
static inline struct smelt_object *window_take(struct smelt_allocation *window, uint64_t size) {
    uint8_t *object = window->position;
    if (size > (uint64_t)(window->end - object)) return 0;
    window->position = object + size;
    uint8_t *mark = (uint8_t *)(uintptr_t)(window->marks + (uint64_t)(uintptr_t)object / HEAP_GRANULE);
    mark[0] = MARK_YOUNG;
    mark[size / HEAP_GRANULE - 1] |= MARK_END;
    return (struct smelt_object *)(void *)object;
}

// Collecting -----------------------------------------------------------------------------------

// Begins a collection: full ones need all blocks to be swept, which this does.
void heap_begin_marking(struct heap *heap, bool is_minor);

// Words that may be addresses of anything in an object.
void heap_mark_words(struct heap *heap, const uint64_t *first, const uint64_t *end);

// Marks all that marked objects refer to, and old ones with stores. Once, after all roots.
void heap_mark_rest(struct heap *heap);

// Frees the blocks in which nothing was reached, and leaves the rest to be swept. `budget` is for the
// time until the next collection. A full one returns the memory of free blocks to the system, but for
// as much as the budget allows.
void heap_end_marking(struct heap *heap);
void heap_set_budget(struct heap *heap, uint64_t budget);

// A reference is stored into `bytes` bytes at `place` in an object whose mark is MARK_UNLOGGED.
void heap_remember(struct heap *heap, const struct smelt_object *object, const void *place,
                   uint64_t bytes);

// Sweeping (sweep.c) ---------------------------------------------------------------------------

// Forgets the dead objects of an unswept block. With `has_holes`, makes a list of what is free in it.
void heap_sweep_block(struct heap *heap, uint64_t block, bool has_holes);

// Whether a mark is that of an object's first granule.
static inline bool mark_begins(uint8_t mark) { return (mark & MARK_BEGIN) != 0; }

static inline uint8_t *heap_block_at(const struct heap *heap, uint64_t block) {
    return heap->begin + block * HEAP_BLOCK;
}
static inline uint8_t *heap_block_marks(const struct heap *heap, uint64_t block) {
    return heap->marks + block * HEAP_BLOCK_GRANULES;
}
static inline bool is_block_free(uint8_t state) { return state <= BLOCK_FREE; }

#endif
