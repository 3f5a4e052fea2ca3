// Allocation in the arena.
#include "arena.h"

#include <string.h>

#include "state.h"

uint8_t *arena_at(const struct smelt_context *context, uint32_t offset, uint64_t length) {
    uint8_t *bytes = guest_range(context, offset, length);
    if (bytes == NULL) p2_fail("a component's arguments are", "outside of their memory");
    return bytes;
}

uint8_t *arena_list(const struct smelt_context *context, uint32_t offset, uint32_t count,
                    uint32_t size) {
    return arena_at(context, offset, (uint64_t)count * size);
}

uint8_t *arena_new(const struct smelt_context *context, uint64_t size, uint32_t alignment,
                   uint32_t *offset) {
    struct smelt_memory *memory = context->memory;
    uint8_t *place = arena_at(context, ARENA_TOP, sizeof(uint32_t));
    uint64_t top = guest_load_u32(place);
    if (top < ARENA_BEGIN) top = ARENA_BEGIN;
    top = (top + alignment - 1) & ~((uint64_t)alignment - 1);
    if (size > UINT32_MAX || top + size > UINT32_MAX) p2_fail("a result is", "too large");
    uint64_t end = top + size;
    if (end > memory->byte_size) {
        uint64_t page = UINT64_C(1) << memory->page_size_log2;
        uint64_t pages = (end - memory->byte_size + page - 1) >> memory->page_size_log2;
        if (smelt_memory_grow(memory, pages) == UINT64_MAX) {
            p2_fail("there is no memory for", "a result");
        }
    }
    guest_store_u32(place, (uint32_t)end);
    *offset = (uint32_t)top;
    return arena_at(context, *offset, size);
}

void arena_trim(const struct smelt_context *context, uint32_t offset, uint32_t used) {
    guest_store_u32(arena_at(context, ARENA_TOP, sizeof(uint32_t)), offset + used);
}

uint8_t *arena_result(const struct smelt_context *context, uint32_t size, uint32_t alignment,
                      uint32_t *offset) {
    return memset(arena_new(context, size, alignment, offset), 0, size);
}

void arena_store_bytes(const struct smelt_context *context, uint8_t *place, const void *bytes,
                       size_t length) {
    uint32_t offset;
    uint8_t *copy = arena_new(context, length, 1, &offset);
    if (length > 0) memcpy(copy, bytes, length);
    guest_store_u32(place, offset);
    guest_store_u32(place + sizeof(uint32_t), (uint32_t)length);
}

uint32_t arena_outcome(const struct smelt_context *context, bool is_error, uint32_t error) {
    uint32_t offset;
    uint8_t *area = arena_result(context, 2, 1, &offset);
    area[0] = is_error;
    area[1] = is_error ? (uint8_t)error : 0;
    return offset;
}
