// What a call costs, from C into a guest and from a guest to C, beside one through a pointer to a function.
#include "calls.h"

#include <stdio.h>
#include <time.h>

enum { COUNT = 20000000, ROUNDS = 15 };

// Processor time of the thread, which what else the machine does disturbs least.
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static __attribute__((noinline)) uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t (*volatile pointer)(uint32_t, uint32_t) = add;

static uint32_t next(void *context, calls *instance, uint32_t value, uint32_t *result) {
    (void)context;
    (void)instance;
    *result = value + 1;
    return SMELT_OK;
}

int main(void) {
    double least[4] = {1e18, 1e18, 1e18, 1e18};
    calls_imports imports = {.size = sizeof imports, .host_f = next};
    smelt_options options = SMELT_OPTIONS_INIT;
    calls *shared = calls_new(&imports, NULL, NULL);
    options.flags = SMELT_ONE_THREAD;
    calls *bound = calls_new(&imports, &options, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t sum = 0;
        double times[5];
        times[0] = now();
        for (int i = 0; i < COUNT; i++) sum = pointer(sum, 1);
        times[1] = now();
        for (int i = 0; i < COUNT; i++) calls_add(shared, sum, 1, &sum);
        times[2] = now();
        for (int i = 0; i < COUNT; i++) calls_add(bound, sum, 1, &sum);
        times[3] = now();
        calls_calls(bound, COUNT, &sum);
        times[4] = now();
        for (int i = 0; i < 4; i++) {
            double each = (times[i + 1] - times[i]) / COUNT;
            if (each < least[i]) least[i] = each;
        }
    }
    printf("through a pointer      %5.2f ns\n", least[0]);
    printf("into a guest           %5.2f ns\n", least[1]);
    printf("into one of a thread's %5.2f ns\n", least[2]);
    printf("from a guest to C      %5.2f ns\n", least[3]);
    return 0;
}
