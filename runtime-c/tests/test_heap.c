// The heap of objects: what is found alive, what is filled again, and how large it gets. Every state
// that it comes to is checked whole (heap_check.h), and random graphs against a model of them.
#include <stdlib.h>

#include "heap_check.h"
#include "support.h"

enum { NONE, PAIR, LEAF, REFERENCES, BYTES, WIDE, TYPE_COUNT };

static const uint32_t pair_fields[] = {8, 16}, wide_fields[] = {8, 40000};
static const struct smelt_type types[TYPE_COUNT] = {
    [PAIR] = {SMELT_TYPE_STRUCTURE, 24, 0, 2, pair_fields, {0}},
    [LEAF] = {SMELT_TYPE_STRUCTURE, 16, 0, 0, NULL, {0}},
    [REFERENCES] = {SMELT_TYPE_ARRAY, 8, 8, 1, NULL, {0}},
    [BYTES] = {SMELT_TYPE_ARRAY, 1, 8, 0, NULL, {0}},
    [WIDE] = {SMELT_TYPE_STRUCTURE, 40008, 0, 2, wide_fields, {0}},
};

#define LIMIT (UINT64_C(16) << 20)

static struct smelt_allocation window;
static struct heap heap;

static void begin_with(uint64_t limit) {
    memset(&heap, 0, sizeof heap);
    heap.window = &window;
    heap.types = types;
    assert_true(heap_reserve(&heap, limit));
    heap.budget = limit;
}

static int begin(void **state) {
    (void)state;
    begin_with(LIMIT);
    return 0;
}

static int end(void **state) {
    (void)state;
    heap_release(&heap);
    return 0;
}

static uint64_t size_of(uint32_t type, uint32_t length) {
    return types[type].kind == SMELT_TYPE_ARRAY ? heap_array_size(&types[type], length)
                                                : heap_round_up(types[type].size);
}

// A new object; null if the heap has no room or has spent its budget.
static struct smelt_object *make(uint32_t type, uint32_t length) {
    struct smelt_object *object;
    uint64_t size = size_of(type, length);
    if (heap_allocate(&heap, size, &object) != HEAP_DONE) return NULL;
    for (uint64_t index = 0; index < size; index++) assert_int_equal(((uint8_t *)object)[index], 0);
    object->type = type;
    object->length = length;
    return object;
}

static uint64_t fill(uint32_t type, uint32_t length) {
    uint64_t count = 0;
    while (make(type, length) != NULL) count++;
    return count;
}

static uint64_t word_of(const void *place) { return (uint64_t)(uintptr_t)place; }

static uint64_t *field(struct smelt_object *object, uint32_t index) {
    return (uint64_t *)(void *)object + 1 + index;
}

// Stores as compiled code does.
static void store(struct smelt_object *object, uint32_t index, uint64_t reference) {
    uint64_t *place = field(object, index);
    uint8_t mark = *(uint8_t *)(uintptr_t)(window.marks + word_of(object) / HEAP_GRANULE);
    if ((mark & SMELT_MARK_UNLOGGED) != 0) heap_remember(&heap, object, place, sizeof *place);
    *place = reference;
}

static uint64_t collect_with(const uint64_t *roots, size_t count, bool is_minor) {
    heap_begin_marking(&heap, is_minor);
    heap_mark_words(&heap, roots, roots + count);
    heap_mark_rest(&heap);
    heap_end_marking(&heap);
    heap_set_budget(&heap, LIMIT);
    check_heap(&heap);
    return heap.live_bytes;
}

static uint64_t collect(const uint64_t *roots, size_t count) {
    return collect_with(roots, count, false);
}

// Single cases -------------------------------------------------------------------------------------

static void fills_all_of_it(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(fill(LEAF, 0), LIMIT / 16);
        check_heap(&heap);
        assert_int_equal(collect(NULL, 0), 0);
    }
    assert_int_equal(fill(PAIR, 0), LIMIT / 32);
    assert_int_equal(heap.committed, LIMIT);
}

static void keeps_what_is_referred_to(void **state) {
    (void)state;
    struct smelt_object *objects[100];
    for (unsigned index = 0; index < 100; index++) {
        objects[index] = make(BYTES, 48);
        memset(field(objects[index], 0), (int)index, 48);
    }
    const uint64_t roots[] = {
        word_of(objects[3]), word_of(objects[50]) + 20, word_of(objects[70]) + 63,
        word_of(objects[70]), 0, 1, UINT64_MAX, word_of(heap.begin - 1),
        word_of(heap.begin + heap.committed), word_of(roots),
    };
    assert_int_equal(collect(roots, sizeof roots / sizeof roots[0]), 3 * 64);
    assert_int_equal(fill(BYTES, 48), LIMIT / 64 - 3);
    static const unsigned kept[] = {3, 50, 70};
    for (unsigned index = 0; index < 3; index++) {
        const uint8_t *bytes = (const uint8_t *)field(objects[kept[index]], 0);
        for (unsigned byte = 0; byte < 48; byte++) assert_int_equal(bytes[byte], kept[index]);
    }
}

// Behind the last element of an array is still the array; where a hole is, a word keeps nothing.
static void knows_where_objects_end(void **state) {
    (void)state;
    for (uint32_t length = 1; length < 8; length++) {
        struct smelt_object *array = make(REFERENCES, length);
        uint64_t behind = word_of(field(array, length));
        assert_true(collect(&behind, 1) >= 8 + 8 * length);
        behind = word_of(array) + size_of(REFERENCES, length);
        assert_int_equal(collect(&behind, 1), 0);
    }
}

static void follows_only_references(void **state) {
    (void)state;
    struct smelt_object *leaf = make(LEAF, 0), *pair = make(PAIR, 0), *bytes = make(BYTES, 16);
    *field(leaf, 0) = word_of(pair);
    *field(bytes, 0) = word_of(pair);
    uint64_t roots[] = {word_of(leaf), word_of(bytes)};
    assert_int_equal(collect(roots, 2), 16 + 32);
    pair = make(PAIR, 0);
    store(pair, 0, word_of(make(LEAF, 0)));
    store(pair, 1, word_of(pair));
    roots[0] = word_of(pair);
    assert_int_equal(collect(roots, 1), 32 + 16);
    // An i31, and what the host made up.
    store(pair, 0, word_of(leaf) + 1);
    store(pair, 1, word_of(bytes) + 2);
    assert_int_equal(collect(roots, 1), 32);
}

// Words among the arguments of exceptions may be anything.
static void follows_arguments_of_exceptions(void **state) {
    (void)state;
    struct smelt_object *object;
    assert_int_equal(heap_allocate(&heap, sizeof(struct smelt_exception) + 32, &object), HEAP_DONE);
    object->type = SMELT_TYPE_EXCEPTION;
    object->length = 32;
    *field(object, 2) = word_of(make(BYTES, 100)) + 50;
    const uint64_t root = word_of(object);
    assert_int_equal(collect(&root, 1), 48 + 112);
}

static void follows_long_lists(void **state) {
    (void)state;
    heap_release(&heap);
    const uint32_t length = 10000000;
    begin_with(UINT64_C(1) << 30);
    uint64_t list = 0;
    for (uint32_t index = 0; index < length; index++) {
        struct smelt_object *next;
        assert_int_equal(heap_allocate(&heap, 32, &next), HEAP_DONE);
        next->type = PAIR;
        *field(next, index % 2) = list;
        list = word_of(next);
    }
    heap_begin_marking(&heap, false);
    heap_mark_words(&heap, &list, &list + 1);
    heap_mark_rest(&heap);
    heap_end_marking(&heap);
    assert_int_equal(heap.live_bytes, UINT64_C(32) * length);
}

static void holds_large_objects(void **state) {
    (void)state;
    struct smelt_object *array = make(REFERENCES, 100000), *bytes = make(BYTES, 20000);
    struct smelt_object *wide = make(WIDE, 0), *middle = make(BYTES, 10000);
    store(array, 99999, word_of(make(LEAF, 0)));
    store(array, 50000, word_of(bytes));
    *(uint64_t *)(void *)((uint8_t *)wide + 40000) = word_of(array);
    *field(wide, 0) = word_of(middle);
    uint64_t live = size_of(REFERENCES, 100000) + size_of(BYTES, 20000) + size_of(WIDE, 0) +
                    size_of(BYTES, 10000) + 16;
    check_heap(&heap);
    const uint64_t roots[] = {word_of(wide) + 35000, word_of(array) + 799000};
    for (int round = 0; round < 3; round++) {
        fill(BYTES, 30000);
        fill(LEAF, 0);
        assert_int_equal(collect(roots, 1), live);
    }
    assert_int_equal(collect(roots + 1, 1), live - size_of(WIDE, 0) - size_of(BYTES, 10000));
    assert_int_equal(collect(NULL, 0), 0);
    assert_non_null(make(BYTES, LIMIT - 1000));
    assert_null(make(BYTES, LIMIT - 1000));
    assert_null(make(REFERENCES, UINT32_MAX));
}

static void spends_its_budget(void **state) {
    (void)state;
    heap.budget = 1 << 20;
    struct smelt_object *object;
    uint64_t count = fill(LEAF, 0);
    assert_true(count >= 65536 && count <= 65536 + HEAP_BLOCK_GRANULES);
    assert_int_equal(heap_allocate(&heap, 16, &object), HEAP_SPENT);
    assert_int_equal(heap_allocate(&heap, 5000, &object), HEAP_SPENT);
    assert_int_equal(heap_allocate(&heap, 50000, &object), HEAP_SPENT);
    collect(NULL, 0);
    heap.budget = 1 << 20;
    // What is larger than the budget has to come some time.
    assert_int_equal(heap_allocate(&heap, 4 << 20, &object), HEAP_DONE);
    assert_int_equal(heap_allocate(&heap, 50000, &object), HEAP_SPENT);
}

static void returns_memory(void **state) {
    (void)state;
    while (make(BYTES, 1000) != NULL) memset(heap.window->position - 100, 1, 100);
    heap_begin_marking(&heap, false);
    heap_mark_rest(&heap);
    heap_end_marking(&heap);
    heap_set_budget(&heap, 1 << 20);
    check_heap(&heap);
    for (uint64_t block = 0; block < heap.blocks; block++) {
        assert_int_equal(heap.states[block], block < 32 ? BLOCK_FREE : BLOCK_CLEAN);
    }
}

static void reserves_no_more_than_there_is(void **state) {
    (void)state;
    heap_release(&heap);
    memset(&heap, 0, sizeof heap);
    heap.window = &window;
    assert_false(heap_reserve(&heap, 4096));
    begin_with(UINT64_MAX);
    assert_true(heap.reserved <= HEAP_SIZE_MAXIMUM);
}

// Generations ----------------------------------------------------------------------------------------

static void minor_collections_keep_old_objects(void **state) {
    (void)state;
    struct smelt_object *old = make(PAIR, 0);
    const uint64_t root = word_of(old);
    store(old, 0, word_of(make(LEAF, 0)));
    assert_int_equal(collect_with(&root, 1, true), 48);
    // It is dead, but nobody looks.
    store(old, 0, 0);
    fill(LEAF, 0);
    assert_int_equal(collect_with(&root, 1, true), 48);
    assert_int_equal(collect_with(NULL, 0, true), 48);
    store(old, 1, word_of(make(PAIR, 0)));
    fill(LEAF, 0);
    assert_int_equal(collect_with(NULL, 0, true), 80);
    assert_int_equal(collect_with(&root, 1, false), 64);
    assert_int_equal(collect_with(NULL, 0, false), 0);
}

static void remembers_parts_of_large_arrays(void **state) {
    (void)state;
    struct smelt_object *array = make(REFERENCES, 100000);
    const uint64_t root = word_of(array);
    const uint64_t size = size_of(REFERENCES, 100000);
    assert_int_equal(collect_with(&root, 1, true), size);
    static const uint32_t places[] = {0, 1, 62, 63, 64, 50000, 99999};
    for (unsigned index = 0; index < 7; index++) store(array, places[index], word_of(make(LEAF, 0)));
    for (unsigned index = 0; index < 7; index++) store(array, places[index], *field(array, places[index]));
    // Elements 0 to 62 are in one part, 63 and 64 in the next one.
    assert_int_equal(heap.remembered_count, 4);
    assert_int_equal(collect_with(NULL, 0, true), size + 7 * 16);
    assert_int_equal(heap.remembered_count, 0);
    heap_remember(&heap, array, field(array, 1000), 8 * 64 * 10);
    assert_int_equal(heap.remembered_count, 11);
    heap_remember(&heap, array, field(array, 5000), 0);
    assert_int_equal(heap.remembered_count, 11);
    assert_int_equal(collect_with(&root, 1, false), size + 7 * 16);
    assert_int_equal(heap.remembered_count, 0);
    for (unsigned index = 0; index < 7; index++) assert_int_equal(((struct smelt_object *)(uintptr_t)*field(array, places[index]))->type, LEAF);
}

// Random graphs ----------------------------------------------------------------------------------------

// An object and what the model knows of it.
struct node {
    struct smelt_object *object;  // null for none
    uint32_t type, length;
    uint32_t references[8];       // nodes, 0 for null
    bool is_reached;
};

enum { NODES = 3000, REFERENCE_LIMIT = 8 };

static struct node nodes[NODES];
static uint32_t seed;

static uint32_t random_below(uint32_t limit) {
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)seed * limit >> 32);
}

// Where a node's reference is, of which large arrays have only some.
static uint32_t place_of(const struct node *node, uint32_t index) {
    return node->type == REFERENCES && node->length > 1000 ? index * (node->length / 8) : index;
}

static uint32_t reference_count(const struct node *node) {
    if (node->type == PAIR) return 2;
    if (node->type != REFERENCES) return 0;
    return node->length < REFERENCE_LIMIT ? node->length : REFERENCE_LIMIT;
}

static void make_node(struct node *node) {
    static const uint32_t lengths[] = {0, 1, 5, 20, 200, 3000, 20000};
    node->type = PAIR + random_below(4);
    node->length = types[node->type].kind == SMELT_TYPE_ARRAY
                       ? lengths[random_below(random_below(10) == 0 ? 7 : 5)] : 0;
    memset(node->references, 0, sizeof node->references);
    node->object = make(node->type, node->length);
    if (node->object == NULL) return;
    uint8_t *bytes = (uint8_t *)field(node->object, 0);
    if (node->type == BYTES) memset(bytes, (int)(node - nodes), node->length);
    if (node->type == LEAF) *field(node->object, 0) = (uint64_t)(node - nodes);
}

static void change_reference(struct node *node) {
    uint32_t count = reference_count(node);
    if (count == 0) return;
    uint32_t index = random_below(count), target = random_below(NODES);
    if (nodes[target].object == NULL) target = 0;
    node->references[index] = target;
    store(node->object, place_of(node, index), target == 0 ? 0 : word_of(nodes[target].object));
}

static void reach_node(uint32_t number) {
    static uint32_t stack[NODES];
    uint32_t depth = 0;
    if (number == 0 || nodes[number].is_reached) return;
    nodes[number].is_reached = true;
    stack[depth++] = number;
    while (depth > 0) {
        const struct node *node = &nodes[stack[--depth]];
        for (uint32_t index = 0; index < reference_count(node); index++) {
            uint32_t next = node->references[index];
            if (next == 0 || nodes[next].is_reached) continue;
            nodes[next].is_reached = true;
            stack[depth++] = next;
        }
    }
}

static void check_node(const struct node *node) {
    assert_int_equal(node->object->type, node->type);
    assert_int_equal(node->object->length, node->length);
    const uint8_t *bytes = (const uint8_t *)field(node->object, 0);
    for (uint32_t index = 0; node->type == BYTES && index < node->length; index++) {
        assert_int_equal(bytes[index], (uint8_t)(node - nodes));
    }
    if (node->type == LEAF) assert_int_equal(*field(node->object, 0), (uint64_t)(node - nodes));
    for (uint32_t index = 0; index < reference_count(node); index++) {
        const struct smelt_object *target = nodes[node->references[index]].object;
        assert_int_equal(*field(node->object, place_of(node, index)), word_of(target));
    }
}

static void collect_nodes(bool is_minor) {
    uint64_t roots[32], live = 0;
    uint32_t count = 0;
    for (uint32_t index = 0; index < NODES; index++) nodes[index].is_reached = false;
    for (uint32_t number = 1; number < NODES && count < 32; number += 1 + random_below(200)) {
        if (nodes[number].object == NULL) continue;
        uint64_t size = size_of(nodes[number].type, nodes[number].length);
        roots[count++] = word_of(nodes[number].object) + random_below((uint32_t)size);
        reach_node(number);
    }
    collect_with(roots, count, is_minor);
    for (uint32_t index = 1; index < NODES; index++) {
        struct node *node = &nodes[index];
        if (node->object == NULL) continue;
        if (node->is_reached) {
            check_node(node);
            live += size_of(node->type, node->length);
        } else {
            node->object = NULL;
        }
    }
    if (is_minor) {
        assert_true(heap.live_bytes >= live);
    } else {
        assert_int_equal(heap.live_bytes, live);
    }
}

static void run_graph(uint32_t first_seed, unsigned rounds, bool is_exact, unsigned minor) {
    seed = first_seed;
    memset(nodes, 0, sizeof nodes);
    heap.is_exact = is_exact;
    for (unsigned round = 0; round < rounds; round++) {
        uint32_t changes = random_below(is_exact ? 5 : 4000);
        for (uint32_t change = 0; change < changes; change++) {
            struct node *node = &nodes[1 + random_below(NODES - 1)];
            if (node->object == NULL) make_node(node);
            if (node->object != NULL) change_reference(node);
        }
        if (round % 7 == 0) check_heap(&heap);
        collect_nodes(minor != 0 && round % minor != 0);
    }
}

static void follows_random_graphs(void **state) {
    (void)state;
    for (uint32_t first_seed = 1; first_seed <= 10; first_seed++) {
        run_graph(first_seed, 30, false, 0);
        collect(NULL, 0);
    }
}

static void follows_random_graphs_in_generations(void **state) {
    (void)state;
    for (uint32_t first_seed = 1; first_seed <= 10; first_seed++) {
        run_graph(first_seed, 40, false, 5);
        collect(NULL, 0);
    }
}

static void collects_after_each_object(void **state) {
    (void)state;
    run_graph(1, 300, true, 0);
    run_graph(2, 300, true, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fills_all_of_it, begin, end),
        cmocka_unit_test_setup_teardown(keeps_what_is_referred_to, begin, end),
        cmocka_unit_test_setup_teardown(knows_where_objects_end, begin, end),
        cmocka_unit_test_setup_teardown(follows_only_references, begin, end),
        cmocka_unit_test_setup_teardown(follows_arguments_of_exceptions, begin, end),
        cmocka_unit_test_setup_teardown(follows_long_lists, begin, end),
        cmocka_unit_test_setup_teardown(holds_large_objects, begin, end),
        cmocka_unit_test_setup_teardown(spends_its_budget, begin, end),
        cmocka_unit_test_setup_teardown(returns_memory, begin, end),
        cmocka_unit_test_setup_teardown(reserves_no_more_than_there_is, begin, end),
        cmocka_unit_test_setup_teardown(minor_collections_keep_old_objects, begin, end),
        cmocka_unit_test_setup_teardown(remembers_parts_of_large_arrays, begin, end),
        cmocka_unit_test_setup_teardown(follows_random_graphs, begin, end),
        cmocka_unit_test_setup_teardown(follows_random_graphs_in_generations, begin, end),
        cmocka_unit_test_setup_teardown(collects_after_each_object, begin, end),
    };
    return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
