// Arguments on their way into the guest's memory.
//
// sandbox: what the guest's allocator returns is compared with the memory's size before anything is written.
#include <string.h>

#include "internal.h"

bool glue_is_inside(const struct glue *glue, uint64_t address, uint64_t size) {
    uint64_t limit = glue->memory->byte_size;
    return address <= limit && size <= limit - address;
}

// Calls what allocates or releases.
uint32_t glue_call_with_block(struct glue *glue, const struct glue_call *call,
                                struct glue_block block, uint32_t *result) {
    union smelt_value values[GLUE_MAXIMUM_PASSES];
    for (uint32_t index = 0; index < call->pass_count; index++) {
        const struct glue_pass *pass = &call->passes[index];
        values[index].i64 = pass->source == GLUE_BLOCK_POINTER  ? block.address
                            : pass->source == GLUE_BLOCK_LENGTH ? block.size
                                                                : pass->value;
    }
    uint32_t status = glue_enter(glue, call, values);
    if (status != SMELT_OK) return glue_guest_failed(glue, status);
    if (result != NULL) *result = values[0].i32;
    return SMELT_OK;
}

static uint32_t allocate(struct glue *glue, uint64_t size, struct glue_block *block) {
    if (size == 0) size = 1;
    if (size > INT32_MAX) return glue_fail(glue, "an argument is larger than 2 GiB");
    block->address = 0;
    block->size = (uint32_t)size;
    uint32_t status = glue_call_with_block(glue, glue->table->allocate, *block, &block->address);
    if (status != SMELT_OK) return status;
    if (block->address == 0) return glue_fail(glue, "the guest has no memory for an argument");
    if (!glue_is_inside(glue, block->address, size)) {
        return glue_fail(glue, "what the guest has allocated is not in its memory");
    }
    return SMELT_OK;
}

// Room for something that is passed; `place` tells what, as buffers are kept for each place.
static uint32_t take(struct glue *glue, uint64_t size, uint32_t place, bool is_given,
                     uint32_t *address) {
    struct glue_block block;
    bool is_kept = (glue->table->flags & GLUE_REUSES_BUFFERS) != 0 && !is_given;
    struct glue_block *buffer = &glue->buffers[place];
    if (is_kept && buffer->address != 0 && size <= buffer->size) {
        *address = buffer->address;
        return SMELT_OK;
    }
    if (is_kept) {
        if (size > INT32_MAX / 2) return glue_fail(glue, "an argument is larger than 1 GiB");
        size = size < 64 ? 64 : size * 2;
        if (buffer->address != 0 && glue->table->release != NULL) {
            block = *buffer;
            buffer->address = 0;
            uint32_t status = glue_call_with_block(glue, glue->table->release, block, NULL);
            if (status != SMELT_OK) return status;
        }
    }
    uint32_t status = allocate(glue, size, &block);
    if (status != SMELT_OK) return status;
    *address = block.address;
    if (is_kept) {
        *buffer = block;
    } else if (!is_given) {
        glue->blocks[glue->block_count++] = block;
    }
    return SMELT_OK;
}

// Most arguments are short.
static inline void copy(uint8_t *to, const uint8_t *from, uint64_t size) {
    enum { PIECE = 16, SHORT = 512 };
    if (size > SHORT || size < PIECE) {
        if (size > 0) memcpy(to, from, size);
        return;
    }
    for (uint64_t at = 0; at + PIECE <= size; at += PIECE) __builtin_memcpy(to + at, from + at, PIECE);
    __builtin_memcpy(to + size - PIECE, from + size - PIECE, PIECE);
}

static uint32_t put(struct glue *glue, const struct glue_call *call, uint32_t argument,
                    const struct glue_value *value, uint32_t *address) {
    uint64_t bit = UINT64_C(1) << argument;
    bool is_terminated = (call->terminated & bit) != 0;
    uint64_t size;
    if (value->length > INT32_MAX) return glue_fail(glue, "an argument is larger than 2 GiB");
    size = value->length * glue_element_size(value->element);
    uint32_t status = take(glue, size + is_terminated, argument, (call->given & bit) != 0, address);
    if (status != SMELT_OK) return status;
    if (!glue_is_inside(glue, *address, size + is_terminated)) {
        return glue_fail(glue, "what the guest has allocated is not in its memory");
    }
    copy(glue->memory->base + *address, value->bytes, size);
    if (is_terminated) glue->memory->base[*address + size] = 0;
    return SMELT_OK;
}

uint32_t glue_put_all(struct glue *glue, const struct glue_call *call,
                        const struct glue_value *arguments, const struct glue_returned *returned,
                        struct glue_places *places) {
    uint32_t status;
    if (call->literals_size > 0) {
        status = take(glue, call->literals_size, GLUE_MAXIMUM_ARGUMENTS, false, &places->literals);
        if (status != SMELT_OK) return status;
        memcpy(glue->memory->base + places->literals, call->literals, call->literals_size);
    }
    if (returned != NULL && returned->form == GLUE_BUFFER) {
        status = take(glue, returned->capacity, GLUE_MAXIMUM_ARGUMENTS + 1, false, &places->result);
        if (status != SMELT_OK) return status;
    }
    for (uint32_t index = 0; index < call->pass_count && call->in_memory; index++) {
        const struct glue_pass *pass = &call->passes[index];
        if (pass->source != GLUE_POINTER) continue;
        const struct glue_value *value = &arguments[pass->value];
        uint32_t *place = &places->arguments[pass->value];
        *place = 0;
        if (value->is_null) continue;
        status = put(glue, call, (uint32_t)pass->value, value, place);
        if (status != SMELT_OK) return status;
    }
    return SMELT_OK;
}
