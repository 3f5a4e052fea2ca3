// Lists of strings for a guest.
#include "strings.h"

#include <string.h>

#include "core/guest.h"
#include "wasi.h"

static uint64_t total_size(const char *const *strings, uint32_t count) {
    uint64_t size = 0;
    for (uint32_t index = 0; index < count; index++) size += strlen(strings[index]) + 1;
    return size;
}

uint32_t wasi_strings_sizes(const struct smelt_context *context, const char *const *strings,
                            uint32_t count, uint32_t count_address, uint32_t size_address) {
    uint8_t *count_pointer = guest_range(context, count_address, sizeof(uint32_t));
    uint8_t *size_pointer = guest_range(context, size_address, sizeof(uint32_t));
    if (count_pointer == NULL || size_pointer == NULL) return WASI_FAULT;
    uint64_t size = total_size(strings, count);
    if (size > UINT32_MAX) return WASI_OVERFLOW;
    guest_store_u32(count_pointer, count);
    guest_store_u32(size_pointer, (uint32_t)size);
    return WASI_SUCCESS;
}

uint32_t wasi_strings_get(const struct smelt_context *context, const char *const *strings,
                          uint32_t count, uint32_t array_address, uint32_t buffer_address) {
    uint8_t *array = guest_array(context, array_address, count, sizeof(uint32_t));
    uint8_t *buffer = guest_range(context, buffer_address, total_size(strings, count));
    if (array == NULL || buffer == NULL) return WASI_FAULT;
    uint32_t offset = 0;
    for (uint32_t index = 0; index < count; index++) {
        size_t size = strlen(strings[index]) + 1;
        guest_store_u32(array + (size_t)index * sizeof(uint32_t), buffer_address + offset);
        memcpy(buffer + offset, strings[index], size);
        offset += (uint32_t)size;
    }
    return WASI_SUCCESS;
}
