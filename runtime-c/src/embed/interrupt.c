// Requests to end a call of the guest's, and what would otherwise go on for long without looking at them.
//
// The word is tested by compiled code; what is here runs when it was not 0.
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/waiting.h"
#include "library.h"

enum {
    WAS_INTERRUPTED = 4,
    PIECE = 1 << 14  // elements of tables, 128 KiB of them
};
static const uint64_t growing_interrupted = UINT64_MAX - 1;

void smelt_library_interrupt(struct smelt_instance *instance) {
    __atomic_store_n(instance->interrupt, 1, __ATOMIC_RELAXED);
}

void smelt_library_continue(struct smelt_instance *instance) {
    __atomic_store_n(instance->interrupt, 0, __ATOMIC_RELAXED);
}

static bool shall_end(struct smelt_instance *instance) {
    const struct smelt_library *library = instance->library;
    if (__atomic_load_n(instance->interrupt, __ATOMIC_RELAXED) == 0) return false;
    return library->interrupted == NULL ||
           library->interrupted(library->interrupt_context) != SMELT_OK;
}

uint32_t smelt_library_interrupted(struct smelt_instance *instance) { return shall_end(instance); }

// Fuel ------------------------------------------------------------------------------------------

uint64_t smelt_library_fuel(const struct smelt_instance *instance) {
    return instance->fuel < 0 ? 0 : (uint64_t)instance->fuel;
}

// Less than nothing is never a large number: what is taken away at once is far less than 2^62.
void smelt_library_set_fuel(struct smelt_instance *instance, uint64_t fuel) {
    instance->fuel = fuel > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)fuel;
}

// Tables ----------------------------------------------------------------------------------------

// The whole range is looked at first: out of bounds means that nothing is written.
static bool in_bounds(uint64_t start, uint64_t count, uint64_t size) {
    return count <= size && start <= size - count;
}

static uint64_t piece(uint64_t left) { return left < PIECE ? left : PIECE; }

uint32_t smelt_library_table_fill(struct smelt_instance *instance, struct smelt_table *table,
                                  uint64_t start, void *value, uint64_t count) {
    if (count <= PIECE) return smelt_table_fill(table, start, value, count);
    if (!in_bounds(start, count, table->size)) return 0;
    for (uint64_t done = 0; done < count; done += piece(count - done)) {
        if (shall_end(instance)) return WAS_INTERRUPTED;
        smelt_table_fill(table, start + done, value, piece(count - done));
    }
    return 1;
}

uint32_t smelt_library_table_copy(struct smelt_instance *instance, struct smelt_table *destination,
                                  const struct smelt_table *source, uint64_t destination_start,
                                  uint64_t source_start, uint64_t count) {
    if (count <= PIECE) {
        return smelt_table_copy(destination, source, destination_start, source_start, count);
    }
    if (!in_bounds(destination_start, count, destination->size)) return 0;
    if (!in_bounds(source_start, count, source->size)) return 0;
    bool is_backward = destination == source && destination_start > source_start;
    for (uint64_t done = 0; done < count; done += piece(count - done)) {
        if (shall_end(instance)) return WAS_INTERRUPTED;
        uint64_t size = piece(count - done);
        uint64_t at = is_backward ? count - done - size : done;
        smelt_table_copy(destination, source, destination_start + at, source_start + at, size);
    }
    return 1;
}

uint32_t smelt_library_table_init(struct smelt_instance *instance, struct smelt_table *table,
                                  void *const *segment, uint64_t segment_size, uint64_t table_start,
                                  uint64_t segment_start, uint64_t count) {
    if (count <= PIECE) {
        return smelt_table_init(table, segment, segment_size, table_start, segment_start, count);
    }
    if (!in_bounds(table_start, count, table->size)) return 0;
    if (!in_bounds(segment_start, count, segment_size)) return 0;
    for (uint64_t done = 0; done < count; done += piece(count - done)) {
        if (shall_end(instance)) return WAS_INTERRUPTED;
        smelt_table_init(table, segment, segment_size, table_start + done, segment_start + done,
                         piece(count - done));
    }
    return 1;
}

uint64_t smelt_library_table_grow(struct smelt_instance *instance, struct smelt_table *table,
                                  uint64_t delta, void *value) {
    if (delta <= PIECE) return smelt_table_grow(table, delta, value);
    uint64_t old_size = table->size;
    for (uint64_t done = 0; done < delta; done += piece(delta - done)) {
        uint64_t result = shall_end(instance)
                              ? growing_interrupted
                              : smelt_table_grow(table, piece(delta - done), value);
        if (result >= growing_interrupted) {
            table->size = old_size;
            return result;
        }
    }
    return old_size;
}

// Waiting ---------------------------------------------------------------------------------------

static bool ask(void *instance) { return shall_end(instance); }

uint32_t smelt_library_wait32(struct smelt_instance *instance, const uint32_t *address,
                              uint32_t expected, int64_t timeout) {
    uint32_t result = smelt_wait32_unless(address, expected, timeout, ask, instance);
    return result == SMELT_WAIT_ENDED ? WAS_INTERRUPTED : result;
}

uint32_t smelt_library_wait64(struct smelt_instance *instance, const uint64_t *address,
                              uint64_t expected, int64_t timeout) {
    uint32_t result = smelt_wait64_unless(address, expected, timeout, ask, instance);
    return result == SMELT_WAIT_ENDED ? WAS_INTERRUPTED : result;
}
