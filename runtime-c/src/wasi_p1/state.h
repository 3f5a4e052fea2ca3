// The state that belongs to one WASI guest: smelt_context.wasi points to it. All zeros is the
// state of a guest without arguments, environment or directories.
#ifndef SMELT_WASI_STATE_H
#define SMELT_WASI_STATE_H

#include <stdint.h>

#include "fd_table.h"
#include "host/embedded.h"
#include "host/state.h"
#include "smelt/abi.h"

struct wasi_state {
    struct host_state host;  // first: what is not WASI preview 1 knows only this
    struct fd_table fds;
};

static inline struct wasi_state *wasi_state_of(const struct smelt_context *context) {
    return context->wasi;
}

static inline const struct smelt_embedded_operations *embedded_operations(
    const struct smelt_context *context) {
    return wasi_state_of(context)->host.embedded->operations;
}

static inline const struct host_state *host_state_of(const struct smelt_context *context) {
    return &wasi_state_of(context)->host;
}

#endif
