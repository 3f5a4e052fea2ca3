// Blocks of the heap, and objects in them; heap.h says how it is made up.
#include "heap.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "core/host_page.h"
#include "core/system_calls.h"
#include "remembered.h"

// Address space -------------------------------------------------------------------------------

// Where the parts of a reservation begin, in bytes, for so many bytes of objects.
struct layout {
    uint64_t marks, stack, remembered, spans, states, reached, size;
};

static struct layout layout_of(uint64_t bytes) {
    uint64_t granules = bytes / HEAP_GRANULE, blocks = bytes / HEAP_BLOCK;
    struct layout layout;
    layout.marks = bytes;
    layout.stack = layout.marks + granules;
    layout.remembered = layout.stack + granules * sizeof(uint32_t);
    layout.spans = layout.remembered + REMEMBERED_MAXIMUM * sizeof(uint32_t);
    layout.states = layout.spans + blocks * sizeof(uint32_t);
    layout.reached = layout.states + blocks;
    layout.size = smelt_host_page_round_up(layout.reached + blocks);
    return layout;
}

static void place_parts(struct heap *heap, uint8_t *begin, const struct layout *layout) {
    heap->begin = begin;
    heap->marks = begin + layout->marks;
    heap->stack = heap->stack_end = (uint32_t *)(void *)(begin + layout->stack);
    heap->remembered = (uint32_t *)(void *)(begin + layout->remembered);
    heap->spans = (uint32_t *)(void *)(begin + layout->spans);
    heap->states = begin + layout->states;
    heap->reached = begin + layout->reached;
    heap->window->position = heap->window->end = begin;
    heap->window->marks =
        (uint64_t)(uintptr_t)heap->marks - (uint64_t)(uintptr_t)begin / HEAP_GRANULE;
    heap->spare = heap->spare_end = begin;
    heap->mark = MARK_EVEN;
}

bool heap_reserve(struct heap *heap, uint64_t limit) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    SMELT_CALLS_IF(mprotect, SMELT_CALL_NOT_CODE);
    SMELT_CALLS(munmap);
    if (limit > HEAP_SIZE_MAXIMUM) limit = HEAP_SIZE_MAXIMUM;
    for (; limit >= HEAP_CHUNK; limit /= 2) {
        uint64_t bytes = limit / HEAP_CHUNK * HEAP_CHUNK;
        struct layout layout = layout_of(bytes);
        void *place = mmap(NULL, layout.size, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (place == MAP_FAILED) continue;
        uint8_t *begin = place;
        // A few bytes for each block, so these are there from the start.
        if (mprotect(begin + layout.remembered, layout.size - layout.remembered,
                     PROT_READ | PROT_WRITE) != 0) {
            munmap(place, layout.size);
            continue;
        }
        heap->reserved = bytes;
        place_parts(heap, begin, &layout);
        return true;
    }
    return false;
}

void heap_release(struct heap *heap) {
    munmap(heap->begin, layout_of(heap->reserved).size);
}

static bool is_accessible(void *place, uint64_t size) {
    return mprotect(place, size, PROT_READ | PROT_WRITE) == 0;
}

// Makes at least `blocks` more accessible; false if there is no more. By an eighth at least, which
// bounds how often the kernel is asked.
static bool grow(struct heap *heap, uint64_t blocks) {
    SMELT_CALLS_IF(mprotect, SMELT_CALL_NOT_CODE);
    uint64_t left = heap->reserved - heap->committed;
    if (blocks > left / HEAP_BLOCK) return false;
    uint64_t size = blocks * HEAP_BLOCK;
    if (size < heap->committed / 8) size = heap->committed / 8;
    size = (size + HEAP_CHUNK - 1) / HEAP_CHUNK * HEAP_CHUNK;
    if (size > left) size = left;
    uint64_t granule = heap->committed / HEAP_GRANULE, granules = size / HEAP_GRANULE;
    if (!is_accessible(heap->stack + granule, granules * sizeof *heap->stack) ||
        !is_accessible(heap->marks + granule, granules) ||
        !is_accessible(heap->begin + heap->committed, size)) {
        return false;
    }
    heap->committed += size;
    heap->blocks = heap->committed / HEAP_BLOCK;
    return true;
}

// Blocks --------------------------------------------------------------------------------------

// Makes `count` free blocks clean; their states are for the caller to set.
static void clean(struct heap *heap, uint64_t first, uint64_t count) {
    for (uint64_t block = first; block < first + count; block++) {
        if (heap->states[block] == BLOCK_CLEAN) continue;
        memset(heap_block_marks(heap, block), 0, HEAP_BLOCK_GRANULES);
        memset(heap_block_at(heap, block), 0, HEAP_BLOCK);
    }
    heap->allocated += count * HEAP_BLOCK;
}

// The first of `count` free blocks in a row.
static bool find_free(struct heap *heap, uint64_t count, uint64_t *first) {
    while (heap->search < heap->blocks && !is_block_free(heap->states[heap->search])) heap->search++;
    uint64_t found = 0, block = heap->search;
    // From where the last run was: looking through all blocks for each would take long in a large heap.
    if (count > 1 && block < heap->run_search) block = heap->run_search;
    for (; block < heap->blocks && found < count; block++) {
        found = is_block_free(heap->states[block]) ? found + 1 : 0;
    }
    if (found < count && !grow(heap, count - found)) return false;
    *first = block - found;
    if (count > 1) heap->run_search = *first + count;
    return true;
}

static enum heap_answer allocate_large(struct heap *heap, uint64_t size,
                                       struct smelt_object **object) {
    uint64_t count = (size + HEAP_BLOCK - 1) / HEAP_BLOCK, first;
    if (count > heap->reserved / HEAP_BLOCK) return HEAP_FULL;
    if (heap->allocated != 0 && heap->allocated + count * HEAP_BLOCK > heap->budget) {
        return HEAP_SPENT;
    }
    if (!find_free(heap, count, &first)) return HEAP_FULL;
    clean(heap, first, count);
    memset(heap->states + first, BLOCK_LARGE_REST, count);
    heap->states[first] = BLOCK_LARGE;
    heap->spans[first] = (uint32_t)count;
    for (uint64_t block = 1; block < count; block++) heap->spans[first + block] = (uint32_t)block;
    *heap_block_marks(heap, first) = MARK_YOUNG;
    *object = (struct smelt_object *)(void *)heap_block_at(heap, first);
    return HEAP_DONE;
}

// Holes ---------------------------------------------------------------------------------------

// Zeros are written just before the objects, so that both find their memory in the first cache.
#define WINDOW_MAXIMUM UINT64_C(4096)

// The next hole that has room for `size` bytes, filled with zeros; null at the end of the list.
static uint8_t *take_hole(struct heap *heap, uint64_t size, uint64_t *hole_size) {
    while (heap->holes != NULL) {
        struct heap_hole *hole = heap->holes;
        heap->holes = hole->next;
        if (hole->size < size) continue;
        *hole_size = hole->size;
        uint64_t wanted = heap->is_exact || size > WINDOW_MAXIMUM ? size : WINDOW_MAXIMUM;
        if (hole->size > wanted) {
            struct heap_hole *rest = (struct heap_hole *)(void *)((uint8_t *)hole + wanted);
            rest->next = heap->holes;
            rest->size = hole->size - wanted;
            heap->holes = rest;
            *hole_size = wanted;
        }
        memset(hole, 0, *hole_size);
        heap->allocated += *hole_size;
        return (uint8_t *)hole;
    }
    return NULL;
}

// Puts the holes of the next block that has some into the list.
static enum heap_answer find_holes(struct heap *heap) {
    if (heap->allocated >= heap->budget) return HEAP_SPENT;
    while (heap->sweep < heap->blocks || grow(heap, 1)) {
        uint64_t block = heap->sweep++;
        switch (heap->states[block]) {
        case BLOCK_UNSWEPT:
            heap_sweep_block(heap, block, true);
            if (heap->holes != NULL) return HEAP_DONE;
            break;
        case BLOCK_FREE:
            memset(heap_block_marks(heap, block), 0, HEAP_BLOCK_GRANULES);
            __attribute__((fallthrough));
        case BLOCK_CLEAN:
            heap->states[block] = BLOCK_SWEPT;
            heap->holes = (struct heap_hole *)(void *)heap_block_at(heap, block);
            *heap->holes = (struct heap_hole){NULL, HEAP_BLOCK};
            return HEAP_DONE;
        case BLOCK_LARGE: heap->sweep = block + heap->spans[block]; break;
        default: break;
        }
    }
    return HEAP_FULL;
}

static enum heap_answer fill_window(struct heap *heap, uint64_t size) {
    while (true) {
        uint64_t hole_size;
        uint8_t *hole = take_hole(heap, size, &hole_size);
        if (hole != NULL) {
            heap->window->position = hole;
            heap->window->end = hole + hole_size;
            return HEAP_DONE;
        }
        enum heap_answer answer = find_holes(heap);
        if (answer != HEAP_DONE) return answer;
    }
}

// What is too large for the hole that is being filled has a block for itself and its like, so that
// the hole, and those that follow, are not given up for it.
static struct smelt_object *take_spare(struct heap *heap, uint64_t size) {
    if (size > (uint64_t)(heap->spare_end - heap->spare)) {
        uint64_t block;
        if (heap->allocated >= heap->budget || !find_free(heap, 1, &block)) return NULL;
        clean(heap, block, 1);
        heap->states[block] = BLOCK_SWEPT;
        heap->spare = heap_block_at(heap, block);
        heap->spare_end = heap->spare + HEAP_BLOCK;
    }
    struct smelt_allocation spare = {heap->spare, heap->spare_end, heap->window->marks};
    struct smelt_object *object = window_take(&spare, size);
    heap->spare = spare.position;
    return object;
}

enum heap_answer heap_allocate(struct heap *heap, uint64_t size, struct smelt_object **object) {
    if (size > HEAP_SMALL_MAXIMUM) return allocate_large(heap, size, object);
    *object = window_take(heap->window, size);
    if (*object != NULL) return HEAP_DONE;
    if (size > HEAP_TINY_MAXIMUM && !heap->is_exact) {
        *object = take_spare(heap, size);
        if (*object != NULL) return HEAP_DONE;
    }
    enum heap_answer answer = fill_window(heap, size);
    if (answer == HEAP_DONE) *object = window_take(heap->window, size);
    return answer;
}

uint64_t heap_object_size(const struct heap *heap, const struct smelt_object *object) {
    if (object->type == SMELT_TYPE_EXCEPTION) return sizeof(struct smelt_exception) + object->length;
    const struct smelt_type *type = &heap->types[object->type];
    return type->kind == SMELT_TYPE_ARRAY ? heap_array_size(type, object->length)
                                          : heap_round_up(type->size);
}
