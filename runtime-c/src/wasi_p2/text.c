// UTF-8.
#include <string.h>

#include "arena.h"

// The length of the well-formed sequence that a text begins with; 0 if there is none.
static size_t sequence(const uint8_t *text, size_t length) {
    uint8_t lead = text[0];
    if (lead < 0x80) return 1;
    size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || size > length) return 0;
    for (size_t index = 1; index < size; index++) {
        if ((text[index] & 0xc0) != 0x80) return 0;
    }
    // Longer forms than needed, surrogates, and what is beyond the last character.
    if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] > 0x9f)) return 0;
    if ((lead == 0xf0 && text[1] < 0x90) || (lead == 0xf4 && text[1] > 0x8f)) return 0;
    return size;
}

bool p2_is_utf8(const void *text, size_t length) {
    const uint8_t *position = text;
    while (length > 0) {
        size_t size = sequence(position, length);
        if (size == 0) return false;
        position += size;
        length -= size;
    }
    return true;
}

void arena_store_text(const struct smelt_context *context, uint8_t *place, const void *text,
                      size_t length) {
    static const uint8_t replacement[] = {0xef, 0xbf, 0xbd};
    if (p2_is_utf8(text, length)) {
        arena_store_bytes(context, place, text, length);
        return;
    }
    uint32_t offset;
    uint8_t *copy = arena_new(context, (uint64_t)length * sizeof replacement, 1, &offset);
    size_t used = 0;
    for (const uint8_t *position = text; length > 0;) {
        size_t size = sequence(position, length);
        size_t step = size == 0 ? 1 : size;
        memcpy(copy + used, size == 0 ? replacement : position, size == 0 ? sizeof replacement : size);
        used += size == 0 ? sizeof replacement : size;
        position += step;
        length -= step;
    }
    guest_store_u32(place, offset);
    guest_store_u32(place + sizeof(uint32_t), (uint32_t)used);
}
