// Waiting of WASI's functions in libraries, which ends when the host asks for it: as signals of the host's
// need not interrupt anything, the interrupt word is looked at twice in a millisecond.
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "library.h"
#include "wasi_p1/waiting.h"

enum { PERIOD = 500000 };  // nanoseconds

static struct smelt_library *library_of(const struct smelt_context *context) {
    return (struct smelt_library *)(void *)((uint8_t *)(uintptr_t)context -
                                            offsetof(struct smelt_library, context));
}

static bool is_interruptible(const struct smelt_library *library) {
    return (library->module->flags & SMELT_LIBRARY_INTERRUPTIBLE) != 0;
}

int waiting_wait(const struct smelt_context *context, struct pollfd *fds, nfds_t count, uint64_t wait) {
    struct smelt_library *library = library_of(context);
    if (!is_interruptible(library)) return waiting_poll(fds, count, wait);
    for (;;) {
        uint64_t part = wait < PERIOD ? wait : PERIOD;
        int ready = waiting_poll(fds, count, part);
        int error = errno;
        if (smelt_library_interrupted(library->instance) != 0) {
            embed_fail(library, SMELT_INTERRUPTED, 0);
            embed_leave(library->instance, SMELT_INTERRUPTED);
        }
        errno = error;
        if (wait != UINT64_MAX) wait -= part;
        if (ready != 0 || wait == 0) return ready;
    }
}

void waiting_to_read(const struct smelt_context *context, int host) {
    if (!is_interruptible(library_of(context))) return;
    struct pollfd descriptor = {host, POLLIN, 0};
    while (waiting_wait(context, &descriptor, 1, UINT64_MAX) < 0 && errno == EINTR) {}
}
