// Dynamic instances: every word of every one may refer to an object.
#include <stddef.h>
#include <unistd.h>

#include "gc/embedder.h"
#include "instance.h"

static void mark_words(void *heap, const uint64_t *first, uint64_t count) {
    heap_mark_words(heap, first, first + count);
}

void gc_mark_roots(struct heap *heap) { smelt_instance_visit_words(mark_words, heap); }

bool gc_has_write_barriers(void) { return true; }

char **gc_environment(void) { return environ; }
