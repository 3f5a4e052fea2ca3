// memmove, memcpy and memset in place of libc's. musl's begin with string instructions, which take
// some thirty cycles to begin; most copies of compiled programs are of a few bytes. Here a small
// copy is two loads and two stores that may overlap, whatever its size is.
//
// All that is loaded in a step is loaded before anything is stored, so areas may overlap.
#include "copy.h"

#include <string.h>

#include <stdint.h>

typedef uint8_t block __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t word8 __attribute__((aligned(1), may_alias));
typedef uint32_t word4 __attribute__((aligned(1), may_alias));
typedef uint16_t word2 __attribute__((aligned(1), may_alias));

// From here on string instructions are as fast as loops of blocks or faster.
enum { LARGE = 1024 };

#define INLINE static inline __attribute__((always_inline))

#define COPY_BOTH_ENDS(type)                                                                       \
    do {                                                                                           \
        type first = *(const type *)from, last = *(const type *)(from + count - sizeof(type));     \
        *(type *)to = first;                                                                       \
        *(type *)(to + count - sizeof(type)) = last;                                               \
    } while (0)

INLINE void copy_up_to_16(uint8_t *to, const uint8_t *from, size_t count) {
    if (count >= 8) {
        COPY_BOTH_ENDS(word8);
    } else if (count >= 4) {
        COPY_BOTH_ENDS(word4);
    } else if (count >= 2) {
        COPY_BOTH_ENDS(word2);
    } else if (count == 1) {
        *to = *from;
    }
}

INLINE void copy_up_to_64(uint8_t *to, const uint8_t *from, size_t count) {
    if (count <= 32) {
        COPY_BOTH_ENDS(block);
        return;
    }
    block a = *(const block *)from, b = *(const block *)(from + 16);
    block c = *(const block *)(from + count - 32), d = *(const block *)(from + count - 16);
    *(block *)to = a;
    *(block *)(to + 16) = b;
    *(block *)(to + count - 32) = c;
    *(block *)(to + count - 16) = d;
}

// The last bytes are loaded first, since the loop may overwrite them.
INLINE void copy_forwards(uint8_t *to, const uint8_t *from, size_t count) {
    block y = *(const block *)(from + count - 32), z = *(const block *)(from + count - 16);
    size_t at = 0;
    for (; at + 32 < count; at += 32) {
        block a = *(const block *)(from + at), b = *(const block *)(from + at + 16);
        *(block *)(to + at) = a;
        *(block *)(to + at + 16) = b;
    }
    *(block *)(to + count - 32) = y;
    *(block *)(to + count - 16) = z;
}

INLINE void copy_backwards(uint8_t *to, const uint8_t *from, size_t count) {
    block y = *(const block *)from, z = *(const block *)(from + 16);
    size_t end = count;
    for (; end > 32; end -= 32) {
        block a = *(const block *)(from + end - 32), b = *(const block *)(from + end - 16);
        *(block *)(to + end - 32) = a;
        *(block *)(to + end - 16) = b;
    }
    *(block *)to = y;
    *(block *)(to + 16) = z;
}

INLINE void copy(void *to, const void *from, size_t count) {
    uint8_t *target = to;
    const uint8_t *source = from;
    if (count <= 16) {
        copy_up_to_16(target, source, count);
    } else if (count <= 64) {
        copy_up_to_64(target, source, count);
    } else if ((uintptr_t)target - (uintptr_t)source < count) {
        // The target begins inside of the source.
        copy_backwards(target, source, count);
    } else {
#if defined(__x86_64__)
        // A target just below the source would make it copy byte by byte.
        if (count >= LARGE && (uintptr_t)source - (uintptr_t)target >= 64) {
            __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(count) : : "memory");
            return;
        }
#endif
        copy_forwards(target, source, count);
    }
}

INLINE void fill_up_to_16(uint8_t *to, uint64_t pattern, size_t count) {
    if (count >= 8) {
        *(word8 *)to = pattern;
        *(word8 *)(to + count - 8) = pattern;
    } else if (count >= 4) {
        *(word4 *)to = (uint32_t)pattern;
        *(word4 *)(to + count - 4) = (uint32_t)pattern;
    } else if (count >= 2) {
        *(word2 *)to = (uint16_t)pattern;
        *(word2 *)(to + count - 2) = (uint16_t)pattern;
    } else if (count == 1) {
        *to = (uint8_t)pattern;
    }
}

INLINE void fill(void *to, int value, size_t count) {
    uint8_t *target = to;
    uint64_t pattern = (uint8_t)value * UINT64_C(0x0101010101010101);
    if (count <= 16) {
        fill_up_to_16(target, pattern, count);
        return;
    }
#if defined(__x86_64__)
    if (count >= LARGE) {
        __asm__ volatile("rep stosb" : "+D"(target), "+c"(count) : "a"(value) : "memory");
        return;
    }
#endif
    typedef uint64_t pair __attribute__((vector_size(16), aligned(1), may_alias));
    pair pairs = {pattern, pattern};
    for (size_t at = 0; at + 16 < count; at += 16) *(pair *)(target + at) = pairs;
    *(pair *)(target + count - 16) = pairs;
}

void smelt_copy(void *to, const void *from, size_t count) { copy(to, from, count); }
void smelt_fill(void *to, int value, size_t count) { fill(to, value, count); }

#ifndef SMELT_NATIVE_TESTS
// What compilers call, also in place of loops of guest code, so that an access may fault: trap.c
// finds the caller where the call left its address. So these have no frames, and a section behind
// the code of the runtime, whose own faults are no traps.
#define LEAF __attribute__((section("smelt_leaves")))

LEAF void *memmove(void *to, const void *from, size_t count) {
    copy(to, from, count);
    return to;
}

LEAF void *memcpy(void *restrict to, const void *restrict from, size_t count)
    __attribute__((alias("memmove")));

LEAF void *memset(void *to, int value, size_t count) {
    fill(to, value, count);
    return to;
}
#endif
