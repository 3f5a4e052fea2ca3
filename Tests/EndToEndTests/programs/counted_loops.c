// Loops over arrays, with every kind of element, from every distance between the arrays and over
// many lengths: compilers may take many elements at a time, in another order, and must not when
// one array is written where another one is read.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 3200, MIDDLE = 1200, FARTHEST = 12 };

static unsigned char memory[SIZE] __attribute__((aligned(16)));
static uint64_t total;

static void fill(uint32_t x) {
    for (int i = 0; i < SIZE; i++) {
        x = x * 1664525 + 1013904223;
        memory[i] = (unsigned char)(x >> 24);
    }
}

static uint64_t digest(void) {
    uint64_t hash = 14695981039346656037u;
    for (int i = 0; i < SIZE; i += 8) {
        uint64_t word;
        memcpy(&word, memory + i, 8);
        hash = ((hash << 29 | hash >> 35) ^ word) * 1099511628211u;
    }
    return hash;
}

// The functions of one type of elements. Integers are unsigned, so that they may wrap around.
#define KERNELS(T, name) \
    static void copy_##name(T *a, const T *b, int n) { for (int i = 0; i < n; i++) a[i] = b[i]; } \
    static void copy_back_##name(T *a, const T *b, int n) { \
        for (int i = n - 1; i >= 0; i--) a[i] = b[i]; } \
    static void reverse_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[i] = b[n - 1 - i]; } \
    static void scale_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[i] = (T)(b[i] * 3 + a[i]); } \
    static void next_##name(T *a, const T *b, int n) { \
        (void)b; for (int i = 0; i < n; i++) a[i] = (T)(a[i + 1] + 1); } \
    static void previous_##name(T *a, const T *b, int n) { \
        (void)b; for (int i = 1; i <= n; i++) a[i] = (T)(a[i - 1] + 1); } \
    static void stencil_##name(T *a, const T *b, int n) { \
        for (int i = 1; i <= n; i++) a[i] = (T)(b[i - 1] + b[i] * 2 + b[i + 1]); } \
    static void sums_##name(T *a, const T *b, int n) { \
        T sum = 0; for (int i = 0; i < n; i++) { sum = (T)(sum + b[i]); a[i] = sum; } } \
    static void differences_##name(T *a, const T *b, int n) { \
        T last = 0; for (int i = 0; i < n; i++) { a[i] = (T)(b[i] - last); last = b[i]; } } \
    static void even_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n / 2; i++) a[i] = b[2 * i]; } \
    static void apart_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n / 2; i++) a[2 * i] = b[i]; } \
    static void pairs_##name(T *a, const T *b, int n) { \
        for (int i = 0; i + 1 < n; i += 2) { a[i] = b[i + 1]; a[i + 1] = b[i]; } } \
    static void counter_##name(T *a, const T *b, int n) { \
        (void)b; for (int i = 0; i < n; i++) a[i] = (T)((i + 1) * (i + 3)); } \
    static void twice_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i += 2) { a[i] = (T)(b[i] + (i + 1)); \
            a[i + 1] = (T)(b[i + 1] + (i + 2)); } } \
    static void by_four_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < (n & ~3); i += 4) { T w = b[i], x = b[i + 1], y = b[i + 2], \
            z = b[i + 3]; a[i] = w; a[i + 1] = x; a[i + 2] = y; a[i + 3] = z; } } \
    static void where_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) if (b[i] > 60) a[i] = b[i]; } \
    static void larger_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[i] = a[i] > b[i] ? a[i] : b[i]; } \
    static void clamp_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[i] = b[i] > 100 ? 100 : b[i] < 9 ? 9 : b[i]; } \
    static void column_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[i * 3] = (T)(b[i * 2] + b[i]); } \
    static void fixed_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[i] = (T)(a[i] + b[0]); } \
    static void into_one_##name(T *a, const T *b, int n) { \
        for (int i = 0; i < n; i++) a[0] = (T)(a[0] + b[i]); } \
    static void sum_##name(T *a, const T *b, int n) { \
        T sum = 0; for (int i = 0; i < n; i++) sum = (T)(sum + 1u * a[i] * b[i]); \
        total = total * 31 + (uint64_t)sum; } \
    static void largest_##name(T *a, const T *b, int n) { \
        T most = a[0]; for (int i = 0; i < n; i++) if (b[i] > most) most = b[i]; \
        total = total * 31 + (uint64_t)most; } \
    static void tail_##name(T *a, const T *b, int n) { \
        T *end = a + n; while (a != end) *a++ = *b++; } \
    static void downwards_##name(T *a, const T *b, int n) { \
        a += n; b += n; while (n-- > 0) *--a = *--b; } \
    static void (*const name##_kernels[])(T *, const T *, int) = { \
        copy_##name, copy_back_##name, reverse_##name, scale_##name, next_##name, \
        previous_##name, stencil_##name, sums_##name, differences_##name, even_##name, \
        apart_##name, pairs_##name, counter_##name, twice_##name, by_four_##name, where_##name, \
        larger_##name, clamp_##name, column_##name, fixed_##name, into_one_##name, sum_##name, \
        largest_##name, tail_##name, downwards_##name, \
    }; \
    static void run_##name(void) { \
        enum { COUNT = sizeof name##_kernels / sizeof name##_kernels[0] }; \
        for (int k = 0; k < COUNT; k++) { \
            total = 0; \
            for (unsigned l = 0; l < sizeof lengths / sizeof lengths[0]; l++) { \
                for (int distance = -FARTHEST; distance <= FARTHEST; distance++) { \
                    prepare_##name((uint32_t)(k * 1000 + distance)); \
                    T *a = (T *)(void *)(memory + MIDDLE) - lengths[l] / 2; \
                    name##_kernels[k](a, a + distance, lengths[l]); \
                    total = total * 31 + digest(); \
                } \
            } \
            printf("%s %d: %016llx\n", #name, k, (unsigned long long)total); \
        } \
    }

static const int lengths[] = {0, 1, 2, 8, 9, 17, 32, 47};

// Floats are small whole numbers: sums of them are the same in any order.
#define PREPARE_FLOAT(T, name) \
    static void prepare_##name(uint32_t x) { \
        fill(x); \
        for (unsigned i = SIZE / sizeof(T); i-- > 0;) ((T *)(void *)memory)[i] = memory[i]; \
    }
#define PREPARE(name) static void prepare_##name(uint32_t x) { fill(x); }

PREPARE(byte)
PREPARE(half)
PREPARE(word)
PREPARE(wide)
PREPARE_FLOAT(float, single)
PREPARE_FLOAT(double, twofold)

KERNELS(uint8_t, byte)
KERNELS(uint16_t, half)
KERNELS(uint32_t, word)
KERNELS(uint64_t, wide)
KERNELS(float, single)
KERNELS(double, twofold)

// What works with different types, and with bytes that are at odd distances.
static void grey(unsigned char *a, const unsigned char *rgb, int n) {
    for (int i = 0; i < n; i++) {
        a[i] = (unsigned char)((rgb[3 * i] * 77 + rgb[3 * i + 1] * 150 + rgb[3 * i + 2] * 29) >> 8);
    }
}

static void widen(unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) {
        uint32_t value = b[i] * 257u;
        memcpy(a + 4 * i, &value, 4);
    }
}

static void narrow(unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) {
        uint32_t value;
        memcpy(&value, b + 4 * i, 4);
        a[i] = (unsigned char)(value >> 5);
    }
}

static void histogram(unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) a[b[i] & 31]++;
}

static void transpose(unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < 7; j++) a[j * n + i] = b[i * 7 + j];
    }
}

static void exchange(unsigned char *a, const unsigned char *unused, int n) {
    (void)unused;
    for (int i = 0; i < n / 2; i++) {
        unsigned char byte = a[i];
        a[i] = a[n - 1 - i];
        a[n - 1 - i] = byte;
    }
}

static void strided(unsigned char *a, const unsigned char *b, int n) {
    for (int stride = -3; stride <= 3; stride++) {
        for (int i = 0; i < n; i++) a[i * stride] = (unsigned char)(b[i * 2] + stride);
    }
}

static void wide_units(unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) {
        uint64_t value;
        memcpy(&value, b + 8 * i, 8);
        value = value * 5 + (uint64_t)i;
        memcpy(a + 8 * i, &value, 8);
    }
}

static void (*const byte_functions[])(unsigned char *, const unsigned char *, int) = {
    grey, widen, narrow, histogram, transpose, exchange, strided, wide_units,
};

int main(void) {
    run_byte();
    run_half();
    run_word();
    run_wide();
    run_single();
    run_twofold();
    for (unsigned k = 0; k < sizeof byte_functions / sizeof byte_functions[0]; k++) {
        total = 0;
        for (unsigned l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
            for (int distance = -3 * FARTHEST; distance <= 3 * FARTHEST; distance++) {
                fill(k + (uint32_t)distance);
                unsigned char *a = memory + MIDDLE - 2 * lengths[l];
                byte_functions[k](a, a + distance, lengths[l]);
                total = total * 31 + digest();
            }
        }
        printf("bytes %u: %016llx\n", k, (unsigned long long)total);
    }
    return 0;
}
