// Finding places in the source by address.
#include "trap/source_table.h"
#include "support.h"

static const struct {
    struct smelt_source_table header;
    struct smelt_source_range ranges[4];
    struct smelt_source_frame frames[3];
    char strings[16];
} table = {
    {4, 3},
    {{16, 1}, {32, 0}, {48, 2}, {64, 0}},
    {{0, 0, 0, 0, 0}, {0, 1, 7, 0, 0}, {5, 1, 8, 9, 1}},
    "\0a.c\0inner",
};

static void finds_the_range_of_an_address(void **state) {
    (void)state;
    static const struct {
        uint64_t offset;
        uint32_t number;
    } cases[] = {{0, 0},  {15, 0}, {16, 1}, {31, 1}, {32, 0},         {47, 0},
                 {48, 2}, {63, 2}, {64, 0}, {65, 0}, {UINT64_MAX, 0}};
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        assert_int_equal(source_table_find(&table.header, cases[index].offset),
                         cases[index].number);
    }
}

static void follows_callers(void **state) {
    (void)state;
    struct source_place place = source_table_place(&table.header, 2);
    assert_string_equal(place.name, "inner");
    assert_string_equal(place.file, "a.c");
    assert_int_equal(place.line, 8);
    assert_int_equal(place.column, 9);
    assert_int_equal(place.caller, 1);
    place = source_table_place(&table.header, place.caller);
    assert_null(place.name);
    assert_string_equal(place.file, "a.c");
    assert_int_equal(place.caller, 0);
}

static void knows_nothing_without_ranges(void **state) {
    (void)state;
    static const struct smelt_source_table empty = {0, 0};
    assert_int_equal(source_table_find(&empty, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_range_of_an_address),
        cmocka_unit_test(follows_callers),
        cmocka_unit_test(knows_nothing_without_ranges),
    };
    return cmocka_run_group_tests_name("source_table", tests, NULL, NULL);
}
