// Division of 128-bit integers, compared with that of the compiler that builds the tests.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/division.h"

static wide from_halves(uint64_t high, uint64_t low) { return (wide)high << 64 | low; }

static void check(wide dividend, wide divisor) {
    struct wide_division result = smelt_divide(dividend, divisor);
    assert_true(result.quotient == dividend / divisor);
    assert_true(result.remainder == dividend % divisor);
}

static void test_edges(void **state) {
    (void)state;
    static const uint64_t halves[] = {
        0, 1, 2, 3, 10, UINT32_MAX, 1ULL << 32, 1ULL << 63, (1ULL << 63) + 1, UINT64_MAX - 1,
        UINT64_MAX,
    };
    enum { COUNT = sizeof halves / sizeof halves[0] };
    for (size_t i = 0; i < COUNT * COUNT; i++) {
        for (size_t j = 1; j < COUNT * COUNT; j++) {
            check(from_halves(halves[i / COUNT], halves[i % COUNT]),
                  from_halves(halves[j / COUNT], halves[j % COUNT]));
        }
    }
}

static void test_random(void **state) {
    (void)state;
    uint64_t x = 1;
    for (int round = 0; round < 20000; round++) {
        uint64_t words[4];
        for (int i = 0; i < 4; i++) {
            x = x * 6364136223846793005U + 1442695040888963407U;
            words[i] = x ^ x >> 29;
        }
        wide divisor = from_halves(words[2], words[3]) >> (words[0] % 128);
        check(from_halves(words[0], words[1]) >> (words[3] % 128), divisor == 0 ? 1 : divisor);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
