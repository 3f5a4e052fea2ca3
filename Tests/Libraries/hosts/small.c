// Instances in a process that may have no more than some 200 MiB of address space: each has a memory that is
// compared with its size instead of a guard.
#include "demo.h"

#include <sys/resource.h>

#include "check.h"

enum { COUNT = 300 };

static uint32_t log_value(void *context, demo *instance, uint32_t value) {
    (void)context;
    (void)instance;
    (void)value;
    return SMELT_OK;
}

static uint32_t twice(void *context, demo *instance, uint64_t a, double b, uint64_t *a2, double *b2) {
    (void)context;
    (void)instance;
    *a2 = 2 * a;
    *b2 = 2 * b;
    return SMELT_OK;
}

static demo *instances[COUNT];

int main(void) {
    struct rlimit limit = {200 << 20, 200 << 20};
    demo_imports imports = {.size = sizeof imports, .env_log = log_value, .env_twice = twice};
    smelt_options options = SMELT_OPTIONS_INIT;
    smelt_error error;
    uint32_t result = 0;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    for (int round = 0; round < 3; round++) {
        // Of one page, or of three, which it may grow to.
        options.maximum_memory = round == 1 ? 65536 : 0;
        for (int index = 0; index < COUNT; index++) {
            demo *d = instances[index] = demo_new(&imports, &options, &error);
            if (d == NULL) return fputs(error.message, stderr), 1;
            CHECK(demo_load(d, 65532, &result) == SMELT_OK);
            CHECK(demo_load(d, 65533, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
            CHECK(demo_load(d, 65536, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
            CHECK(demo_load(d, UINT32_MAX, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
            CHECK(demo_copy(d, 0, 65000, 537) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
            CHECK(demo_grow(d, 2, &result) == SMELT_OK);
            CHECK(result == (round == 1 ? UINT32_MAX : 1));
            CHECK(demo_grow(d, 1, &result) == SMELT_OK && result == UINT32_MAX);
            CHECK(demo_load(d, 196604, &result) ==
                  (round == 1 ? SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS : SMELT_OK));
        }
        for (int index = 0; index < COUNT; index++) {
            CHECK(demo_reset(instances[index]) == SMELT_OK && demo_memory_size(instances[index]) == 65536);
            CHECK(demo_load(instances[index], 65536, &result) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
            CHECK(demo_free(instances[index]) == SMELT_OK);
        }
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
