// Tables: growing out of static storage, and the bounds of the bulk operations.
#include <sys/mman.h>

#include "support.h"

static int things[4];

static void grows_out_of_static_storage(void **state) {
    (void)state;
    void *storage[2] = {&things[0], &things[1]};
    struct smelt_table table = {.elements = storage, .size = 2, .maximum = 1000000};
    assert_int_equal(smelt_table_grow(&table, 0, NULL), 2);
    assert_ptr_equal(table.elements, storage);
    for (uint64_t size = 2; size < 5000; size++) {
        assert_int_equal(smelt_table_grow(&table, 1, &things[2]), size);
    }
    assert_ptr_equal(table.elements[0], &things[0]);
    assert_ptr_equal(table.elements[1], &things[1]);
    assert_ptr_equal(table.elements[4999], &things[2]);
    assert_ptr_equal(storage[0], &things[0]);
    assert_true(table.capacity >= table.size && table.capacity < 4 * table.size);
    munmap(table.elements, table.capacity * sizeof(void *));
}

static void refuses_more_than_the_maximum(void **state) {
    (void)state;
    struct smelt_table table = {.maximum = 10};
    assert_true(smelt_table_grow(&table, 11, NULL) == UINT64_MAX);
    assert_true(smelt_table_grow(&table, UINT64_MAX, NULL) == UINT64_MAX);
    assert_int_equal(table.size, 0);
    assert_int_equal(smelt_table_grow(&table, 10, NULL), 0);
    assert_true(smelt_table_grow(&table, 1, NULL) == UINT64_MAX);
    munmap(table.elements, table.capacity * sizeof(void *));

    struct smelt_table endless = {.maximum = UINT64_MAX};
    assert_true(smelt_table_grow(&endless, UINT32_MAX, NULL) == UINT64_MAX);
    assert_true(smelt_table_grow(&endless, UINT64_MAX, NULL) == UINT64_MAX);
}

static void fills_within_bounds(void **state) {
    (void)state;
    void *storage[3] = {NULL};
    struct smelt_table table = {.elements = storage, .size = 3, .maximum = 3};
    assert_int_equal(smelt_table_fill(&table, 1, &things[0], 2), 1);
    assert_null(storage[0]);
    assert_ptr_equal(storage[2], &things[0]);
    assert_int_equal(smelt_table_fill(&table, 3, &things[1], 0), 1);
    assert_int_equal(smelt_table_fill(&table, 4, &things[1], 0), 0);
    assert_int_equal(smelt_table_fill(&table, 2, &things[1], 2), 0);
    assert_int_equal(smelt_table_fill(&table, 2, &things[1], UINT64_MAX), 0);
    assert_ptr_equal(storage[2], &things[0]);
}

static void copies_within_bounds(void **state) {
    (void)state;
    void *storage[4] = {&things[0], &things[1], &things[2], &things[3]};
    struct smelt_table table = {.elements = storage, .size = 4, .maximum = 4};
    assert_int_equal(smelt_table_copy(&table, &table, 1, 0, 3), 1);  // overlapping
    assert_ptr_equal(storage[1], &things[0]);
    assert_ptr_equal(storage[3], &things[2]);
    assert_int_equal(smelt_table_copy(&table, &table, 2, 0, 3), 0);
    assert_int_equal(smelt_table_copy(&table, &table, 0, 2, 3), 0);
    assert_int_equal(smelt_table_copy(&table, &table, 4, 4, 0), 1);
    assert_int_equal(smelt_table_copy(&table, &table, UINT64_MAX, 0, 1), 0);
}

static void initialises_within_bounds(void **state) {
    (void)state;
    void *storage[2] = {NULL};
    void *const segment[3] = {&things[0], &things[1], &things[2]};
    struct smelt_table table = {.elements = storage, .size = 2, .maximum = 2};
    assert_int_equal(smelt_table_init(&table, segment, 3, 0, 1, 2), 1);
    assert_ptr_equal(storage[1], &things[2]);
    assert_int_equal(smelt_table_init(&table, segment, 3, 0, 2, 2), 0);
    assert_int_equal(smelt_table_init(&table, segment, 3, 1, 0, 2), 0);
    assert_int_equal(smelt_table_init(&table, NULL, 0, 0, 0, 1), 0);  // dropped
    assert_int_equal(smelt_table_init(&table, NULL, 0, 2, 0, 0), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_out_of_static_storage),
        cmocka_unit_test(refuses_more_than_the_maximum),
        cmocka_unit_test(fills_within_bounds),
        cmocka_unit_test(copies_within_bounds),
        cmocka_unit_test(initialises_within_bounds),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
