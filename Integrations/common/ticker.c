#include "ticker.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Of the C library that the process has.
int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *)
    __attribute__((weak));
int pthread_detach(pthread_t) __attribute__((weak));
int pthread_atfork(void (*)(void), void (*)(void), void (*)(void)) __attribute__((weak));
int pthread_sigmask(int, const sigset_t *, sigset_t *) __attribute__((weak));

// Of the kernel, whose headers are not among musl's.
enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

enum { IDLE_TICKS = 50 };  // without a call, until it sleeps

uint32_t glue_ticker_sleeps;
static uint32_t is_locked;  // what follows
static bool is_started;
static struct glue *ticking;

// Held for a moment, and never by a thread that waits for something.
static void lock(void) {
    while (__atomic_exchange_n(&is_locked, 1, __ATOMIC_ACQUIRE) != 0) sched_yield();
}

static void unlock(void) { __atomic_store_n(&is_locked, 0, __ATOMIC_RELEASE); }

static bool tick(void) {
    bool is_anyone_running = false;
    lock();
    for (struct glue *glue = ticking; glue != NULL; glue = glue->next_ticking) {
        if (__atomic_load_n(&glue->is_running, __ATOMIC_RELAXED) == 0) continue;
        is_anyone_running = true;
        glue->ticker = 1;
    }
    unlock();
    return is_anyone_running;
}

static void *run(void *nothing) {
    const struct timespec time = {0, GLUE_TICK * 1000000}, rest = {0, 250000000};
    uint32_t idle = 0;
    for (;;) {
        nanosleep(&time, NULL);
        idle = tick() ? 0 : idle + 1;
        if (idle < IDLE_TICKS) continue;
        __atomic_store_n(&glue_ticker_sleeps, 1, __ATOMIC_RELAXED);
        // A call may begin at this moment and see nothing of that: so it never sleeps for long.
        do {
            syscall(SYS_futex, &glue_ticker_sleeps, FUTEX_WAIT_PRIVATE, 1, &rest, NULL, 0);
        } while (__atomic_load_n(&glue_ticker_sleeps, __ATOMIC_RELAXED) != 0 && !tick());
        __atomic_store_n(&glue_ticker_sleeps, 0, __ATOMIC_RELAXED);
        idle = 0;
    }
    return nothing;
}

static bool start(void);

void glue_ticker_wake(void) {
    lock();
    if (!is_started) is_started = start();
    unlock();
    __atomic_store_n(&glue_ticker_sleeps, 0, __ATOMIC_RELAXED);
    syscall(SYS_futex, &glue_ticker_sleeps, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

// A child has no thread but that which has forked.
static void forget_thread(void) {
    is_locked = 0;
    is_started = false;
    glue_ticker_sleeps = ticking != NULL;
}

static bool start(void) {
    static bool is_prepared;
    pthread_t thread;
    sigset_t all, old;
    if (pthread_create == NULL || pthread_detach == NULL || pthread_sigmask == NULL) return false;
    if (!is_prepared && pthread_atfork != NULL) pthread_atfork(NULL, NULL, forget_thread);
    is_prepared = true;
    // Signals are the host's threads' business. Another C library may have fewer of them in a set.
    for (size_t index = 0; index < sizeof all / sizeof(long); index++) {
        ((unsigned long *)(void *)&all)[index] = ~0ul;
    }
    pthread_sigmask(SIG_SETMASK, &all, &old);
    bool is_made = pthread_create(&thread, NULL, run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (is_made) pthread_detach(thread);
    return is_made;
}

void glue_ticker_add(struct glue *glue) {
    bool is_known = false;
    lock();
    for (struct glue *other = ticking; other != NULL; other = other->next_ticking) {
        is_known = is_known || other == glue;
    }
    if (!is_known) {
        glue->next_ticking = ticking;
        ticking = glue;
    }
    if (!is_started) is_started = start();
    unlock();
}

void glue_ticker_remove(struct glue *glue) {
    lock();
    for (struct glue **place = &ticking; *place != NULL; place = &(*place)->next_ticking) {
        if (*place != glue) continue;
        *place = glue->next_ticking;
        break;
    }
    unlock();
}
