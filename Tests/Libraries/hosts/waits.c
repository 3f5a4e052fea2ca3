// Interruptions of a guest that waits for time or for input.
#include "waits.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static void *interrupt(void *instance) {
    struct timespec delay = {0, 5000000};
    nanosleep(&delay, NULL);
    waits_interrupt(instance);
    return NULL;
}

int main(void) {
    smelt_options options = SMELT_OPTIONS_INIT;
    smelt_error error;
    int pipes[2];
    uint32_t result = 0;
    pthread_t thread;
    CHECK(pipe(pipes) == 0 && dup2(pipes[0], 0) == 0);
    options.streams = SMELT_STDIN;
    waits *w = waits_new(NULL, &options, &error);
    if (w == NULL) return fputs(error.message, stderr), 1;
    for (int round = 0; round < 5; round++) {
        CHECK(pthread_create(&thread, NULL, interrupt, w) == 0);
        CHECK(waits_sleeping(w, &result) == SMELT_INTERRUPTED && pthread_join(thread, NULL) == 0);
        CHECK(pthread_create(&thread, NULL, interrupt, w) == 0);
        CHECK(waits_reading(w, &result) == SMELT_INTERRUPTED && pthread_join(thread, NULL) == 0);
        CHECK(waits_briefly(w, &result) == SMELT_OK && result == 0);
        CHECK(write(pipes[1], "x", 1) == 1);
        CHECK(waits_reading(w, &result) == SMELT_OK && result == 'x');
    }
    CHECK(waits_free(w) == SMELT_OK);
    printf("%d failures\n", failures);
    return failures != 0;
}
