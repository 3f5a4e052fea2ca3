// Interruptions: from another thread, from signal handlers, by a word of the host's, of everything that could
// go on for ever. With two arguments it tells how long they took.
#include "endless.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint32_t host_call(void *context, endless *instance) {
    (void)context;
    (void)instance;
    return SMELT_OK;
}

static endless *make(const smelt_options *options, smelt_error *error) {
    endless_imports imports = {.size = sizeof imports, .host_call = host_call};
    return endless_new(&imports, options, error);
}

// What goes on for ever --------------------------------------------------------------------------

static uint32_t words;
static uint64_t longs;

static enum smelt_status spin(endless *e) { return endless_spin(e); }
static enum smelt_status counting(endless *e) { return endless_counting(e, 0, &longs); }
static enum smelt_status collatz(endless *e) { return endless_collatz(e, 27, &longs); }
static enum smelt_status vectors(endless *e) { return endless_vectors(e, 0x1000000, &words); }
static enum smelt_status small_vectors(endless *e) { return endless_vectors(e, 100, &words); }
static enum smelt_status idiom(endless *e) { return endless_idiom(e); }
static enum smelt_status nest(endless *e) { return endless_nest(e); }
static enum smelt_status recurse(endless *e) { return endless_recurse(e, 100, &words); }
static enum smelt_status deep(endless *e) { return endless_deep(e, 1, &words); }
static enum smelt_status tail(endless *e) { return endless_tail(e, 1, &words); }
static enum smelt_status calls(endless *e) { return endless_calls(e); }
static enum smelt_status forward(endless *e) { return endless_copy(e, 0); }
static enum smelt_status backward(endless *e) { return endless_copy(e, 0x80000); }
static enum smelt_status fill(endless *e) { return endless_fill(e); }
static enum smelt_status tables(endless *e) { return endless_tables(e); }
static enum smelt_status waiting(endless *e) { return endless_wait(e, &words); }

static const struct {
    const char *name;
    enum smelt_status (*run)(endless *);
} endless_calls_[] = {
    {"spin", spin},         {"counting", counting}, {"collatz", collatz}, {"vectors", vectors},
    {"small", small_vectors}, {"idiom", idiom},     {"nest", nest},       {"recurse", recurse},
    {"deep", deep},         {"tail", tail},         {"calls", calls},     {"forward", forward},
    {"backward", backward}, {"fill", fill},         {"tables", tables},   {"wait", waiting},
};
enum { WAYS = sizeof endless_calls_ / sizeof endless_calls_[0] };

// From another thread ----------------------------------------------------------------------------

struct request {
    endless *instance;
    uint64_t delay;  // nanoseconds
    uint64_t asked;
};

static void *ask(void *argument) {
    struct request *request = argument;
    struct timespec delay = {0, (long)request->delay};
    nanosleep(&delay, NULL);
    request->asked = now();
    endless_interrupt(request->instance);
    return NULL;
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

// Interrupts everything so many times, and tells how long that took. A busy machine may take long now and
// then, but not always.
static void check_threads(endless *e, unsigned rounds, bool is_shown) {
    uint64_t *taken = calloc(rounds, sizeof *taken);
    for (unsigned way = 0; way < WAYS; way++) {
        for (unsigned round = 0; round < rounds; round++) {
            struct request request = {e, (uint64_t)(rand() % 3000) * 1000, 0};
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, ask, &request) == 0);
            enum smelt_status status = endless_calls_[way].run(e);
            uint64_t end = now();
            pthread_join(thread, NULL);
            taken[round] = end - request.asked;
            if (status != SMELT_INTERRUPTED) fprintf(stderr, "%s: ", endless_calls_[way].name);
            CHECK(status == SMELT_INTERRUPTED);
            CHECK(strncmp(endless_error(e)->message, "interrupted\n", 12) == 0);
            uint32_t sum = 0;
            CHECK(endless_add(e, 40, 2, &sum) == SMELT_OK && sum == 42);
        }
        qsort(taken, rounds, sizeof *taken, compare);
        if (is_shown) {
            printf("%-9s median %5.0f us, worst %5.0f us\n", endless_calls_[way].name,
                   (double)taken[rounds / 2] / 1000, (double)taken[rounds - 1] / 1000);
        }
        if (taken[rounds / 2] > 200000000) fprintf(stderr, "%s: ", endless_calls_[way].name);
        CHECK(taken[rounds / 2] <= 200000000);
    }
    free(taken);
}

// By signals -------------------------------------------------------------------------------------

static endless *alarmed;

static void on_alarm(int signal) {
    (void)signal;
    endless_interrupt(alarmed);
}

static void check_signals(endless *e) {
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    alarmed = e;
    for (unsigned way = 0; way < WAYS; way++) {
        struct itimerval soon = {{0, 0}, {0, 2000}};
        CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
        CHECK(endless_calls_[way].run(e) == SMELT_INTERRUPTED);
    }
    // A request that comes too late, and is taken back.
    uint32_t sum = 0;
    endless_interrupt(e);
    endless_continue(e);
    CHECK(endless_sum(e, 100000, &sum) == SMELT_OK);
    endless_interrupt(e);
    CHECK(endless_spin(e) == SMELT_INTERRUPTED);
    CHECK(endless_sum(e, 100000, &sum) == SMELT_OK);
}

// A word of the host's, and one who decides --------------------------------------------------------

static volatile uint32_t word;
static unsigned asked, patience;

static uint32_t decide(void *context) {
    CHECK(context == &patience);
    word = 0;
    asked++;
    if (patience == 0) return 1;
    patience--;
    // Again from the other thread's view.
    word = 1;
    return SMELT_OK;
}

static void check_word(void) {
    smelt_options options = SMELT_OPTIONS_INIT;
    smelt_error error;
    options.interrupt = &word;
    endless *e = make(&options, &error);
    CHECK(e != NULL);
    word = 1;
    CHECK(endless_spin(e) == SMELT_INTERRUPTED && word == 1);
    CHECK(endless_deep(e, 1, &words) == SMELT_INTERRUPTED);
    word = 0;
    CHECK(endless_sum(e, 1000, &words) == SMELT_OK);
    endless_interrupt(e);
    CHECK(word == 1);
    endless_continue(e);
    CHECK(word == 0 && endless_free(e) == SMELT_OK);

    options.interrupted = decide;
    options.interrupt_context = &patience;
    e = make(&options, &error);
    CHECK(e != NULL);
    for (unsigned way = 0; way < WAYS; way++) {
        asked = 0;
        patience = 20;
        word = 1;
        CHECK(endless_calls_[way].run(e) == SMELT_INTERRUPTED);
        CHECK(asked == 21 && word == 0);
    }
    CHECK(endless_free(e) == SMELT_OK);
    // What it computes is the same when it is asked all the time.
    e = make(NULL, &error);
    uint64_t plain[3] = {0}, asking[3] = {0};
    static const uint32_t ranges[3][3] = {
        {0x123, 0, 0x4fffff}, {0, 0x80001, 0x500000}, {0x600000, 3, 0x2345}};
    for (unsigned i = 0; i < 3; i++) {
        CHECK(endless_copied(e, ranges[i][0], ranges[i][1], ranges[i][2], &plain[i]) == SMELT_OK);
    }
    CHECK(endless_free(e) == SMELT_OK);
    e = make(&options, &error);
    for (unsigned i = 0; i < 3; i++) {
        patience = 1000000000;
        word = 1;
        CHECK(endless_copied(e, ranges[i][0], ranges[i][1], ranges[i][2], &asking[i]) == SMELT_OK);
        word = 0;
        CHECK(plain[i] == asking[i]);
    }
    CHECK(plain[0] != plain[1] && plain[1] != plain[2]);
    CHECK(endless_free(e) == SMELT_OK);

    options.interrupt = (volatile uint32_t *)(uintptr_t)((uintptr_t)&word + 1);
    CHECK(make(&options, &error) == NULL && error.status == SMELT_BAD_ARGUMENT);
}

int main(int argc, char **argv) {
    smelt_error error;
    unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 20;
    endless *e = make(NULL, &error);
    if (e == NULL) return fputs(error.message, stderr), 1;
    check_threads(e, rounds, argc > 2);
    check_signals(e);
    CHECK(endless_free(e) == SMELT_OK);
    check_word();
    printf("%d failures\n", failures);
    return failures != 0;
}
