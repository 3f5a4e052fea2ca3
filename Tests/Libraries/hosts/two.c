// Two libraries in one process, each with its runtime: traps find the right one, also from inside of the
// other.
#include "check.h"
#include "demo.h"
#include "other.h"

static uint32_t log_value(void *context, demo *instance, uint32_t value) {
    (void)instance;
    uint32_t sum = 0;
    CHECK(other_trap(context) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    CHECK(other_add(context, value, 1, &sum) == SMELT_OK && sum == value + 1001);
    return demo_trap(instance) == SMELT_UNREACHABLE ? SMELT_OK : 1;
}

static uint32_t twice(void *context, demo *instance, uint64_t a, double b, uint64_t *a2, double *b2) {
    (void)context, (void)instance, (void)a, (void)b, (void)a2, (void)b2;
    return 1;
}

int main(void) {
    other *o = other_new(NULL, NULL, NULL);
    demo_imports imports = {.size = sizeof imports, .context = o, .env_log = log_value,
                            .env_twice = twice};
    demo *d = demo_new(&imports, NULL, NULL);
    uint32_t result = 0;
    CHECK(o != NULL && d != NULL);
    CHECK(other_load(o, 0, &result) == SMELT_OK && result == 99);
    for (int index = 0; index < 3; index++) {
        CHECK(demo_say(d, 5) == SMELT_OK);
        CHECK(demo_trap(d) == SMELT_UNREACHABLE);
        CHECK(other_trap(o) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    }
    CHECK(demo_free(d) == SMELT_OK && other_free(o) == SMELT_OK);
    printf("%d failures\n", failures);
    return failures != 0;
}
