// Recursion that ends in a function with a large frame: however much of the stack is left for that, running
// out of it is a trap, also on the stack of a thread.
#include "frame.h"

#include <pthread.h>

#include "check.h"

static void *recurse(void *unused) {
    frame *f = frame_new(NULL, NULL, NULL);
    uint64_t result = 0;
    for (uint32_t depth = 0; depth < 40000; depth += 499) {
        CHECK(frame_down(f, depth, &result) == SMELT_CALL_STACK_EXHAUSTED);
    }
    CHECK(frame_free(f) == SMELT_OK);
    return unused;
}

int main(void) {
    pthread_t thread;
    recurse(NULL);
    CHECK(pthread_create(&thread, NULL, recurse, NULL) == 0 && pthread_join(thread, NULL) == 0);
    printf("%d failures\n", failures);
    return failures != 0;
}
