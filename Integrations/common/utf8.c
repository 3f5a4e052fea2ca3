#include "utf8.h"

#include <string.h>

// Bytes of a character that begins so, and the bounds of the byte behind; 0 if none does.
static uint32_t character(uint8_t first, uint8_t *low, uint8_t *high) {
    *low = 0x80;
    *high = 0xbf;
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    if (first < 0xe0) return 2;
    if (first < 0xf0) {
        if (first == 0xe0) *low = 0xa0;
        if (first == 0xed) *high = 0x9f;
        return 3;
    }
    if (first == 0xf0) *low = 0x90;
    if (first == 0xf4) *high = 0x8f;
    return 4;
}

bool glue_is_utf8(const uint8_t *bytes, uint64_t length) {
    uint64_t at = 0;
    while (at < length) {
        uint64_t word = 0;
        while (length - at >= 8) {
            memcpy(&word, bytes + at, 8);
            if ((word & UINT64_C(0x8080808080808080)) != 0) break;
            at += 8;
        }
        if (at == length) return true;
        uint8_t low, high;
        uint32_t count = character(bytes[at], &low, &high);
        if (count == 0 || count > length - at) return false;
        if (count > 1 && (bytes[at + 1] < low || bytes[at + 1] > high)) return false;
        for (uint32_t index = 2; index < count; index++) {
            if ((bytes[at + index] & 0xc0) != 0x80) return false;
        }
        at += count;
    }
    return true;
}
