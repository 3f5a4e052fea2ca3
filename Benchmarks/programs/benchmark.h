// What the programs share: how large to be, numbers that look random, and a checksum.
//
// Every program prints one short line that depends on all of its work. The line has to be the
// same on every engine, so nothing here or there uses a library function whose last bits differ
// between C libraries (sin, exp, rand), nor prints a pointer or the time.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline int size_for(int argc, char **argv, int small, int normal, int large) {
    const char *size = argc > 1 ? argv[1] : "normal";
    if (strcmp(size, "small") == 0) return small;
    if (strcmp(size, "normal") == 0) return normal;
    if (strcmp(size, "large") == 0) return large;
    fprintf(stderr, "usage: %s [small | normal | large]\n", argv[0]);
    exit(2);
}

// Marsaglia's xorshift: the state must not be zero.
static inline uint32_t next_random(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

static inline double next_unit(uint32_t *state) { return next_random(state) / 4294967296.0; }

static inline uint64_t mix(uint64_t sum, uint64_t value) {
    sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
    return sum ^ sum >> 32;
}

static inline uint64_t mix_double(uint64_t sum, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return mix(sum, bits);
}

static inline void print_checksum(uint64_t sum) {
    printf("%08x%08x\n", (unsigned)(sum >> 32), (unsigned)sum);
}

// Memory or the end: a benchmark that runs out of it has no result.
static inline void *allocate(size_t bytes) {
    void *memory = malloc(bytes);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(3);
    }
    return memory;
}
