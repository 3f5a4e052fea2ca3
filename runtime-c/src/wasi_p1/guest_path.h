// Paths as the guest gives them: read from its memory, and relative to one of its descriptors. What is
// done with them is the host layer's (host/path.h); only its errors become those of preview 1 here.
#ifndef SMELT_WASI_GUEST_PATH_H
#define SMELT_WASI_GUEST_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "fd_table.h"
#include "host/path.h"
#include "smelt/abi.h"
#include "state.h"
#include "wasi.h"

// A path of the guest, copied out of its memory.
struct guest_path {
    struct host_path host;
    struct wasi_fd *directory;  // the descriptor that it starts from
};

// Reads a path and finds the directory, which must have all of `rights`.
uint32_t guest_path_read(const struct smelt_context *context, uint32_t fd, uint64_t rights,
                         uint32_t address, uint32_t length, struct guest_path *path);

static inline uint32_t path_resolve(const struct guest_path *path, enum path_final final,
                                    struct path_place *place) {
    return wasi_errno_of_host(host_path_resolve(&path->host, final, place));
}

static inline uint32_t path_open_host(const struct guest_path *path, int flags, bool follows,
                                      int *host, bool *is_proc) {
    return wasi_errno_of_host(host_path_open(&path->host, flags, follows, host, is_proc));
}

// The node of a path beneath an embedded directory.
static inline uint32_t embedded_find(const struct smelt_context *context,
                                     const struct guest_path *path, bool follows,
                                     const struct smelt_embedded_node **node) {
    return wasi_errno_of_host(embedded_operations(context)->find(
        host_state_of(context), path->directory->node, path->host.text, follows, node));
}

#endif
