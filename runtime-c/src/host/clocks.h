// Times of the host's in nanoseconds.
#ifndef SMELT_HOST_CLOCKS_H
#define SMELT_HOST_CLOCKS_H

#include <stdint.h>
#include <time.h>

#define HOST_SECOND UINT64_C(1000000000)

// Nanoseconds; times before 1970 count as 1970.
static inline uint64_t host_nanoseconds(const struct timespec *time) {
    if (time->tv_sec < 0) return 0;
    return (uint64_t)time->tv_sec * HOST_SECOND + (uint64_t)time->tv_nsec;
}

static inline struct timespec host_timespec(uint64_t nanoseconds) {
    struct timespec time;
    time.tv_sec = (time_t)(nanoseconds / HOST_SECOND);
    time.tv_nsec = (long)(nanoseconds % HOST_SECOND);
    return time;
}

#endif
