// The instances of a script, for the signal handler and for the collector: every word of every one may
// refer to an object.
#include "instances.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "gc/embedder.h"
#include "embed/instance.h"

struct entry {
    struct smelt_instance *instance;
    struct entry *next;
};

static struct entry *first_entry;

bool wast_add_instance(struct smelt_instance *instance) {
    struct entry *entry = malloc(sizeof *entry);
    if (entry == NULL) return false;
    entry->instance = instance;
    entry->next = first_entry;
    // A signal handler may walk the list at any time, so an entry is whole before it is in it.
    __atomic_store_n(&first_entry, entry, __ATOMIC_RELEASE);
    return true;
}

const struct smelt_memory *wast_memory_at(uint64_t address) {
    const struct entry *entry = __atomic_load_n(&first_entry, __ATOMIC_ACQUIRE);
    for (; entry != NULL; entry = entry->next) {
        const struct smelt_memory *memory = smelt_instance_memory_at(entry->instance, address);
        if (memory != NULL) return memory;
    }
    return NULL;
}

static void mark_words(void *heap, const uint64_t *first, uint64_t count) {
    heap_mark_words(heap, first, first + count);
}

void gc_mark_roots(struct heap *heap) {
    for (const struct entry *entry = first_entry; entry != NULL; entry = entry->next) {
        smelt_instance_visit_words(entry->instance, mark_words, heap);
    }
}

bool gc_has_write_barriers(void) { return true; }

char **gc_environment(void) { return environ; }
