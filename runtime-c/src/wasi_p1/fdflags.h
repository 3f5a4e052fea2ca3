// WASI's descriptor flags in terms of open(2)'s.
#ifndef SMELT_WASI_FDFLAGS_H
#define SMELT_WASI_FDFLAGS_H

#include <fcntl.h>
#include <stdint.h>

#include "wasi.h"

static inline int wasi_fdflags_to_host(uint32_t flags) {
    int host = 0;
    if ((flags & WASI_FDFLAG_APPEND) != 0) host |= O_APPEND;
    if ((flags & WASI_FDFLAG_DSYNC) != 0) host |= O_DSYNC;
    if ((flags & WASI_FDFLAG_NONBLOCK) != 0) host |= O_NONBLOCK;
    // Linux has no reads of their own kind of synchronisation: O_RSYNC is O_SYNC.
    if ((flags & (WASI_FDFLAG_RSYNC | WASI_FDFLAG_SYNC)) != 0) host |= O_SYNC;
    return host;
}

static inline uint16_t wasi_fdflags_from_host(int host) {
    uint32_t flags = 0;
    if ((host & O_APPEND) != 0) flags |= WASI_FDFLAG_APPEND;
    if ((host & O_NONBLOCK) != 0) flags |= WASI_FDFLAG_NONBLOCK;
    if ((host & O_SYNC) == O_SYNC) {  // O_SYNC contains O_DSYNC
        flags |= WASI_FDFLAG_RSYNC | WASI_FDFLAG_SYNC;
    } else if ((host & O_DSYNC) != 0) {
        flags |= WASI_FDFLAG_DSYNC;
    }
    return (uint16_t)flags;
}

#endif
