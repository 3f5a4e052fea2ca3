// Where a thread's stack ends. Asked once for each thread.
#include "thread.h"

#include <stddef.h>

_Thread_local struct thread embed_thread;

// Of the C library of the host, if it has one. Larger than any has made its attributes.
union attributes {
    uint64_t words[32];
};
void *pthread_self(void) __attribute__((weak));
int pthread_getattr_np(void *thread, union attributes *attributes) __attribute__((weak));
int pthread_attr_getstack(const union attributes *attributes, void **low, size_t *size)
    __attribute__((weak));
int pthread_attr_destroy(union attributes *attributes) __attribute__((weak));

static bool ask_library(uint64_t *low, uint64_t *high) {
    if (pthread_self == NULL || pthread_getattr_np == NULL || pthread_attr_getstack == NULL ||
        pthread_attr_destroy == NULL) {
        return false;
    }
    union attributes attributes;
    void *start;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    bool is_known = pthread_attr_getstack(&attributes, &start, &size) == 0;
    pthread_attr_destroy(&attributes);
    if (!is_known) return false;
    *low = (uint64_t)(uintptr_t)start;
    *high = *low + size;
    return size > 0 && *high > *low;
}

void embed_find_stack(struct thread *thread) {
    uint64_t low, high;
    if (ask_library(&low, &high)) {
        uint64_t reserve = (high - low) / 8;
        if (reserve < EMBED_SMALLEST_RESERVE) reserve = EMBED_SMALLEST_RESERVE;
        if (reserve > EMBED_LARGEST_RESERVE) reserve = EMBED_LARGEST_RESERVE;
        if (reserve > high - low) reserve = high - low;
        thread->reserve = reserve;
        thread->stack_low = low + reserve;
        thread->stack_high = high;
    } else {
        // Every stack is an unknown one: what the host says of its size is all that is known.
        thread->stack_low = thread->stack_high = UINT64_MAX;
    }
}
