// What the collector asks of a program, in tests: the stack is that of the test, and tests that make
// objects have types of their own.
#include <pthread.h>

#include "support.h"
#include "trap/trap.h"

__attribute__((weak)) const struct smelt_type smelt_types[] = {{0}};

// Where locals are moved away from the stack, nothing on the stack refers to objects.
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_stack_use_after_return=0"; }

const struct smelt_stack *smelt_guest_stack(void) {
    static struct smelt_stack stack;
    pthread_attr_t attributes;
    void *bottom;
    size_t size;
    assert_int_equal(pthread_getattr_np(pthread_self(), &attributes), 0);
    assert_int_equal(pthread_attr_getstack(&attributes, &bottom, &size), 0);
    pthread_attr_destroy(&attributes);
    stack.bottom = bottom;
    stack.top = stack.bottom + size;
    return &stack;
}
