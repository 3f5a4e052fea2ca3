// The state that belongs to one WASI guest: smelt_context.wasi points to it. All zeros is the
// state of a guest without arguments, environment or directories.
#ifndef SMELT_WASI_STATE_H
#define SMELT_WASI_STATE_H

#include <stdint.h>

#include "fd_table.h"
#include "host/kept.h"
#include "smelt/abi.h"

struct wasi_state {
    uint32_t argument_count;
    char **arguments;
    char **host_environment;   // what the process was started with; the guest sees what is granted
    const char *grants;        // smelt_program.grants
    const struct smelt_embedded *embedded;  // smelt_program.embedded
    char *variable_grants;     // SMELT_GRANTS, split into words; null until then
    char *variable_grants_end;
    const char **environment;  // NAME=VALUE, environment_count of them
    uint32_t environment_count;
    uint32_t environment_capacity;
    struct fd_table fds;
    struct kept_directories kept;
};

static inline struct wasi_state *wasi_state_of(const struct smelt_context *context) {
    return context->wasi;
}

#endif
