// What is measured: the same source natively and as a guest.
#include <stddef.h>
#include <stdint.h>

static inline int64_t mix(int64_t value) {
    uint64_t x = (uint64_t)value;
    x ^= x >> 31;
    x *= UINT64_C(0x9e3779b97f4a7c15);
    return (int64_t)(x ^ x >> 29);
}

static inline int64_t hash(const uint8_t *bytes, size_t length) {
    uint64_t state = UINT64_C(0xcbf29ce484222325);
    for (size_t index = 0; index < length; index++) {
        state = (state ^ bytes[index]) * UINT64_C(0x100000001b3);
    }
    return (int64_t)state;
}
