// The arena of exceptions; heap.h says how it is made up.
#include "heap.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "host_page.h"
#include "lockdown.h"

// What a granule is the beginning of.
enum { NOTHING = 0, OBJECT = 1, REACHED = 2 };

enum { SMALLEST_ARENA = 1 << 20 };

// While objects are being marked, those whose arguments are still to be looked at are a list: the
// upper half of `argument_bytes` is the next one's granule + 1, which needs no memory.
enum { LINK_SHIFT = 32 };

static struct smelt_exception *object_at(const struct exception_heap *heap, uint64_t granule) {
    return (struct smelt_exception *)(heap->begin + granule * EXCEPTION_GRANULE);
}

static uint64_t size_at(const struct exception_heap *heap, uint64_t granule) {
    return sizeof(struct smelt_exception) + (uint32_t)object_at(heap, granule)->argument_bytes;
}

// Address space -------------------------------------------------------------------------------

bool exception_heap_reserve(struct exception_heap *heap, uint64_t bytes) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    for (; bytes >= SMALLEST_ARENA; bytes /= 2) {
        void *place = mmap(NULL, bytes + bytes / EXCEPTION_GRANULE, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (place == MAP_FAILED) continue;
        heap->begin = heap->position = heap->end = (uint8_t *)place;
        heap->starts = heap->begin + bytes;
        heap->reserved = bytes;
        return true;
    }
    return false;
}

bool exception_heap_grow(struct exception_heap *heap, uint64_t first) {
    SMELT_CALLS_IF(mprotect, SMELT_CALL_NOT_CODE);
    uint64_t size = heap->committed == 0 ? first : 2 * heap->committed;
    if (size > heap->reserved) return false;
    // Rounding up cannot reach beyond the reservation, which is far larger than a page.
    uint64_t starts = smelt_host_page_round_up(size / EXCEPTION_GRANULE);
    const int protection = PROT_READ | PROT_WRITE;
    if (mprotect(heap->starts, starts, protection) != 0) return false;
    if (mprotect(heap->begin, size, protection) != 0) return false;
    heap->committed = size;
    return true;
}

// Holes ---------------------------------------------------------------------------------------

// Whether none of eight granules is a reached object.
static bool has_none_reached(const uint8_t *starts) {
    uint64_t eight;
    memcpy(&eight, starts, sizeof eight);
    return (eight & UINT64_C(0x0101010101010101) * REACHED) == 0;
}

bool exception_heap_next_hole(struct exception_heap *heap) {
    uint8_t *starts = heap->starts;
    uint64_t end = heap->committed / EXCEPTION_GRANULE;
    uint64_t granule = heap->swept;
    while (granule < end && starts[granule] == REACHED) {
        starts[granule] = OBJECT;
        granule += size_at(heap, granule) / EXCEPTION_GRANULE;
    }
    uint64_t first = granule;
    while (granule < end && starts[granule] != REACHED) {
        bool is_empty = end - granule >= 8 && has_none_reached(starts + granule);
        granule += is_empty ? 8 : 1;
    }
    memset(starts + first, NOTHING, granule - first);
    heap->position = heap->begin + first * EXCEPTION_GRANULE;
    heap->end = heap->begin + granule * EXCEPTION_GRANULE;
    heap->swept = granule;
    return first < granule;
}

// Marking -------------------------------------------------------------------------------------

// The list of objects to look at, and how many bytes have been reached.
struct marking {
    struct exception_heap *heap;
    uint64_t next;  // its granule + 1; 0 for none
    uint64_t live_bytes;
};

// A word that may be an address anywhere in an object.
static void reach(struct marking *marking, uint64_t word) {
    const struct exception_heap *heap = marking->heap;
    uint64_t offset = word - (uint64_t)(uintptr_t)heap->begin;
    if (offset >= heap->committed) return;
    uint64_t granule = offset / EXCEPTION_GRANULE;
    uint64_t left = heap->largest / EXCEPTION_GRANULE;
    while (heap->starts[granule] == NOTHING) {
        if (granule == 0 || left == 0) return;
        granule--;
        left--;
    }
    if (heap->starts[granule] == REACHED) return;
    uint64_t size = size_at(heap, granule);
    if (offset - granule * EXCEPTION_GRANULE >= size) return;
    heap->starts[granule] = REACHED;
    object_at(heap, granule)->argument_bytes |= marking->next << LINK_SHIFT;
    marking->next = granule + 1;
    marking->live_bytes += size;
}

static void reach_all(struct marking *marking, const uint64_t *first, const uint64_t *end) {
    for (; first < end; first++) reach(marking, *first);
}

uint64_t exception_heap_mark(struct exception_heap *heap, const uint64_t *first,
                             const uint64_t *end) {
    struct marking marking = {heap, 0, 0};
    reach_all(&marking, first, end);
    while (marking.next != 0) {
        struct smelt_exception *object = object_at(heap, marking.next - 1);
        marking.next = object->argument_bytes >> LINK_SHIFT;
        object->argument_bytes = (uint32_t)object->argument_bytes;
        const uint64_t *arguments = (const uint64_t *)object->arguments;
        reach_all(&marking, arguments, arguments + object->argument_bytes / sizeof *arguments);
    }
    heap->swept = 0;
    heap->position = heap->end = heap->begin;
    return marking.live_bytes;
}
