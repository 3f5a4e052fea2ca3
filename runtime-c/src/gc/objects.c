// What compiled code asks of the collector.
#include <stddef.h>

#include "collector.h"

SMELT_RARELY_CALLED struct smelt_object *smelt_object_new(uint64_t header, uint64_t size) {
    struct smelt_object *object = window_take(&smelt_allocation, size);
    if (object == NULL) {
        object = gc_allocate(size);
        if (object == NULL) return NULL;
    }
    object->type = (uint32_t)header;
    object->length = (uint32_t)(header >> 32);
    return object;
}

SMELT_RARELY_CALLED void smelt_write_barrier(struct smelt_object *object, const void *place,
                                             uint64_t bytes) {
    struct heap *heap = gc_heap();
    uint8_t mark = heap->marks[(uint64_t)((uint8_t *)object - heap->begin) / HEAP_GRANULE];
    if ((mark & MARK_UNLOGGED) == 0) return;
    gc_need_stack();
    heap_remember(heap, object, place, bytes);
}
