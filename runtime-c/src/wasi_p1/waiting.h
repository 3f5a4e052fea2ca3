// Waiting for the system, which a library's host can end.
#ifndef SMELT_WASI_WAITING_H
#define SMELT_WASI_WAITING_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "host/clocks.h"
#include "smelt/abi.h"

// ppoll(2) for so many nanoseconds, UINT64_MAX for ever.
static inline int waiting_poll(struct pollfd *fds, nfds_t count, uint64_t wait) {
    struct timespec timeout = host_timespec(wait);
    return ppoll(fds, count, wait == UINT64_MAX ? NULL : &timeout, NULL);
}

// The same. In a library that can be interrupted, a request to end the guest's call ends it here.
#if defined(SMELT_LIBRARY)
int waiting_wait(const struct smelt_context *context, struct pollfd *fds, nfds_t count, uint64_t wait);
// Waits until there is something to read, in such a library; does nothing in others.
void waiting_to_read(const struct smelt_context *context, int host);
#else
static inline int waiting_wait(const struct smelt_context *context, struct pollfd *fds, nfds_t count,
                            uint64_t wait) {
    (void)context;
    return waiting_poll(fds, count, wait);
}
static inline void waiting_to_read(const struct smelt_context *context, int host) {
    (void)context;
    (void)host;
}
#endif

#endif
