// Fuel: what is counted does not depend on the level, the processor, or what LLVM makes of the code.
#include "metered.h"

#include <stdlib.h>

#include "check.h"

static unsigned calls;
static uint64_t seen, given;

static uint32_t host_call(void *context, metered *instance, uint32_t value) {
    (void)context;
    (void)value;
    calls++;
    seen = metered_fuel(instance);
    if (given != 0) {
        metered_set_fuel(instance, given);
        uint32_t sum = 0;
        // What the guest is called for meanwhile, it pays as well.
        CHECK(metered_add(instance, 1, 2, &sum) == SMELT_OK && sum == 3);
        given = 0;
    }
    return SMELT_OK;
}

static const uint64_t plenty = 1000000000000;
static uint32_t result;

// What something has used.
#define USED(call) (metered_set_fuel(m, plenty), (call) == SMELT_OK ? plenty - metered_fuel(m) : 0)
#define EXPECT(amount, call)                                                                      \
    do {                                                                                          \
        uint64_t used_ = USED(call);                                                              \
        if (used_ != (amount)) fprintf(stderr, "%s has used %llu: ", #call, (unsigned long long)used_); \
        CHECK(used_ == (amount));                                                                 \
        /* As much is enough, and one less is not. */                                             \
        metered_set_fuel(m, (amount));                                                            \
        CHECK((call) == SMELT_OK && metered_fuel(m) == 0);                                        \
        metered_set_fuel(m, (amount)-1);                                                          \
        if ((amount) > 0) CHECK((call) == SMELT_OUT_OF_FUEL && metered_fuel(m) == 0);             \
    } while (0)

int main(void) {
    metered_imports imports = {.size = sizeof imports, .host_call = host_call};
    smelt_options options = SMELT_OPTIONS_INIT;
    smelt_error error;
    metered *m = metered_new(&imports, NULL, &error);
    if (m == NULL) return fputs(error.message, stderr), 1;
    CHECK(metered_fuel(m) > plenty * 1000);
    EXPECT(3, metered_add(m, 1, 2, &result));
    CHECK(USED(metered_nothing(m)) == 0);
    for (uint32_t n = 1; n < 3000; n = n * 3 + 1) EXPECT(14 * (uint64_t)n + 1, metered_sum(m, n, &result));
    EXPECT(14 * 1000 + 6 * 500 + 3 * 800 + 1, metered_branches(m, 1000, &result));
    // 9 in each round, 5 for one of four, which goes on behind the 4 of the next one.
    EXPECT(9 * 1000 + 5 * 250 + 4 * 250 + 1, metered_switch(m, 1000, &result));
    EXPECT(5, metered_fib(m, 1, &result));
    EXPECT(4 + 9 + 5 + 5, metered_fib(m, 2, &result));
    metered_set_fuel(m, plenty);
    EXPECT(4 + 3, metered_indirect(m, 7, 0, &result));
    EXPECT(4 + 3 + 3, metered_indirect(m, 7, 1, &result));
    CHECK(result == 14);
    EXPECT(8, metered_bulk(m, 63));
    EXPECT(8 + 2 * (6400 / 64), metered_bulk(m, 6400));
    CHECK(USED(metered_tables(m, 800)) == 8 + 2 * 800 / 8);
    uint64_t nest = 1;
    for (uint64_t n = 10; n > 0; n--) nest += 2 + n * (3 + 3 + 1 + 5) + 3 + 14 * n + 1 + 2 + 5;
    EXPECT(nest, metered_nest(m, 10, &result));

    // The host is called as often as there was fuel for, and sees how much that is.
    metered_set_fuel(m, plenty);
    CHECK(metered_calls(m, 5) == SMELT_OK && plenty - seen == 4 * 7 + 2);
    calls = 0;
    metered_set_fuel(m, 7 * 3 + 2);
    CHECK(metered_calls(m, 1000) == SMELT_OUT_OF_FUEL && calls == 4 && seen == 0);
    metered_set_fuel(m, 7 * 3 + 1);
    CHECK(metered_calls(m, 1000) == SMELT_OUT_OF_FUEL && calls == 7);
    given = 1000;
    metered_set_fuel(m, 100);
    CHECK(metered_calls(m, 1) == SMELT_OK && metered_fuel(m) == 1000 - 3 - 5);

    // A trap of the guest's leaves what is left in front of its block.
    metered_set_fuel(m, 100);
    CHECK(metered_divide(m, 1, 0, &result) == SMELT_INTEGER_DIVIDE_BY_ZERO && metered_fuel(m) == 100);
    for (uint64_t fuel = 0; fuel < 3000000; fuel = fuel * 7 + 1) {
        metered_set_fuel(m, fuel);
        CHECK(metered_forever(m) == SMELT_OUT_OF_FUEL && metered_fuel(m) == 0);
        metered_set_fuel(m, fuel);
        CHECK(metered_memory_forever(m, 3) == SMELT_OUT_OF_FUEL && metered_fuel(m) == 0);
        metered_set_fuel(m, fuel);
        CHECK(metered_memory_forever(m, UINT64_C(1) << 62) == SMELT_OUT_OF_FUEL);
    }
    CHECK(metered_bulk(m, 1 << 20) == SMELT_OUT_OF_FUEL);
    CHECK(metered_free(m) == SMELT_OK);

    options.fuel = 1234;
    m = metered_new(&imports, &options, &error);
    CHECK(m != NULL && metered_fuel(m) == 1234);
    CHECK(metered_reset(m) == SMELT_OK && metered_fuel(m) == 1234);
    CHECK(metered_free(m) == SMELT_OK);
    printf("%d failures\n", failures);
    return failures != 0;
}
