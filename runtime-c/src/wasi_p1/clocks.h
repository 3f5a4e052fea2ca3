// WASI's clocks and timestamps in terms of the host's.
#ifndef SMELT_WASI_CLOCKS_H
#define SMELT_WASI_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define WASI_NANOSECONDS UINT64_C(1000000000)

// The host's clock of a clockid; false when there is no such clock.
bool wasi_clock_to_host(uint32_t id, clockid_t *host);

// Nanoseconds; times before 1970 count as 1970.
static inline uint64_t wasi_timestamp(const struct timespec *time) {
    if (time->tv_sec < 0) return 0;
    return (uint64_t)time->tv_sec * WASI_NANOSECONDS + (uint64_t)time->tv_nsec;
}

static inline struct timespec wasi_timespec(uint64_t timestamp) {
    struct timespec time;
    time.tv_sec = (time_t)(timestamp / WASI_NANOSECONDS);
    time.tv_nsec = (long)(timestamp % WASI_NANOSECONDS);
    return time;
}

#endif
