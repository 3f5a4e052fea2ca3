// When to collect, and what follows from it; collector.h says more.
#include "collector.h"

#include <stddef.h>
#include <sys/sysinfo.h>

#include "embedder.h"
#include "core/system_calls.h"
#include "options.h"
#include "statistics.h"
#include "trap/trap.h"

// What is allocated between two collections. The least fits into a CPU's cache with the guest's own
// data. If all of the most turns out to be alive, a minor collection is still short; where much of it
// does, it had better be less.
static const uint64_t least_budget = 1 << 20, most_budget = 32 << 20;
static const uint64_t most_young = 16 << 20, growing_young = 8 << 20;
// Full collections are for heaps of at least this size if there are minor ones.
static const uint64_t least_full = 64 << 20;
// In tests, how many minor collections there are for each full one.
enum { MINOR_COLLECTIONS = 7 };

#pragma weak smelt_types

struct smelt_allocation smelt_allocation;
uint64_t smelt_heap_limit;

static struct heap collector_heap = {.window = &smelt_allocation};
static uint64_t full_at;          // live bytes that make the next collection a full one
static uint64_t interval;         // objects between collections, for tests; 0 if there are no such
static uint64_t objects_made;     // since then
static unsigned minor_count;

struct heap *gc_heap(void) { return &collector_heap; }

// The beginning --------------------------------------------------------------------------------

static uint64_t default_limit(void) {
    SMELT_CALLS(sysinfo);
    struct sysinfo machine;
    // Without an answer, what any machine has.
    if (sysinfo(&machine) != 0) return UINT64_C(1) << 30;
    return (uint64_t)machine.totalram * machine.mem_unit / 2;
}

static bool begin(void) {
    uint64_t limit = smelt_heap_limit != 0 ? smelt_heap_limit : default_limit();
    collector_heap.types = smelt_types;
    if (!heap_reserve(&collector_heap, limit)) return false;
    collector_heap.budget = least_budget;
    full_at = gc_has_write_barriers() ? least_full : 0;
    interval = gc_option_every();
    collector_heap.is_exact = interval != 0;
    return true;
}

// Collections ------------------------------------------------------------------------------------

// `survivors` is the bytes of young objects that have become old.
static uint64_t next_budget(uint64_t looked_at, uint64_t survivors) {
    uint64_t most = full_at == 0 ? most_budget
                    : survivors > growing_young / 4 ? growing_young : most_young;
    uint64_t budget = 16 * collector_heap.live_bytes;
    if (budget < least_budget) budget = least_budget;
    if (budget > most) budget = most;
    // Looking through the roots each time must not become all that the program does.
    if (budget < 8 * looked_at) budget = 8 * looked_at;
    // Nor looking through all objects.
    if (full_at == 0 && budget < collector_heap.live_bytes) budget = collector_heap.live_bytes;
    return budget;
}

static __attribute__((noinline)) void collect_below(bool is_minor) {
    struct gc_pause pause;
    gc_pause_begin(&pause);
    const uint64_t *stack = (const uint64_t *)__builtin_frame_address(0);
    const uint64_t *top = (const uint64_t *)(const void *)smelt_guest_stack()->top;
    uint64_t handed_out = collector_heap.allocated, old_bytes = collector_heap.live_bytes;
    heap_begin_marking(&collector_heap, is_minor);
    heap_mark_words(&collector_heap, stack, top);
    gc_mark_roots(&collector_heap);
    heap_mark_rest(&collector_heap);
    heap_end_marking(&collector_heap);
    uint64_t survivors = is_minor ? collector_heap.live_bytes - old_bytes : 0;
    heap_set_budget(&collector_heap,
                    next_budget((uint64_t)(top - stack) * sizeof *stack, survivors));
    if (full_at != 0 && !is_minor) {
        full_at = 2 * collector_heap.live_bytes;
        if (full_at < least_full) full_at = least_full;
    }
    objects_made = 0;
    gc_pause_end(&pause, &collector_heap, handed_out);
}

static __attribute__((noinline)) void collect(bool is_minor) {
    // Puts what the registers of callers hold into this frame, above that of what is called.
    __builtin_unwind_init();
    collect_below(is_minor);
    __asm__ volatile("" ::: "memory");  // not a tail call, which would leave this frame
}

void gc_collect(void) { collect(false); }

static void collect_when_due(void) {
    collect(collector_heap.live_bytes < full_at && !collector_heap.is_forgetful);
}

static void collect_for_test(void) {
    if (++objects_made < interval) return;
    bool is_minor = full_at != 0 && !collector_heap.is_forgetful &&
                    ++minor_count % (MINOR_COLLECTIONS + 1) != 0;
    collect(is_minor);
}

// Allocation -------------------------------------------------------------------------------------

void gc_need_stack(void) {
    volatile uint8_t frames[4096];
    frames[0] = 0;
    (void)frames[0];
}

__attribute__((noinline, cold)) struct smelt_object *gc_allocate(uint64_t size) {
    gc_need_stack();
    if (collector_heap.begin == NULL && !begin()) return NULL;
    if (size > collector_heap.reserved) return NULL;
    if (interval != 0) collect_for_test();
    bool is_collected = false;
    while (true) {
        struct smelt_object *object;
        switch (heap_allocate(&collector_heap, size, &object)) {
        case HEAP_DONE: return object;
        case HEAP_SPENT: collect_when_due(); break;
        case HEAP_FULL:
            if (is_collected) return NULL;
            collect(false);
            is_collected = true;
            // What hardly frees anything would soon be all that the program does.
            if (collector_heap.live_bytes > collector_heap.reserved - collector_heap.reserved / 32) return NULL;
        }
    }
}
