// Marking: from words that may be addresses, and from there along references, which are exact.
#include <stddef.h>
#include <sys/mman.h>

#include "heap.h"
#include "core/system_calls.h"
#include "remembered.h"

// Objects whose memory is being fetched while others are looked at.
enum { FETCHED = 16 };

// How much of the marking stack stays in memory, in entries.
enum { KEPT_STACK = 1 << 18 };

static struct smelt_object *object_at(const struct heap *heap, uint64_t granule) {
    return (struct smelt_object *)(void *)(heap->begin + granule * HEAP_GRANULE);
}

// Single objects ---------------------------------------------------------------------------------

static inline void reach(struct heap *heap, uint64_t granule) {
    uint8_t *mark = &heap->marks[granule];
    uint8_t value = *mark;
    if ((value & heap->mark) != 0 || !mark_begins(value)) return;
    *mark = (uint8_t)((value & ~MARK_BEGIN) | heap->mark | MARK_UNLOGGED);
    heap->reached[granule / HEAP_BLOCK_GRANULES] = 1;
    *heap->stack_end++ = (uint32_t)granule;
}

// A reference as objects have it: null, an i31, the host's, or an object.
static inline void reach_reference(struct heap *heap, uint64_t reference) {
    uint64_t offset = reference - (uint64_t)(uintptr_t)heap->begin;
    // Objects are at multiples of a granule, and so is the heap.
    if (offset >= heap->committed || offset % HEAP_GRANULE != 0) return;
    reach(heap, offset / HEAP_GRANULE);
}

// Finds the object that a granule of a block without dead objects is part of.
static bool find_begin(const struct heap *heap, uint64_t *granule) {
    uint64_t first = *granule / HEAP_BLOCK_GRANULES * HEAP_BLOCK_GRANULES;
    for (; !mark_begins(heap->marks[*granule]); --*granule) {
        if (*granule == first || (heap->marks[*granule - 1] & MARK_END) != 0) return false;
    }
    return true;
}

static void reach_word(struct heap *heap, uint64_t word) {
    uint64_t offset = word - (uint64_t)(uintptr_t)heap->begin;
    if (offset >= heap->committed) return;
    uint64_t granule = offset / HEAP_GRANULE, block = offset / HEAP_BLOCK;
    switch (heap->states[block]) {
    case BLOCK_LARGE_REST: block -= heap->spans[block]; __attribute__((fallthrough));
    case BLOCK_LARGE: reach(heap, block * HEAP_BLOCK_GRANULES); break;
    // What is alive there is marked, except in full collections, which find no unswept blocks.
    case BLOCK_UNSWEPT: break;
    case BLOCK_FULL:
        if (heap->is_minor) break;
        __attribute__((fallthrough));
    case BLOCK_SWEPT:
        if (find_begin(heap, &granule)) reach(heap, granule);
        break;
    default: break;
    }
}

// Stacks have places that only a sanitizer objects to.
__attribute__((no_sanitize("address")))
void heap_mark_words(struct heap *heap, const uint64_t *first, const uint64_t *end) {
    for (; first < end; first++) reach_word(heap, *first);
}

// Along references -------------------------------------------------------------------------------

static void look_at_references(struct heap *heap, const uint64_t *first, const uint64_t *end) {
    for (; first < end; first++) reach_reference(heap, *first);
}

static void look_at_array(struct heap *heap, const struct smelt_object *object,
                          const struct smelt_type *type) {
    if (type->reference_count == 0) return;
    const uint64_t *elements = (const uint64_t *)(const void *)((const uint8_t *)object + type->elements);
    look_at_references(heap, elements, elements + object->length);
}

static uint64_t look_at_exception(struct heap *heap, const struct smelt_object *object) {
    const struct smelt_exception *exception = (const struct smelt_exception *)(const void *)object;
    const uint64_t *arguments = (const uint64_t *)(const void *)exception->arguments;
    heap_mark_words(heap, arguments, arguments + object->length / sizeof *arguments);
    return sizeof *exception + object->length;
}

// Returns the size of the object.
static inline uint64_t look_at(struct heap *heap, const struct smelt_object *object) {
    if (object->type == SMELT_TYPE_EXCEPTION) return look_at_exception(heap, object);
    const struct smelt_type *type = &heap->types[object->type];
    if (type->kind == SMELT_TYPE_ARRAY) {
        look_at_array(heap, object, type);
        return heap_array_size(type, object->length);
    }
    const uint8_t *fields = (const uint8_t *)object;
    for (uint32_t index = 0; index < type->reference_count; index++) {
        reach_reference(heap, *(const uint64_t *)(const void *)(fields + type->references[index]));
    }
    return heap_round_up(type->size);
}

// Looks at all objects on the stack. The next ones are taken from it before they are needed, so that
// their memory is there by then.
static void drain(struct heap *heap) {
    uint32_t fetched[FETCHED];
    unsigned first = 0, count = 0;
    uint64_t live_bytes = 0;
    const uint32_t *deepest = heap->stack_end;
    while (true) {
        if (heap->stack_end > deepest) deepest = heap->stack_end;
        while (count < FETCHED && heap->stack_end > heap->stack) {
            uint32_t granule = *--heap->stack_end;
            __builtin_prefetch(object_at(heap, granule));
            fetched[(first + count++) % FETCHED] = granule;
        }
        if (count == 0) break;
        const struct smelt_object *object = object_at(heap, fetched[first]);
        first = (first + 1) % FETCHED;
        count--;
        live_bytes += look_at(heap, object);
    }
    heap->live_bytes += live_bytes;
    uint64_t depth = (uint64_t)(deepest - heap->stack);
    if (depth <= KEPT_STACK) return;
    SMELT_CALLS(madvise);
    // Pages of any size that kernels have end there; the rest is what the stack has room for.
    madvise(heap->stack + KEPT_STACK,
            (heap->committed / HEAP_GRANULE - KEPT_STACK) * sizeof *heap->stack, MADV_DONTNEED);
}

// The remembered ones ------------------------------------------------------------------------------

// The array that a granule is part of, if stores into it are remembered by parts; null otherwise.
static const struct smelt_object *array_with_parts(const struct heap *heap, uint64_t granule) {
    uint64_t block = granule / HEAP_BLOCK_GRANULES;
    if (heap->states[block] < BLOCK_LARGE) return NULL;
    if (heap->states[block] == BLOCK_LARGE_REST) block -= heap->spans[block];
    const struct smelt_object *object = object_at(heap, block * HEAP_BLOCK_GRANULES);
    if (object->type == SMELT_TYPE_EXCEPTION) return NULL;
    return heap->types[object->type].kind == SMELT_TYPE_ARRAY ? object : NULL;
}

static void remember(struct heap *heap, uint64_t granule) {
    if (heap->remembered_count == REMEMBERED_MAXIMUM) {
        heap->is_forgetful = true;
    } else {
        heap->remembered[heap->remembered_count++] = (uint32_t)granule;
    }
}

void heap_remember(struct heap *heap, const struct smelt_object *object, const void *place,
                   uint64_t bytes) {
    uint64_t granule = (uint64_t)((const uint8_t *)object - heap->begin) / HEAP_GRANULE;
    if (array_with_parts(heap, granule) == NULL) {
        heap->marks[granule] &= (uint8_t)~MARK_UNLOGGED;
        remember(heap, granule);
        return;
    }
    if (bytes == 0) return;
    uint64_t offset = (uint64_t)((const uint8_t *)place - heap->begin);
    uint64_t last = (offset + bytes - 1) / HEAP_GRANULE / PART_GRANULES * PART_GRANULES;
    for (uint64_t part = offset / HEAP_GRANULE / PART_GRANULES * PART_GRANULES; part <= last;
         part += PART_GRANULES) {
        if ((heap->marks[part] & MARK_PART) != 0 || heap->is_forgetful) continue;
        remember(heap, part);
        if (!heap->is_forgetful) heap->marks[part] |= MARK_PART;
    }
}

static void look_at_part(struct heap *heap, uint64_t granule, const struct smelt_object *object) {
    const struct smelt_type *type = &heap->types[object->type];
    const uint64_t *first = (const uint64_t *)(const void *)object_at(heap, granule);
    const uint64_t *end = first + PART_GRANULES * HEAP_GRANULE / sizeof *end;
    const uint64_t *elements = (const uint64_t *)(const void *)((const uint8_t *)object + type->elements);
    if (first < elements) first = elements;
    if (end > elements + object->length) end = elements + object->length;
    look_at_references(heap, first, end);
}

// Forgets all; in a minor collection after it has looked at them.
static void end_remembering(struct heap *heap) {
    for (uint64_t index = 0; index < heap->remembered_count; index++) {
        uint64_t granule = heap->remembered[index];
        const struct smelt_object *array = array_with_parts(heap, granule);
        if (array != NULL) {
            heap->marks[granule] &= (uint8_t)~MARK_PART;
            if (heap->is_minor) look_at_part(heap, granule, array);
        } else {
            heap->marks[granule] |= MARK_UNLOGGED;
            if (heap->is_minor) look_at(heap, object_at(heap, granule));
        }
    }
    heap->remembered_count = 0;
    heap->is_forgetful = false;
}

// Collections --------------------------------------------------------------------------------------

void heap_begin_marking(struct heap *heap, bool is_minor) {
    heap->is_minor = is_minor;
    if (is_minor) return;
    end_remembering(heap);
    for (uint64_t block = 0; block < heap->blocks; block++) {
        if (heap->states[block] == BLOCK_UNSWEPT) heap_sweep_block(heap, block, false);
        heap->reached[block] = 0;
    }
    heap->mark ^= MARK_EVEN ^ MARK_ODD;
    heap->live_bytes = 0;
}

void heap_mark_rest(struct heap *heap) {
    if (heap->is_minor) end_remembering(heap);
    drain(heap);
}
