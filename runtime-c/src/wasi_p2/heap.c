// Blocks of sizes that are powers of two, cut from slabs; larger ones are mapped by themselves.
#include "heap.h"

#include <string.h>
#include <sys/mman.h>

#include "core/system_calls.h"

enum { SMALLEST_LOG2 = 5, LARGEST_LOG2 = 16 };
_Static_assert(LARGEST_LOG2 - SMALLEST_LOG2 < P2_HEAP_CLASSES, "a list for each size");

static void *map(size_t size) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) p2_fail("there is no memory for", "what a component keeps");
    return memory;
}

static unsigned class_of(size_t size) {
    unsigned log2 = SMALLEST_LOG2;
    while ((size_t)1 << log2 < size) log2++;
    return log2 - SMALLEST_LOG2;
}

// Slabs stay: they are a program's, or the first bytes of each say where the next is (p2_state_end).
static void *cut(struct p2_state *state, size_t size) {
    if (state->slab_left < size) {
        void **slab = map(P2_HEAP_SLAB);
        *slab = state->slabs;
        state->slabs = slab;
        state->slab_left = P2_HEAP_SLAB - ((size_t)1 << SMALLEST_LOG2);
    }
    state->slab_left -= size;
    return (char *)state->slabs + P2_HEAP_SLAB - state->slab_left - size;
}

void *p2_allocate(struct p2_state *state, size_t size) {
    if (size > (size_t)1 << LARGEST_LOG2) return map(size);
    unsigned class = class_of(size);
    size_t block = (size_t)1 << (class + SMALLEST_LOG2);
    void **memory = state->free_blocks[class];
    if (memory == NULL) return memset(cut(state, block), 0, block);
    state->free_blocks[class] = *memory;
    return memset(memory, 0, block);
}

void p2_free(struct p2_state *state, void *memory, size_t size) {
    SMELT_CALLS(munmap);
    if (memory == NULL) return;
    if (size > (size_t)1 << LARGEST_LOG2) {
        munmap(memory, size);
        return;
    }
    unsigned class = class_of(size);
    *(void **)memory = state->free_blocks[class];
    state->free_blocks[class] = memory;
}

void p2_text_set(struct p2_state *state, struct p2_text *text, const void *bytes, size_t length) {
    char *copy = length == 0 ? NULL : p2_allocate(state, length);
    if (length > 0) memcpy(copy, bytes, length);
    p2_text_free(state, text);
    *text = (struct p2_text){copy, length};
}

void p2_text_free(struct p2_state *state, struct p2_text *text) {
    p2_free(state, text->bytes, text->length);
    *text = (struct p2_text){NULL, 0};
}
