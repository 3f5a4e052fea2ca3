// Static programs: their roots are in tables that compiled code has.
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "embedder.h"
#include "statistics.h"
#include "wasi_p1/state.h"

// Where nothing of the kind refers to objects, there are none; tests have no program.
#pragma weak smelt_roots
#pragma weak smelt_program
#pragma weak smelt_context

static void mark_range(struct heap *heap, void *const *first, uint64_t count) {
    const uint64_t *words = (const uint64_t *)(const void *)first;
    heap_mark_words(heap, words, words + count);
}

void gc_mark_roots(struct heap *heap) {
    const struct smelt_roots *roots = &smelt_roots;
    if (roots == NULL) return;
    for (uint64_t index = 0; index < roots->range_count; index++) {
        mark_range(heap, roots->ranges[index].first, roots->ranges[index].count);
    }
    for (uint64_t index = 0; index < roots->table_count; index++) {
        const struct smelt_table *table = roots->tables[index];
        mark_range(heap, table->elements, table->size);
    }
}

bool gc_has_write_barriers(void) {
    return &smelt_program != NULL && (smelt_program.flags & SMELT_PROGRAM_HAS_WRITE_BARRIER) != 0;
}

char **gc_environment(void) {
    if (&smelt_context == NULL || smelt_context.wasi == NULL) return NULL;
    return ((const struct wasi_state *)smelt_context.wasi)->host.host_environment;
}

#if !defined(SMELT_NATIVE_TESTS)
// In place of the weak one in lockdown.c: the end of a program is when there is something to report.
// What maps memory is never in the kernel's strict mode, which has no exit_group.
_Noreturn void _exit(int status) {
    gc_report();
    while (true) syscall(SYS_exit_group, status);
}
#endif
