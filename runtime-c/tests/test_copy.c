// Copies at every distance and of every size, compared with ones byte by byte.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/copy.h"

static void copy_slowly(uint8_t *to, const uint8_t *from, size_t count) {
    uint8_t *saved = malloc(count + 1);
    for (size_t i = 0; i < count; i++) saved[i] = from[i];
    for (size_t i = 0; i < count; i++) to[i] = saved[i];
    free(saved);
}

static void number(uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(i * 7 + i / 251);
}

static void check_copy(size_t from, size_t to, size_t count, size_t size) {
    // Exactly as large as it has to be, so that the sanitizer sees what is read beyond.
    uint8_t *actual = malloc(size), *expected = malloc(size);
    number(actual, size);
    number(expected, size);
    smelt_copy(actual + to, actual + from, count);
    copy_slowly(expected + to, expected + from, count);
    assert_memory_equal(actual, expected, size);
    free(actual);
    free(expected);
}

static void test_overlapping(void **state) {
    (void)state;
    for (size_t count = 0; count <= 300; count++) {
        for (size_t distance = 0; distance <= 70; distance++) {
            check_copy(0, distance, count, count + distance + 1);
            check_copy(distance, 0, count, count + distance + 1);
        }
    }
}

static void test_large(void **state) {
    (void)state;
    static const size_t counts[] = {1000, 1023, 1024, 1025, 1040, 4095, 5000};
    static const size_t distances[] = {0, 1, 15, 31, 32, 33, 63, 64, 65, 1023, 1024, 6000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (size_t k = 0; k < sizeof distances / sizeof distances[0]; k++) {
            check_copy(0, distances[k], counts[i], counts[i] + distances[k] + 1);
            check_copy(distances[k], 0, counts[i], counts[i] + distances[k] + 1);
        }
    }
}

static void test_fill(void **state) {
    (void)state;
    for (size_t count = 0; count <= 1100; count++) {
        uint8_t *bytes = malloc(count + 2);
        memset(bytes, 1, count + 2);
        smelt_fill(bytes + 1, 0x1f0 + (int)count % 16, count);
        assert_int_equal(bytes[0], 1);
        assert_int_equal(bytes[count + 1], 1);
        for (size_t i = 1; i <= count; i++) assert_int_equal(bytes[i], 0xf0 + count % 16);
        free(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlapping),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_fill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
