// The ticker: a thread of the process that sets the interrupt words of calls that are running, so that
// hosts which have no such word themselves are asked now and then whether to go on. It sleeps while there
// are no calls, and there is none before the first.
#ifndef SMELT_GLUE_TICKER_H
#define SMELT_GLUE_TICKER_H

#include "glue.h"

enum { GLUE_TICK = 2 };  // milliseconds

extern uint32_t glue_ticker_sleeps;  // atomic

// From here on its calls have ticks, if the process can have threads. Again and again is all right.
void glue_ticker_add(struct glue *glue);
void glue_ticker_remove(struct glue *glue);

void glue_ticker_wake(void);

static inline void glue_ticker_begin(struct glue *glue) {
    if (glue->interrupt != NULL) return;
    glue->start = 0;
    glue->ticker = 0;
    __atomic_store_n(&glue->is_running, 1, __ATOMIC_RELAXED);
    if (__builtin_expect(__atomic_load_n(&glue_ticker_sleeps, __ATOMIC_RELAXED) != 0, 0)) {
        glue_ticker_wake();
    }
}

static inline void glue_ticker_end(struct glue *glue) {
    __atomic_store_n(&glue->is_running, 0, __ATOMIC_RELAXED);
}

#endif
