// Every address that a guest can pass to any host function, out of bounds: the function must
// answer with an errno and must not touch a byte that is not the guest's (the address sanitizer
// watches). The calls are generated from the table of host functions.
#include "support.h"

#define ARGUMENT(index, letter) , (SMELT_C_TYPE_##letter)values[index]
#define ARGUMENTS_0(...)
#define ARGUMENTS_1(a) ARGUMENT(0, a)
#define ARGUMENTS_2(a, b) ARGUMENTS_1(a) ARGUMENT(1, b)
#define ARGUMENTS_3(a, b, c) ARGUMENTS_2(a, b) ARGUMENT(2, c)
#define ARGUMENTS_4(a, b, c, d) ARGUMENTS_3(a, b, c) ARGUMENT(3, d)
#define ARGUMENTS_5(a, b, c, d, e) ARGUMENTS_4(a, b, c, d) ARGUMENT(4, e)
#define ARGUMENTS_6(a, b, c, d, e, f) ARGUMENTS_5(a, b, c, d, e) ARGUMENT(5, f)
#define ARGUMENTS_7(a, b, c, d, e, f, g) ARGUMENTS_6(a, b, c, d, e, f) ARGUMENT(6, g)
#define ARGUMENTS_8(a, b, c, d, e, f, g, h) ARGUMENTS_7(a, b, c, d, e, f, g) ARGUMENT(7, h)
#define ARGUMENTS_9(a, b, c, d, e, f, g, h, i) ARGUMENTS_8(a, b, c, d, e, f, g, h) ARGUMENT(8, i)

#define RETURN_i(call) return call
#define RETURN_none(call) (call); return WASI_SUCCESS

#define CALLER(module, name, result, count, ...)                                                 \
    static uint32_t call_##module##_##name(struct smelt_context *context,                        \
                                           const uint64_t *values) {                             \
        (void)values;                                                                            \
        RETURN_##result(smelt_##module##_##name(context ARGUMENTS_##count(__VA_ARGS__)));        \
    }
#define NEW_CALLER(...) CALLER(wasi_snapshot_preview1, __VA_ARGS__)
#define OLD_CALLER(...) CALLER(wasi_unstable, __VA_ARGS__)
SMELT_WASI_SNAPSHOT_PREVIEW1_FUNCTIONS(NEW_CALLER)
SMELT_WASI_CHANGED_FUNCTIONS(OLD_CALLER)

struct function {
    const char *name;
    const char *letters;
    uint32_t (*call)(struct smelt_context *context, const uint64_t *values);
};

#define NAME_OF(letter) #letter
#define FUNCTION(module, name, result, count, ...) \
    {#module "." #name, "" SMELT_EACH_##count(NAME_OF, , __VA_ARGS__), call_##module##_##name},
#define NEW_FUNCTION(...) FUNCTION(wasi_snapshot_preview1, __VA_ARGS__)
#define OLD_FUNCTION(...) FUNCTION(wasi_unstable, __VA_ARGS__)
static const struct function functions[] = {
    SMELT_WASI_SNAPSHOT_PREVIEW1_FUNCTIONS(NEW_FUNCTION)
    SMELT_WASI_CHANGED_FUNCTIONS(OLD_FUNCTION)};

enum { FUNCTION_COUNT = sizeof functions / sizeof functions[0], PARAMETER_LIMIT = 9 };

// Values that are all right where nothing in particular is tried: descriptors name the granted
// directory, addresses are all different, lengths are small.
static void fill(const struct guest *guest, const struct function *function,
                 uint64_t values[PARAMETER_LIMIT]) {
    for (size_t index = 0; function->letters[index] != 0; index++) {
        switch (function->letters[index]) {
        case 'p': values[index] = 0x1000 + index * 0x100; break;
        case 'n': values[index] = 1; break;
        default: values[index] = guest->root; break;
        }
    }
}

static uint32_t call(struct guest *guest, const struct function *function, const uint64_t *values) {
    memset(guest->memory.base, 'x', guest->memory.byte_size);
    return function->call(&guest->context, values);
}

static void try_pointer(struct guest *guest, const struct function *function, size_t parameter,
                        uint64_t address, uint64_t length) {
    uint64_t values[PARAMETER_LIMIT];
    fill(guest, function, values);
    values[parameter] = address;
    if (function->letters[parameter + 1] == 'n') values[parameter + 1] = length;
    uint32_t error = call(guest, function, values);
    if (error == WASI_SUCCESS) {
        fail_msg("%s accepts address %#llx, length %#llx in parameter %zu", function->name,
                 (unsigned long long)address, (unsigned long long)length, parameter);
    }
}

static void rejects_bad_addresses(void **state) {
    struct guest *guest = *state;
    const uint64_t size = guest->memory.byte_size;
    for (size_t index = 0; index < FUNCTION_COUNT; index++) {
        const struct function *function = &functions[index];
        for (size_t parameter = 0; function->letters[parameter] != 0; parameter++) {
            if (function->letters[parameter] != 'p') continue;
            try_pointer(guest, function, parameter, size, 1);
            try_pointer(guest, function, parameter, size + 1, 1);
            try_pointer(guest, function, parameter, UINT32_MAX, 1);
            try_pointer(guest, function, parameter, 0x80000000, UINT32_MAX);
            try_pointer(guest, function, parameter, UINT32_MAX, UINT32_MAX);
            try_pointer(guest, function, parameter, size - 1, UINT32_MAX);
            try_pointer(guest, function, parameter, size - 1, 2);
        }
    }
}

// One bad address makes the call a fault before anything else is looked at, whatever it is.
static void faults_first(void **state) {
    struct guest *guest = *state;
    uint64_t values[PARAMETER_LIMIT];
    for (size_t index = 0; index < FUNCTION_COUNT; index++) {
        const struct function *function = &functions[index];
        const char *pointer = strchr(function->letters, 'p');
        if (pointer == NULL) continue;
        fill(guest, function, values);
        values[pointer - function->letters] = UINT32_MAX;
        if (call(guest, function, values) != WASI_FAULT) fail_msg("%s", function->name);
    }
}

// A guest without an exported memory.
static void faults_without_memory(void **state) {
    struct guest *guest = *state;
    uint64_t values[PARAMETER_LIMIT];
    guest->context.memory = NULL;
    for (size_t index = 0; index < FUNCTION_COUNT; index++) {
        const struct function *function = &functions[index];
        if (strchr(function->letters, 'p') == NULL) continue;
        fill(guest, function, values);
        assert_int_equal(call(guest, function, values), WASI_FAULT);
    }
}

// Vectors lie in memory, but what they point to does not.
static void rejects_bad_vectors(void **state) {
    struct guest *guest = *state;
    const uint32_t size = GUEST_MEMORY_SIZE;
    const uint32_t bad[][2] = {{size, 1}, {0, size + 1}, {UINT32_MAX, 1}, {UINT32_MAX, UINT32_MAX},
                               {size - 1, 2}, {1, UINT32_MAX}, {size + 1, 0}};
    for (size_t index = 0; index < sizeof bad / sizeof bad[0]; index++) {
        guest_put_vector(guest, 0x100, 0, 1);
        guest_put_vector(guest, 0x108, bad[index][0], bad[index][1]);
        assert_int_equal(WASI(fd_write)(&guest->context, 1, 0x100, 2, 0), WASI_FAULT);
        assert_int_equal(WASI(fd_read)(&guest->context, 0, 0x100, 2, 0), WASI_FAULT);
        assert_int_equal(WASI(fd_pwrite)(&guest->context, 1, 0x100, 2, 0, 0), WASI_FAULT);
        assert_int_equal(WASI(fd_pread)(&guest->context, 0, 0x100, 2, 0, 0), WASI_FAULT);
    }
}

static void table_has_every_function_once(void **state) {
    (void)state;
    size_t count;
    const struct smelt_host_function *rows = smelt_host_functions(&count);
    assert_true(count >= 46 + 45);  // none is lost
    for (size_t index = 0; index < count; index++) {
        for (size_t other = 0; other < index; other++) {
            assert_false(strcmp(rows[index].name, rows[other].name) == 0 &&
                         strcmp(rows[index].module, rows[other].module) == 0);
        }
        if (strcmp(rows[index].name, "path_open") == 0) {
            assert_string_equal(rows[index].signature, "iiiiiIIii:i");
            assert_string_equal(rows[index].symbol, "smelt_wasi_snapshot_preview1_path_open");
        }
        if (strcmp(rows[index].name, "fd_seek") == 0) {
            bool is_old = strcmp(rows[index].module, "wasi_unstable") == 0;
            assert_string_equal(rows[index].symbol, is_old ? "smelt_wasi_unstable_fd_seek"
                                                           : "smelt_wasi_snapshot_preview1_fd_seek");
        }
        if (strcmp(rows[index].name, "proc_exit") == 0) {
            assert_string_equal(rows[index].signature, "i:");
        }
        if (strcmp(rows[index].name, "sched_yield") == 0) {
            assert_string_equal(rows[index].signature, ":i");
        }
    }
}

static int setup(void **state) {
    static char *arguments[] = {"program"};
    static const char *environment[] = {"A=B"};
    struct guest *guest = guest_create();
    guest->state.host.arguments = arguments;
    guest->state.host.argument_count = 1;
    guest->state.host.environment = environment;
    guest->state.host.environment_count = 1;
    *state = guest;
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rejects_bad_addresses, setup, guest_teardown),
        cmocka_unit_test_setup_teardown(faults_first, setup, guest_teardown),
        cmocka_unit_test_setup_teardown(faults_without_memory, setup, guest_teardown),
        cmocka_unit_test_setup_teardown(rejects_bad_vectors, setup, guest_teardown),
        cmocka_unit_test(table_has_every_function_once),
    };
    return cmocka_run_group_tests_name("guest pointers", tests, NULL, NULL);
}
