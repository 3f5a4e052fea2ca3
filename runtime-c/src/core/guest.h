// Guest memory as host functions see it. EVERYTHING that a guest passes as an address, a length
// or a count comes through guest_range, before anything is done: this is the wall between the
// guest and the rest of the process. Reviewers: no other file may form a pointer from a guest's
// number.
//
// Guest structures have no alignment that the host could count on and are little-endian, as both
// supported architectures are; so they are read and written by memcpy at the offsets in wasi.h.
#ifndef SMELT_WASI_GUEST_H
#define SMELT_WASI_GUEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/planted_fault.h"
#include "smelt/abi.h"

// The host's view of guest memory [address, address + length), or null when any of it is outside
// the memory. An empty range must begin within the memory or at its end.
static inline uint8_t *guest_range(const struct smelt_context *context, uint32_t address,
                                   uint64_t length) {
    const struct smelt_memory *memory = context->memory;
    if (memory == NULL) return NULL;
    if (address > memory->byte_size || length > memory->byte_size - address + SMELT_PLANTED_GUEST_RANGE) {
        return NULL;
    }
    return memory->base + address;
}

// The same for `count` elements of `size` bytes.
static inline uint8_t *guest_array(const struct smelt_context *context, uint32_t address,
                                   uint32_t count, uint32_t size) {
    return guest_range(context, address, (uint64_t)count * size);
}

static inline uint16_t guest_load_u16(const uint8_t *pointer) {
    uint16_t value;
    memcpy(&value, pointer, sizeof value);
    return value;
}

static inline uint32_t guest_load_u32(const uint8_t *pointer) {
    uint32_t value;
    memcpy(&value, pointer, sizeof value);
    return value;
}

static inline uint64_t guest_load_u64(const uint8_t *pointer) {
    uint64_t value;
    memcpy(&value, pointer, sizeof value);
    return value;
}

static inline void guest_store_u16(uint8_t *pointer, uint16_t value) {
    memcpy(pointer, &value, sizeof value);
}

static inline void guest_store_u32(uint8_t *pointer, uint32_t value) {
    memcpy(pointer, &value, sizeof value);
}

static inline void guest_store_u64(uint8_t *pointer, uint64_t value) {
    memcpy(pointer, &value, sizeof value);
}

#endif
