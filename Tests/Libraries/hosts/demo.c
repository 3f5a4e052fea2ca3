// Everything that a library without WASI has: calls both ways, state, and every way for a call to end.
#include "demo.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static uint32_t logged;

// What the guest calls. Some values ask for more than a note.
static uint32_t log_value(void *context, demo *instance, uint32_t value) {
    enum { FAIL = 13, CALL_BACK = 14, DEEP = 1000, DEEPEST = 1100 };
    CHECK(context == &logged);
    if (value == FAIL) return 77;
    if (value == CALL_BACK) {
        uint32_t sum = 0;
        CHECK(demo_trap(instance) == SMELT_UNREACHABLE);
        CHECK(demo_recurse(instance, 0, &sum) == SMELT_CALL_STACK_EXHAUSTED);
        CHECK(demo_add(instance, 2, 3, &sum) == SMELT_OK && sum == 5);
        CHECK(demo_say(instance, FAIL) == SMELT_HOST_FAILED);
        CHECK(demo_free(instance) == SMELT_BUSY);
    }
    if (value >= DEEP && value < DEEPEST) return demo_say(instance, value + 1);
    logged = value;
    return SMELT_OK;
}

static uint32_t twice(void *context, demo *instance, uint64_t a, double b, uint64_t *a2, double *b2) {
    (void)context;
    (void)instance;
    *a2 = 2 * a;
    *b2 = 2 * b;
    return SMELT_OK;
}

static demo *make(void) {
    demo_imports imports = {.size = sizeof imports, .context = &logged, .env_log = log_value,
                            .env_twice = twice, .env_seed = 42};
    smelt_error error;
    demo *instance = demo_new(&imports, NULL, &error);
    if (instance == NULL) {
        fputs(error.message, stderr);
        exit(1);
    }
    // They are copied.
    memset(&imports, 0xff, sizeof imports);
    return instance;
}

static void check_making(void) {
    smelt_error error;
    demo_imports imports = {.size = sizeof imports, .context = &logged, .env_log = log_value,
                            .env_twice = twice};
    smelt_options options = SMELT_OPTIONS_INIT;
    CHECK(demo_new(NULL, NULL, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    CHECK(demo_new(NULL, NULL, NULL) == NULL);
    imports.env_twice = NULL;
    CHECK(demo_new(&imports, NULL, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    CHECK(strstr(error.message, "env.twice") != NULL);
    imports.env_twice = twice;
    imports.size--;
    CHECK(demo_new(&imports, NULL, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    imports.size++;
    options.size = 1;
    CHECK(demo_new(&imports, &options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    options.size = sizeof options + 8;
    CHECK(demo_new(&imports, &options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    options.size = sizeof options;
    options.stack_size = 1;
    CHECK(demo_new(&imports, &options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
    options.stack_size = 0;
    options.maximum_memory = 65535;
    CHECK(demo_new(&imports, &options, &error) == NULL && error.status == SMELT_NO_RESOURCES);
    options.maximum_memory = 65536;
    demo *instance = demo_new(&imports, &options, &error);
    uint32_t result = 0;
    CHECK(instance != NULL && error.status == SMELT_OK && error.message[0] == 0);
    CHECK(demo_grow(instance, 1, &result) == SMELT_OK && result == UINT32_MAX);
    CHECK(demo_free(instance) == SMELT_OK);
    CHECK(demo_free(NULL) == SMELT_OK);
}

static void check_values(demo *d) {
    uint32_t result = 0;
    CHECK(demo_add(d, 40, 2, &result) == SMELT_OK && result == 42);
    CHECK(demo_seed_get(d) == 42 && demo_counter_get(d) == 5);
    demo_counter_set(d, 7);
    CHECK(demo_count(d, &result) == SMELT_OK && result == 8);
    CHECK(demo_memory_size(d) == 65536);
    CHECK(memcmp((char *)demo_memory_data(d) + 16, "hello", 5) == 0);
    CHECK(demo_table_size(d) == 4);
    uint64_t a = 0;
    double b = 0;
    CHECK(demo_both(d, 21, 0.5, &a, &b) == SMELT_OK && a == 42 && b == 1.0);
    CHECK(demo_say(d, 12) == SMELT_OK && logged == 12);
    smelt_v128 in = {{1, 2, 3}}, out;
    float f = 0;
    uint64_t l = 0;
    uint32_t s = 0;
    CHECK(demo_many(d, 100, 0, 0, 0, 0, 0, 0, 0, 55, 1, 2.5f, &in, &result, &f, &out, &l, &s) ==
          SMELT_OK);
    CHECK(result == 99 && f == 2.5f && l == UINT64_MAX && s == 55);
    CHECK(out.bytes[0] == 2 && out.bytes[1] == 2 && out.bytes[4] == 1);
    smelt_reference reference = NULL;
    CHECK(demo_reference(d, d, &reference) == SMELT_OK && reference == d);
    CHECK(demo_function(d, &reference) == SMELT_OK && reference != NULL);
    // Names that are the same for C, and one that the library has itself.
    CHECK(demo_weird_name___(d) == SMELT_OK && demo_weird_name____2(d) == SMELT_OK);
    CHECK(demo_new_2(d) == SMELT_OK);
    CHECK(demo_grow(d, 1, &result) == SMELT_OK && result == 1 && demo_memory_size(d) == 131072);
    CHECK(demo_memory_grow(d, 5, &a) == SMELT_NO_RESOURCES);
    CHECK(demo_memory_grow(d, 1, &a) == SMELT_OK && a == 2);
    CHECK(demo_memory_grow(d, 0, NULL) == SMELT_OK);
}

static void check_traps(demo *d) {
    uint32_t result = 0;
    uint32_t end = (uint32_t)demo_memory_size(d);
    CHECK(demo_load(d, end - 4, &result) == SMELT_OK);
    CHECK(demo_load(d, end - 3, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    CHECK(demo_error(d)->status == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    CHECK(strncmp(demo_error(d)->message, "out of bounds memory access\n", 28) == 0);
    CHECK(demo_load(d, 0xfffffff0, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    CHECK(demo_copy(d, 0, end - 500, 5000) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    CHECK(demo_divide(d, 1, 0, &result) == SMELT_INTEGER_DIVIDE_BY_ZERO);
#ifdef HAS_BACKTRACES
    CHECK(strstr(demo_error(d)->message, "0: divide") != NULL);
#endif
    CHECK(demo_divide(d, 0x80000000, 0xffffffff, &result) == SMELT_INTEGER_OVERFLOW);
    CHECK(demo_trap(d) == SMELT_UNREACHABLE);
    CHECK(demo_recurse(d, 0, &result) == SMELT_CALL_STACK_EXHAUSTED);
    CHECK(demo_indirect(d, 1, &result) == SMELT_OK && result == 42);
    CHECK(demo_indirect(d, 2, &result) == SMELT_INDIRECT_CALL_TYPE_MISMATCH);
    CHECK(demo_indirect(d, 3, &result) == SMELT_UNINITIALIZED_ELEMENT);
    CHECK(demo_indirect(d, 4, &result) == SMELT_UNDEFINED_ELEMENT);
    CHECK(demo_say(d, 13) == SMELT_HOST_FAILED && demo_error(d)->detail == 77);
    CHECK(demo_say(d, 14) == SMELT_OK && logged == 14);
    CHECK(demo_say(d, 1000) == SMELT_OK && logged == 1100);
    CHECK(demo_add(d, 1, 1, &result) == SMELT_OK && result == 2);
}

// Signals ---------------------------------------------------------------------------------------

static sigjmp_buf back;
static volatile sig_atomic_t signals;

static void on_signal(int signal, siginfo_t *information, void *context) {
    (void)information;
    (void)context;
    signals++;
    siglongjmp(back, signal);
}

static void check_signals(demo *d) {
    uint32_t result = 0;
    for (volatile int index = 0; index < 3; index++) {
        if (sigsetjmp(back, 1) == 0) *(volatile int *)8 = 1;
        CHECK(demo_load(d, 0xfffffff0, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    }
    if (sigsetjmp(back, 1) == 0) raise(SIGSEGV);
    CHECK(signals == 4);
}

// Resetting -------------------------------------------------------------------------------------

// The second instance of a module begins with an image of the first one's memory.
static void check_reset(void) {
    for (int round = 0; round < 3; round++) {
        demo *d = make();
        uint32_t result = 0;
        char *data = demo_memory_data(d);
        for (int again = 0; again < 3; again++) {
            CHECK(memcmp(data + 16, "hello", 5) == 0 && data[0] == 0 && data[40000] == 0);
            CHECK(demo_count(d, &result) == SMELT_OK && result == 6);
            CHECK(demo_grow(d, 2, &result) == SMELT_OK && result == 1);
            CHECK(demo_load(d, 3 * 65536 - 4, &result) == SMELT_OK && result == 0);
            memset(data, 0x55, 3 * 65536);
            CHECK(demo_empty_table(d) == SMELT_OK);
            CHECK(demo_indirect(d, 1, &result) == SMELT_UNINITIALIZED_ELEMENT);
            CHECK(demo_reset(d) == SMELT_OK);
            CHECK(demo_indirect(d, 1, &result) == SMELT_OK && result == 42);
            CHECK(demo_load(d, 65536, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
            CHECK(demo_seed_get(d) == 42 && demo_memory_size(d) == 65536);
        }
        CHECK(demo_free(d) == SMELT_OK);
    }
    smelt_options options = SMELT_OPTIONS_INIT;
    demo_imports imports = {.size = sizeof imports, .env_log = log_value, .env_twice = twice};
    smelt_error error;
    options.flags = 2;
    CHECK(demo_new(&imports, &options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
}

// Of one thread only.
static void *intrude(void *argument) {
    uint32_t result = 0;
    CHECK(demo_count(argument, &result) == SMELT_BUSY);
    CHECK(demo_reset(argument) == SMELT_BUSY && demo_free(argument) == SMELT_BUSY);
    return NULL;
}

static void check_bound(void) {
    smelt_options options = SMELT_OPTIONS_INIT;
    options.flags = SMELT_ONE_THREAD;
    demo_imports imports = {.size = sizeof imports, .env_log = log_value, .env_twice = twice};
    demo *d = demo_new(&imports, &options, NULL);
    uint32_t result = 0;
    pthread_t thread;
    CHECK(demo_count(d, &result) == SMELT_OK && demo_trap(d) == SMELT_UNREACHABLE);
    CHECK(pthread_create(&thread, NULL, intrude, d) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(demo_count(d, &result) == SMELT_OK && demo_free(d) == SMELT_OK);
}

// Threads ---------------------------------------------------------------------------------------

static void *use(void *argument) {
    demo *d = argument == NULL ? make() : argument;
    for (uint32_t index = 0; index < 50; index++) {
        uint32_t result = 0;
        CHECK(demo_add(d, index, 1, &result) == SMELT_OK && result == index + 1);
        CHECK(demo_recurse(d, 0, &result) == SMELT_CALL_STACK_EXHAUSTED);
        CHECK(demo_load(d, 0x7fffffff, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
        CHECK(demo_trap(d) == SMELT_UNREACHABLE);
    }
    CHECK(demo_free(d) == SMELT_OK);
    return NULL;
}

// All want the same one: who does not get it is told.
static void *race(void *argument) {
    for (uint32_t index = 0; index < 20000; index++) {
        uint32_t result = 0;
        enum smelt_status status = demo_count(argument, &result);
        if (status != SMELT_OK && status != SMELT_BUSY) abort();
    }
    return NULL;
}

static void on_threads(void *(*function)(void *), void *shared, size_t stack_size) {
    enum { COUNT = 4 };
    pthread_t threads[COUNT];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_size);
    for (int index = 0; index < COUNT; index++) {
        // One of them has an instance of another thread.
        void *argument = shared == NULL && index == 0 ? make() : shared;
        CHECK(pthread_create(&threads[index], &attributes, function, argument) == 0);
    }
    for (int index = 0; index < COUNT; index++) pthread_join(threads[index], NULL);
}

int main(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    check_making();
    demo *d = make();
    check_values(d);
    check_traps(d);
    check_signals(d);
    check_reset();
    check_bound();
    on_threads(use, NULL, 8 << 20);
    on_threads(use, NULL, 128 << 10);
    on_threads(race, d, 1 << 20);
    CHECK(demo_free(d) == SMELT_OK);
    printf("%d failures\n", failures);
    return failures != 0;
}
