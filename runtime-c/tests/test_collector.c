// The collector with the test's own stack: what it keeps, when there is no memory, and what it says.
#include <unistd.h>

#include "gc/collector.h"
#include "gc/options.h"
#include "gc/statistics.h"
#include "heap_check.h"
#include "support.h"

enum { PAIR = 1, REFERENCES, BYTES, TYPE_COUNT };

static const uint32_t pair_fields[] = {8, 16};
const struct smelt_type smelt_types[] = {
    {SMELT_TYPE_FUNCTION, 0, 0, 0, NULL, {0}},
    {SMELT_TYPE_STRUCTURE, 24, 0, 2, pair_fields, {0}},
    {SMELT_TYPE_ARRAY, 8, 8, 1, NULL, {0}},
    {SMELT_TYPE_ARRAY, 1, 8, 0, NULL, {0}},
};
const uint32_t smelt_type_count = TYPE_COUNT;

struct pair {
    struct smelt_object header;
    struct pair *first, *second;
};

static void *global;
static void *table_elements[4];
static struct smelt_table table = {table_elements, 4, 4, 0};
static const struct smelt_root_range ranges[] = {{&global, 1}};
static struct smelt_table *const tables[] = {&table};
const struct smelt_roots smelt_roots = {1, 1, ranges, tables};
const struct smelt_program smelt_program = {.flags = SMELT_PROGRAM_HAS_WRITE_BARRIER};
struct smelt_context smelt_context;

static void use_environment(char **environment) {
    static struct wasi_state state;
    state.host.host_environment = environment;
    smelt_context.wasi = &state;
}

// Stores as compiled code does.
static void store(void *object, void *place, void *reference) {
    uint64_t address = (uint64_t)(uintptr_t)object;
    uint8_t mark = *(uint8_t *)(uintptr_t)(smelt_allocation.marks + address / 16);
    if ((mark & SMELT_MARK_UNLOGGED) != 0) smelt_write_barrier(object, place, sizeof reference);
    memcpy(place, &reference, sizeof reference);
}

static struct smelt_object *structure_new(uint32_t type) {
    return smelt_object_new(type, heap_round_up(smelt_types[type].size));
}

static struct smelt_object *array_new(uint32_t type, uint32_t length) {
    return smelt_object_new((uint64_t)length << 32 | type,
                            heap_array_size(&smelt_types[type], length));
}

static struct pair *pair_new(struct pair *first, struct pair *second) {
    struct pair *pair = (struct pair *)(void *)structure_new(PAIR);
    if (pair == NULL) _exit(2);
    pair->first = first;
    pair->second = second;
    return pair;
}

static struct pair *tree_new(unsigned depth) {
    if (depth == 0) return pair_new(NULL, NULL);
    struct pair *first = tree_new(depth - 1);
    struct pair *second = tree_new(depth - 1);
    return pair_new(first, second);
}

static uint64_t count(const struct pair *tree) {
    if (tree->header.type != PAIR || tree->header.length != 0) _exit(3);
    return tree->first == NULL ? 1 : 1 + count(tree->first) + count(tree->second);
}

static void expect(bool is_true) {
    if (!is_true) _exit(4);
}

// Trees on the stack, in a global, in a table and in an array, while others come and go.
static void make_trees(unsigned depth, unsigned rounds) {
    struct pair *on_stack = tree_new(depth);
    global = tree_new(depth);
    table.elements[3] = tree_new(depth);
    struct smelt_object *array = array_new(REFERENCES, 5000);
    struct smelt_object *bytes = array_new(BYTES, 1000);
    memset((uint8_t *)bytes + 8, 7, 1000);
    for (unsigned round = 0; round < rounds; round++) {
        store(array, (uint8_t *)array + 8 + 8 * (uint64_t)(round * 71 % 5000), tree_new(3));
        expect(count(tree_new(round % (depth + 1))) == (UINT64_C(2) << (round % (depth + 1))) - 1);
        struct pair *leaf = on_stack;
        while (leaf->first->first != NULL) leaf = round % 2 == 0 ? leaf->first : leaf->second;
        store(leaf, &leaf->first, tree_new(0));
    }
    uint64_t expected = (UINT64_C(2) << depth) - 1;
    expect(count(on_stack) == expected && count(global) == expected);
    expect(count(table.elements[3]) == expected);
    for (unsigned round = 0; round < rounds; round++) {
        struct pair *tree;
        memcpy(&tree, (uint8_t *)array + 8 + 8 * (uint64_t)(round * 71 % 5000), sizeof tree);
        expect(count(tree) == 15);
    }
    for (unsigned index = 0; index < 1000; index++) expect(((uint8_t *)bytes)[8 + index] == 7);
    check_heap(gc_heap());
}

static void run_trees(void *argument) {
    use_environment(argument);
    bool is_slow = gc_option_every() == 1;
    make_trees(is_slow ? 4 : 12, is_slow ? 200 : 4000);
    gc_report();
    _exit(0);
}

static void keeps_what_is_in_use(void **state) {
    (void)state;
    char *plain[] = {"A=B", NULL};
    char *every[] = {"SMELT_GC=every", NULL}, *some[] = {"A=B", "SMELT_GC=stats,every=100", NULL};
    char output[256];
    assert_int_equal(run_in_child(run_trees, plain, output, sizeof output), 0);
    assert_int_equal(run_in_child(run_trees, every, output, sizeof output), 0);
    assert_string_equal(output, "");
    assert_int_equal(run_in_child(run_trees, some, output, sizeof output), 0);
    assert_non_null(strstr(output, "\n  minor collections: "));
    assert_non_null(strstr(output, ", pauses: median "));
}

static void run_out_of_memory(void *argument) {
    (void)argument;
    smelt_heap_limit = 8 << 20;
    expect(array_new(REFERENCES, UINT32_MAX) == NULL);
    expect(array_new(BYTES, 9 << 20) == NULL);
    uint64_t made = 0;
    struct pair *list = NULL;
    for (struct smelt_object *next; (next = structure_new(PAIR)) != NULL; made++) {
        ((struct pair *)(void *)next)->first = list;
        list = (struct pair *)(void *)next;
    }
    expect(made > 200000 && made <= 262144);
    expect(array_new(BYTES, 1 << 20) == NULL);
    for (const struct pair *pair = list; pair != NULL; pair = pair->first) made--;
    expect(made == 0);
    check_heap(gc_heap());
    // There is some again.
    list = NULL;
    __asm__ volatile("" : : "r"(list) : "memory");
    gc_collect();
    expect(array_new(BYTES, 2 << 20) != NULL);
    _exit(0);
}

static void says_when_there_is_no_memory(void **state) {
    (void)state;
    char output[4096];
    assert_int_equal(run_in_child(run_out_of_memory, NULL, output, sizeof output), 0);
}

static void run_exceptions(void *argument) {
    (void)argument;
    static const struct smelt_tag tag;
    smelt_heap_limit = 4 << 20;
    struct smelt_exception *exception = smelt_exception_new(&tag, 32);
    expect(exception->header.length == 32 && exception->tag == &tag);
    struct pair *tree = tree_new(5);
    memcpy(exception->arguments + 8, &tree, sizeof tree);
    tree = NULL;
    for (unsigned index = 0; index < 1000000; index++) smelt_exception_new(&tag, index % 3 * 16);
    memcpy(&tree, exception->arguments + 8, sizeof tree);
    expect(count(tree) == 63);
    while (true) {
        struct smelt_exception *next = smelt_exception_new(&tag, 16);
        memcpy(next->arguments, &exception, sizeof exception);
        exception = next;
    }
}

static void exceptions_are_objects(void **state) {
    (void)state;
    char output[256];
    assert_int_equal(run_in_child(run_exceptions, NULL, output, sizeof output), 134);
    assert_ptr_equal(strstr(output, "wasm trap: out of memory\n  for exceptions and objects in use: "),
                     output);
}

static void reads_its_options(void **state) {
    (void)state;
    static const struct {
        char *variable;
        uint64_t every;
        bool is_counted;
    } cases[] = {
        {"SMELT_GC=", 0, false}, {"SMELT_GC=stats", 0, true}, {"SMELT_GC=every", 1, false},
        {"SMELT_GC=every=20", 20, false}, {"SMELT_GC=stats,every=3", 3, true},
        {"SMELT_GC=every=0,stats", 1, true}, {"SMELT_GC=statistics,everything", 0, false},
        {"SMELT_GCX=stats", 0, false}, {"XSMELT_GC=stats", 0, false},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        char *environment[] = {"A=SMELT_GC=every", cases[index].variable, NULL};
        use_environment(environment);
        assert_int_equal(gc_option_every(), cases[index].every);
        assert_int_equal(gc_option_statistics(), cases[index].is_counted);
    }
    use_environment(NULL);
    assert_int_equal(gc_option_every(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_in_use),
        cmocka_unit_test(says_when_there_is_no_memory),
        cmocka_unit_test(exceptions_are_objects),
        cmocka_unit_test(reads_its_options),
    };
    return cmocka_run_group_tests_name("collector", tests, NULL, NULL);
}
