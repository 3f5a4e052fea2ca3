// The memory of exceptions: what is found alive, and what is filled again.
#include <sys/mman.h>

#include "exceptions/heap.h"
#include "support.h"

enum { FIRST = 64 << 10, LARGE = 1 << 20 };

static void begin(struct exception_heap *heap) {
    memset(heap, 0, sizeof *heap);
    assert_true(exception_heap_reserve(heap, LARGE));
    assert_true(exception_heap_grow(heap, FIRST));
}

static void end(struct exception_heap *heap) {
    assert_int_equal(munmap(heap->begin, heap->reserved + heap->reserved / EXCEPTION_GRANULE), 0);
}

// A new object, null when all holes are full.
static struct smelt_exception *make(struct exception_heap *heap, uint64_t argument_bytes) {
    static const struct smelt_tag tag;
    struct smelt_exception *object = NULL;
    do {
        object = exception_heap_take(heap, sizeof *object + argument_bytes);
    } while (object == NULL && exception_heap_next_hole(heap));
    if (object == NULL) return NULL;
    object->tag = &tag;
    object->argument_bytes = argument_bytes;
    memset(object->arguments, 0, argument_bytes);
    return object;
}

static unsigned fill(struct exception_heap *heap, uint64_t argument_bytes) {
    unsigned count = 0;
    while (make(heap, argument_bytes) != NULL) count++;
    return count;
}

static uint64_t word_of(const void *place) { return (uint64_t)(uintptr_t)place; }

static void refer(struct smelt_exception *object, unsigned argument, const void *place) {
    uint64_t word = word_of(place);
    memcpy(object->arguments + 8 * argument, &word, sizeof word);
}

static void fills_all_of_it(void **state) {
    (void)state;
    struct exception_heap heap;
    begin(&heap);
    assert_int_equal(fill(&heap, 16), FIRST / 32);
    assert_true(exception_heap_grow(&heap, FIRST));
    assert_int_equal(fill(&heap, 16), FIRST / 32);
    while (exception_heap_grow(&heap, FIRST)) fill(&heap, 16);
    assert_int_equal(heap.committed, LARGE);
    assert_null(make(&heap, 16));
    assert_int_equal(exception_heap_mark(&heap, NULL, NULL), 0);
    assert_int_equal(fill(&heap, 0), LARGE / 16);
    end(&heap);
}

// Addresses of the beginning, of the middle and of the last byte keep an object, those next to it do
// not; objects are kept as they are, and all the rest is filled again.
static void keeps_what_is_referred_to(void **state) {
    (void)state;
    struct exception_heap heap;
    begin(&heap);
    struct smelt_exception *objects[100];
    for (unsigned index = 0; index < 100; index++) {
        objects[index] = make(&heap, 48);
        memset(objects[index]->arguments, (int)index, 48);
    }
    unsigned rest = fill(&heap, 48);
    const uint64_t roots[] = {
        word_of(objects[3]), word_of((uint8_t *)objects[50] + 20),
        word_of((uint8_t *)objects[70] + 63), word_of(objects[70]),
        0, 1, UINT64_MAX, word_of(heap.begin - 1), word_of(heap.begin + heap.committed),
        word_of(roots),
    };
    assert_int_equal(exception_heap_mark(&heap, roots, roots + sizeof roots / sizeof roots[0]),
                     3 * 64);
    assert_int_equal(fill(&heap, 48), 100 + rest - 3);
    static const unsigned kept[] = {3, 50, 70};
    for (unsigned index = 0; index < 3; index++) {
        const struct smelt_exception *object = objects[kept[index]];
        assert_int_equal(object->argument_bytes, 48);
        for (unsigned byte = 0; byte < 48; byte++) {
            assert_int_equal(object->arguments[byte], kept[index]);
        }
    }
    end(&heap);
}

static void follows_arguments(void **state) {
    (void)state;
    struct exception_heap heap;
    begin(&heap);
    // A list, a ring and a fan; each begins at a root or in an argument of something alive.
    struct smelt_exception *list = NULL;
    for (unsigned index = 0; index < 300; index++) {
        struct smelt_exception *next = make(&heap, 16);
        if (list != NULL) refer(next, index % 2, (uint8_t *)list + index % 16);
        list = next;
    }
    struct smelt_exception *a = make(&heap, 16), *b = make(&heap, 16), *fan = make(&heap, 800);
    refer(a, 0, b);
    refer(b, 0, a);
    for (unsigned index = 0; index < 99; index++) refer(fan, index, make(&heap, 0));
    refer(fan, 99, list);
    make(&heap, 16);
    const uint64_t roots[] = {word_of(fan), word_of(b)};
    uint64_t live = 300 * 32 + 2 * 32 + 816 + 99 * 16;
    fill(&heap, 0);
    assert_int_equal(exception_heap_mark(&heap, roots, roots + 2), live);
    fill(&heap, 0);
    assert_int_equal(exception_heap_mark(&heap, roots, roots + 2), live);
    assert_int_equal(fan->argument_bytes, 800);
    fill(&heap, 0);
    assert_int_equal(exception_heap_mark(&heap, roots + 1, roots + 2), 64);
    end(&heap);
}

// A word between objects, where a hole is, keeps nothing, however near the object before it is.
static void knows_where_objects_end(void **state) {
    (void)state;
    struct exception_heap heap;
    begin(&heap);
    struct smelt_exception *first = make(&heap, 16);
    const uint64_t first_word = word_of(first);
    while (exception_heap_next_hole(&heap)) {
    }
    const uint64_t behind = word_of((uint8_t *)first + 32);
    assert_int_equal(exception_heap_mark(&heap, &behind, &behind + 1), 0);
    while (exception_heap_next_hole(&heap)) {
    }
    assert_int_equal(exception_heap_mark(&heap, &first_word, &first_word + 1), 0);
    end(&heap);
}

// Objects that do not fit leave holes behind, which the next round has.
static void skips_holes_that_are_too_small(void **state) {
    (void)state;
    struct exception_heap heap;
    begin(&heap);
    uint64_t roots[FIRST / 32 / 2];
    unsigned count = 0;
    for (unsigned index = 0; index < FIRST / 32; index++) {
        const struct smelt_exception *object = make(&heap, 16);
        if (index % 2 == 0) roots[count++] = word_of(object);
    }
    assert_null(make(&heap, 16));
    assert_int_equal(exception_heap_mark(&heap, roots, roots + count), FIRST / 2);
    assert_null(make(&heap, 32));
    assert_int_equal(exception_heap_mark(&heap, roots, roots + count), FIRST / 2);
    assert_int_equal(fill(&heap, 0), FIRST / 2 / 16);
    end(&heap);
}

static void reserves_no_more_than_there_is(void **state) {
    (void)state;
    struct exception_heap heap;
    memset(&heap, 0, sizeof heap);
    assert_true(exception_heap_reserve(&heap, UINT64_C(1) << 62));
    assert_true(heap.reserved < UINT64_C(1) << 48);
    end(&heap);
    memset(&heap, 0, sizeof heap);
    assert_false(exception_heap_reserve(&heap, 4096));
    assert_false(exception_heap_grow(&heap, FIRST));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_all_of_it),
        cmocka_unit_test(keeps_what_is_referred_to),
        cmocka_unit_test(follows_arguments),
        cmocka_unit_test(knows_where_objects_end),
        cmocka_unit_test(skips_holes_that_are_too_small),
        cmocka_unit_test(reserves_no_more_than_there_is),
    };
    return cmocka_run_group_tests_name("exception heap", tests, NULL, NULL);
}
