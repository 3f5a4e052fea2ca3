// Recursion that ends in a function with a large frame: however much of the stack is left for that, running
// out of it is a trap, also on the stack of a thread.
#include "frame.h"

#include <pthread.h>

#include "check.h"

static void *recurse(void *unused) {
    frame *f = frame_new(NULL, NULL, NULL);
    uint64_t result = 0;
    for (uint32_t depth = 0; depth < 40000; depth += 1999) {
        CHECK(frame_down(f, depth, &result) == SMELT_CALL_STACK_EXHAUSTED);
    }
    CHECK(frame_free(f) == SMELT_OK);
    return unused;
}

int main(void) {
    pthread_t thread;
    recurse(NULL);
    static const size_t sizes[] = {128 << 10, 1 << 20, 16 << 20};
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, sizes[index]);
        CHECK(pthread_create(&thread, &attributes, recurse, NULL) == 0 &&
              pthread_join(thread, NULL) == 0);
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
