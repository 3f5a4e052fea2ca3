// Waiting on memory and waking those who wait (the threads proposal): memory.atomic.wait32,
// memory.atomic.wait64 and memory.atomic.notify.
//
// The kernel's futex compares 32 bits, wait64 must compare 64. So the comparison is made here,
// under a lock that notify takes too, and the futex only puts a thread to sleep: every waiter
// has a word of its own on its stack and stands in a list by the address that it waits on.
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "system_calls.h"
#include "smelt/abi.h"
#include "waiting.h"

// From <linux/futex.h>, which musl does not have.
enum { SMELT_FUTEX_WAIT_PRIVATE = 128, SMELT_FUTEX_WAKE_PRIVATE = 129 };

enum { WAIT_OK = 0, WAIT_NOT_EQUAL = 1, WAIT_TIMED_OUT = 2 };

struct waiter {
    const void *address;
    struct waiter *next;
    _Atomic uint32_t is_woken;
};

static _Atomic uint32_t lock_word;
// In order of arrival: the first to come is the first to be woken.
static struct waiter *first_waiter;

static void futex_wait(_Atomic uint32_t *word, uint32_t value, const struct timespec *timeout) {
    SMELT_CALLS(futex);
    SMELT_CALLS(restart_syscall);  // the kernel's own, after a stop and SIGCONT
    syscall(SYS_futex, word, SMELT_FUTEX_WAIT_PRIVATE, value, timeout, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word) {
    SMELT_CALLS(futex);
    syscall(SYS_futex, word, SMELT_FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

// 0 free, 1 taken, 2 taken and a thread may be asleep.
static void lock(void) {
    uint32_t expected = 0;
    if (atomic_compare_exchange_strong(&lock_word, &expected, 1)) return;
    while (atomic_exchange(&lock_word, 2) != 0) futex_wait(&lock_word, 2, NULL);
}

static void unlock(void) {
    if (atomic_exchange(&lock_word, 0) == 2) futex_wake(&lock_word);
}

static void append(struct waiter *waiter) {
    struct waiter **end = &first_waiter;
    while (*end != NULL) end = &(*end)->next;
    *end = waiter;
}

static void remove_waiter(struct waiter *waiter) {
    struct waiter **link = &first_waiter;
    while (*link != NULL && *link != waiter) link = &(*link)->next;
    if (*link != NULL) *link = waiter->next;
}

static int64_t now(void) {
    SMELT_CALLS(clock_gettime);
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Who may end waiting.
struct question {
    bool (*ask)(void *argument);  // null for nobody
    void *argument;
};

enum { ASKING_PERIOD = 500000 };  // nanoseconds

// Sleeps until woken or until `timeout` nanoseconds have passed; negative is for ever.
static uint32_t sleep_until_woken(struct waiter *waiter, int64_t timeout,
                                  const struct question *question) {
    int64_t start = now();
    // A deadline beyond what the clock can tell is for ever too.
    bool is_endless = timeout < 0 || timeout > INT64_MAX - start;
    while (atomic_load(&waiter->is_woken) == 0) {
        if (question->ask != NULL && question->ask(question->argument)) return SMELT_WAIT_ENDED;
        int64_t rest = is_endless ? INT64_MAX : start + timeout - now();
        if (rest <= 0) return WAIT_TIMED_OUT;
        if (question->ask != NULL && rest > ASKING_PERIOD) rest = ASKING_PERIOD;
        struct timespec left = {(time_t)(rest / 1000000000), (long)(rest % 1000000000)};
        futex_wait(&waiter->is_woken, 0, rest == INT64_MAX ? NULL : &left);
    }
    return WAIT_OK;
}

// Called with the lock held, after the comparison.
static uint32_t wait_locked(const void *address, int64_t timeout, const struct question *question) {
    struct waiter waiter = {.address = address};
    append(&waiter);
    unlock();
    uint32_t result = sleep_until_woken(&waiter, timeout, question);
    if (result == WAIT_OK) return result;
    lock();
    // A thread that was woken between the time-out and the lock has left the list already.
    bool was_woken = atomic_load(&waiter.is_woken) != 0;
    if (!was_woken) remove_waiter(&waiter);
    unlock();
    return was_woken ? WAIT_OK : result;
}

uint32_t smelt_wait32_unless(const uint32_t *address, uint32_t expected, int64_t timeout,
                             bool (*ask)(void *argument), void *argument) {
    const struct question question = {ask, argument};
    lock();
    if (atomic_load((const _Atomic uint32_t *)address) == expected) {
        return wait_locked(address, timeout, &question);
    }
    unlock();
    return WAIT_NOT_EQUAL;
}

uint32_t smelt_wait64_unless(const uint64_t *address, uint64_t expected, int64_t timeout,
                             bool (*ask)(void *argument), void *argument) {
    const struct question question = {ask, argument};
    lock();
    if (atomic_load((const _Atomic uint64_t *)address) == expected) {
        return wait_locked(address, timeout, &question);
    }
    unlock();
    return WAIT_NOT_EQUAL;
}

uint32_t smelt_atomic_wait32(const uint32_t *address, uint32_t expected, int64_t timeout) {
    return smelt_wait32_unless(address, expected, timeout, NULL, NULL);
}

uint32_t smelt_atomic_wait64(const uint64_t *address, uint64_t expected, int64_t timeout) {
    return smelt_wait64_unless(address, expected, timeout, NULL, NULL);
}

uint32_t smelt_atomic_notify(const void *address, uint32_t count) {
    uint32_t woken = 0;
    lock();
    struct waiter **link = &first_waiter;
    while (*link != NULL && woken < count) {
        struct waiter *waiter = *link;
        if (waiter->address != address) {
            link = &waiter->next;
            continue;
        }
        *link = waiter->next;
        // The waiter may return as soon as this is set; waking its word afterwards is harmless,
        // since a thread that sleeps on that address by then looks at its own condition again.
        atomic_store(&waiter->is_woken, 1);
        futex_wake(&waiter->is_woken);
        woken++;
    }
    unlock();
    return woken;
}
