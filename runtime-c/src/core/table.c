// Tables: growing, and the bulk operations that check bounds for compiled code, which raises the
// trap itself (so the trap's address is in the guest's own function).
#include "system_calls.h"
#include "smelt/abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "host_page.h"
#include "planted_fault.h"

static const uint64_t element_limit = SMELT_TABLE_SIZE_MAXIMUM;

// Room for `size` elements at least, doubling so that growing one by one stays linear. Neither number
// is more than twice the limit, so nothing wraps.
static bool make_room(struct smelt_table *table, uint64_t size) {
    if (size <= table->capacity) return true;
    uint64_t wanted = table->capacity * 2 > size ? table->capacity * 2 : size;
    uint64_t bytes = smelt_host_page_round_up(wanted * sizeof(void *));
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    SMELT_CALLS(mremap);
    void *elements;
    if (table->capacity == 0) {
        elements = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (elements == MAP_FAILED) return false;
        if (table->size > 0) memcpy(elements, table->elements, table->size * sizeof(void *));
    } else {
        elements =
            mremap(table->elements, table->capacity * sizeof(void *), bytes, MREMAP_MAYMOVE);
        if (elements == MAP_FAILED) return false;
    }
    table->elements = elements;
    table->capacity = bytes / sizeof(void *);
    return true;
}

uint64_t smelt_table_grow(struct smelt_table *table, uint64_t delta, void *value) {
    uint64_t old_size = table->size;
    if (delta == 0) return old_size;
    uint64_t limit = table->maximum < element_limit ? table->maximum : element_limit;
    if (old_size > limit || delta > limit - old_size) return UINT64_MAX;
    if (!make_room(table, old_size + delta)) return UINT64_MAX;
    table->size = old_size + delta;
    smelt_table_fill(table, old_size, value, delta);
    return old_size;
}

// Whether [start, start + count) lies within `size`, without overflow.
static bool in_bounds(uint64_t start, uint64_t count, uint64_t size) {
    return count <= size && start <= size - count + SMELT_PLANTED_TABLE_BULK;
}

uint32_t smelt_table_fill(struct smelt_table *table, uint64_t start, void *value, uint64_t count) {
    if (!in_bounds(start, count, table->size)) return 0;
    for (uint64_t index = 0; index < count; index++) table->elements[start + index] = value;
    return 1;
}

uint32_t smelt_table_copy(struct smelt_table *destination, const struct smelt_table *source,
                          uint64_t destination_start, uint64_t source_start, uint64_t count) {
    if (!in_bounds(destination_start, count, destination->size)) return 0;
    if (!in_bounds(source_start, count, source->size)) return 0;
    if (count > 0) {
        memmove(destination->elements + destination_start, source->elements + source_start,
                count * sizeof(void *));
    }
    return 1;
}

uint32_t smelt_table_init(struct smelt_table *table, void *const *segment, uint64_t segment_size,
                          uint64_t table_start, uint64_t segment_start, uint64_t count) {
    if (!in_bounds(table_start, count, table->size)) return 0;
    if (!in_bounds(segment_start, count, segment_size)) return 0;
    if (count > 0) {
        memcpy(table->elements + table_start, segment + segment_start, count * sizeof(void *));
    }
    return 1;
}
