// What compiled code asks of the collector.
#include <stddef.h>

#include "collector.h"

struct smelt_object *smelt_structure_new(uint32_t type) {
    uint64_t size = heap_round_up(smelt_types[type].size);
    struct smelt_object *object = window_take(&smelt_allocation, size);
    if (object == NULL) {
        object = gc_allocate(size);
        if (object == NULL) return NULL;
    }
    object->type = type;
    return object;
}

struct smelt_object *smelt_array_new(uint32_t type, uint32_t length) {
    uint64_t size = heap_array_size(&smelt_types[type], length);
    struct smelt_object *object = window_take(&smelt_allocation, size);
    if (object == NULL) {
        object = gc_allocate(size);
        if (object == NULL) return NULL;
    }
    object->type = type;
    object->length = length;
    return object;
}

void smelt_write_barrier(struct smelt_object *object, const void *place, uint64_t bytes) {
    heap_remember(gc_heap(), object, place, bytes);
}
