// What is found out about each thread once: where its stack ends. And about the stacks that calls are on.
#include "thread.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "system/signals.h"

_Thread_local struct thread embed_thread;

// Of the C library of the host. A shared library does without them where there is none; in an archive they
// are needed, or a linker would leave them out of a static program. Larger than any C library has made its
// attributes.
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

static void find_stack(struct thread *thread) {
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

void embed_begin_thread(struct thread *thread) {
    static uint64_t threads;
    // Many programs block all signals in threads of theirs. A trap whose signal is blocked ends the process.
    uint64_t traps = UINT64_C(1) << (SIGSEGV - 1) | UINT64_C(1) << (SIGILL - 1) |
                     UINT64_C(1) << (SIGTRAP - 1) | UINT64_C(1) << (SIGFPE - 1);
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &traps, NULL, SMELT_SIGNAL_SET_SIZE);
    find_stack(thread);
    thread->number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
}

bool embed_find_alternate_stack(uint64_t address, uint64_t *low) {
    stack_t stack;
    if (syscall(SYS_sigaltstack, NULL, &stack) != 0 || (stack.ss_flags & SS_DISABLE) != 0) return false;
    uint64_t begin = (uint64_t)(uintptr_t)stack.ss_sp;
    if (address - begin >= stack.ss_size) return false;
    uint64_t reserve = EMBED_SMALLEST_RESERVE;
    *low = begin + (reserve < stack.ss_size ? reserve : stack.ss_size);
    return true;
}

struct activation *embed_activation_at(const struct thread *thread, uint64_t stack_pointer) {
    struct activation *found = NULL;
    for (struct activation *activation = thread->latest; activation != NULL;
         activation = activation->previous) {
        // A body without a frame has the one that it was called from, and one that stops since there is no
        // more stack is below the limit.
        if (stack_pointer > activation->stack_pointer) continue;
        if (stack_pointer + EMBED_LARGEST_RESERVE < activation->limit) continue;
        if (found == NULL || activation->stack_pointer < found->stack_pointer) found = activation;
    }
    return found;
}
