// Cookies of fd_readdir: small numbers for large positions, the same ones for the same entries.
#include "support.h"
#include "host/directory_positions.h"

static const uint64_t LARGE = UINT64_C(1) << 62;

// Gives the cookies of the entries at positions[0] and so on, from the start of the directory.
static void read_all(struct directory_positions **place, const uint64_t *positions, size_t count,
                     uint64_t *cookies) {
    uint64_t cookie = 0;
    for (size_t index = 0; index < count; index++) {
        assert_true(directory_cookie(place, cookie, positions[index], &cookie));
        assert_true(cookie <= INT32_MAX);
        cookies[index] = cookie;
    }
}

static void assert_position(const struct directory_positions *positions, uint64_t cookie,
                            uint64_t expected) {
    uint64_t position;
    assert_true(directory_position(positions, cookie, &position));
    assert_true(position == expected);
}

static void small_positions_are_cookies(void **state) {
    (void)state;
    struct directory_positions *positions = NULL;
    const uint64_t small[] = {1, 2, 40, DIRECTORY_NUMBERS - 1};
    uint64_t cookies[4];
    read_all(&positions, small, 4, cookies);
    assert_memory_equal(cookies, small, sizeof small);
    assert_null(positions);
    assert_position(NULL, 77, 77);
}

static void large_positions_have_numbers(void **state) {
    (void)state;
    struct directory_positions *positions = NULL;
    const uint64_t mixed[] = {1, 2, LARGE + 7, LARGE + 9, LARGE, INT64_MAX};
    uint64_t cookies[6], again[6];
    read_all(&positions, mixed, 6, cookies);
    for (size_t index = 0; index < 6; index++) {
        assert_position(positions, cookies[index], mixed[index]);
    }
    read_all(&positions, mixed, 6, again);
    assert_memory_equal(cookies, again, sizeof again);
    directory_positions_free(positions);
}

// What a cookie means does not change with the directory.
static void changes_keep_cookies(void **state) {
    (void)state;
    struct directory_positions *positions = NULL;
    const uint64_t before[] = {LARGE + 1, LARGE + 2, LARGE + 3, LARGE + 4};
    const uint64_t after[] = {LARGE + 1, LARGE + 3, LARGE + 5, LARGE + 4};
    uint64_t old[4], new[4];
    read_all(&positions, before, 4, old);
    read_all(&positions, after, 4, new);
    for (size_t index = 0; index < 4; index++) {
        assert_position(positions, old[index], before[index]);
        assert_position(positions, new[index], after[index]);
    }
    directory_positions_free(positions);
}

static void unknown_cookies_are_refused(void **state) {
    (void)state;
    struct directory_positions *positions = NULL;
    uint64_t cookie, position;
    assert_false(directory_position(NULL, DIRECTORY_NUMBERS, &position));
    assert_true(directory_cookie(&positions, 0, LARGE, &cookie));
    const uint64_t unknown[] = {cookie + 1,      cookie + DIRECTORY_POSITIONS,
                                cookie + (1u << 30), 2 * DIRECTORY_NUMBERS - 1,
                                UINT32_MAX,      INT64_MAX,
                                UINT64_MAX,      cookie | UINT64_C(1) << 32};
    for (size_t index = 0; index < sizeof unknown / sizeof unknown[0]; index++) {
        assert_false(directory_position(positions, unknown[index], &position));
    }
    directory_positions_free(positions);
}

// There is room for so many, and the oldest ones go first.
static void old_cookies_are_forgotten(void **state) {
    (void)state;
    struct directory_positions *positions = NULL;
    const uint64_t count = 3 * DIRECTORY_POSITIONS + 5;
    uint64_t first = 0, cookie = 0, position;
    for (uint64_t number = 0; number < count; number++) {
        assert_true(directory_cookie(&positions, cookie, LARGE + number, &cookie));
        if (number == 0) first = cookie;
    }
    assert_false(directory_position(positions, first, &position));
    for (uint64_t back = 0; back < DIRECTORY_POSITIONS; back++) {
        assert_position(positions, cookie - back, LARGE + count - 1 - back);
    }
    assert_false(directory_position(positions, cookie - DIRECTORY_POSITIONS, &position));
    directory_positions_free(positions);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_positions_are_cookies),
        cmocka_unit_test(large_positions_have_numbers),
        cmocka_unit_test(changes_keep_cookies),
        cmocka_unit_test(unknown_cookies_are_refused),
        cmocka_unit_test(old_cookies_are_forgotten),
    };
    return cmocka_run_group_tests_name("directory positions", tests, NULL, NULL);
}
