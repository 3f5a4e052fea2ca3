// Sweeping: what marking has not reached becomes holes and free blocks.
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "heap.h"
#include "core/host_page.h"
#include "core/system_calls.h"

enum { POISON = 0xa5 };

// Runs of free blocks that are worth a system call.
enum { RETURNED_BLOCKS = 16 };

// Granules that are looked at at once.
enum { MANY = 32 };

// Whether none of so many granules is the beginning of an object with this mark.
static inline bool is_free_of(const uint8_t *marks, uint8_t mark) {
    uint64_t eights[MANY / 8];
    memcpy(eights, marks, sizeof eights);
    return ((eights[0] | eights[1] | eights[2] | eights[3]) & UINT64_C(0x0101010101010101) * mark) == 0;
}

// The first granule from this one on that is the beginning of an object with this mark; the block's end if
// there is none.
static inline uint64_t find_marked(const uint8_t *marks, uint64_t granule, uint8_t mark) {
    while (granule + MANY <= HEAP_BLOCK_GRANULES && is_free_of(marks + granule, mark)) granule += MANY;
    while (granule < HEAP_BLOCK_GRANULES && (marks[granule] & mark) == 0) granule++;
    return granule;
}

void heap_sweep_block(struct heap *heap, uint64_t block, bool has_holes) {
    uint8_t *marks = heap_block_marks(heap, block);
    const uint8_t mark = heap->mark;
    struct heap_hole **link = &heap->holes;
    uint64_t granule = 0, free_granules = 0;
    while (granule < HEAP_BLOCK_GRANULES) {
        if ((marks[granule] & mark) != 0) {
            while ((marks[granule] & MARK_END) == 0) granule++;
            granule++;
            continue;
        }
        uint64_t first = granule;
        granule = find_marked(marks, granule, mark);
        memset(marks + first, 0, granule - first);
        free_granules += granule - first;
        uint8_t *place = heap_block_at(heap, block) + first * HEAP_GRANULE;
        if (heap->is_exact) memset(place, POISON, (granule - first) * HEAP_GRANULE);
        if (!has_holes) continue;
        struct heap_hole *hole = (struct heap_hole *)(void *)place;
        hole->next = NULL;
        hole->size = (granule - first) * HEAP_GRANULE;
        *link = hole;
        link = &hole->next;
    }
    heap->states[block] = free_granules > 0 && has_holes ? BLOCK_SWEPT : BLOCK_FULL;
}

// Memory for the system -------------------------------------------------------------------------

// A page of the kernel's may be larger than a block, and is only returned if all of it is free.
static void return_run(struct heap *heap, uint64_t first, uint64_t end) {
    SMELT_CALLS(madvise);
    uint64_t blocks = smelt_host_page_round_up(HEAP_BLOCK) / HEAP_BLOCK;
    first = (first + blocks - 1) / blocks * blocks;
    end = end / blocks * blocks;
    if (end < first + RETURNED_BLOCKS) return;
    if (madvise(heap_block_at(heap, first), (end - first) * HEAP_BLOCK, MADV_DONTNEED) != 0) return;
    memset(heap_block_marks(heap, first), 0, (end - first) * HEAP_BLOCK_GRANULES);
    memset(heap->states + first, BLOCK_CLEAN, end - first);
}

// Returns the memory of free blocks behind the first ones: half as much as is alive will soon be needed
// again, as the next full collection comes when that has doubled, and at least the budget is.
static void return_memory(struct heap *heap) {
    uint64_t kept = heap->budget;
    if (kept < heap->live_bytes / 2) kept = heap->live_bytes / 2;
    kept /= HEAP_BLOCK;
    uint64_t block = 0;
    while (block < heap->blocks) {
        if (heap->states[block] != BLOCK_FREE) {
            block++;
            continue;
        }
        uint64_t first = block;
        while (block < heap->blocks && heap->states[block] == BLOCK_FREE) block++;
        uint64_t left = block - first < kept ? block - first : kept;
        kept -= left;
        return_run(heap, first + left, block);
    }
}

// Blocks after marking ----------------------------------------------------------------------------

static void end_small(struct heap *heap, uint64_t block) {
    uint8_t *state = &heap->states[block];
    if (heap->reached[block] == 0) {
        *state = BLOCK_FREE;
    } else if (!heap->is_minor || *state == BLOCK_SWEPT) {
        *state = BLOCK_UNSWEPT;
    }
}

static void end_large(struct heap *heap, uint64_t block) {
    if ((*heap_block_marks(heap, block) & heap->mark) != 0) return;
    memset(heap->states + block, BLOCK_FREE, heap->spans[block]);
}

static void poison(struct heap *heap) {
    for (uint64_t block = 0; block < heap->blocks; block++) {
        if (heap->states[block] == BLOCK_UNSWEPT) {
            heap_sweep_block(heap, block, false);
            heap->states[block] = BLOCK_UNSWEPT;  // it has holes, to be found
        }
        if (heap->states[block] == BLOCK_FREE) {
            memset(heap_block_at(heap, block), POISON, HEAP_BLOCK);
        }
    }
}

void heap_end_marking(struct heap *heap) {
    for (uint64_t block = 0; block < heap->blocks;) {
        switch (heap->states[block]) {
        case BLOCK_UNSWEPT:
        case BLOCK_SWEPT:
        case BLOCK_FULL: end_small(heap, block++); break;
        case BLOCK_LARGE: {
            uint64_t next = block + heap->spans[block];
            end_large(heap, block);
            block = next;
            break;
        }
        default: block++;
        }
    }
    heap->window->position = heap->window->end = heap->begin;
    heap->spare = heap->spare_end = heap->begin;
    heap->holes = NULL;
    heap->sweep = heap->search = heap->run_search = 0;
    heap->allocated = 0;
    if (heap->is_exact) poison(heap);
}

void heap_set_budget(struct heap *heap, uint64_t budget) {
    heap->budget = budget;
    if (!heap->is_minor) return_memory(heap);
}
